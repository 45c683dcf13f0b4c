"""A person's tasks, soonest first: from the record, with the deadlines that the cases report."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.tasks import Concern, Desk, people_names
from escalation.phrasing import words
from escalation.vocabulary import ClockName, Stage
from starter.awaited_clocks import awaited
from starter.errors import NoSuchCase, TemporalUnreachable, WorkersBusy
from workflows.contract import Status

AT_ONCE = 10  # how many cases are asked at a time when they are due
# Clocks for which the owner has to do something.
_OWNERS = frozenset(
    {ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE, ClockName.PROMISE, ClockName.CUSTOMER_UPDATE}
    | {ClockName.CHECK_IN, ClockName.RESOLUTION, ClockName.FOLLOW_UP, ClockName.REOPEN_WINDOW}
)
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something for a person to do.

    Attributes:
        what: `offer`, `owned`, `advice`, `approval`, `review` or `action`.
        due: By when, aware UTC; None where nothing says so.
        about: What the case is about, what was asked, or what was agreed.
        who: Name of the colleague who asks; empty for none.
        unanswered: How many messages of the customer wait for an answer, where the case is offered to the person or theirs.
    """

    escalation: str
    ticket: str
    severity: str
    what: str
    text: str
    due: datetime | None
    about: str = ""
    who: str = ""
    stage: Stage | None = None
    clock: ClockName | None = None
    unanswered: int = 0


class Cases(Protocol):
    """The part of `EscalationClient` used here."""

    async def status(self, ticket: str) -> Status:
        """Return the status of an escalation."""


async def tasks_of(
    person: str, database: Database, cases: Callable[[], Awaitable[Cases]], *, most: int | None = None
) -> list[Task]:
    """A person's tasks, soonest first: offers, their cases, requests for advice or approval, reviews and actions.

    Args:
        cases: Gives the client; it is not called where nothing concerns them.
        most: How many cases are looked at, those that are due first; None for all.
    """
    concerns = await Desk(database).concerning(person, most)
    names = await people_names(database) if concerns else {}
    statuses = await _asked(await cases(), concerns) if concerns else {}
    tasks = [task for concern in concerns for task in _tasks(concern, person, statuses.get(concern.escalation), names)]
    return sorted(tasks, key=lambda task: (task.due or LATEST, task.severity, task.ticket))


async def _asked(client: Cases, concerns: Sequence[Concern]) -> Mapping[str, Status]:
    # The cases as they are now; without those that do not answer, for which the record has to do. Once a case gets no
    # answer because no worker or server gives one, the others are not asked any more: a person with a hundred cases
    # would wait for minutes.
    few, silent = asyncio.Semaphore(AT_ONCE), asyncio.Event()

    async def ask(escalation: str) -> Status | None:
        async with few:
            if silent.is_set():
                return None
            try:
                return await client.status(escalation)
            except NoSuchCase:
                return None
            except (WorkersBusy, TemporalUnreachable):
                silent.set()
                return None

    found = await asyncio.gather(*(ask(one.escalation) for one in concerns))
    return {one.escalation: status for one, status in zip(concerns, found, strict=True) if status is not None}


def _tasks(concern: Concern, person: str, status: Status | None, names: Mapping[str, str]) -> Iterator[Task]:
    view = concern.view if status is None else status.view
    dues = {} if status is None else {clock.clock: clock.due for clock in awaited(status.clocks)}

    def task(what: str, text: str, due: datetime | None, *, about: str = "", who: str = "") -> Task:
        return Task(
            escalation=concern.escalation,
            ticket=view.ticket,
            severity=view.severity,
            what=what,
            text=text,
            due=due,
            about=about or view.summary,
            who=who,
            stage=view.stage,
        )

    if view.offered_to == person and view.stage is Stage.OFFERED:
        offer = task("offer", f"accept or decline: {view.summary}", dues.get(ClockName.ACKNOWLEDGE) or view.next_due)
        yield replace(offer, unanswered=view.unanswered_count)
    if view.consult is not None and view.consult.to == person:
        yield task(
            "advice",
            f"advise {names.get(view.consult.by, view.consult.by)}: {view.consult.question}",
            dues.get(ClockName.CONSULT),
            about=view.consult.question,
            who=names.get(view.consult.by, view.consult.by),
        )
    if view.approval is not None and view.approval.approver == person:
        who = names.get(view.approval.by, view.approval.by)
        asked = f"decide on the {view.approval.in_words} for {who}: {view.approval.why}"
        yield task("approval", asked, dues.get(ClockName.APPROVAL), about=view.approval.why, who=who)
    for action in view.actions:
        if action.owner == person and action.done_at is None:
            yield task("action", f"agreed: {action.what}", action.due, about=action.what)
    if concern.review_due:
        yield task("review", f"write the review: {view.summary}", dues.get(ClockName.REVIEW) or view.next_due)
    elif view.owner == person and view.stage not in (Stage.CLOSED, Stage.CANCELLED):
        clock, due = _next(dues, view.next_due_clock, view.next_due)
        next_ = f", next: {words(clock)}" if clock else ""
        waits = f", {view.unanswered_count} unanswered" if view.unanswered_count else ""
        owned = task("owned", f"yours, {words(view.stage)}{waits}{next_}: {view.summary}", due)
        yield replace(owned, clock=clock, unanswered=view.unanswered_count)


def _next(
    dues: Mapping[ClockName, datetime | None], clock: ClockName | None, at: datetime | None
) -> tuple[ClockName | None, datetime | None]:
    """The clock whose target is due first; what the record says where the case did not answer."""
    running = sorted((due, name) for name, due in dues.items() if due is not None and name in _OWNERS)
    return (running[0][1], running[0][0]) if running else (clock, at)
