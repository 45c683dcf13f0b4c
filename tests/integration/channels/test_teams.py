"""Cards in a workflow that behaves as Microsoft Teams does."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.channels.team import Team, offer, reaching
from tests.peers.http_peer import Answer, Reset
from tests.peers.teams_like import TeamsLike
from tests.unit.delivery.cases import ANA


@pytest.fixture
async def workflow() -> AsyncIterator[TeamsLike]:
    async with TeamsLike() as peer:
        yield peer


@pytest.fixture
def team(workflow: TeamsLike) -> Team:
    return Team(reaching(teams_urls=f"support={workflow.workflow}"), ["teams:support", "mail:ana@example.com"])


async def test_a_card_has_the_words_and_a_link(team: Team, workflow: TeamsLike) -> None:
    await team.deliver(offer(concern="It burns."))
    (card,) = workflow.cards
    words = [block["inlines"][0]["text"] for block in card["body"]]
    assert words[:2] == ["SEV1 case for you: please accept or decline", "[T-1] The printer smokes"]
    assert "> It burns." in words
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open the ticket", "url": "https://desk.example.com/tickets/T-1"}
    ]


async def test_a_card_for_one_person_has_links_to_act(workflow: TeamsLike) -> None:
    team = Team(reaching(teams_urls=f"ana={workflow.workflow}"), ["teams:ana"], people=[ANA])
    await team.deliver(offer())
    (card,) = workflow.cards
    assert [action["title"] for action in card["actions"]] == ["Accept the case", "Decline", "Open the ticket"]
    assert card["actions"][0]["url"].startswith("https://escalations.example.com/act/")
    assert not any("/act/" in block["inlines"][0]["text"] for block in card["body"])


async def test_a_long_message_is_cut_to_what_teams_takes(team: Team, workflow: TeamsLike) -> None:
    await team.deliver(offer(concern='Ünfassbar lang \\ " \n' * 4000))
    assert len(workflow.cards) == 1
    assert len(workflow.requests[0].body) <= 21_000


@pytest.mark.parametrize(
    ("fault", "type_"),
    [
        (Answer(404), "RecipientRefused"),
        (Answer(413), "RecipientRefused"),
        (Answer(429, headers={"Retry-After": "4"}), "ChannelUnavailable"),
        (Answer(502), "ChannelUnavailable"),
        (Reset(after=True), "ChannelUnavailable"),
    ],
)
async def test_a_refusal_is_final_and_a_fault_is_not(
    team: Team, workflow: TeamsLike, fault: Answer | Reset, type_: str
) -> None:
    workflow.faults.append(fault)
    error = await team.fails(offer())
    assert error.type == type_
    assert "sig=secret" not in error.message
