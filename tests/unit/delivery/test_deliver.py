"""The activity: in which order it does what, and what it leaves behind when something fails."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.contracts import DeliverInput
from activities.errors import ChannelUnavailable, DatabaseUnavailable, RecipientRefused, SentWithoutAnswer
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER
from tests.unit.delivery.cases import ESCALATION, a_message, a_request, a_view
from tests.unit.delivery.delivering import OTHER_CHANNEL, UPDATE, World


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


async def test_letters_to_a_customer_keep_the_subject_of_the_first_one_in_another_language_too(world: World) -> None:
    # Their own words, which would be the subject in any language, are not known.
    view = world.records.views[ESCALATION] = a_view(opening_words="")
    await world.deliver(UPDATE)
    german = replace(view, customer=replace(view.customer, language="de"))
    world.records.views[ESCALATION] = german
    again = replace(a_message(text="Wir haben die Ursache."), key="update/2/customer")
    await world.deliver(a_request(again))

    first, second = world.mail.sent
    assert (first.language, second.language) == ("en", "de")
    assert first.subject == second.subject == "[T-1] Your message to us"


async def test_what_the_team_calls_a_case_now_is_the_subject_of_what_it_gets(world: World) -> None:
    notice = a_message(MessageKind.OFFER, to="ana")
    await world.deliver(a_request(notice))
    world.records.views[ESCALATION] = a_view(summary="The printer burns")
    await world.deliver(a_request(replace(notice, key="offer/2/ana")))
    assert [one.subject for one in world.mail.sent] == ["[T-1] The printer smokes", "[T-1] The printer burns"]


async def test_before_the_record_knows_the_escalation_it_is_tried_again(world: World) -> None:
    world.records.views.clear()
    failed = await world.fails(UPDATE)
    assert (failed.type, failed.non_retryable) == ("NotYetRecorded", False)
    assert not world.ledger.deliveries


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
