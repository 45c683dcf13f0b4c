"""A ticket as in another tool's log, before it becomes an escalation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from escalation.vocabulary import Severity


class TicketState(StrEnum):
    """The state of a ticket in the tool it comes from."""

    NEW = "new"
    ACTIVE = "active"
    AWAITING_CUSTOMER = "awaiting customer"
    AWAITING_VENDOR = "awaiting vendor"
    AWAITING_PROBLEM = "awaiting problem"
    AWAITING_EVIDENCE = "awaiting evidence"
    RESOLVED = "resolved"
    CLOSED = "closed"


THIRD_PARTIES = {
    TicketState.AWAITING_VENDOR: "the vendor",
    TicketState.AWAITING_PROBLEM: "a problem record",
    TicketState.AWAITING_EVIDENCE: "evidence",
}
"""States in which a ticket waits for a third party, and for whom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One row of the log: how the ticket looked after a change.

    Attributes:
        line: The line in the file, from 1; the header is line 1.
        at: When the change was made, aware UTC.
        severity: None where the log does not say.
        group: The group it was assigned to; empty where the log does not say.
        assignee: The person it was assigned to; empty where the log does not say.
    """

    line: int
    at: datetime
    state: TicketState
    severity: Severity | None = None
    group: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """All that the log says of one ticket. Texts are empty where it says nothing.

    Attributes:
        number: The ticket.
        caller: Who reported it; a code, never a name.
        opened_at: Aware UTC.
        category: The log's own category code, such as `Category 55`; the first one known.
        symptom: The log's own symptom code; the first one known.
        made_sla: Whether the ticket met its target in the end.
        reassignments: How often it was handed on, in the end.
        reopens: How often it was reopened, in the end.
        closed_code: How it was closed.
        problem: The problem record behind it.
        caused_by: The change that caused it.
        updates: In the order of the log; at least one.
    """

    number: str
    caller: str
    opened_at: datetime
    category: str = ""
    symptom: str = ""
    made_sla: bool = True
    reassignments: int = 0
    reopens: int = 0
    closed_code: str = ""
    problem: str = ""
    caused_by: str = ""
    updates: tuple[Update, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that makes no sense and was left out.

    Attributes:
        line: The line in the file, from 1.
        reason: What is wrong with it.
    """

    line: int
    reason: str


class UnreadableLog(Exception):
    """The file is not a log in the expected form; the message says what is missing.

    Attributes:
        reason: What is wrong.
        line: Where, from 1; 0 if no line is at fault.
    """

    def __init__(self, reason: str, *, line: int = 0) -> None:
        self.reason = reason
        self.line = line
        super().__init__(f"line {line}: {reason}" if line else reason)

    def of(self, file: Path) -> str:
        """The message with the file, as `file:line: reason`."""
        return f"{file}:{self.line}: {self.reason}" if self.line else f"{file}: {self.reason}"


class UnreadableRow(UnreadableLog):
    """A row makes no sense, and the caller gave no list to collect such rows in.

    Attributes:
        rejected: The row and what is wrong with it.
    """

    def __init__(self, rejected: Rejected) -> None:
        self.rejected = rejected
        super().__init__(f"{rejected.reason}; correct the row, or collect such rows and continue", line=rejected.line)
