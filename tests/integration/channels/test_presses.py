"""A button in a chat, from the press to the command: signed by the chat, and given as the person at that address."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from temporalio.testing import ActivityEnvironment

from activities.button_presses import Presses
from activities.contracts import ApplyInput
from activities.intake import IntakeActivities
from activities.ports.connections import Connection
from activities.ports.inbox import Entry, EntryState, NewEntry
from activities.ports.sending import SpeakingChannel
from activities.ports.tickets import Applied, Escalated
from escalation.case.commands import Acknowledge, Decline, OpenByTriage, SupportCommand
from escalation.intake.delivery import Plan, Request
from escalation.intake.files import load_source
from escalation.intake.signatures import verify
from escalation.vocabulary import Channel, Severity, Stage
from starter.webhooks.receiving import entries_of
from tests import fakes
from tests.integration.channels.team import BEN, Team, offer, reaching
from tests.peers.slack_like import SIGNING_SECRET, SlackLike
from tests.unit.delivery.cases import ANA, a_customer

SLACK = Connection(source=load_source("slack"), secrets=(SIGNING_SECRET,))
OFFERED = Escalated(
    stage=Stage.OFFERED,
    severity=Severity.SEV1,
    reopens=False,
    is_open=True,
    offered_to="ana",
    owner="",
    customer=a_customer(),
)


@dataclass
class Inbox:
    """One event."""

    entry: Entry
    settled: list[tuple[EntryState, str]] = field(default_factory=list)

    async def waiting(self, source: str, ticket: str, *, most: int) -> list[Entry]:
        assert (source, ticket, most > 0) == ("slack", "T-1", True)
        return [self.entry]

    async def newest(self, source: str, ticket: str) -> Mapping[str, datetime]:
        assert (source, ticket) == ("slack", "T-1")
        return {}

    async def also_known_as(self, source: str, other_id: str) -> list[str]:
        raise AssertionError(f"{source}: {other_id}")

    async def priority_before(self, entry: Entry) -> str:
        raise AssertionError(entry.id)

    async def applied_since(self, source: str, ticket: str, since: datetime) -> int:
        assert (source, ticket, since.tzinfo) == ("slack", "T-1", UTC)
        return 0

    async def begin(self, entry: int, planned: Plan | None) -> None:
        assert (entry, planned is not None) == (1, True)

    async def settle(
        self, entry: int, state: EntryState, *, reason: str = "", became: Sequence[str] = (), at: datetime
    ) -> None:
        assert (entry, len(became) <= 1, at.tzinfo) == (1, True, UTC)
        self.settled.append((state, reason))

    async def postpone(self, entry: int, error: str) -> None:
        raise AssertionError(f"{entry}: {error}")


@dataclass
class Tickets:
    """A ticket that is offered to Ana."""

    state: ClassVar[Escalated] = OFFERED
    commands: list[SupportCommand | OpenByTriage] = field(default_factory=list)

    async def newest(self, ticket: str) -> Escalated | None:
        return self.state if ticket == "T-1" else None

    async def apply(self, ticket: str, command: SupportCommand | OpenByTriage, **_more: object) -> Applied:
        assert ticket == "T-1"
        self.commands.append(command)
        return Applied()


@pytest.fixture
async def slack() -> AsyncIterator[SlackLike]:
    async with SlackLike() as workspace:
        yield workspace


async def pressed(slack: SlackLike, action: str, user: str) -> tuple[Inbox, Tickets]:
    """What comes of a press on an offer to Ana."""
    team = Team(reaching(slack_api=slack.api), ["slack:U1"], people=[ANA])
    team.directory = fakes.Directory([*team.directory.members.values(), BEN], team.clock)
    await team.deliver(offer(must_confirm=True))
    press = slack.press(slack.posts[-1], f"escalations.{action}", user, at=int(team.now.timestamp()))
    headers = {name.lower(): value for name, value in press.headers.items()}
    request = Request(method="POST", url="https://escalations.example.com", headers=headers, body=press.body)
    verify(SLACK.source, request, SLACK.secrets, team.now)
    (stored,) = entries_of(SLACK, request, lambda text, **_: text, team.now)
    inbox, tickets = Inbox(entry_of(stored, team.now)), Tickets()
    channel = team.channels[Channel.SLACK]
    assert isinstance(channel, SpeakingChannel)
    presses = Presses(team.directory, tickets, channel)
    activities = IntakeActivities(inbox, {"slack": SLACK}, tickets, team.clock, presses=presses)
    await ActivityEnvironment().run(activities.apply_deliveries, ApplyInput(source="slack", ticket="T-1"))
    return inbox, tickets


def entry_of(new: NewEntry, now: datetime) -> Entry:
    return Entry(
        id=1,
        source="slack",
        key=new.key,
        hash="",
        ticket=new.ticket,
        kind=new.kind,
        fact=new.fact,
        at=new.at,
        state=new.state,
        reason=new.reason,
        error="",
        commands=0,
        attempts=0,
        repeats=0,
        received_at=now,
        tried_since=now,
        settled_at=None,
        event=new.event,
        request=None,
    )


async def test_who_was_asked_accepts_or_declines_without_a_table_of_people(slack: SlackLike) -> None:
    _, tickets = await pressed(slack, "acknowledge", "U1")
    assert tickets.commands == [Acknowledge(by="ana", packet_read=True)]
    _, tickets = await pressed(slack, "decline", "U1")
    (declined,) = tickets.commands
    assert isinstance(declined, Decline)
    assert declined.by == "ana"


async def test_a_stranger_changes_nothing(slack: SlackLike) -> None:
    inbox, tickets = await pressed(slack, "acknowledge", "U2")
    assert not tickets.commands
    assert slack.posts[-1].channel == "DU2"
    assert slack.posts[-1].shown.startswith("Case T-1: the roster has no one with your Slack id yet")
    ((state, reason),) = inbox.settled
    assert state is EntryState.IGNORED
    assert "not mapped to a person" in reason


async def test_who_comes_too_late_reads_so_in_their_language_and_the_owner_does_not(
    slack: SlackLike, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = replace(OFFERED, stage=Stage.WORKING, offered_to="", owner="ben")
    monkeypatch.setattr(Tickets, "state", taken)
    inbox, tickets = await pressed(slack, "acknowledge", "U1")
    assert (tickets.commands, inbox.settled[0][0]) == ([], EntryState.IGNORED)
    assert slack.posts[-1].shown.startswith("Case T-1: this came too late")

    monkeypatch.setattr(Tickets, "state", replace(taken, owner="ana"))
    before = len(slack.posts)
    await pressed(slack, "acknowledge", "U1")
    assert len(slack.posts) == before + 1  # the offer alone
