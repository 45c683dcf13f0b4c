"""Events of the opening."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.values import Customer, Impact, PolicyRef
from escalation.triage.keeping import KeptVerdict
from escalation.vocabulary import Category, PauseCause, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """A ticket became an escalation.

    Attributes:
        since: Where the clocks count from an earlier instant than `at`, that instant, aware UTC.
        waiting_on: What it waited for already.
        question: What the customer was asked, if it waited for them.
        evidence: What led to severity, category and reasons, in the opener's words.
        subcategory: A finer category; empty for none.
        undoes: Id of the escalation whose cancellation it undoes; empty for none.
        impact: How much of the customer's business is hit.
        rules: Version of our own rules that it follows; see `escalation.lifecycle.rules_version`.
        life: Which escalation of the ticket it is, from 1.
        customer_words: What the customer wrote, word for word; empty where no one passed it on.
    """

    sentences = said(
        '{by} escalated it for {customer} as {severity} {category}[, because of {reasons}]: "{summary}"[; the customer had written "{customer_words}"][; known: {evidence}][; the customer was asked "{question}"]',
        "{by} hat den Fall für {customer} eskaliert als {severity}, {category}[, wegen: {reasons}]: „{summary}“[; geschrieben wurde: „{customer_words}“][; bekannt: {evidence}][; gefragt wurde: „{question}“]",
    )
    kind: Literal["opened"] = "opened"
    ticket: str
    summary: str
    customer: Customer
    contact: str
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    tier: int
    policy: PolicyRef
    frustration: int
    our_fault: bool
    by: str
    since: datetime | None = None
    waiting_on: PauseCause | None = None
    question: str = ""
    evidence: tuple[str, ...] = ()
    subcategory: str = ""
    undoes: str = ""
    impact: Impact = field(default_factory=Impact)
    rules: int = 1
    life: int = 1
    customer_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged(Happened):
    """Triage had said that the ticket should escalate; as what, the opening says.

    Attributes:
        verdict: What led to it: the rules that matched and what they found.
    """

    sentences = said("triage let it escalate: {verdict}", "Die Vorprüfung hat den Fall eskalieren lassen")
    kind: Literal["triaged"] = "triaged"
    verdict: KeptVerdict


OpeningEvent = Opened | Triaged  # how it began
