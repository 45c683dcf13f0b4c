"""Requests to a receiver that verifies signatures and drops repeats, as Standard Webhooks asks of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.channels.team import LEASE, Team, notice, offer, reaching
from tests.peers.http_peer import Answer, Reset
from tests.peers.webhook_receiver import SECRET, WebhookReceiver
from tests.unit.delivery.cases import ESCALATION


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    async with WebhookReceiver() as peer:
        yield peer


@pytest.fixture
def team(receiver: WebhookReceiver) -> Team:
    return Team(reaching(webhook_urls=f"desk={receiver.url}/hook"), ["webhook:desk", "mail:ana@example.com"])


async def test_a_message_is_signed_and_says_what_it_is_about(team: Team, receiver: WebhookReceiver) -> None:
    await team.deliver(offer())
    ((key, message),) = receiver.seen.items()
    assert key == message["data"]["key"] == "escalation-T-1/offer/1/ana"
    assert message["type"] == "escalation.message"
    data = message["data"]
    assert (data["escalation"], data["kinds"], data["severity"], data["urgent"]) == (
        ESCALATION,
        ["offer"],
        "SEV1",
        True,
    )
    assert (data["sequence"], data["link"]) == (3, "https://desk.example.com/tickets/T-1")


async def test_a_repeat_carries_the_same_id(team: Team, receiver: WebhookReceiver) -> None:
    receiver.faults.append(Reset(after=True))
    await team.fails(offer())
    team.now += LEASE
    await team.deliver(offer())
    assert (receiver.arrivals, len(receiver.seen)) == (2, 1)


async def test_a_ticket_of_any_signs_makes_an_id_that_a_header_can_hold(team: Team, receiver: WebhookReceiver) -> None:
    message = replace(offer(), key="offer/1/a.b ü\u2028")
    await team.deliver(replace(message, to="ana"))
    assert list(receiver.seen) == ["escalation-T-1/offer/1/a%2Eb%20%C3%BC%E2%80%A8"]


async def test_a_message_waits_for_the_one_before_it_in_its_case(team: Team, receiver: WebhookReceiver) -> None:
    receiver.faults.append(Answer(503))
    assert (await team.fails(notice("note/1"))).type == "ChannelUnavailable"
    waits = await team.fails(notice("note/2"))
    assert (waits.type, waits.next_retry_delay) == ("ClaimedElsewhere", timedelta(seconds=2))
    await team.deliver(notice("note/1"))
    await team.deliver(notice("note/2"))
    assert [message["data"]["key"][-10:] for message in receiver.seen.values()] == ["note/1/ana", "note/2/ana"]


async def test_no_message_waits_for_one_that_was_refused(team: Team, receiver: WebhookReceiver) -> None:
    receiver.faults.append(Answer(400))
    await team.fails(notice("note/1"))
    await team.deliver(notice("note/2"))
    assert len(receiver.seen) == 1


async def test_410_ends_it(team: Team, receiver: WebhookReceiver) -> None:
    receiver.faults.append(Answer(410))
    error = await team.fails(offer())
    assert (error.type, error.non_retryable) == ("EndpointGone", True)
    error = await team.fails(notice())
    assert (error.type, "restart the worker" in error.message) == ("RecipientRefused", True)
    assert len(receiver.requests) == 1


async def test_a_receiver_with_another_secret_refuses_it_and_no_error_says_ours() -> None:
    other = WebhookReceiver(SECRET.replace("MDEy", "MDEz"))
    async with other:
        strange = Team(reaching(webhook_urls=f"desk={other.url}/hook"), ["webhook:desk"])
        error = await strange.fails(offer())
    assert error.type == "RecipientRefused"
    assert SECRET not in error.message


async def test_a_name_without_url_or_secret_is_refused(receiver: WebhookReceiver) -> None:
    team = Team(reaching(webhook_urls=f"desk={receiver.url}"), ["webhook:other"])
    assert "set it in ESCALATIONS_WEBHOOK_URLS" in (await team.fails(offer())).message
