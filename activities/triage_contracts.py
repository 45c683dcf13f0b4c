"""Inputs and outputs of the triage activities; the rules of `activities.contracts` apply."""

from dataclasses import dataclass
from datetime import datetime

from escalation.triage.facts import TicketFacts
from escalation.triage.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHistory:
    """A customer's escalations in the record."""

    escalations: tuple[str, ...] = ()  # ids of their other escalations, newest first, at most ten
    total: int = 0
    reopened: int = 0
    breached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneInput:
    """Judge how a customer's message sounds; the language is a tag, and empty when unknown."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """The tone of a message, from -1 (worst) to 1; None if it cannot be judged."""

    tone: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageInput:
    """Judge a ticket."""

    facts: TicketFacts  # what is known of it. What is missing of its tone and of the customer's history is looked up
    policy: str
    at: datetime  # when it is judged, aware UTC; the caller's own time, the same in every repeat
    customer: str = ""  # the customer's id, for their history; empty when unknown
    # id of the escalation that does not count as history, or first run id of its workflow; empty before there is one
    escalation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageAnswer:
    """The verdict on a ticket, and all that it depends on besides the input."""

    verdict: Verdict
    rules: str  # SHA-256 of the compiled triage rules, hex
    tone: float | None = None  # -1 to 1, how the wording sounds; None when it was not judged
    history: CustomerHistory | None = None  # what the record knew of the customer; None when it was not asked
