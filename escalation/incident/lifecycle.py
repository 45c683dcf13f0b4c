"""The decider of an incident: which commands are possible, and what they lead to.

Theory of operation. An incident is opened, escalations are linked to it, bulletins are issued; one that proposes a
solution resolves the incident, and one that takes it back opens it again. Nothing is sent here: what each escalation has still to
hear is computed from the state (`escalation.incident.errands`), the workflow runs those errands, and the result of them
comes back as `record_errand`. So a bulletin is issued once, whatever becomes of those who carry it out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from escalation.errors import InvalidCommand, InvalidTransition
from escalation.incident import commands
from escalation.incident.bulletins import bulletin_of, must_fit
from escalation.incident.events import (
    BulletinIssued,
    ErrandRun,
    IncidentEvent,
    IncidentOpened,
    RecordGivenUp,
    TicketsLinked,
    TicketsUnlinked,
)
from escalation.incident.state import Incident, evolve
from escalation.incident.vocabulary import IncidentStage
from escalation.lifecycle.decisions.checks import some_text
from escalation.people import must_name_people

MOST_LINKS = 5000  # escalations that one incident takes; the state of all of them is passed on at each continue-as-new
MOST_OF_LINKS = 100_000  # characters of all their ticket numbers together
LONGEST_NAME = 80
LONGEST_TICKET = 200

_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{LONGEST_NAME - 1}}}")

_OPEN, _RESOLVED = IncidentStage.OPEN, IncidentStage.RESOLVED

_EITHER = frozenset({_OPEN, _RESOLVED})

POSSIBLE_IN: Mapping[type[commands.AnyIncidentCommand], frozenset[IncidentStage]] = {
    commands.LinkTickets: _EITHER,
    commands.UnlinkTickets: _EITHER,
    commands.TellLinked: frozenset({_OPEN}),
    commands.ResolveIncident: frozenset({_OPEN}),
    commands.ReopenIncident: frozenset({_RESOLVED}),
    commands.RecordErrand: _EITHER,
    commands.GiveUpRecord: _EITHER,
}
"""Command, and the stages that it is possible in. What stage a bulletin leads to, the bulletin itself says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDecision:
    """The result of a command: the state after it, and its events."""

    state: Incident
    events: tuple[IncidentEvent, ...] = ()


def allowed(stage: IncidentStage) -> tuple[str, ...]:
    """Wire names of the commands that are possible in this stage."""
    return tuple(name for name, one in commands.INCIDENT_COMMANDS.items() if stage in POSSIBLE_IN[one])


def decide(state: Incident | None, command: commands.AnyIncidentCommand, *, now: datetime) -> IncidentDecision:
    """Decide on a command, or raise `Refused` and change nothing; only the opening has no state before."""
    if state is None:
        if not isinstance(command, commands.OpenIncident):
            raise InvalidTransition(command.kind, "", ("open_incident",))
        opened = _opened(command, now)
        return IncidentDecision(state=evolve(None, opened), events=(opened,))
    if isinstance(command, commands.OpenIncident) or state.stage not in POSSIBLE_IN[type(command)]:
        raise InvalidTransition(command.kind, state.stage, allowed(state.stage))
    if not isinstance(command, commands.IncidentReport):
        must_name_people(command, command.kind)
    event = _event(state, command, now)
    return IncidentDecision(state=state if event is None else evolve(state, event), events=(event,) if event else ())


def check_opening(command: commands.OpenIncident) -> None:
    """Refuse an opening that makes no sense."""
    must_name_people(command, command.kind)
    if not _NAME.fullmatch(command.name):
        raise InvalidCommand(
            f"`name` is `{command.name}`; write 1 to {LONGEST_NAME} letters, digits, `.`, `_` or `-`, "
            "a letter or digit first"
        )
    some_text(command.title, "title")


def check_start(command: commands.OpenIncident, workflow: str, wanted: str) -> None:
    """Refuse a start under the id of another incident: commands to it, and its record, go by the name.

    Args:
        command: What it was started with.
        wanted: The id for an incident of this name.
    """
    check_opening(command)
    if workflow != wanted:
        raise InvalidCommand(
            f"`name` is `{command.name}`, but the workflow is called `{workflow}`; start it as `{wanted}`"
        )


def _opened(command: commands.OpenIncident, now: datetime) -> IncidentOpened:
    check_opening(command)
    return IncidentOpened(at=now, name=command.name, title=command.title, cause=command.cause, by=command.by)


def _event(
    state: Incident, command: commands.IncidentCommand | commands.IncidentReport, now: datetime
) -> IncidentEvent | None:
    match command:
        case commands.RecordErrand(errand=errand):
            return ErrandRun(
                at=now,
                errand=errand.kind,
                number=errand.number,
                outcomes=command.outcomes,
                pages=command.pages,
                rules=max(state.rules, command.rules),
            )
        case commands.GiveUpRecord(error=error):
            return None if state.is_unrecorded else RecordGivenUp(at=now, error=error)
        case commands.LinkTickets():
            new = _new(state, command.tickets)
            return TicketsLinked(at=now, tickets=new, by=command.by) if new else None
        case commands.UnlinkTickets():
            return TicketsUnlinked(at=now, tickets=_present(state, command.tickets), by=command.by)
        case commands.TellLinked() | commands.ResolveIncident() | commands.ReopenIncident():
            bulletin = bulletin_of(command, len(state.bulletins) + 1, now)
            must_fit(state, bulletin)
            return BulletinIssued(at=now, bulletin=bulletin)
        case _:
            assert_never(command)


def _new(state: Incident, tickets: Sequence[str]) -> tuple[str, ...]:
    _some_tickets(tickets)
    for ticket in tickets:
        if not ticket.isprintable() or any(map(str.isspace, ticket)) or not 1 <= len(ticket) <= LONGEST_TICKET:
            raise InvalidCommand(f"`{ticket}` is not a ticket; write 1 to {LONGEST_TICKET} visible characters")
    linked = frozenset(state.linked)
    new = tuple(dict.fromkeys(ticket for ticket in tickets if ticket not in linked))
    if len(state.links.keys() | set(new)) > MOST_LINKS:
        raise InvalidCommand(f"an incident takes {MOST_LINKS} tickets at most; open a second one for the rest")
    if sum(map(len, state.links)) + sum(len(ticket) for ticket in new if ticket not in state.links) > MOST_OF_LINKS:
        raise InvalidCommand(
            f"an incident takes ticket numbers of {MOST_OF_LINKS:,} characters together; open a second one for the rest"
        )
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
