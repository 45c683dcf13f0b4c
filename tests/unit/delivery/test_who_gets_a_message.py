"""Whom a message goes to: at which address, in which language, with a copy for whom, and at which hour."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from activities.contracts import DeliverInput
from escalation.business_time import Hours
from escalation.message_kinds import MessageKind
from escalation.notice_kinds import NoticeKind
from tests.unit.delivery.cases import (
    ANA,
    ESCALATION,
    FRIDAY_AT_THREE,
    NOON,
    a_customer,
    a_message,
    a_request,
    a_view,
    notice_of,
)
from tests.unit.delivery.delivering import UPDATE, World


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


async def test_a_colleague_gets_it_at_the_address_the_directory_has_and_in_their_zone(world: World) -> None:
    await world.deliver(a_request(a_message(MessageKind.OFFER, to="ana", acknowledge_by=FRIDAY_AT_THREE)))
    (sent,) = world.mail.sent
    assert (sent.address, sent.name) == ("ana@example.com", "Ana")
    assert "Accept by: Friday, 27 March 2026 at 11:00 EDT" in sent.body
    assert world.row.to == "ana"


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
