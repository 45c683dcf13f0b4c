"""Commands about who has the case."""

from dataclasses import dataclass
from typing import Literal

from escalation.commands.values import Customer, Packet
from escalation.vocabulary import Category, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Escalate a ticket."""

    kind: Literal["open"] = "open"
    ticket: str
    summary: str
    customer: Customer
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    by: str
    contact: str = ""
    frustration: int = 0
    our_fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Take the case that was offered."""

    kind: Literal["acknowledge"] = "acknowledge"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Give the offer back; it goes to the next person at once."""

    kind: Literal["decline"] = "decline"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Hand the case to the next tier."""

    kind: Literal["escalate"] = "escalate"
    by: str
    why: str
    packet: Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """Offer the case to a particular person."""

    kind: Literal["reassign"] = "reassign"
    to: str
    by: str
    why: str
