"""Gathers the facts that the screen of a case shows, from the case itself and from the record."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.lists import CaseRow, Lists, Wanted
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.tasks import Desk, SentLetter, people_names
from escalation.case import events
from escalation.case.events import Event
from escalation.case.naming import CaseName, escalation_id
from escalation.lifecycle.situation import Situation
from escalation.lifecycle.view import CaseView
from escalation.sentences import story_of
from escalation.vocabulary import Stage
from runtime.setting_values import ticket_link
from starter.awaited_clocks import awaited
from starter.errors import CommandRefused, NoSuchCase, TemporalUnreachable, UnknownEscalation, WorkersBusy
from starter.http.access.callers import Caller
from starter.http.backend import Backend
from starter.lives import read_name
from workflows.contract import ClockStatus, Status

MOST_EVENTS = 2_000
MOST_EARLIER = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A case as its screen shows it."""

    name: str
    escalation: str
    view: CaseView
    situation: Situation | None  # none while the case does not answer; the record has the rest
    clocks: tuple[ClockStatus, ...]  # those that run, due soonest first
    story: tuple[tuple[Event, str], ...]  # what happened, each with its line in English, oldest first
    is_cut: bool  # whether older events are left out
    letters: tuple[SentLetter, ...]  # to the customer, newest first
    messages: tuple[SentLetter, ...]  # to colleagues, newest first
    earlier: tuple[CaseRow, ...]  # other cases of the customer, newest first
    names: Mapping[str, str]  # name of each person by id
    colleagues: Mapping[str, str]
    review_due: bool  # whether its review waits to be written
    desk: str  # address of the ticket in the help desk; empty for none


async def facts_of(backend: Backend, caller: Caller, name: str, *, everything: bool = False) -> CaseFacts:
    """The facts of a case.

    Args:
        name: Ticket number, or the escalation's id.
        everything: Whether the timeline has the machinery too.

    Raises:
        NoSuchCase: There is none of this name.
        Forbidden: The caller may not see it.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    asked = named(name)
    caller.must_reach(asked.ticket)
    status, names, active = await asyncio.gather(
        _status(backend, name), people_names(backend.database), Directory(backend.database, backend.now).colleagues()
    )
    view = status.view if status else await _recorded(backend, asked.ticket, asked.life)
    happened, letters, earlier = await asyncio.gather(
        Lists(backend.database).history(view.ticket, view.life, after=(0, 0), limit=MOST_EVENTS + 1),
        Desk(backend.database).letters(view.ticket, view.life),
        _earlier(backend, caller, view),
    )
    timeline = [one.event for one in happened]
    return CaseFacts(
        name=name,
        escalation=escalation_id(view.ticket, view.life),
        view=view,
        situation=status.situation if status else None,
        clocks=tuple(sorted(awaited(status.clocks) if status else (), key=_soonest)),
        story=tuple(story_of(timeline, names, everything=everything)),
        is_cut=len(happened) > MOST_EVENTS,
        letters=tuple(one for one in reversed(letters) if one.to == "customer"),
        messages=tuple(one for one in reversed(letters) if one.to != "customer"),
        earlier=earlier,
        names=names,
        colleagues={one.id: one.name or one.id for one in active if one.active},
        review_due=view.stage is Stage.CLOSED and _awaits_review(timeline),
        desk=ticket_link(backend.settings.ticket_url, view.ticket),
    )


def named(name: str) -> CaseName:
    """The case that an address names.

    Raises:
        UnknownEscalation: It is neither a ticket number nor the id of an escalation.
    """
    try:
        return read_name(name)
    except CommandRefused:
        raise UnknownEscalation(name[:100]) from None


async def _status(backend: Backend, name: str) -> Status | None:
    """The status of the case; None where it does not answer, or Temporal has forgotten it."""
    try:
        return await backend.client.status(name)
    except (NoSuchCase, WorkersBusy, TemporalUnreachable):
        return None


async def _recorded(backend: Backend, ticket: str, life: int) -> CaseView:
    """The view in the record, of the newest escalation where none is named."""
    if life:
        return await Records(backend.database).view(escalation_id(ticket, life))
    newest = await DeskLinks(backend.database).newest(ticket)
    if newest is None:
        raise UnknownEscalation(ticket)
    return newest.view


async def _earlier(backend: Backend, caller: Caller, view: CaseView) -> tuple[CaseRow, ...]:
    if not view.customer.id:
        return ()
    wanted = Wanted(include_over=True, customer=view.customer.id, tickets=caller.tickets)
    rows = await Lists(backend.database).cases(wanted, after=None, limit=MOST_EARLIER + 1)
    return tuple(row for row in rows if (row.ticket, row.life) != (view.ticket, view.life))[:MOST_EARLIER]


def _soonest(clock: ClockStatus) -> tuple[bool, datetime]:
    return clock.due is None, clock.due or clock.started_at


def _awaits_review(timeline: list[Event]) -> bool:
    closing = [one for one in timeline if isinstance(one, (events.Closed, events.Reviewed, events.ReviewSkipped))]
    return bool(closing) and isinstance(closing[-1], events.Closed) and closing[-1].review_due
