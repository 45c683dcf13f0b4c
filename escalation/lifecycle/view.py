"""The escalation as people look at it: one flat row, which `escalation.lifecycle.viewing` makes from the state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.case.state_parts import HeldMessage, OpenApproval, OpenConsult, PlannedAction, UpdatesHold
from escalation.case.values import Customer, Impact, PolicyRef
from escalation.guidance import CheckItem
from escalation.triage.keeping import History
from escalation.vocabulary import Category, ClockName, Outcome, Reason, Severity, Stage, TicketNews


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The current view of one escalation; what the record keeps beside the timeline.

    Attributes:
        last_seq: Number of the last event it reflects.
        owner: Who answers for it now; empty between owners.
        offered_to: The person who has the offer; empty if no one has.
        cycle: Resolution cycle, from 1; counts up with each reopening.
        next_due: The next instant at which something happens by itself, aware UTC.
        next_due_clock: Which clock that is.
        next_due_threshold: Which of its thresholds.
        breaches: Clock to number of broken promises.
        messages: How many messages to the customer; those that failed or came back do not count.
        incident: Name of the incident it is linked to; empty for none.
        bulletin: Number of the last bulletin of that incident it took.
        proposal: The solution that incident proposed; empty once it is resolved.
        consult: What a colleague is asked now and has not answered; None for nothing.
        approval: What approval is asked for now and not decided on; None for none.
        actions: What was agreed to prevent the problem next time.
        updates_hold: The latest hold on automatic updates to the customer, also once it has ended; None for none.
        rules: Version of our own rules that it follows; see `escalation.lifecycle.rules_version`.
        life: Which escalation of the ticket it is, from 1.
        impact: How much of the customer's business is hit.
        history: What the record knew of the customer at the opening; None when it was not asked.
        held: Messages that wait for the end of quiet hours.
        checklist: What has to be done before it is resolved.
        ticket_news: What happened last to the ticket in the help desk; None where nothing is known of it.
        question_sets: Names of the policy's question sets for it.
        subcategory: A finer category, in the team's own words; empty for none.
        opening_words: What the customer wrote before the opening, cut short.
        next_breach: When the next promise is broken unless someone acts, aware UTC; None for none.
        next_breach_clock: Which clock's promise that is.
        promise: What the customer is promised now; empty while no promise is open.
        unanswered_count: How many messages of the customer wait for an answer.
    """

    ticket: str
    summary: str
    customer: Customer
    contact: str
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    frustration: int
    our_fault: bool
    stage: Stage
    tier: int
    owner: str
    offered_to: str
    overseer: str
    policy: PolicyRef
    opened_at: datetime
    cycle: int
    last_seq: int
    next_due: datetime | None
    next_due_clock: ClockName | None
    next_due_threshold: str
    breaches: Mapping[ClockName, int]
    messages: int
    outcome: Outcome | None
    resolved_at: datetime | None
    closed_at: datetime | None
    score: int | None
    incident: str = ""
    bulletin: int = 0
    proposal: str = ""
    consult: OpenConsult | None = None
    approval: OpenApproval | None = None
    actions: tuple[PlannedAction, ...] = ()
    updates_hold: UpdatesHold | None = None
    rules: int = 1
    life: int = 1
    subcategory: str = ""
    impact: Impact = field(default_factory=Impact)
    history: History | None = None
    ticket_news: TicketNews | None = None
    checklist: tuple[CheckItem, ...] = ()
    question_sets: tuple[str, ...] = ()
    opening_words: str = ""
    unanswered_count: int = 0
    held: tuple[HeldMessage, ...] = ()
    next_breach: datetime | None = None
    next_breach_clock: ClockName | None = None
    promise: str = ""
