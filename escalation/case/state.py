"""The state of an escalation: one frozen value, computed only by folding its events.

Nothing in it is counted up or computed ahead: it keeps causes (when a clock started, which pauses there were,
which thresholds fired), so that every deadline can be recomputed, and explained, at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.case import state_parts
from escalation.case.naming import escalation_id
from escalation.case.values import Customer, Impact, Option, Packet
from escalation.message_kinds import MessageKind
from escalation.policy import PolicyRef
from escalation.triage.keeping import History
from escalation.vocabulary import OVER, Category, ClockName, Outcome, PauseCause, Reason, Severity, Stage, TicketNews


@dataclass(frozen=True, kw_only=True)  # no slots: `copies.changed`
class State:
    """Everything that is known of one escalation.

    Attributes:
        life: Which escalation of the ticket it is, from 1.
        impact: How much of the customer's business is hit.
        history: What the record knew of the customer at the opening; None when it was not asked.
        held: Messages that wait for the end of quiet hours.
        checked: Checklist items that are done in this cycle.
        checked_before: Those that were done in an earlier one.
        subcategory: A finer category, in the team's own words; empty for none.
        owner: Who answers for it; kept when resolved and closed, as the one who solved it.
        offered_to: Who is asked to take it.
        offer: Number of the latest search for an owner.
        offer_booked: Whether that offer's booking is still held.
        offer_delayed: Whether the overseer has a notice that the directory does not answer for that offer.
        offer_delays: How often it was asked for that offer without an answer.
        is_reviewed: Whether the review of this cycle has been written.
        owes_apology: Whether our fault came to light and no letter has apologised for it since.
        owes_contact: Whether the customer has another contact and no letter has said so since.
        updates_hold: The latest hold on automatic updates to the customer, also once it has ended.
        is_unrecorded: Whether the record refused this case for so long that letters no longer wait for it.
        round: How often the ladder was begun.
        start_tier: Where it began.
        tried: People asked in this tier and round.
        previous_owner: The owner before; the last one the customer knows.
        followers: Earlier owners, who stay informed.
        shift_until: When the shift of the owner or the person with the offer ends; None without an end.
        told_tier: The last tier that the customer knows; 0 if none.
        steps_tried: The latest steps noted, each once, for the hand-off packet.
        notes: The latest notes, cut short, for the hand-off packet.
        proposals: The latest solutions that the customer could choose from, for the hand-off packet.
        offered: Titles of the options offered last, by id; also once there is nothing to choose from any more.
        opening_words: What the customer wrote before the opening, cut short; letters to them quote it.
        customer_words: What the customer wrote last, cut short.
        customer_wrote_at: When that was, aware UTC.
        unanswered: What they said since a person last answered, the latest of it; empty while nothing needs an answer.
        chosen: Title of the solution that was chosen last.
        waits_for: What a third party was waited for last.
        refusals: The latest people who did not take it, with their reason: `hana: on leave`.
        contacts: When the latest messages came that count towards a limit on contacts; as many as it allows.
        set_aside: How many messages are held back now.
        aside: The latest of them.
        left_out: Follow-ups that wait until the customer has been answered, or can be reached again.
        told_of_limit_at: When the customer last got a notice of the limit.
        concern: The concern a person wrote in a packet; empty if none did.
        evidence: What people gave as evidence, at the opening and in packets.
        consult: What a colleague is asked now.
        approval: What approval is asked for now.
        approvals: Number of the latest request for approval.
        starts: How often each clock was started.
        ended: Clocks that a reopening may continue, as the last solution ended them.
        calm_since: Since when nothing bad happened to the customer, aware UTC; None from the opening on.
        streaks: Automatic messages in a row, per clock that starts itself again.
        sent: Messages queued, per kind and recipient group; numbers the next one.
        options: What the customer may choose from now.
        letters: The latest letters to the customer that may still come back, oldest first.
        lost_letter: Key of the latest letter to the customer, where it is known that it never arrived.
        lost_address: Address to which that letter went.
        dead_address: Address that refused or sent back a letter, until the customer writes.
        writing: The letter that is being written, until it is queued.
        question: What the customer was asked last.
        kept_at_solution: The promise that the person who resolved this cycle said to be kept.
        owed_time: What was promised and did not come, until a person has written to the customer again.
        incident: Name of the incident it is linked to.
        bulletins: Per incident, the last bulletin taken.
        proposal: The solution its incident proposed in this cycle.
        actions: What was agreed to prevent the problem next time.
        surveyed: The latest cycle in which the customer was sent a survey; 0 for none.
        ticket_news: What happened last to the ticket in the help desk; deleted or spam, nothing is written to it there.
        rules: Version of our own rules that it follows; see `escalation.lifecycle.rules_version`.
    """

    seq: int
    ticket: str
    summary: str
    customer: Customer
    contact: str
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    policy: PolicyRef
    frustration: int
    our_fault: bool
    stage: Stage
    opened_at: datetime
    tier: int
    start_tier: int
    round: int = 1
    cycle: int = 1
    owner: str = ""
    offered_to: str = ""
    offer: int = 0
    offer_booked: bool = False
    offer_delayed: bool = False
    offer_delays: int = 0
    is_unrecorded: bool = False
    owes_apology: bool = False
    owes_contact: bool = False
    is_reviewed: bool = False
    updates_hold: state_parts.UpdatesHold | None = None
    tried: tuple[str, ...] = ()
    previous_owner: str = ""
    overseer_holds: bool = False
    followers: tuple[str, ...] = ()
    shift_until: datetime | None = None
    told_tier: int = 0
    steps_tried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    customer_words: str = ""
    customer_wrote_at: datetime | None = None
    unanswered: tuple[state_parts.Unanswered, ...] = ()
    chosen: str = ""
    waits_for: str = ""
    refusals: tuple[str, ...] = ()
    contacts: tuple[datetime, ...] = ()
    set_aside: int = 0
    aside: tuple[state_parts.Unanswered, ...] = ()
    left_out: frozenset[MessageKind] = frozenset()
    told_of_limit_at: datetime | None = None
    concern: str = ""
    evidence: tuple[str, ...] = ()
    packet: Packet | None = None
    consult: state_parts.OpenConsult | None = None
    approval: state_parts.OpenApproval | None = None
    approvals: int = 0
    runs: Mapping[ClockName, state_parts.ClockRun] = field(default_factory=dict)
    starts: Mapping[ClockName, int] = field(default_factory=dict)
    ended: Mapping[ClockName, state_parts.ClockRun] = field(default_factory=dict)
    breaches: Mapping[ClockName, int] = field(default_factory=dict)
    calm_since: datetime | None = None
    streaks: Mapping[ClockName, state_parts.Streak] = field(default_factory=dict)
    pauses: tuple[state_parts.PauseInterval, ...] = ()
    cycle_opened_at: datetime
    results: tuple[state_parts.CycleResult, ...] = ()
    sent: Mapping[MessageKind, int] = field(default_factory=dict)
    messages: int = 0
    letters: tuple[state_parts.SentLetter, ...] = ()
    lost_letter: str = ""
    lost_address: str = ""
    dead_address: str = ""
    writing: state_parts.SentLetter | None = None
    question: str = ""
    kept_at_solution: str = ""
    owed_time: str = ""
    options: tuple[Option, ...] = ()
    default_option: str = ""
    solution: str = ""
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None
    surveyed: int = 0
    incident: str = ""
    bulletins: Mapping[str, int] = field(default_factory=dict)
    proposal: str = ""
    actions: tuple[state_parts.PlannedAction, ...] = ()
    rules: int = 1
    life: int = 1
    subcategory: str = ""
    checked: tuple[str, ...] = ()
    checked_before: tuple[str, ...] = ()
    offered: Mapping[str, str] = field(default_factory=dict)
    opening_words: str = ""
    impact: Impact = field(default_factory=Impact)
    history: History | None = None
    held: tuple[state_parts.HeldMessage, ...] = ()
    ticket_news: TicketNews | None = None

    @property
    def escalation(self) -> str:
        """Its id in record, ledger and bookings."""
        return escalation_id(self.ticket, self.life)

    @property
    def is_unreachable(self) -> bool:
        """Whether letters to the customer's present address do not arrive, as far as is known."""
        return bool(self.dead_address) and self.dead_address == self.customer.address

    @property
    def holder(self) -> str:
        """The owner, or the person with the offer; empty between owners."""
        return self.owner or self.offered_to

    @property
    def promise(self) -> str:
        """The open promise to the customer; empty if there is none."""
        run = self.runs.get(ClockName.PROMISE)
        return "" if run is None else run.promise

    def holds_updates(self, at: datetime) -> bool:
        """Whether automatic updates to the customer are held at an instant, aware UTC."""
        return self.updates_hold is not None and at < self.updates_hold.until

    @property
    def is_unheard(self) -> bool:
        """Whether the customer wrote something that no one has answered, or even read."""
        return ClockName.NEXT_RESPONSE in self.runs or self.set_aside > 0

    @property
    def is_open(self) -> bool:
        """Whether an owner is still responsible for it."""
        return self.stage not in OVER

    @property
    def open_pauses(self) -> tuple[state_parts.PauseInterval, ...]:
        """The causes of the open pauses."""
        return tuple(pause for pause in self.pauses if pause.end is None)

    @property
    def default_left(self) -> str:
        """The option that is taken without a choice; none once the customer wrote: that may be what they chose."""
        run, wrote_at = self.runs.get(ClockName.CHOICE), self.customer_wrote_at
        is_heard = run is not None and wrote_at is not None and wrote_at > run.started_at
        return "" if is_heard else self.default_option

    def is_paused_by(self, cause: PauseCause) -> bool:
        """Whether this is waited for now."""
        return bool(self.pauses) and any(pause.cause is cause and pause.end is None for pause in self.pauses)
