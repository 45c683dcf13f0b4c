"""The life of an incident: what may be asked of it, and what follows.

Theory of operation. An incident is opened, escalations are linked to it, bulletins are issued; the last bulletin
proposes a solution, and with it the incident is resolved. Nothing here tells anybody: what each escalation has still to
hear is worked out from the state (`escalation.incident.errands`), the shell runs those errands, and what came of them
comes back as `record_errand`. So a bulletin is issued once, whatever becomes of those who carry it out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from escalation.decisions.checks import in_the_future, some_text
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.incident.commands import (
    INCIDENT_COMMANDS,
    AnyIncidentCommand,
    LinkTickets,
    OpenIncident,
    RecordErrand,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.events import (
    BulletinIssued,
    ErrandRun,
    IncidentEvent,
    IncidentOpened,
    TicketsLinked,
    TicketsUnlinked,
)
from escalation.incident.state import Incident, evolve
from escalation.incident.values import Bulletin
from escalation.incident.vocabulary import IncidentStage

MOST_LINKS = 5000
"""Escalations that one incident takes; the state of all of them goes along whenever its workflow continues as new."""
LONGEST_NAME = 80
LONGEST_TICKET = 200

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
_WHILE_OPEN = ("tell", "resolve")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDecision:
    """What follows from a command: the state after it, and the events that lead there."""

    state: Incident
    events: tuple[IncidentEvent, ...] = ()


def allowed(stage: IncidentStage) -> tuple[str, ...]:
    """Wire names of the commands that are possible in this stage."""
    return tuple(name for name in INCIDENT_COMMANDS if stage is IncidentStage.OPEN or name not in _WHILE_OPEN)


def decide(state: Incident | None, command: AnyIncidentCommand, *, now: datetime) -> IncidentDecision:
    """What follows from a command.

    Args:
        state: The state before; None only for the opening.
        command: What is asked.
        now: The instant, aware UTC.

    Raises:
        Refused: It cannot be done; nothing has changed.
    """
    if state is None:
        if not isinstance(command, OpenIncident):
            raise InvalidTransition(command.kind, "", ("open_incident",))
        opened = _opened(command, now)
        return IncidentDecision(state=evolve(None, opened), events=(opened,))
    event = _event(state, command, now)
    return IncidentDecision(state=state if event is None else evolve(state, event), events=(event,) if event else ())


def check_opening(command: OpenIncident) -> None:
    """Refuse an opening that makes no sense.

    Raises:
        InvalidCommand: Its name cannot be one, or it has no title.
    """
    if not _NAME.fullmatch(command.name):
        raise InvalidCommand(
            f"`name` is `{command.name}`; write 1 to {LONGEST_NAME} letters, digits, `.`, `_` or `-`, "
            "a letter or digit first"
        )
    some_text(command.title, "title")


def _opened(command: OpenIncident, now: datetime) -> IncidentOpened:
    check_opening(command)
    return IncidentOpened(at=now, name=command.name, title=command.title, cause=command.cause, by=command.by)


def _event(state: Incident, command: AnyIncidentCommand, now: datetime) -> IncidentEvent | None:
    match command:
        case RecordErrand(errand=errand, outcomes=outcomes, paged=paged):
            return ErrandRun(at=now, errand=errand.kind, number=errand.number, outcomes=outcomes, paged=paged)
        case LinkTickets() if new := _new(state, command.tickets):
            return TicketsLinked(at=now, tickets=new, by=command.by)
        case LinkTickets():
            return None
        case UnlinkTickets():
            return TicketsUnlinked(at=now, tickets=_present(state, command.tickets), by=command.by)
        case TellLinked() | ResolveIncident() if state.stage is IncidentStage.OPEN:
            return BulletinIssued(at=now, bulletin=_bulletin(state, command, now))
        case _:
            raise InvalidTransition(command.kind, state.stage, allowed(state.stage))


def _bulletin(state: Incident, command: TellLinked | ResolveIncident, now: datetime) -> Bulletin:
    number = len(state.bulletins) + 1
    if isinstance(command, ResolveIncident):
        some_text(command.solution, "solution")
        text, root_cause = command.solution, command.root_cause
        return Bulletin(number=number, text=text, root_cause=root_cause, solves=True, by=command.by)
    some_text(command.text, "text")
    next_by = command.next_by
    if next_by is not None:
        in_the_future(next_by, now, "next_by")
        next_by = next_by.astimezone(UTC)
    return Bulletin(number=number, text=command.text, next_step=command.next_step, next_by=next_by, by=command.by)


def _new(state: Incident, tickets: Sequence[str]) -> tuple[str, ...]:
    """Those that are not linked yet, each once."""
    _some_tickets(tickets)
    for ticket in tickets:
        if not ticket.isprintable() or any(map(str.isspace, ticket)) or not 1 <= len(ticket) <= LONGEST_TICKET:
            raise InvalidCommand(f"`{ticket}` is no ticket; write 1 to {LONGEST_TICKET} visible characters")
    linked = frozenset(state.linked)
    new = tuple(dict.fromkeys(ticket for ticket in tickets if ticket not in linked))
    if len(state.links.keys() | set(new)) > MOST_LINKS:
        raise InvalidCommand(f"an incident takes {MOST_LINKS} tickets at most; open a second one for the rest")
    return new


def _present(state: Incident, tickets: Sequence[str]) -> tuple[str, ...]:
    _some_tickets(tickets)
    linked = frozenset(state.linked)
    if strange := [ticket for ticket in tickets if ticket not in linked]:
        raise InvalidCommand(f"not linked to `{state.name}`: {', '.join(strange)}")
    return tuple(dict.fromkeys(tickets))


def _some_tickets(tickets: Sequence[str]) -> None:
    if not tickets:
        raise InvalidCommand("`tickets` is empty; name at least one")
