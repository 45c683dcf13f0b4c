"""Compares what the help desk and the chat sent and show with what we received and wrote."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.reports import Reports
from activities.ports.inbox import Entry, EntryState
from escalation.case.events import Acknowledged, CustomerReplied, Event, Opened
from escalation.case.naming import life_of
from examples.demo.stage import now
from examples.demo.vendors import CHAT, DESK, PREFIX, Vendors
from starter.webhooks.courier import Courier
from tests.peers.zendesk_like import ZendeskLike

IN_STEP_SECONDS, LOOK_SECONDS = 60.0, 0.5
_EVENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MARKER = re.compile(r"\[esc (\S+)\]$")
_EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The counts at both ends."""

    tickets: int
    replies: int
    own: int
    repeats: int
    offers: int  # that were accepted, in all
    presses: int
    notes: int
    problems: tuple[str, ...]

    def __str__(self) -> str:
        """For people, three lines."""
        return (
            f"help desk: {self.tickets} tickets and {self.replies} replies came by signed webhook, each once\n"
            f"           ({self.repeats} repeats and {self.own} events about our own writes changed nothing)\n"
            f"           {self.notes} notes are in its tickets, each once and none public\n"
            f"chat: {self.presses} of {self.offers} offers were accepted by button, each once"
        )


async def in_step(links: DeskLinks, courier: Courier, desk: ZendeskLike) -> None:
    """Let the last notes be written now; workers look for what is behind every 15 seconds only."""
    with suppress(TimeoutError):  # the verdict names what is behind then
        async with asyncio.timeout(IN_STEP_SECONDS):
            while await links.behind(now()):
                await courier.notify()
                await asyncio.sleep(LOOK_SECONDS)
            await desk.idle()


async def compare(reports: Reports, inbox: Inbox, vendors: Vendors) -> Connected:
    """Read inbox, timelines, tickets of the help desk and what it sent."""
    entries = await inbox.listed(most=_EVERYTHING)
    cases = await reports.list_cases(open_only=False, limit=_EVERYTHING)
    timelines = {one: [event for _, event in await reports.timeline(one)] for one, _ in cases}
    applied = Counter((one.source, one.kind) for one in entries if one.state is EntryState.APPLIED)
    accepted = Counter(type(event) for timeline in timelines.values() for event in timeline)
    notes, note_problems = _notes(vendors)
    return Connected(
        tickets=applied[DESK, "opened"],
        replies=applied[DESK, "message"],
        own=sum("ourselves" in one.reason for one in entries),
        repeats=vendors.desk.accepted.total() - len(vendors.desk.accepted),
        offers=accepted[Acknowledged],
        presses=applied[CHAT, "button"],
        notes=notes,
        problems=(
            *_inbox_problems(entries, vendors.desk.accepted),
            *_applied_once(entries, timelines, vendors),
            *note_problems,
        ),
    )


def _inbox_problems(entries: Iterable[Entry], accepted: Mapping[str, int]) -> Iterator[str]:
    """Whatever was accepted is in the inbox once, and has an end."""
    rows = Counter(found[0] for one in entries if (found := _EVENT_ID.search(one.key)))
    for id_ in accepted:
        if rows[id_] != 1:
            yield f"event {id_} was accepted, and is in the inbox {rows[id_]} times"
    for one in entries:
        if one.state in (EntryState.STORED, EntryState.DEAD):
            yield f"{one.source} {one.ticket}: a webhook is {one.state}: {one.reason or one.error}"


def _applied_once(
    entries: Iterable[Entry], timelines: Mapping[str, Iterable[Event]], vendors: Vendors
) -> Iterator[str]:
    """Check that what was applied happened in the case, as often as it was applied."""
    applied = Counter((_ticket_of(one), one.kind) for one in entries if one.state is EntryState.APPLIED)
    happened = Counter(
        (life_of(escalation).ticket, _as_applied(event, vendors.chatters))
        for escalation, timeline in timelines.items()
        for event in timeline
    )
    for ticket, kind in applied.keys() | happened.keys():
        found, wanted = happened[ticket, kind], applied[ticket, kind]
        # Who finds no button in time accepts by command.
        if found < wanted or (kind in ("opened", "message") and found > wanted):
            yield f"{ticket}: {kind} {found} times, applied {wanted} times"


def _as_applied(event: Event, chatters: Mapping[str, str]) -> str:
    """The kind of webhook that causes such an event in the demo; empty for none."""
    match event:
        case Opened(life=1):  # a reply to a case that is over opens another one
            return "opened"
        case CustomerReplied():
            return "message"
        case Acknowledged(person=person) if person in chatters:
            return "button"
        case _:
            return ""


def _ticket_of(entry: Entry) -> str:
    return f"{PREFIX}{entry.ticket}" if entry.source == DESK else entry.ticket


def _notes(vendors: Vendors) -> tuple[int, list[str]]:
    """Count our notes in the tickets, and say what is wrong with them."""
    markers: Counter[str] = Counter()
    problems = []
    for number, ticket in vendors.desk.tickets.items():
        markers.update(found[1] for note in ticket.notes if (found := _MARKER.search(note)))
        if ticket.public:
            problems.append(f"ticket {number}: what we wrote is public")
        if ticket.status != "solved":
            problems.append(f"ticket {number}: it is {ticket.status} in the help desk, and the case is closed")
    return len(markers), problems + [f"{one}: the note is there {n} times" for one, n in markers.items() if n > 1]
