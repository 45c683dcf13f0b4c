"""The activities of an incident: sending a bulletin to many escalations without flooding them, and recording it.

An errand names a batch of escalations. A limited number is asked at a time; the next one is asked when one has
answered, so that a slow server or a slow worker slows the errand down instead of being flooded. Progress is recorded
with each heartbeat; heartbeats continue while no escalation answers, so that only a dead worker counts as dead. An
attempt that dies is followed by one that asks the others only, or, where the last heartbeat was lost with it, asks some
again under the same command id: they answer as before.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import structlog
from temporalio import activity

from activities.background import PULSE_SECONDS, beating
from activities.contracts import ErrandReport, IncidentRecordInput
from activities.errors import CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from activities.ports.record import Incidents
from activities.ports.tickets import Cases
from activities.temporal_errors import translated
from escalation.case.codec import from_json, to_json
from escalation.case.commands import SupportCommand
from escalation.incident.errands import command_of
from escalation.incident.values import Errand, Outcome
from escalation.incident.vocabulary import Result
from escalation.lifecycle.rules_version import DEFAULT

AT_ONCE = 20  # how many escalations are asked at a time
SILENT_LEADS = 2  # after this many silent escalations, no more are asked one by one to page the overseer
_log = structlog.stdlib.get_logger(__name__)


@dataclass(slots=True)
class _Progress:
    """The finished part of an errand."""

    errand: Errand
    pages: tuple[str, ...] = ()
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @classmethod
    def of_this_attempt(cls, errand: Errand) -> "_Progress":
        """Continue where the attempt before came to, as far as its heartbeats tell."""
        told = activity.info().heartbeat_details
        before = from_json(ErrandReport, told[0]) if told else ErrandReport()
        # Who did not answer is asked again.
        done = {one.ticket: one for one in before.outcomes if one.result is not Result.UNANSWERED}
        return cls(errand=errand, pages=before.pages, outcomes=done)

    @property
    def has_paged(self) -> bool:
        """Whether the overseer of these escalations was paged; if the overseer is unknown, whether any was."""
        return self.errand.overseer in self.pages or (not self.errand.overseer and bool(self.pages))

    @property
    def heard(self) -> tuple[str, ...]:
        """Overseers who are not to be paged any more."""
        return (*self.errand.heard, *self.pages)

    def left(self) -> Iterator[str]:
        """Tickets not asked yet; several takers share one iterator."""
        return (ticket for ticket in self.errand.tickets if ticket not in self.outcomes)

    def note(self, outcome: Outcome) -> None:
        """One more is done."""
        # Known results would be in the history again for each escalation.
        is_news = outcome.overseer != self.errand.overseer
        self.outcomes[outcome.ticket] = outcome if is_news else replace(outcome, overseer="")
        self.beat()

    def note_page(self, overseer: str) -> None:
        """An escalation took the page along; its overseer has heard, unless it was before."""
        if overseer not in self.heard and (overseer or not self.errand.overseer):
            self.pages = (*self.pages, overseer)

    def beat(self) -> None:
        """The server learns that this attempt lives, and what is done."""
        activity.heartbeat(to_json(self.report()))

    def report(self) -> ErrandReport:
        return ErrandReport(outcomes=tuple(self.outcomes.values()), pages=self.pages)


class IncidentActivities:
    """Runs errands, and keeps what happened.

    Args:
        at_once: How many escalations are asked at a time.
        pulse: Seconds between two heartbeats while no escalation answers.
        rules: Version of our own rules that incidents follow from their next errand on; see `escalation.lifecycle.rules_version`.
    """

    def __init__(
        self,
        cases: Cases,
        incidents: Incidents,
        *,
        at_once: int = AT_ONCE,
        pulse: float = PULSE_SECONDS,
        rules: int = DEFAULT,
    ) -> None:
        self._cases = cases
        self._incidents = incidents
        self._at_once = at_once
        self._pulse = pulse
        self._rules = rules

    @activity.defn(name="run_errand")
    async def run_errand(self, errand: Errand) -> ErrandReport:
        """Ask each escalation of the errand once; each has an outcome in the end."""
        progress = _Progress.of_this_attempt(errand)
        async with beating(progress.beat, self._pulse):
            if errand.page and not progress.has_paged:
                await self._page(progress)
            left = progress.left()
            async with asyncio.TaskGroup() as group:
                for _ in range(self._at_once):
                    group.create_task(self._ask_all(left, progress))
        report = replace(progress.report(), rules=self._rules)
        _logger(errand).info("errand run", escalations=len(report.outcomes), **_counts(report))
        return report

    @activity.defn(name="record_incident")
    @translated
    async def record_incident(self, batch: IncidentRecordInput) -> None:
        """Append events and replace the summary; asked again with the same batch, nothing happens."""
        await self._incidents.append(batch)

    async def _page(self, progress: _Progress) -> None:
        # Ask one after the other until one takes it, and with it the page: the overseer is notified once.
        silent = 0
        for ticket in progress.left():
            command = command_of(progress.errand, page=True, heard=progress.heard)
            outcome = await self._ask(progress.errand, ticket, command)
            if outcome.result is Result.TOLD:
                progress.note_page(outcome.overseer)
            progress.note(outcome)
            silent += outcome.result is Result.UNANSWERED
            if progress.has_paged or silent == SILENT_LEADS:
                return

    async def _ask_all(self, left: Iterator[str], progress: _Progress) -> None:
        command = command_of(progress.errand)
        for ticket in left:
            progress.note(await self._ask(progress.errand, ticket, command))

    async def _ask(self, errand: Errand, ticket: str, command: SupportCommand) -> Outcome:
        try:
            overseer = await self._cases.send(ticket, command, command_id=errand.command_id)
        except CaseOver as error:
            return Outcome(ticket=ticket, result=Result.OVER, why=str(error))
        except CaseRefused as error:
            return Outcome(ticket=ticket, result=Result.REFUSED, why=str(error))
        except UnknownCase as error:
            return Outcome(ticket=ticket, result=Result.UNKNOWN, why=str(error))
        except CaseUnanswered as error:
            return Outcome(ticket=ticket, result=Result.UNANSWERED, why=str(error))
        return Outcome(ticket=ticket, overseer=overseer)


def _counts(report: ErrandReport) -> dict[str, int]:
    results = [one.result.value for one in report.outcomes]
    return {result: results.count(result) for result in sorted(set(results))}


def _logger(errand: Errand) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = _log.bind(
        incident=errand.incident, errand=str(errand.kind), number=errand.number
    )
    return bound
