"""The state of an escalation: one frozen value, computed only by folding its events.

Nothing in it is counted up or computed ahead: it keeps causes (when a clock started, which pauses there were,
which thresholds fired), so that every deadline can be recomputed, and explained, at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.case import state_parts
from escalation.case.naming import escalation_id
from escalation.case.values import Customer, Impact, Option, Packet, PolicyRef
from escalation.message_kinds import MessageKind
from escalation.triage.keeping import History
from escalation.vocabulary import OVER, Category, ClockName, Outcome, PauseCause, Reason, Severity, Stage, TicketNews


@dataclass(frozen=True, kw_only=True)  # no slots: `copies.changed`
class State:
    """Everything that is known of one escalation."""

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
    start_tier: int  # where it began
    round: int = 1  # how often the ladder was begun
    cycle: int = 1
    owner: str = ""  # who answers for it; kept when resolved and closed, as the one who solved it
    offered_to: str = ""  # who is asked to take it
    offer: int = 0  # number of the latest search for an owner
    offer_booked: bool = False  # whether that offer's booking is still held
    offer_delayed: bool = False  # whether the overseer has a notice that the directory does not answer for that offer
    offer_delays: int = 0  # how often it was asked for that offer without an answer
    is_unrecorded: bool = False  # whether the record refused this case for so long that letters no longer wait for it
    owes_apology: bool = False  # whether our fault came to light and no letter has apologised for it since
    owes_contact: bool = False  # whether the customer has another contact and no letter has said so since
    is_reviewed: bool = False  # whether the review of this cycle has been written
    # the latest hold on automatic updates to the customer, also once it has ended
    updates_hold: state_parts.UpdatesHold | None = None
    tried: tuple[str, ...] = ()  # people asked in this tier and round
    previous_owner: str = ""  # the owner before; the last one the customer knows
    overseer_holds: bool = False
    followers: tuple[str, ...] = ()  # earlier owners, who stay informed
    # when the shift of the owner or the person with the offer ends; None without an end
    shift_until: datetime | None = None
    told_tier: int = 0  # the last tier that the customer knows; 0 if none
    steps_tried: tuple[str, ...] = ()  # the latest steps noted, each once, for the hand-off packet
    notes: tuple[str, ...] = ()  # the latest notes, cut short, for the hand-off packet
    proposals: tuple[str, ...] = ()  # the latest solutions that the customer could choose from, for the hand-off packet
    customer_words: str = ""  # what the customer wrote last, cut short
    customer_wrote_at: datetime | None = None  # when that was, aware UTC
    # what they said since a person last answered, the latest of it; empty while nothing needs an answer
    unanswered: tuple[state_parts.Unanswered, ...] = ()
    chosen: str = ""  # title of the solution that was chosen last
    waits_for: str = ""  # what a third party was waited for last
    refusals: tuple[str, ...] = ()  # the latest people who did not take it, with their reason: `hana: on leave`
    # when the latest messages came that count towards a limit on contacts; as many as it allows
    contacts: tuple[datetime, ...] = ()
    set_aside: int = 0  # how many messages are held back now
    aside: tuple[state_parts.Unanswered, ...] = ()  # the latest of them
    # follow-ups that wait until the customer has been answered, or can be reached again
    left_out: frozenset[MessageKind] = frozenset()
    told_of_limit_at: datetime | None = None  # when the customer last got a notice of the limit
    concern: str = ""  # the concern a person wrote in a packet; empty if none did
    evidence: tuple[str, ...] = ()  # what people gave as evidence, at the opening and in packets
    packet: Packet | None = None
    consult: state_parts.OpenConsult | None = None  # what a colleague is asked now
    approval: state_parts.OpenApproval | None = None  # what approval is asked for now
    approvals: int = 0  # number of the latest request for approval
    runs: Mapping[ClockName, state_parts.ClockRun] = field(default_factory=dict)
    starts: Mapping[ClockName, int] = field(default_factory=dict)  # how often each clock was started
    # clocks that a reopening may continue, as the last solution ended them
    ended: Mapping[ClockName, state_parts.ClockRun] = field(default_factory=dict)
    breaches: Mapping[ClockName, int] = field(default_factory=dict)
    # since when nothing bad happened to the customer, aware UTC; None from the opening on
    calm_since: datetime | None = None
    # automatic messages in a row, per clock that starts itself again
    streaks: Mapping[ClockName, state_parts.Streak] = field(default_factory=dict)
    pauses: tuple[state_parts.PauseInterval, ...] = ()
    cycle_opened_at: datetime
    results: tuple[state_parts.CycleResult, ...] = ()
    # messages queued, per kind and recipient group; numbers the next one
    sent: Mapping[MessageKind, int] = field(default_factory=dict)
    messages: int = 0
    # the latest letters to the customer that may still come back, oldest first
    letters: tuple[state_parts.SentLetter, ...] = ()
    lost_letter: str = ""  # key of the latest letter to the customer, where it is known that it never arrived
    lost_address: str = ""  # address to which that letter went
    dead_address: str = ""  # address that refused or sent back a letter, until the customer writes
    writing: state_parts.SentLetter | None = None  # the letter that is being written, until it is queued
    question: str = ""  # what the customer was asked last
    kept_at_solution: str = ""  # the promise that the person who resolved this cycle said to be kept
    owed_time: str = ""  # what was promised and did not come, until a person has written to the customer again
    options: tuple[Option, ...] = ()  # what the customer may choose from now
    default_option: str = ""
    solution: str = ""
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None
    surveyed: int = 0  # the latest cycle in which the customer was sent a survey; 0 for none
    incident: str = ""  # name of the incident it is linked to
    bulletins: Mapping[str, int] = field(default_factory=dict)  # per incident, the last bulletin taken
    proposal: str = ""  # the solution its incident proposed in this cycle
    actions: tuple[state_parts.PlannedAction, ...] = ()  # what was agreed to prevent the problem next time
    rules: int = 1  # version of our own rules that it follows; see `escalation.lifecycle.rules_version`
    life: int = 1  # which escalation of the ticket it is, from 1
    subcategory: str = ""  # a finer category, in the team's own words; empty for none
    checked: tuple[str, ...] = ()  # checklist items that are done in this cycle
    checked_before: tuple[str, ...] = ()  # those that were done in an earlier one
    # titles of the options offered last, by id; also once there is nothing to choose from any more
    offered: Mapping[str, str] = field(default_factory=dict)
    opening_words: str = ""  # what the customer wrote before the opening, cut short; letters to them quote it
    impact: Impact = field(default_factory=Impact)  # how much of the customer's business is hit
    history: History | None = None  # what the record knew of the customer at the opening; None when it was not asked
    held: tuple[state_parts.HeldMessage, ...] = ()  # messages that wait for the end of quiet hours
    # what happened last to the ticket in the help desk; deleted or spam, nothing is written to it there
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
