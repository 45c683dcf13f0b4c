"""A life to replay: what the log says happened to one ticket, as commands with their instants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from escalation.case.commands import AnswerSurvey, Open
from escalation.vocabulary import Severity
from simulation.exports import Incident, Rejected, Step, TicketState, plan, read_incidents
from simulation.exports.incidents import THIRD_PARTIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """When a ticket was what, for judging it without any rules of ours. Instants are aware UTC.

    Attributes:
        severity: The last one the log knows.
        resolved_at: When it was resolved for the last time; None if never.
        closed_at: When it was closed; None if never.
        waits: Intervals in which the log has it waiting for customer or third party, in order.
    """

    severity: Severity
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    waits: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One ticket to replay.

    Attributes:
        opened_at: Aware UTC; no step is earlier.
        steps: In order; times never go back.
        met: The log's own verdict: whether the ticket met its target; None where the log gives none.
        course: What the verdict may have been made from; None where the log gives no verdict.
        rows: How many rows of the log tell of it.
        moved: How many of them lie before the row above or the opening, and count as done then.
    """

    opened_at: datetime
    open: Open
    steps: tuple[Step, ...]
    met: bool | None = None
    course: Course | None = None
    rows: int = 0
    moved: int = 0


def lives_of_servicenow(lines: Iterable[str], rejected: list[Rejected]) -> Iterator[Life]:
    """The lives in an incident export of ServiceNow, in its order, each as soon as its last row was read.

    Answers to surveys are left out: the log has none, and a simulation must not invent them.

    Args:
        lines: The file's lines, the header first.
        rejected: Collects the rows that make no sense.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """
    for incident in read_incidents(lines, rejected=rejected):
        planned = plan(incident)
        yield Life(
            opened_at=planned.opened_at,
            open=planned.open,
            steps=tuple(step for step in planned.steps if not isinstance(step.command, AnswerSurvey)),
            met=incident.made_sla,
            course=course_of(incident),
            rows=len(incident.updates),
            moved=planned.moved,
        )


def course_of(incident: Incident) -> Course:
    """When the incident was what, by the rows of the log in their order."""
    resolved = closed = None
    waits: list[tuple[datetime, datetime]] = []
    before, since = TicketState.NEW, incident.opened_at
    for update in incident.updates:
        at = max(update.at, since)
        if before in THIRD_PARTIES or before is TicketState.AWAITING_CUSTOMER:
            waits.append((since, at))
        if update.state is TicketState.RESOLVED and before is not TicketState.RESOLVED:
            resolved = at
        if update.state is TicketState.CLOSED and before is not TicketState.CLOSED:
            closed = at
        before, since = update.state, at
    severities = [update.severity for update in incident.updates if update.severity]
    return Course(
        severity=severities[-1] if severities else Severity.SEV3,
        opened_at=incident.opened_at,
        resolved_at=resolved or closed,
        closed_at=closed,
        waits=tuple(waits),
    )
