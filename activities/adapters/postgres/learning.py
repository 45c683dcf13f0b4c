"""Lessons of reviewed cases, and trends over all cases, from the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from escalation.case.codec import event_from_json, from_json
from escalation.case.events import ClockStopped, Reviewed
from escalation.case.state_parts import PlannedAction
from escalation.lifecycle.view import CaseView
from escalation.sentences import told
from escalation.vocabulary import Category, ClockName, Judgement, Outcome, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The lesson from one reviewed case.

    Attributes:
        first_response_seconds: Business time until a person wrote to the customer; None where no one did.
        first_response_kept: Whether that was in time.
        promises: What became of the promises to the customer, in words, in order.
        understood: Whether the concern was understood from the beginning; None where the review does not say.
        calmed: Whether the customer's frustration was dealt with well.
        right_people: Whether the right people had the case at the right time.
    """

    escalation: str
    reviewed_at: datetime
    category: Category
    severity: Severity
    outcome: Outcome | None
    summary: str
    root_cause: str
    prevention: str
    by: str
    first_response_seconds: int | None
    first_response_kept: bool | None
    breaches: Mapping[ClockName, int]
    understood: Judgement | None
    calmed: Judgement | None
    right_people: Judgement | None
    actions: tuple[PlannedAction, ...]
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Counts of escalations that share an attribute."""

    name: str
    number: int
    breached: int
    reopened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrend:
    """Counts of escalations that a triage rule led to.

    Attributes:
        needless: How many of them were called off or turned out to have no fault.
    """

    name: str
    number: int
    needless: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Trends over all escalations.

    Attributes:
        months: By month of opening (UTC), newest first.
        customers: Ids of customers whose tickets escalated more than once.
    """

    months: tuple[Trend, ...]
    categories: tuple[Trend, ...]
    reasons: tuple[Trend, ...]
    customers: tuple[Trend, ...]
    rules: tuple[RuleTrend, ...]


class Learning:
    """Reads the record for those who want fewer escalations. Each answer is taken from one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "learning")

    async def lessons(self, category: Category | None = None, limit: int = 20) -> tuple[Lesson, ...]:
        """The latest reviews, of one category or of all, newest first."""
        return tuple(_lesson(row) for row in await self._sql.rows("lessons", category or "", limit))

    async def trends(self) -> Trends:
        """Return the trends over all escalations."""
        async with self._database.snapshot() as connection:
            found = {
                name: await connection.fetch(self._sql[name])
                for name in ("by_month", "by_category", "by_reason", "by_customer", "by_rule")
            }
        return Trends(
            months=tuple(Trend(**row) for row in found["by_month"]),
            categories=tuple(Trend(**row) for row in found["by_category"]),
            reasons=tuple(Trend(**row) for row in found["by_reason"]),
            customers=tuple(Trend(**row) for row in found["by_customer"]),
            rules=tuple(RuleTrend(**row) for row in found["by_rule"]),
        )


def _lesson(row: asyncpg.Record) -> Lesson:
    review, view = from_json(Reviewed, row["review"]), from_json(CaseView, row["view"])
    first = from_json(ClockStopped, row["first_response"]) if row["first_response"] else None
    return Lesson(
        escalation=row["escalation"],
        reviewed_at=review.at,
        category=view.category,
        severity=view.severity,
        outcome=view.outcome,
        summary=view.summary,
        root_cause=review.root_cause,
        prevention=review.prevention,
        by=review.by,
        first_response_seconds=None if first is None else first.business_seconds,
        first_response_kept=None if first is None else not first.breached,
        breaches=view.breaches,
        understood=review.understood,
        calmed=review.calmed,
        right_people=review.right_people,
        actions=view.actions,
        promises=tuple(told(event_from_json(one)) for one in row["promises"] or ()),
    )
