"""A ticket as the export describes it, before it is mapped to our terms."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from escalation.vocabulary import Category, Severity


class Row(NamedTuple):
    """One row of a log, understood. Texts are empty, and other values None, where it does not say."""

    line: int  # where it begins in the file, from 1; the header is line 1
    ticket: str
    at: datetime
    meaning: str  # what happened, or the ticket's state from then on: a member of `mapping.Meaning`
    waits_for: str
    severity: Severity | None
    category: Category | None
    person: str
    group: str
    customer: str
    opened_at: datetime | None
    category_code: str
    symptom: str
    made_sla: bool | None
    reassignments: int | None
    reopens: int | None
    closed_code: str
    problem: str
    caused_by: str
    customer_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLog:
    """All that a log says of one ticket. Texts are empty where it says nothing."""

    number: str
    customer: str
    opened_at: datetime
    category_code: str = ""  # the log's own category code, such as `Category 55`; the first one known
    symptom: str = ""  # the log's own symptom code; the first one known
    made_sla: bool | None = None  # whether the ticket met its target in the end; None where the log gives no verdict
    reassignments: int = 0
    reopens: int = 0
    closed_code: str = ""
    problem: str = ""
    caused_by: str = ""
    customer_words: str = ""  # what the customer wrote when they reported it; the first that the log has
    rows: tuple[Row, ...]  # in the order of the log; at least one


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that makes no sense and was left out."""

    line: int  # where it is in the file, from 1
    reason: str


class UnreadableLog(Exception):
    """The file is not a log in the expected form; the message says what is missing."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        self.reason = reason
        self.line = line  # where, from 1; 0 if no line is at fault
        super().__init__(f"line {line}: {reason}" if line else reason)

    def of(self, file: Path) -> str:
        """The message with the file, as `file:line: reason`."""
        return f"{file}:{self.line}: {self.reason}" if self.line else f"{file}: {self.reason}"
