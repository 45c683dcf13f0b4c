"""Lists of the record, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from escalation.case.codec import event_from_json
from escalation.case.events import Event
from escalation.vocabulary import Category, ClockName, Severity, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A filter for escalations; None matches all."""

    include_over: bool = False
    stage: Stage | None = None
    severity: Severity | None = None
    category: Category | None = None
    owner: str | None = None
    breached: bool | None = None  # whether a promise was broken
    customer: str | None = None
    # patterns, such as `ACME-*`, of which a ticket has to match one; none for all tickets
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One escalation in a list.

    Attributes:
        life: Which escalation of the ticket it is, from 1.
        offered_to: The person who has the offer; empty if no one has.
        breached: Whether a promise was broken.
    """

    escalation: str
    ticket: str
    life: int
    summary: str
    customer: str
    stage: Stage
    severity: Severity
    category: Category
    owner: str
    offered_to: str
    tier: int
    breached: bool
    opened_at: datetime
    next_due: datetime | None
    next_due_clock: ClockName | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedEvent:
    """An event of the record.

    Attributes:
        life: Which escalation of the ticket it belongs to, from 1.
        seq: Its number in that escalation's timeline, from 1.
    """

    escalation: str
    life: int
    seq: int
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident in a list."""

    name: str
    title: str
    stage: str
    opened_at: datetime
    resolved_at: datetime | None
    linked: int
    bulletins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    """The version of a policy that new escalations follow."""

    name: str
    version: int
    checksum: str
    stored_at: datetime


class Lists:
    """Reads pages. What changes between two pages is missing from none of them, and in none twice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "lists")

    async def cases(self, wanted: Wanted, *, after: tuple[datetime, str] | None, limit: int) -> tuple[CaseRow, ...]:
        """Escalations, the one opened last first; `after` is opening and id of the last one of the page before."""
        # A stage says itself whether it is over.
        include_over = wanted.include_over or wanted.stage is not None
        values = (wanted.stage, wanted.severity, wanted.category, wanted.owner, wanted.breached, wanted.customer)
        patterns = like_patterns(wanted.tickets) or None
        opened_at, escalation = after or (None, None)
        async with self._database.transaction() as connection:
            await connection.execute(self._sql["one_plan_each"])
            rows = await connection.fetch(
                self._sql["cases"], include_over, *values, patterns, opened_at, escalation, limit
            )
        return tuple(CaseRow(**row) for row in rows)

    async def history(self, ticket: str, life: int, *, after: tuple[int, int], limit: int) -> tuple[RecordedEvent, ...]:
        """Events of a ticket, in order.

        Args:
            life: Number of one of its escalations; 0 for all.
            after: Number of the escalation and of the last event of the page before; zeros for the first page.
        """
        rows = await self._sql.rows("history", ticket, life, *after, limit)
        return tuple(
            RecordedEvent(
                escalation=row["escalation"], life=row["life"], seq=row["seq"], event=event_from_json(row["data"])
            )
            for row in rows
        )

    async def incidents(
        self, stage: str | None, *, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[IncidentRow, ...]:
        """Incidents, the one opened last first; arguments as in `cases`."""
        return tuple(
            IncidentRow(**row) for row in await self._sql.rows("incidents", stage, *(after or (None, None)), limit)
        )

    async def policies(self, *, after: str, limit: int) -> tuple[PolicyRow, ...]:
        """Policies by name, each with its newest version; `after` is the last name of the page before."""
        return tuple(PolicyRow(**row) for row in await self._sql.rows("policies", after, limit))


def like_patterns(patterns: Iterable[str]) -> list[str]:
    """Patterns with `*` and `?` as those of SQL."""
    marks = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_", "*": "%", "?": "_"})
    return [pattern.translate(marks) for pattern in patterns]
