"""The activity: in which order it does what, and what it leaves behind when something fails."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.runtime import MetricBuffer, Runtime, TelemetryConfig
from temporalio.testing import ActivityEnvironment

from activities.contracts import DeliverInput, KeepTextInput
from activities.delivery import DeliveryActivities
from activities.errors import ChannelUnavailable, DatabaseUnavailable, RecipientRefused, SentWithoutAnswer
from activities.ports.sending import Envelope
from activities.writing import Writer
from escalation.bounds import excerpt_of, reference_to
from escalation.business_time import Hours
from escalation.case.events import CustomerReplied, CustomerTold
from escalation.message_kinds import Author, MessageKind
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CUSTOMER
from escalation.vocabulary import Channel as ChannelName
from tests import fakes
from tests.letters import LETTERS
from tests.unit.delivery.cases import (
    ANA,
    ESCALATION,
    FRIDAY_AT_THREE,
    FRONT_DESK,
    NOON,
    a_customer,
    a_message,
    a_request,
    a_view,
    notice_of,
)
from tests.unit.delivery.staff_letters import opened


@pytest.fixture(scope="session")
def metrics() -> tuple[Runtime, MetricBuffer]:
    """The SDK's own meter, read instead of exported."""
    buffer = MetricBuffer(10_000)
    return Runtime(telemetry=TelemetryConfig(metrics=buffer)), buffer


class SignallingChannel(fakes.Channel):
    """Says when it was reached, so that a test need not guess."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def send(self, envelope: Envelope) -> str:
        self.reached.set()
        return await super().send(envelope)


class MortalLedger(fakes.Ledger):
    """While `dies` is set, the worker is killed at the moment it wants to record what it sent."""

    dies = False

    async def sent(self, escalation: str, key: str, *, channel: ChannelName, receipt: str, letter: Envelope) -> None:
        if self.dies:
            raise asyncio.CancelledError
        await super().sent(escalation, key, channel=channel, receipt=receipt, letter=letter)


class Sleeper(fakes.Directory):
    """The people of the fake directory, whose shift ends at an instant; None for those who are asked around the clock."""

    shift_ends: datetime | None = None

    async def on_shift_until(self, _person: str) -> datetime | None:
        return self.shift_ends


class World:
    """Everything around the activity, in memory, and a clock that is set by hand."""

    def __init__(self, metrics: tuple[Runtime, MetricBuffer]) -> None:
        self._runtime, self._buffer = metrics
        self._buffer.retrieve_updates()
        self.now = NOON
        self.records = fakes.Records()
        self.records.views[ESCALATION] = a_view()
        self.directory = Sleeper([ANA, FRONT_DESK], self.clock)
        self.ledger = MortalLedger(self.clock)
        self.long_texts = fakes.LongTexts()
        self.mail = SignallingChannel()
        self.writer = Writer(
            records=self.records,
            directory=self.directory,
            long_texts=self.long_texts,
            templates=LETTERS,
            clock=self.clock,
        )
        self.activities = DeliveryActivities(self.writer, self.ledger, {ChannelName.EMAIL: self.mail})

    def clock(self) -> datetime:
        return self.now

    def environment(self) -> ActivityEnvironment:
        environment = ActivityEnvironment()
        environment.metric_meter = self._runtime.metric_meter
        return environment

    async def deliver(self, request: DeliverInput) -> None:
        await self.environment().run(self.activities.deliver, request)

    async def fails(self, request: DeliverInput) -> ApplicationError:
        with pytest.raises(ApplicationError) as failed:
            await self.deliver(request)
        assert failed.value.__cause__ is None
        return failed.value

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """What was counted since it was last asked for, by name and message kind."""
        counts: Counter[tuple[str, str]] = Counter()
        for update in self._buffer.retrieve_updates():
            name = update.metric.name
            if name.startswith("escalations_deliveries_"):
                assert update.attributes["channel"] in {*ChannelName, OTHER_CHANNEL}
                counts[name.removeprefix("escalations_deliveries_"), str(update.attributes["kind"])] += int(
                    update.value
                )
        return counts

    @property
    def row(self) -> fakes.Delivery:
        (row,) = self.ledger.deliveries.values()
        return row


@pytest.fixture
def world(metrics: tuple[Runtime, MetricBuffer]) -> World:
    return World(metrics)


OTHER_CHANNEL = cast(ChannelName, "chat")
"""A channel that is still to come."""

UPDATE = a_request(a_message(text="We have found the cause."))


async def test_the_customer_gets_the_message_at_the_address_the_record_has(world: World) -> None:
    world.records.views[ESCALATION] = a_view(customer=a_customer(language="de"))
    await world.deliver(UPDATE)
    (sent,) = world.mail.sent
    assert (sent.address, sent.name, sent.language) == ("zoe@example.org", "Zoë Müller", "de")
    assert sent.key == "escalation-T-1/update/1/customer"
    assert sent.thread == ESCALATION
    assert sent.at == NOON
    assert sent.subject == "[T-1] The printer smokes"
    assert sent.body.startswith("Neues zu Ihrem Anliegen\n\nGuten Tag Zoë Müller,")
    assert "We have found the cause." in sent.body
    assert "Verantwortlich für Ihr Anliegen: Ana" in sent.body


async def test_all_letters_of_a_case_have_one_subject_and_answer_the_first_one_to_the_same_person(world: World) -> None:
    letters = (
        a_message(MessageKind.RECEIPT),
        a_message(MessageKind.OFFER, to="ana"),
        a_message(MessageKind.UPDATE),
        a_message(MessageKind.NOTICE, to="ana"),
        a_message(MessageKind.RESOLVED),
    )
    for letter in letters:
        await world.deliver(a_request(letter))
    assert {sent.subject for sent in world.mail.sent} == {"[T-1] The printer smokes"}
    assert [sent.answers.removeprefix(f"{ESCALATION}/") for sent in world.mail.sent] == [
        "",
        "",
        "receipt/1/customer",
        "offer/1/ana",
        "receipt/1/customer",
    ]


async def test_the_first_letter_that_arrives_begins_the_conversation(world: World) -> None:
    world.mail.errors.append(RecipientRefused("no such mailbox"))
    await world.fails(a_request(a_message(MessageKind.RECEIPT)))
    await world.deliver(a_request(a_message(MessageKind.UPDATE)))
    await world.deliver(a_request(a_message(MessageKind.QUESTION)))
    assert [sent.answers for sent in world.mail.sent] == ["", f"{ESCALATION}/update/1/customer"]


async def test_a_letter_says_who_wrote_its_words(world: World) -> None:
    for kind in (MessageKind.RECEIPT, MessageKind.UPDATE, MessageKind.THANKS):
        await world.deliver(a_request(a_message(kind)))
    assert [sent.author for sent in world.mail.sent] == [Author.PROGRAM, Author.PERSON, Author.PROGRAM_IN_ANSWER]


async def test_a_colleague_gets_it_at_the_address_the_directory_has_and_in_their_zone(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", acknowledge_by=FRIDAY_AT_THREE)))
    (sent,) = world.mail.sent
    assert (sent.address, sent.name) == ("ana@example.com", "Ana")
    assert "Accept by: Friday, 27 March 2026 at 11:00 EDT" in sent.body
    assert world.row.to == "ana"


async def test_what_went_out_is_kept_as_it_was_sent(world: World) -> None:
    await world.deliver(a_request(a_message()))
    (sent,) = world.mail.sent
    assert world.row.letter == sent


async def test_an_offer_has_what_the_customer_wrote_from_the_record(world: World) -> None:
    told = CustomerTold(at=NOON, by="ana", text="We are on it.", next_step="")
    world.records.timelines[ESCALATION] = [CustomerReplied(at=NOON, text="It smokes again"), told]
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana")))
    (sent,) = world.mail.sent
    assert "> It smokes again" in sent.body
    assert ", Ana:\n\n> We are on it." in sent.body


async def test_after_a_cancellation_by_mistake_an_offer_has_what_was_written_before(world: World) -> None:
    undone = opened(undoes="escalation-T-1~1")
    world.records.timelines[ESCALATION] = [undone]
    world.records.timelines["escalation-T-1~1"] = [opened(), CustomerReplied(at=NOON, text="It smokes again")]
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana")))
    assert "> It smokes again" in world.mail.sent[0].body


@pytest.mark.parametrize(
    ("language", "languages", "written_in", "words"),
    [
        ("de", (), "de", "Hallo Ana"),
        ("de-AT", ("en",), "de-AT", "Hallo Ana"),
        ("pt", ("tr", "de", "en"), "de", "Hallo Ana"),
        ("en", ("de",), "en", "Hello Ana"),
        ("pt", (), "en", "Hello Ana"),
    ],
)
@pytest.mark.parametrize("kind", [MessageKind.OFFER, MessageKind.NOTICE])
async def test_a_colleague_is_written_to_in_the_first_of_their_languages_that_has_words(
    world: World, kind: MessageKind, language: str, languages: tuple[str, ...], written_in: str, words: str
) -> None:
    world.directory.members["ana"] = replace(ANA, language=language, languages=languages)
    await world.deliver(a_request(a_message(kind, to="ana")))
    (sent,) = world.mail.sent
    assert sent.language == written_in
    assert sent.body.split("\n")[2].startswith(words)


async def test_a_customer_s_language_is_theirs_alone(world: World) -> None:
    world.records.views[ESCALATION] = a_view(customer=a_customer(language="pt"))
    world.directory.members["ana"] = replace(ANA, language="de")
    await world.deliver(UPDATE)
    assert (world.mail.sent[0].language, world.mail.sent[0].body[:5]) == ("en", "News ")


async def test_the_ledger_keeps_what_the_receiver_answered_and_no_address(world: World) -> None:
    await world.deliver(UPDATE)
    assert (world.row.status, world.row.receipt, world.row.to, world.row.kind) == (
        "sent",
        "accepted 1",
        CUSTOMER,
        "update",
    )
    assert world.counts == {("sent", "update"): 1}


async def test_a_repeat_sends_nothing(world: World) -> None:
    await world.deliver(UPDATE)
    await world.deliver(UPDATE)
    assert len(world.mail.sent) == 1
    assert world.counts == {("sent", "update"): 1}


async def test_before_the_record_knows_the_escalation_it_is_tried_again(world: World) -> None:
    world.records.views.clear()
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("NotYetRecorded", False)
    assert not world.ledger.deliveries


@pytest.mark.parametrize("owner_now", ["", "ben", "ana"])
async def test_a_new_owner_is_named_even_if_another_person_has_the_case_when_the_letter_is_written(
    world: World, owner_now: str
) -> None:
    world.records.views[ESCALATION] = a_view(owner=owner_now)

    await world.deliver(a_request(a_message(MessageKind.OWNER_CHANGED, owner="ana")))

    assert "Ana has taken on your case" in world.mail.sent[0].body


async def test_the_contact_hears_what_the_customer_hears(world: World) -> None:
    await world.deliver(UPDATE)
    assert world.mail.sent[0].copy_to == "desk@example.com"
    assert not world.mail.sent[0].to_staff


@pytest.mark.parametrize("contact", ["", "gone"])
async def test_without_a_contact_who_is_known_a_letter_has_no_copy(world: World, contact: str) -> None:
    world.records.views[ESCALATION] = a_view(contact=contact)
    await world.deliver(UPDATE)
    assert world.mail.sent[0].copy_to == ""


async def test_a_message_to_a_colleague_has_no_copy(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana")))
    assert world.mail.sent[0].copy_to == ""
    assert world.mail.sent[0].to_staff


async def test_names_no_one_knows_are_left_out_rather_than_the_letter(world: World) -> None:
    world.records.views[ESCALATION] = a_view(owner="gone", contact="")
    await world.deliver(UPDATE)
    assert "Responsible" not in world.mail.sent[0].body
    assert world.mail.sent[0].body.endswith("Customer support\n")


LONG = "The queue is full. " * 20_000


async def test_a_letter_to_the_customer_has_its_long_texts_whole(world: World) -> None:
    await world.long_texts.keep(KeepTextInput(escalation=ESCALATION, text=LONG, at=NOON))
    await world.deliver(a_request(a_message(text=excerpt_of(LONG), next_step="A new queue.")))
    (sent,) = world.mail.sent
    assert LONG.strip() in sent.body
    assert "A new queue." in sent.body


async def test_a_letter_waits_until_its_long_text_is_stored(world: World) -> None:
    failed = await world.fails(a_request(a_message(text=excerpt_of(LONG))))
    assert (failed.type, failed.non_retryable) == ("NotYetKept", False)
    assert not world.ledger.deliveries


async def test_an_offer_has_the_beginning_of_a_long_text(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", concern=excerpt_of(LONG))))
    (sent,) = world.mail.sent
    assert len(sent.body) < 5_000
    assert "[Shortened: 2,000 of 380,000 characters. " in sent.body
    assert f"in your support tool, under {reference_to(LONG)[:12]}.]" in sent.body


async def test_a_colleague_reads_in_their_language_how_long_a_text_is(world: World) -> None:
    log = "queue full\n" * 20_000
    world.directory.members["ana"] = replace(ANA, language="de")
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", evidence=(excerpt_of(log),))))
    (sent,) = world.mail.sent
    assert "[Gekürzt: 2.000 von 220.000 Zeichen. " in sent.body


async def test_a_letter_to_the_customer_quotes_their_long_text_by_its_beginning(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.REOPENED, why=excerpt_of(LONG))))
    (sent,) = world.mail.sent
    assert "The queue is full. The queue is full." in sent.body
    assert "…" in sent.body
    assert reference_to(LONG)[:12] not in sent.body
    assert len(sent.body) < 5_000


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (a_request(a_message(MessageKind.OFFER, to="nobody")), "UnknownPerson"),
        (a_request(a_message(text="x" * 600_000)), "UnrenderableMessage"),
        (a_request(a_message(), OTHER_CHANNEL), "RecipientRefused"),
        (a_request(a_message(MessageKind.OFFER, to="customer", why="he is rude")), "WrongAudience"),
        (a_request(a_message(MessageKind.NOTICE, to="Customer")), "WrongAudience"),
        (a_request(a_message(MessageKind.UPDATE, to="ana")), "WrongAudience"),
    ],
)
async def test_what_can_never_be_sent_is_given_up_before_anything_is_claimed(
    world: World, request_: DeliverInput, error: str
) -> None:
    failed = await world.fails(request_)
    assert (failed.type, failed.non_retryable) == (error, True)
    assert not world.ledger.deliveries
    assert world.counts == {("failed", request_.message.kind): 1}


async def test_a_refusal_is_final_and_is_in_the_ledger(world: World) -> None:
    world.mail.errors.append(RecipientRefused("550 no such mailbox"))
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("RecipientRefused", True)
    assert (world.row.status, world.row.gave_up, world.row.error) == ("failed", True, "550 no such mailbox")
    assert world.counts == {("failed", "update"): 1}


async def test_a_channel_that_is_down_is_tried_again_at_once_when_it_is_back(world: World) -> None:
    world.mail.errors.append(ChannelUnavailable("connection refused", after=7))
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("ChannelUnavailable", False)
    assert failed.next_retry_delay == timedelta(seconds=7)
    assert (world.row.status, world.row.gave_up) == ("failed", False)
    await world.deliver(UPDATE)
    assert len(world.mail.sent) == 1
    assert world.counts == {("failed", "update"): 1, ("sent", "update"): 1}


async def test_while_another_attempt_sends_it_this_one_gives_way(world: World) -> None:
    world.mail.gate = asyncio.Event()
    first = asyncio.create_task(world.deliver(UPDATE))
    await world.mail.reached.wait()
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("ClaimedElsewhere", False)
    assert failed.next_retry_delay == timedelta(seconds=60)
    world.mail.gate.set()
    await first
    assert len(world.mail.sent) == 1


async def test_a_crash_between_sending_and_recording_sends_again_under_the_same_key_and_is_counted(
    world: World,
) -> None:
    world.ledger.dies = True
    with pytest.raises(asyncio.CancelledError):
        await world.deliver(UPDATE)
    assert world.row.status == "claimed"
    world.ledger.dies = False
    world.now += timedelta(seconds=61)
    await world.deliver(UPDATE)
    assert [sent.key for sent in world.mail.sent] == ["escalation-T-1/update/1/customer"] * 2
    assert world.row.status == "sent"
    assert world.counts == {("possibly_repeated", "update"): 1, ("sent", "update"): 1}


async def test_a_receiver_that_fell_silent_keeps_the_claim_so_that_the_repeat_is_known_as_one(world: World) -> None:
    world.mail.errors.append(SentWithoutAnswer("no clear answer"))
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("ChannelUnavailable", False)
    assert world.row.status == "claimed"
    assert (await world.fails(UPDATE)).type == "ClaimedElsewhere"
    world.now += timedelta(seconds=61)
    await world.deliver(UPDATE)
    assert world.counts == {
        ("failed", "update"): 1,
        ("possibly_repeated", "update"): 1,
        ("sent", "update"): 1,
    }


async def test_while_the_database_is_down_nothing_is_sent(world: World) -> None:
    world.records.unavailable = DatabaseUnavailable("no answer")
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("DatabaseUnavailable", False)
    assert not world.mail.sent


async def test_what_is_logged_holds_nothing_personal(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.mail.errors.append(ChannelUnavailable("down"))
    await world.fails(UPDATE)
    await world.deliver(UPDATE)
    captured = capsys.readouterr()
    logged = captured.out + captured.err
    assert "message was not sent" in logged
    assert "message sent" in logged
    for personal in ("Zoë", "zoe@", "Ana", "cause.", "printer"):
        assert personal not in logged


async def test_a_request_survives_the_wire() -> None:
    offer = a_request(a_message(MessageKind.NOTICE, to="ana"))
    payloads = await pydantic_data_converter.encode([offer])
    assert await pydantic_data_converter.decode(payloads, [DeliverInput]) == [offer]


async def test_who_left_the_team_gets_no_offer_and_no_question(world: World) -> None:
    world.directory.members["ana"] = replace(world.directory.members["ana"], active=False)
    consulted = a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.CONSULTED),))
    for message in (a_message(MessageKind.OFFER, to="ana"), consulted):
        failed = await world.fails(a_request(message))
        assert (failed.type, failed.non_retryable) == ("UnknownPerson", True)
        assert "`ana` is no longer on the team; name a colleague, or correct the roster" in str(failed)
    assert world.mail.sent == []


async def test_news_of_a_case_that_is_with_others_is_left_out_for_who_left_the_team(world: World) -> None:
    world.directory.members["ana"] = replace(world.directory.members["ana"], active=False)
    released = a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.RELEASED),))
    await world.deliver(a_request(released))
    assert world.mail.sent == []


ALL_NIGHT = ((Hours(opens=0, closes=1380),),) * 7
"""Up to 23:00, where Ana is: New York."""


def held(kind: MessageKind) -> DeliverInput:
    return a_request(replace(a_message(kind, to="ana"), quiet_week=ALL_NIGHT))


async def test_a_notice_waits_for_a_colleague_who_is_asleep_and_not_on_shift(world: World) -> None:
    tonight = datetime(2026, 3, 28, 3, 0, tzinfo=UTC)
    for shift_ends, offer, notice in (
        (None, None, tonight),  # asked around the clock
        (world.now, tonight, tonight),
        (FRIDAY_AT_THREE, None, None),
    ):
        world.directory.shift_ends = shift_ends
        assert await world.writer.waits_until(held(MessageKind.OFFER).message) == offer
        assert await world.writer.waits_until(held(MessageKind.NOTICE).message) == notice
    world.directory.shift_ends = world.now
    assert await world.environment().run(world.activities.deliver, held(MessageKind.NOTICE)) == tonight
    assert (world.mail.sent, world.ledger.deliveries) == ([], {})
    world.now = tonight
    await world.deliver(held(MessageKind.NOTICE))
    assert len(world.mail.sent) == 1


async def test_only_colleagues_are_looked_up_for_their_hours(world: World) -> None:
    letter = replace(a_message(MessageKind.UPDATE), quiet_week=ALL_NIGHT)
    assert await world.writer.waits_until(letter) is None
    assert await world.writer.waits_until(a_message(MessageKind.OFFER, to="ana")) is None
