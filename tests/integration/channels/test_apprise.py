"""Apprise, with a receiver of its `json://` scheme."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.channels.team import LEASE, Team, offer, reaching
from tests.peers.http_peer import Answer, Fault, HttpPeer, Request, Reset

# Services that Apprise loads import what Python deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class JsonReceiver(HttpPeer):
    """Takes each notification."""

    def answer(self, request: Request) -> Answer:
        """Take it."""
        return Answer(200 if request.arguments["message"] else 400)


@pytest.fixture
async def receiver() -> AsyncIterator[JsonReceiver]:
    async with JsonReceiver() as peer:
        yield peer


def team_of(receiver: JsonReceiver, address: str = "apprise:ops") -> Team:
    urls = f"ops=json://localhost:{receiver.port}/hook?+token=hidden odd=nothing://localhost"
    return Team(reaching(apprise_urls=urls), [address, "mail:ana@example.com"])


async def test_a_notification_has_the_words_and_the_ticket_and_no_link_to_act(receiver: JsonReceiver) -> None:
    await team_of(receiver).deliver(offer(concern="It *burns* <b>."))
    (request,) = receiver.requests
    sent = request.arguments
    assert sent["title"] == "SEV1 case for you: please accept or decline [T-1] The printer smokes"
    assert "> It *burns* <b>." in sent["message"]
    assert sent["message"].endswith("Open the ticket: https://desk.example.com/tickets/T-1")
    assert "/act/" not in sent["message"]


@pytest.mark.parametrize("fault", [Answer(500), Answer(403), Reset()])
async def test_what_was_not_taken_is_tried_again_and_no_error_has_the_url(receiver: JsonReceiver, fault: Fault) -> None:
    receiver.faults.append(fault)
    team = team_of(receiver)
    failed = await team.fails(offer())
    assert (failed.type, "localhost" in str(failed), "hidden" in str(failed)) == ("ChannelUnavailable", False, False)
    team.now += LEASE  # until then the first attempt might still be sending
    await team.deliver(offer())
    assert len(receiver.requests) == 2


@pytest.mark.parametrize("address", ["apprise:none", "apprise:odd"])
async def test_a_name_or_a_url_that_is_unknown_is_refused(
    receiver: JsonReceiver, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    failed = await team_of(receiver, address).fails(offer())
    assert "nothing://" not in caplog.text
    assert (failed.type, "ESCALATIONS_APPRISE_URLS" in str(failed)) == ("RecipientRefused", True)
