"""The record of escalations in memory."""

from collections.abc import Iterable
from datetime import datetime

from activities.contracts import ClaimLifeInput, RecordInput
from activities.errors import ActivityError, NotYetRecorded, RecordConflict
from activities.triage_contracts import CustomerHistory
from escalation.case.events import Event
from escalation.case.naming import escalation_id
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import Stage


class Records:
    """Timelines and views in memory. `unavailable` is raised while it is set.

    Attributes:
        timelines: Escalation to its events.
        superseded: What was set aside, as (escalation, number, event), in the order in which that happened.
        lives: Ticket to the first run ids of its escalations, in order.
    """

    def __init__(self) -> None:
        self.timelines: dict[str, list[Event]] = {}
        self.views: dict[str, CaseView] = {}
        self.superseded: list[tuple[str, int, Event]] = []
        self.unavailable: ActivityError | None = None
        self.lives: dict[str, list[str]] = {}
        self._handed_over: dict[str, list[datetime]] = {}
        self._newest: dict[str, datetime] = {}

    async def append(self, batch: RecordInput) -> None:
        self._answer()
        timeline = self.timelines.get(batch.escalation, [])
        if batch.first_seq > len(timeline) + 1:
            raise RecordConflict(f"gap in {batch.escalation}: it ends with event {len(timeline)}")
        stored = timeline[batch.first_seq - 1 :]
        pairs = enumerate(zip(stored, batch.events, strict=False), start=batch.first_seq)
        other = next((seq for seq, (old, new) in pairs if old != new), None)
        if batch.as_of < self._newest.get(batch.escalation, batch.as_of):
            if other is not None:
                raise RecordConflict(f"{batch.escalation} has another event {other} already, of a newer batch")
            if len(batch.events) > len(stored):
                raise RecordConflict(f"{batch.escalation} has a newer batch already than this one")
            return
        if other is not None:
            self._set_aside(batch, other)
        self._write(batch)

    def _set_aside(self, batch: RecordInput, first: int) -> None:
        name, handed_over = batch.escalation, self._handed_over[batch.escalation]
        if batch.as_of <= handed_over[first - 1]:
            raise RecordConflict(f"{name} has another event {first} already")
        gone = self.timelines[name][first - 1 :]
        self.superseded += [(name, seq, event) for seq, event in enumerate(gone, start=first)]
        self.timelines[name] = self.timelines[name][: first - 1]
        del handed_over[first - 1 :]

    def _write(self, batch: RecordInput) -> None:
        name = batch.escalation
        timeline = self.timelines.get(name, [])
        new = batch.events[len(timeline) + 1 - batch.first_seq :]
        self.timelines[name] = [*timeline, *new]
        self._handed_over.setdefault(name, []).extend([batch.as_of] * len(new))
        before, newest = self.views.get(name), self._newest.get(name, batch.as_of)
        if before is None or (newest, before.last_seq) <= (batch.as_of, batch.view.last_seq):
            self.views[name] = batch.view
        self._newest[name] = batch.as_of

    async def view(self, escalation: str) -> CaseView:
        self._answer()
        if escalation not in self.views:
            raise NotYetRecorded(f"{escalation} is not in the record yet")
        return self.views[escalation]

    async def events(self, escalation: str, kinds: Iterable[str]) -> tuple[Event, ...]:
        self._answer()
        wanted = frozenset(kinds)
        return tuple(event for event in self.timelines.get(escalation, ()) if event.kind in wanted)

    async def timeline(self, ticket: str, life: int) -> tuple[Event, ...]:
        self._answer()
        lives = {view.life: name for name, view in self.views.items() if view.ticket == ticket}
        return tuple(self.timelines.get(lives.get(life or max(lives, default=0), ""), ()))

    async def claim_life(self, claim: ClaimLifeInput) -> int:
        self._answer()
        runs = self.lives.setdefault(claim.ticket, [])
        if claim.run not in runs:
            runs.append(claim.run)
        return runs.index(claim.run) + 1

    async def customer_history(self, escalation: str, customer: str, since: datetime | None = None) -> CustomerHistory:
        self._answer()
        for ticket, runs in self.lives.items():
            if escalation in runs:
                escalation = escalation_id(ticket, runs.index(escalation) + 1)
        this = self.views.get(escalation)
        others = [
            (view.opened_at, name, view)
            for name, view in self.views.items()
            if customer
            and view.customer.id == customer
            and name != escalation
            and view.stage is not Stage.CANCELLED
            and (since is None or view.opened_at >= since)
            and (this is None or view.opened_at <= this.opened_at)
        ]
        others.sort(key=lambda other: other[:2], reverse=True)
        return CustomerHistory(
            escalations=tuple(name for _, name, _ in others[:10]),
            total=len(others),
            reopened=sum(view.cycle > 1 for *_, view in others),
            breached=sum(any(view.breaches.values()) for *_, view in others),
        )

    def _answer(self) -> None:
        if self.unavailable is not None:
            raise self.unavailable
