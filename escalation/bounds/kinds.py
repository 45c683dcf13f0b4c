"""The kinds of text, number and list that commands are made of, each with its bound.

The kinds are plain annotations: reading a value that was accepted earlier never fails on them. A limit may be raised,
never lowered: a replay reads commands again that were accepted before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from escalation.bounds.long_texts import INLINE

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Instants outside are refused: no calendar, and no driver, is asked to compute with the year 1 or 9999."""
HORIZON = timedelta(days=5 * 366)  # how far `since` may lie back, and a due date or a promise ahead
CLOCKS_APART = timedelta(minutes=5)
"""How far the sender's clock may be ahead of ours: an instant within it counts as now."""


class Shape(StrEnum):
    """The characters that a text may contain."""

    ID = "id"
    NUMBER = "number"
    LINE = "line"
    TEXT = "text"


RULES: Mapping[Shape, str] = {
    Shape.ID: "printable characters; others are refused",
    Shape.NUMBER: "printable characters without blanks, at least one; others are refused",
    Shape.LINE: "one line: line breaks and tabs become blanks, other controls and halves of emoji U+FFFD",
    Shape.TEXT: "any text: controls other than tabs and line breaks, and halves of emoji, become U+FFFD",
}


@dataclass(frozen=True, slots=True)
class Chars:
    """The bound of a text."""

    kind: str  # its name, for the documentation
    most: int  # characters, after what is unkept was replaced
    shape: Shape  # which characters
    cut: bool = False  # whether the rest is left out rather than refused
    # whether one of more than `INLINE` characters travels as an excerpt, and is kept whole outside
    kept_apart: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """The bound of a list."""

    most: int


@dataclass(frozen=True, slots=True)
class InAll:
    """The bound of all texts within a value together, in characters."""

    most: int


@dataclass(frozen=True, slots=True)
class Range:
    """The bound of a number, both ends included."""

    kind: str
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Within:
    """The range of a number in a form. Only forms check it; the decision has the last word."""

    least: int | None = None
    most: int | None = None


ActorId = Annotated[str, Chars("actor", 200, Shape.ID)]
"""Who does something: a person's id, or one of the roles `customer` and `system`."""
Person = Annotated[str, Chars("person", 200, Shape.ID)]  # a colleague's id
Id = Annotated[str, Chars("id", 200, Shape.ID)]  # any other id: of a customer, an option, a policy, an incident, a tier
TicketId = Annotated[str, Chars("ticket", 200, Shape.NUMBER)]  # a ticket number
Address = Annotated[str, Chars("address", 320, Shape.ID)]  # a mail address
Tag = Annotated[str, Chars("tag", 100, Shape.ID)]  # a language, a zone, a term of a help desk
Name = Annotated[str, Chars("name", 200, Shape.LINE)]  # a name or a title
Line = Annotated[str, Chars("line", 1_000, Shape.LINE)]  # a sentence
Remark = Annotated[str, Chars("remark", 2_000, Shape.TEXT)]  # a reason, a step that was tried, a piece of evidence
Text = Annotated[str, Chars("text", INLINE, Shape.TEXT)]  # what people write to each other
LongText = Annotated[str, Chars("long text", 400_000, Shape.TEXT, kept_apart=True)]
"""The same where it may quote a log or a whole correspondence; 1.6 MB in characters of four bytes, below Temporal's 2 MiB."""
ReadText = Annotated[str, Chars("read text", 20_000, Shape.TEXT, cut=True)]
"""What triage reads of a ticket; the rest is left out."""
Amount = Annotated[int, Range("amount", -1_000_000_000, 1_000_000_000)]  # an amount in the policy's currency units
Number = Annotated[int, Range("number", -1_000_000, 1_000_000)]  # a version, a level, a score, the number of a bulletin
Measure = Annotated[float, Range("measure", -1e12, 1e12)]  # a quantity that a help desk knows of a ticket
FEW, TAGS, MANY = Items(20), Items(100), Items(5_000)
"""Pieces of evidence, steps, options; words of a help desk; tickets of an incident."""
PACKET, TICKETS = InAll(20_000), InAll(100_000)  # a hand-off packet, or all options; the ticket numbers of one command
