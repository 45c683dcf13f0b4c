"""Reads the record for reports and for the audit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.on_shift import horizon
from activities.adapters.postgres.statements import Statements
from escalation.case.codec import event_from_json, from_json
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything counted; the keys are the words of `escalation.vocabulary`.

    Attributes:
        reopened: How many escalations came back at least once.
        promises_replaced: ETAs in whose place the customer was given another one.
        promises_disputed: ETAs that the solution was said to keep, in cases that were reopened because it is not solved.
        undelivered: Messages that last failed on their channel, and those that never got as far as one.
        superseded: Events that a run wrote which was reset, and the workflow did not repeat; kept aside.
    """

    stages: Mapping[str, int]
    outcomes: Mapping[str, int]
    sent: Mapping[str, int]
    breaches: Mapping[str, int]
    climbs: int
    reopenings: int
    reopened: int
    promises_kept: int
    promises_broken: int
    promises_replaced: int = 0
    promises_withdrawn: int = 0
    promises_dropped: int = 0
    promises_disputed: int = 0
    possibly_repeated: int
    undelivered: int
    superseded: int


ALWAYS = datetime.max.replace(tzinfo=UTC)  # later than any instant


class Problem(StrEnum):
    """The problems that the audit finds."""

    GAP = "gap"  # an event is missing in a timeline
    LOST_MESSAGE = "lost_message"  # a message was queued, and the ledger has never heard of it
    ASLEEP = "asleep"  # an open escalation for which nothing will happen by itself
    STALE_VIEW = "stale_view"  # the view reflects another event than the timeline ends with
    LEFT_BOOKED = "left_booked"  # a person is booked for an escalation that is over, unknown, or does not count on them
    STRAY_MESSAGE = "stray_message"  # the ledger knows a message that no event queued
    DRIFTED = "drifted"  # the events lead to another case than the stored view shows
    STUCK = "stuck"  # a workflow task or an activity fails again and again; the case answers no one
    MISSING = "missing"  # the record has a case that is not over, and Temporal knows no workflow of it
    CUT_OFF = "cut_off"  # the workflow of a case that is not over has ended: terminated, timed out, failed
    UNRECORDED = "unrecorded"  # a case was opened or runs, and the record does not know it
    SHIFTS_END = "shifts_end"  # soon it is not known any more who is on shift, or it is so already
    REVIEW_OVERDUE = "review_overdue"  # a policy was to be looked through again by now
    # a person who left is still the overseer of a policy or of open cases; no one learns of breaches there
    OVERSEER_LEFT = "overseer_left"
    WEBHOOK = "webhook"  # what a help desk or chat sent was not applied: it is dead, or waits for long
    DESK = "desk"  # a ticket in a help desk is not in step: it was given up, or is behind for long


_AUDITS = {
    Problem.GAP: "audit_gaps",
    Problem.ASLEEP: "audit_asleep",
    Problem.STALE_VIEW: "audit_views",
    Problem.LEFT_BOOKED: "audit_bookings",
    Problem.OVERSEER_LEFT: "audit_overseers",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that should not be so.

    Attributes:
        escalation: Where; empty where it is about the team or a policy.
    """

    problem: Problem
    escalation: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One escalation of a ticket."""

    number: int  # which of the ticket's escalations it is, from 1
    stage: str
    timeline: tuple[tuple[int, Event], ...]  # what happened, in order, with its numbers


class Reports:
    """Reads the record for people. Each answer is taken from one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "reports")

    async def timeline(self, escalation: str) -> tuple[tuple[int, Event], ...]:
        """Return the events in order, with their numbers; none when the record does not know the escalation."""
        return tuple((row["seq"], event_from_json(row["data"])) for row in await self._sql.rows("timeline", escalation))

    async def lives(self, ticket: str, number: int = 0) -> tuple[Life, ...]:
        """Every escalation of a ticket, the first one first, or only the one with this number; empty if there is none."""
        async with self._database.snapshot() as connection:
            found = await connection.fetch(self._sql["lives"], ticket, number)
            timelines = [await connection.fetch(self._sql["timeline"], row["id"]) for row in found]
        return tuple(
            Life(
                number=row["life"],
                stage=row["stage"],
                timeline=tuple((event["seq"], event_from_json(event["data"])) for event in events),
            )
            for row, events in zip(found, timelines, strict=True)
        )

    async def list_cases(self, *, open_only: bool = True, limit: int = 100) -> tuple[tuple[str, CaseView], ...]:
        """Ids and views, the one in which something happens next first."""
        return tuple(
            (row["id"], from_json(CaseView, row["view"])) for row in await self._sql.rows("cases", open_only, limit)
        )

    async def summary(self) -> Summary:
        """Return the totals over all escalations."""
        counts: dict[str, dict[str, int]] = {}
        async with self._database.snapshot() as connection:
            for name in ("by_stage", "by_outcome", "sent_by_kind", "breaches_by_clock"):
                rows = await connection.fetch(self._sql[name])
                counts[name] = {row["name"]: row["number"] for row in rows}
            (totals,) = await connection.fetch(self._sql["totals"])
        return Summary(
            stages=counts["by_stage"],
            outcomes=counts["by_outcome"],
            sent=counts["sent_by_kind"],
            breaches=counts["breaches_by_clock"],
            **totals,
        )

    async def audit(
        self, *, queued_before: datetime = ALWAYS, shifts_as_of: datetime | None = None
    ) -> tuple[Finding, ...]:
        """Find what should not be so, in workflow, record, bookings, shifts and policies together.

        Args:
            queued_before: Messages queued from this instant on may still be on their way and are left out.
            shifts_as_of: The instant from which on shifts should be known for a while, and at which no review of a policy
                should be overdue; None leaves both out.
        """
        found: list[Finding] = []
        async with self._database.snapshot() as connection:
            rows = {problem: await connection.fetch(self._sql[name]) for problem, name in _AUDITS.items()}
            rows[Problem.LOST_MESSAGE] = await connection.fetch(self._sql["audit_queued"], queued_before)
            rows[Problem.STRAY_MESSAGE] = await connection.fetch(self._sql["audit_deliveries"], queued_before)
            rows[Problem.LEFT_BOOKED] += await connection.fetch(self._sql["audit_stray_bookings"], queued_before)
            rows[Problem.WEBHOOK] = await connection.fetch(self._sql["audit_webhooks"], queued_before)
            rows[Problem.DESK] = await connection.fetch(self._sql["audit_desks"], queued_before)
            rows[Problem.UNRECORDED] = await connection.fetch(self._sql["audit_unrecorded"], queued_before)
            if shifts_as_of is not None:
                today = shifts_as_of.astimezone(UTC).date()
                rows[Problem.REVIEW_OVERDUE] = await connection.fetch(self._sql["audit_policies"], today)
            shifts = None if shifts_as_of is None else await horizon(connection)
        for problem in Problem:
            found += [Finding(problem=problem, **row) for row in rows.get(problem, ())]
        if shifts is not None and shifts_as_of is not None and shifts.is_near(shifts_as_of):
            found.append(Finding(problem=Problem.SHIFTS_END, escalation="", detail=shifts.advice(shifts_as_of)))
        return tuple(found)
