"""The state of an incident: one frozen value, computed only by folding its events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import assert_never

from escalation.incident import events
from escalation.incident.values import Bulletin, Outcome
from escalation.incident.vocabulary import ErrandKind, IncidentStage, Result

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
"""Between two attempts at an escalation that does not answer; each pause is twice the one before."""
MOST_TRIES = 10  # attempts until an errand to an escalation is given up; with the pauses about three hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One escalation, as its incident knows it.

    Attributes:
        asked: Number of the event that linked or unlinked it last.
        is_wanted: Whether it is linked.
        is_known: What the escalation itself takes for true; None while an attempt to tell it was not answered.
        told: Number of the last bulletin that is settled for it, told or not.
        tries: How often in a row it did not answer.
        again_at: Not before this instant is it tried again, aware UTC.
        result: The result of the last errand to it; None before the first.
        why: Where it was not told, the reason.
        overseer: Who oversees the escalation, as it said last; empty before it said so.
    """

    asked: int
    is_wanted: bool
    is_known: bool | None = False
    told: int = 0
    by: str
    tries: int = 0
    again_at: datetime | None = None
    result: Result | None = None
    why: str = ""
    overseer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Everything that is known of one incident.

    Attributes:
        resolved_at: When the last solution was proposed, aware UTC; None while it is open.
        bulletins: All of them, the first has number 1.
        links: By ticket, in the order in which they were linked first; also those that were unlinked.
        pages: Per overseer, the number of the last bulletin they were paged with.
        reopened: How often a solution did not hold.
        rules: Version of our own rules that it follows; see `escalation.lifecycle.rules_version`.
        is_unrecorded: Whether the record has refused it for so long that only people can change that.
    """

    seq: int
    name: str
    title: str
    cause: str
    by: str
    opened_at: datetime
    resolved_at: datetime | None = None
    bulletins: tuple[Bulletin, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    reopened: int = 0
    rules: int = 1
    is_unrecorded: bool = False

    @property
    def stage(self) -> IncidentStage:
        """Open until its cause is fixed."""
        return IncidentStage.OPEN if self.resolved_at is None else IncidentStage.RESOLVED

    @property
    def linked(self) -> tuple[str, ...]:
        """Tickets that are linked now."""
        return tuple(ticket for ticket, link in self.links.items() if link.is_wanted)


def evolve(state: Incident | None, event: events.IncidentEvent) -> Incident:
    """The state after one more event.

    Raises:
        LookupError: There is no state and the event is not the opening, or there is one and it is.
    """
    if state is None:
        if not isinstance(event, events.IncidentOpened):
            raise LookupError(f"an incident begins with `incident_opened`, not with `{event.kind}`")
        return Incident(seq=1, name=event.name, title=event.title, cause=event.cause, by=event.by, opened_at=event.at)
    return replace(_keep_facts(state, event), seq=state.seq + 1)


def fold(timeline: Iterable[events.IncidentEvent]) -> Incident:
    """The state a whole timeline leads to.

    Raises:
        LookupError: The timeline is empty or does not begin with its opening.
    """
    state = reduce(evolve, timeline, None)
    if state is None:
        raise LookupError("the timeline is empty")
    return state


def _keep_facts(state: Incident, event: events.IncidentEvent) -> Incident:
    match event:
        case events.IncidentOpened():
            raise LookupError(f"the incident `{state.name}` was opened before; its timeline holds two openings")
        case events.TicketsLinked():
            # A ticket linked later gets the current bulletin, not the older ones.
            heard = max(len(state.bulletins) - 1, 0)
            return _changed(state, {ticket: _wanted(state, ticket, event.by, heard) for ticket in event.tickets})
        case events.TicketsUnlinked():
            return _changed(state, {ticket: _unwanted(state, ticket, event.by) for ticket in event.tickets})
        case events.BulletinIssued(bulletin=bulletin):
            resolved_at = event.at if bulletin.solves else None
            reopened = state.reopened + bulletin.reopens
            return replace(state, bulletins=(*state.bulletins, bulletin), resolved_at=resolved_at, reopened=reopened)
        case events.RecordGivenUp():
            return replace(state, is_unrecorded=True)
        case events.ErrandRun():
            changed = {one.ticket: _after(state.links[one.ticket], event, one) for one in event.outcomes}
            pages = dict.fromkeys(event.pages, event.number)
            return replace(_changed(state, changed), pages={**state.pages, **pages}, rules=event.rules)
        case _:
            assert_never(event)


def _changed(state: Incident, links: Mapping[str, Link]) -> Incident:
    return replace(state, links={**state.links, **links})


def _wanted(state: Incident, ticket: str, by: str, heard: int) -> Link:
    known = state.links.get(ticket)
    if known is None:
        return Link(asked=state.seq + 1, is_wanted=True, told=heard, by=by)
    told = max(known.told, heard)
    return replace(known, asked=state.seq + 1, is_wanted=True, told=told, by=by, tries=0, again_at=None)


def _unwanted(state: Incident, ticket: str, by: str) -> Link:
    return replace(state.links[ticket], asked=state.seq + 1, is_wanted=False, by=by, tries=0, again_at=None)


def _after(link: Link, event: events.ErrandRun, outcome: Outcome) -> Link:
    # The link after an errand; requests made while it was running still apply.
    link = replace(link, overseer=outcome.overseer or link.overseer)
    if outcome.result is Result.UNANSWERED and link.tries + 1 < MOST_TRIES:
        is_known = link.is_known if event.errand is ErrandKind.BULLETIN else None
        again_at = event.at + min(FIRST_PAUSE * 2**link.tries, LONGEST_PAUSE)
        link = replace(link, is_known=is_known, tries=link.tries + 1, again_at=again_at)
        return replace(link, result=outcome.result, why=outcome.why)
    link = replace(link, tries=0, again_at=None, result=outcome.result, why=outcome.why)
    took_it = outcome.result is Result.TOLD
    match event.errand:
        case ErrandKind.LINK:
            is_wanted = link.is_wanted and (took_it or link.asked != event.number)
            return replace(link, is_known=took_it, is_wanted=is_wanted)
        case ErrandKind.UNLINK:
            return replace(link, is_known=False)
        case ErrandKind.BULLETIN:
            return replace(link, told=max(link.told, event.number))
        case _:
            assert_never(event.errand)
