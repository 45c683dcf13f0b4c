"""Applying what a help desk sent, over fakes: what is tried again, given up, and never holds up the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.postgres.wire import json_text
from activities.contracts import ApplyInput, ApplyReport
from activities.errors import CaseRefused, CaseUnanswered, DatabaseUnavailable
from activities.intake import GIVE_UP_AFTER, LONGEST_PAUSE, IntakeActivities
from activities.ports.connections import Connection
from activities.ports.desks import Requester
from activities.ports.inbox import Entry, EntryState
from activities.ports.tickets import Applied, Escalated
from escalation.case.codec import from_json
from escalation.case.commands import AddNote, ChangeSeverity, OpenByTriage, SupportCommand
from escalation.case.values import Customer
from escalation.intake.delivery import Author, DeskEvent, EventKind, Plan
from escalation.intake.files import load_source
from escalation.vocabulary import Severity, Stage
from tests.unit.activities.builders import Clock
from tests.unit.domain.case import CUSTOMER_ANN

AGENT = Author(id="agent-1", is_agent=True)
WORKING = Escalated(
    stage=Stage.WORKING,
    severity=Severity.SEV3,
    reopens=False,
    is_open=True,
    offered_to="",
    owner="ana",
    customer=CUSTOMER_ANN,
)


@dataclass
class Inbox:
    """Events in memory."""

    entries: dict[int, Entry] = field(default_factory=dict)
    is_away: bool = False
    dies_settling: bool = False

    async def waiting(self, source: str, ticket: str, *, most: int) -> Sequence[Entry]:
        if self.is_away:
            raise DatabaseUnavailable("it is restarted")
        found = [one for one in self.entries.values() if one.state is EntryState.STORED]
        return [one for one in found if (one.source, one.ticket) == (source, ticket)][:most]

    async def newest(self, source: str, ticket: str) -> Mapping[str, datetime]:  # noqa: ARG002 (the port has it)
        done = [one for one in self.entries.values() if one.state is EntryState.APPLIED and one.fact and one.at]
        return {one.fact: one.at for one in done if one.at}

    async def also_known_as(self, source: str, other_id: str) -> Sequence[str]:
        found = [from_json(DeskEvent, one.event or "") for one in self.entries.values() if one.source == source]
        return list(dict.fromkeys(one.ticket for one in reversed(found) if one.also == other_id))

    async def priority_before(self, entry: Entry) -> str:
        done = [one for one in self.entries.values() if one.state in {EntryState.APPLIED, EntryState.IGNORED}]
        shown = [from_json(DeskEvent, one.event or "") for one in done if one.hash != entry.hash]
        return next((one.priority for one in reversed(shown) if one.priority), "")

    async def applied_since(self, source: str, ticket: str, since: datetime) -> int:  # noqa: ARG002 (the port has it)
        return sum(one.commands > 0 for one in self.entries.values())

    async def begin(self, entry: int, planned: Plan | None) -> None:
        stored = None if planned is None else json_text(planned)
        self.entries[entry] = replace(self.entries[entry], planned=stored)

    async def settle(
        self, entry: int, state: EntryState, *, reason: str = "", became: Sequence[str] = (), at: datetime
    ) -> None:
        if self.dies_settling:
            self.dies_settling = False
            raise DatabaseUnavailable("it is restarted")
        changes: dict[str, Any] = {"state": state, "reason": reason, "settled_at": at}
        changes |= {"became": tuple(became), "commands": len(became)}
        self.entries[entry] = replace(self.entries[entry], **changes)

    async def postpone(self, entry: int, error: str) -> None:
        before = self.entries[entry]
        self.entries[entry] = replace(before, error=error, attempts=before.attempts + 1)


@dataclass
class Tickets:
    """Escalations that remember what they were asked; a repeat of a command id is done once."""

    newest_: Escalated | None = WORKING
    others: dict[str, Escalated | None] = field(default_factory=dict)
    done: dict[str, SupportCommand | OpenByTriage] = field(default_factory=dict)
    named: list[str] = field(default_factory=list)
    error: Exception | None = None

    async def newest(self, ticket: str) -> Escalated | None:
        return self.others.get(ticket, self.newest_)

    async def apply(
        self,
        ticket: str,
        command: SupportCommand | OpenByTriage,
        *,
        policy: str,  # noqa: ARG002 (the port has it)
        command_id: str,
    ) -> Applied:
        if self.error is not None:
            raise self.error
        self.named.append(ticket)
        self.done.setdefault(command_id, command)
        return Applied()


@dataclass
class HelpDesk:
    """Knows whose ticket it is, where an API is configured."""

    who: Requester | None = None

    async def reread(self, source: str, event: DeskEvent) -> DeskEvent:
        assert source == "desk"
        return event

    async def requester(self, source: str, ticket: str) -> Requester | None:
        assert (source, ticket) == ("desk", "7")
        return self.who


class World:
    """The activity over the fakes."""

    def __init__(self, **connection: Any) -> None:
        self.inbox, self.tickets, self.clock, self.help_desk = Inbox(), Tickets(), Clock(), HelpDesk()
        source = load_source("desk", "generic")
        connections = {"desk": Connection(source=source, people={"agent-1": "ana"}, **connection)}
        self.activities = IntakeActivities(self.inbox, connections, self.tickets, self.clock, self.help_desk)

    def add(self, key: str, kind: EventKind = EventKind.MESSAGE, *, text: str = "A note.", **more: Any) -> None:
        more = {"ticket": "7", **more}
        hashed = more.pop("hash", "")
        event = DeskEvent(kind=kind, what=kind, number=0, key=key, author=AGENT, text=text, **more)
        number = len(self.inbox.entries) + 1
        values: dict[str, Any] = {
            **dict.fromkeys(("reason", "error", "fact"), ""),
            "hash": hashed,
            **dict.fromkeys(("commands", "attempts", "repeats"), 0),
            **dict.fromkeys(("received_at", "tried_since"), self.clock()),
            "id": number,
            "source": "desk",
            "key": key,
            "ticket": event.ticket,
            "kind": kind,
            "at": event.at,
            "state": EntryState.STORED,
            "settled_at": None,
            "event": json_text(event),
            "request": None,
        }
        self.inbox.entries[number] = Entry(**values)

    async def apply(self, source: str = "desk", ticket: str = "7") -> ApplyReport:
        wanted = ApplyInput(source=source, ticket=ticket)
        report: ApplyReport = await ActivityEnvironment().run(self.activities.apply_deliveries, wanted)
        return report

    @property
    def states(self) -> list[EntryState]:
        return [one.state for one in self.inbox.entries.values()]


async def test_a_merge_closes_the_case_only_in_favour_of_one_of_the_same_customer() -> None:
    for customer, command in ((CUSTOMER_ANN, "cancel"), (replace(CUSTOMER_ANN, id="c-2"), "ticket_news")):
        world = World()
        world.tickets.others["8"] = replace(WORKING, customer=customer)
        world.add("a", EventKind.MERGED, merged_into="8")
        await world.apply()
        assert [one.kind for one in world.tickets.done.values()] == [command]
        assert world.states == [EntryState.APPLIED]


async def test_a_priority_that_is_only_shown_again_does_not_undo_what_a_person_made_of_it() -> None:
    world = World()

    async def shows(key: str, priority: str, severity: Severity) -> list[str]:
        world.add(key, EventKind.PRIORITY, priority=priority, severity=severity, hash=key)
        await world.apply()
        return [one.severity.value for one in world.tickets.done.values() if isinstance(one, ChangeSeverity)]

    assert await shows("a", "high", Severity.SEV2) == ["SEV2"]
    # A person lowers the case; the ticket has its old priority beside the next changes.
    world.tickets.newest_ = replace(WORKING, severity=Severity.SEV4)
    assert await shows("b", "High", Severity.SEV2) == ["SEV2"]
    assert world.inbox.entries[2].reason == "the priority there is `High` as before"
    assert await shows("c", "urgent", Severity.SEV1) == ["SEV2", "SEV1"]


async def test_a_ticket_that_came_under_another_number_is_the_same_ticket() -> None:
    world = World()
    world.tickets.others |= {"OLD-1": WORKING, "NEW-1": None}
    world.tickets.newest_ = None
    world.add("a", also="10040", ticket="OLD-1")
    world.add("b", also="10040", ticket="NEW-1")
    world.add("c", also="10041", ticket="NEW-2")

    await world.apply(ticket="NEW-1")
    await world.apply(ticket="NEW-2")

    assert world.tickets.named == ["OLD-1"]
    assert world.states == [EntryState.STORED, EntryState.APPLIED, EntryState.IGNORED]


async def test_whose_ticket_it_is_is_asked_of_the_help_desk_where_the_webhook_does_not_say() -> None:
    world = World()
    world.tickets.newest_ = None
    world.add("a", EventKind.TAGGED, tags=("escalate",))
    await world.apply()
    assert world.states == [EntryState.DEAD]

    world.help_desk.who = Requester(id="77", name="Ada", address="ada@example.com", language="de")
    world.add("b", EventKind.TAGGED, tags=("escalate",))
    await world.apply()
    (opened,) = world.tickets.done.values()
    assert isinstance(opened, OpenByTriage)
    assert opened.customer == Customer(id="77", name="Ada", address="ada@example.com", language="de")


@pytest.mark.parametrize("kind", [EventKind.TAGGED, EventKind.BUTTON])
async def test_what_an_attempt_did_before_it_died_is_not_taken_for_the_work_of_others(kind: EventKind) -> None:
    world = World()
    world.tickets.newest_ = None if kind is EventKind.TAGGED else replace(WORKING, owner="", offered_to="ana")
    world.help_desk.who = Requester(id="77", name="Ada", address="ada@example.com")
    world.add("a", kind, tags=("escalate",), action="acknowledge")
    world.inbox.dies_settling = True
    with pytest.raises(ApplicationError):
        await world.apply()

    world.tickets.newest_ = WORKING
    await world.apply()
    assert world.states == [EntryState.APPLIED]
    assert len(world.tickets.done) == 1


async def test_events_become_commands_under_ids_made_of_their_keys() -> None:
    world = World()
    world.add("a")
    world.add("b", text="Another.")
    assert await world.apply() == ApplyReport()
    assert world.tickets.done == {
        "hook:desk:a:0": AddNote(by="ana", text="A note."),
        "hook:desk:b:0": AddNote(by="ana", text="Another."),
    }
    assert world.states == [EntryState.APPLIED] * 2


async def test_while_no_worker_answers_the_event_waits_and_those_behind_it_too() -> None:
    world = World()
    world.add("a")
    world.add("b")
    world.tickets.error = CaseUnanswered("no worker answered")
    pauses = [(await world.apply()).again_in for _ in range(12)]
    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-1] == LONGEST_PAUSE
    assert world.states == [EntryState.STORED] * 2
    assert [one.attempts for one in world.inbox.entries.values()] == [12, 0]

    world.tickets.error = None
    await world.apply()
    assert world.states == [EntryState.APPLIED] * 2


async def test_a_refusal_counts_when_it_comes_twice_since_the_case_may_be_about_to_move() -> None:
    world = World()
    world.add("a")
    world.tickets.error = CaseRefused("it is due to move on")
    assert (await world.apply()).again_in == 2
    assert world.states == [EntryState.STORED]
    world.tickets.error = None
    await world.apply()
    assert world.states == [EntryState.APPLIED]


async def test_after_a_day_it_is_dead_and_the_next_one_is_tried() -> None:
    world = World()
    world.add("a")
    world.tickets.error = CaseUnanswered("no worker answered")
    world.clock.now += GIVE_UP_AFTER
    world.add("b")
    assert (await world.apply()).again_in == 2
    assert world.states == [EntryState.DEAD, EntryState.STORED]
    assert world.inbox.entries[1].reason == "given up after a day: no worker answered"


async def test_an_event_that_meets_a_bug_or_a_refusal_does_not_hold_up_the_others() -> None:
    world = World()
    for key in ("a", "b", "c"):
        world.add(key)
    world.inbox.entries[1] = replace(world.inbox.entries[1], event='{"kind": "of another release"}')
    world.tickets.error = RuntimeError("a bug")
    await world.apply()
    assert [one.reason for one in world.inbox.entries.values()] == [
        "what was read of it cannot be used by this release; retry it",
        *["an error of ours: RuntimeError; retry it"] * 2,
    ]
    world.add("d")
    world.tickets.error = CaseRefused("not now")
    assert (await world.apply()).again_in == 2
    await world.apply()
    assert world.inbox.entries[4].reason == "`note` was refused: not now"
    assert set(world.states) == {EntryState.DEAD}


async def test_a_worker_without_the_source_leaves_its_events_to_others() -> None:
    world = World()
    world.add("a")
    world.inbox.entries[1] = replace(world.inbox.entries[1], source="elsewhere")
    assert (await world.apply("elsewhere")).again_in == 2
    assert world.inbox.entries[1].error == "this worker's webhook file has no source `elsewhere`"


async def test_without_the_database_the_attempt_fails_and_nothing_is_settled() -> None:
    world = World()
    world.add("a")
    world.inbox.is_away = True
    with pytest.raises(Exception, match="it is restarted"):
        await world.apply()
    assert world.states == [EntryState.STORED]


async def test_a_ticket_that_changes_too_often_is_set_aside_for_an_hour() -> None:
    world = World(changes_per_hour=2)
    for key in "abcd":
        world.add(key)
    await world.apply()
    assert world.states == [EntryState.APPLIED] * 2 + [EntryState.DEAD] * 2
    assert sorted(one.kind for one in world.tickets.done.values()) == ["note", "note", "ticket_news"]
    world.clock.now += timedelta(hours=1)
    world.add("e")
    await world.apply()
    assert sum(":flooded:" in key for key in world.tickets.done) == 2
