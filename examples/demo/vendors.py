"""The help desk and the chat that take part in the demo, and the settings that connect them.

They are the stand-ins that the tests use (`tests/peers`): they behave as Zendesk and Slack do, and run in the demo's process.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from escalation.roster.members import Member
from tests.peers import slack_like, zendesk_like
from tests.peers.help_desks import BOT
from tests.peers.slack_like import SlackLike
from tests.peers.zendesk_like import ZendeskLike

DESK, CHAT = "zendesk", "slack"  # the sources, as the webhook file calls them
PREFIX = "INC"  # of our ticket numbers; the help desk has the rest
_FIRST_AGENT = 500
_ADDRESS = re.compile(r"address: (?=(?P<person>[a-z]+)@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The two of them, connected."""

    desk: ZendeskLike
    chat: SlackLike
    chatters: Mapping[str, str]  # ids of the people who are in the chat, and their ids there
    roster: Path
    environment: Mapping[str, str]


def chatters_of(team: Sequence[Member]) -> dict[str, str]:
    """Every second person who gets offers is in the chat."""
    return {one.id: f"U{one.id.upper()}" for one in [one for one in team if one.tiers][::2]}


@asynccontextmanager
async def vendors(folder: Path, roster: Path, team: Sequence[Member]) -> AsyncIterator[Vendors]:
    """Both, while the block runs.

    Args:
        folder: Where the webhook file and the roster go; it is there.
        roster: The team's file; their mail addresses stay.
    """
    chatters = chatters_of(team)
    chat = SlackLike(people=tuple(chatters.values()), channels=())
    async with chat, zendesk_like.zendesk_like(repeats_every=10) as desk:
        yield Vendors(
            desk=desk,
            chat=chat,
            chatters=chatters,
            roster=_with_chat(roster, folder / "roster.yaml", chatters),
            environment={
                "ESCALATIONS_WEBHOOKS": str(_written(folder / "webhooks.yaml", _sources(desk.url, team))),
                "ESCALATIONS_ALLOWED_NETWORKS": "127.0.0.0/8",
                "ESCALATIONS_SLACK_TOKEN": slack_like.TOKEN,
                "ESCALATIONS_SLACK_API": chat.api,
                "ZENDESK_SECRET": zendesk_like.SIGNING_SECRET,
                "ZENDESK_API_TOKEN": "token",
                "SLACK_SECRET": slack_like.SIGNING_SECRET,
            },
        )


def _written(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def _with_chat(roster: Path, copy: Path, chatters: Mapping[str, str]) -> Path:
    def addresses(found: re.Match[str]) -> str:
        user = chatters.get(found["person"])
        return f'addresses: ["slack:{user}"], {found[0]}' if user else found[0]

    return _written(copy, _ADDRESS.sub(addresses, roster.read_text(encoding="utf-8")))


def _sources(url: str, team: Sequence[Member]) -> str:
    agents = ", ".join(f'"{number}": {one.id}' for number, one in enumerate(team, start=_FIRST_AGENT))
    return f"""\
sources:
  {DESK}:
    secrets: [ZENDESK_SECRET]
    policy: demo
    prefix: {PREFIX}
    own_actors: ["{BOT}"]
    people: {{{agents}}}
    api: {{product: zendesk, url: "{url}", user: escalations@example.com, token: ZENDESK_API_TOKEN}}
  {CHAT}:
    secrets: [SLACK_SECRET]
"""
