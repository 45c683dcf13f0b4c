"""A case to tell stories with: commands and the passing of time, decided and folded by the real core."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation.case.commands import (
    Acknowledge,
    Command,
    Customer,
    FireDueClocks,
    Open,
    RecordApprover,
    RecordAssignment,
    RecordNobodyAvailable,
)
from escalation.case.events import Event, ThresholdReached
from escalation.case.state import State
from escalation.clock_rules import Basis
from escalation.clocks.deadlines import DeadlinesOf, deadlines, next_due
from escalation.errors import Refused
from escalation.lifecycle.decide import decide
from escalation.lifecycle.draft import Decision
from escalation.lifecycle.evolution import evolve, fold
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.messages import notices
from escalation.messages.effects import AssignOwner, Deliver, Effect, FindApprover, Message, ReleaseOwner
from escalation.messages.facts import SaysWhenNext
from escalation.notice_kinds import NoticeKind
from escalation.policy import Policy
from escalation.vocabulary import Category, ClockName, Reason, Severity
from tests.example_policy import EXAMPLE, REF

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When stories begin."""

CUSTOMER_ANN = Customer(id="c-1", name="Ann", address="ann@example.com")

STAFF = {1: ("ana", "ben", "cho"), 2: ("dev", "eli"), 3: ("fay",)}
"""Who can be booked in which tier, in the order in which they are."""


def opening(**changes: Any) -> Open:
    values: dict[str, Any] = {
        "ticket": "T-1",
        "summary": "Invoices are sent twice",
        "customer": CUSTOMER_ANN,
        "severity": Severity.SEV2,
        "category": Category.BILLING,
        "reasons": (Reason.UNRESOLVED,),
        "by": "desk",
    }
    return Open(**{**values, **changes})


def own_words(message: Message) -> Any:
    """What a letter to the customer says beyond what comes next and is still open."""
    common = {one.name: one.default for one in fields(SaysWhenNext) if one.default is not MISSING}
    facts: Any = message.facts
    return replace(facts, **common)


Staffing = Callable[[AssignOwner], str | None]


def anybody(wanted: AssignOwner) -> str | None:
    """The first of the tier who was not tried yet; a person named is always there."""
    if wanted.person:
        return wanted.person
    return next((one for one in STAFF[wanted.tier] if one not in wanted.tried), None)


def nobody(_: AssignOwner) -> str | None:
    return None


def since(at: datetime) -> str:
    """The time since Monday 09:00, such as `2d 4h` or `7m 30s`."""
    seconds = int((at - MONDAY).total_seconds())
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0"


@dataclass
class Case:
    """One escalation in a test.

    Attributes:
        staffing: Whom the directory finds; it answers at once.
        directory_is_slow: The directory does not answer; what it was asked collects in `searches`.
        shift_ends: When whose shift ends; who is not there is always on shift.
        approver_searches: Requests for approval for which the directory was asked for a person, and has not answered.
        warnings: What the latest command warned of.
        reread_at: With how many events the whole timeline is read again; ever less often, as that takes ever longer.
    """

    policy: Policy = EXAMPLE
    now: datetime = MONDAY
    staffing: Staffing = anybody
    events: list[Event] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    releases: list[int] = field(default_factory=list)
    current: State | None = None
    directory_is_slow: bool = False
    searches: list[AssignOwner] = field(default_factory=list)
    shift_ends: dict[str, datetime] = field(default_factory=dict)
    approver_searches: list[FindApprover] = field(default_factory=list)
    warnings: tuple[str, ...] = ()
    deadlines_of: DeadlinesOf = deadlines
    reread_at: int = 0

    @classmethod
    def opened(cls, *, policy: Policy = EXAMPLE, staffing: Staffing = anybody, **changes: Any) -> "Case":
        case = cls(policy=policy, staffing=staffing)
        case.do(opening(**changes))
        return case

    @classmethod
    def working(cls, *, policy: Policy = EXAMPLE, staffing: Staffing = anybody, **changes: Any) -> "Case":
        """Opened and acknowledged at once, at 09:00."""
        case = cls.opened(policy=policy, staffing=staffing, **changes)
        case.acknowledge()
        return case

    @property
    def state(self) -> State:
        assert self.current is not None
        return self.current

    def do(self, command: Command) -> Decision:
        """Decide and fold, then let the directory answer; every invariant is checked after each step."""
        decision = decide(
            self.current, command, policy=self.policy, now=self.now, ref=REF, deadlines_of=self.deadlines_of
        )
        for event in decision.events:
            self.current = evolve(self.current, event)
        self.policy = decision.policy
        self.events.extend(decision.events)
        for effect in decision.effects:
            self._carry_out(effect)
        self.warnings = decision.warnings
        self.check()
        return decision

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Deliver():
                self.messages.append(effect.message)
            case ReleaseOwner():
                self.releases.append(effect.offer)
            case AssignOwner() if self.directory_is_slow:
                self.searches.append(effect)
            case AssignOwner():
                person = self.staffing(effect)
                if person is None:
                    self.do(RecordNobodyAvailable(offer=effect.offer))
                else:
                    until = self.shift_ends.get(person) if effect.tell_shift_end else None
                    self.do(RecordAssignment(offer=effect.offer, person=person, until=until))
            case FindApprover() if self.directory_is_slow:
                self.approver_searches.append(effect)
            case FindApprover():
                there = (one for one in STAFF[effect.tier] if one not in effect.besides)
                self.do(RecordApprover(approval=effect.approval, person=next(there, "")))

    def wait(self, duration: timedelta) -> None:
        """Let time pass; every threshold fires at its instant."""
        until = self.now + duration
        while (due := next_due(self.state, self.policy)) is not None and due.at <= until:
            self.now = max(self.now, due.at)
            assert self.do(FireDueClocks()).events, f"{due} is due and does not fire"
        self.now = until

    def sleep(self, duration: timedelta) -> Decision:
        """Let time pass without a worker; what was due fires at the end, late."""
        self.now += duration
        return self.do(FireDueClocks())

    def acknowledge(self) -> None:
        """The person with the offer takes it, and has read the packet, if any."""
        self.do(Acknowledge(by=self.state.offered_to, packet_read=True))

    def refused(self, command: Command) -> Refused:
        """Ask for something that cannot be done; why not. Nothing has changed."""
        before = self.state
        try:
            decide(before, command, policy=self.policy, now=self.now)
        except Refused as refusal:
            assert self.state == fold(self.events) == before
            return refusal
        raise AssertionError(f"{command.kind} was accepted")

    def check(self) -> None:
        assert violations(self.state, self.policy) == ()
        if len(self.events) >= self.reread_at:
            self.reread_at = max(len(self.events) + 20, len(self.events) * 5 // 4)
            assert doubled_thresholds(self.events) == ()
            assert fold(self.events) == self.state

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def fired(self, clock: ClockName | None = None) -> list[tuple[str, str]]:
        """Thresholds that fired, of one clock or as `clock threshold` of all, with the time since Monday 09:00."""
        return [
            (event.threshold if clock else f"{event.clock} {event.threshold}", since(event.at))
            for event in self.events
            if isinstance(event, ThresholdReached) and clock in (None, event.clock)
        ]

    def due(self, clock: ClockName) -> str:
        """When the next threshold of a clock is due, as time since Monday 09:00; empty while there is none."""
        due = deadlines(self.state, self.policy).get(clock)
        return since(due.at) if due else ""

    def told_customer(self) -> list[str]:
        return [message.kind for message in self.messages if message.to == "customer"]

    def told(self, person: str) -> list[str]:
        return [
            ", ".join(notice.kind for notice in message.notices) or message.kind
            for message in self.messages
            if message.to == person
        ]


def said(notice: notices.Notice) -> str:  # noqa: PLR0911 (one for each kind)
    """What a notice says, in short: `resolution 75%`, `refund 120, for ana: charged twice`, or a person's own words."""
    match notice:
        case notices.Clock(approval=None):
            return f"{notice.clock} {_threshold(notice)}"
        case notices.Decision(kind=NoticeKind.APPROVAL_GRANTED | NoticeKind.APPROVAL_REFUSED):
            return f"{notice.approval.what} {notice.approval.amount} {notice.explanation}".rstrip()
        case notices.Clock(approval=notices.Approval() as asked) | notices.Decision(approval=asked):
            return f"{asked.what} {asked.amount}, for {asked.by}: {asked.why}"
        case notices.NoLongerNeeded(approval=asked):
            return f"{asked.what} {asked.amount}" if asked else notice.question
        case notices.Advice():
            return f"{notice.colleague}: {notice.text}"
        case notices.Undelivered():
            return f"{notice.letter} to {notice.to or 'customer'}: {notice.error}"
        case notices.Bulletin():
            return f"{notice.incident} {notice.number}"
        case notices.Ended():
            return notice.result
        case notices.Words() | notices.CalledOff():
            return notice.text
        case _:
            return ""


def _threshold(notice: notices.Clock) -> str:
    if notice.basis is Basis.PERCENT:
        return "due" if notice.percent == 100 else f"{notice.percent}%"
    return f"{notice.basis} {notice.by}"
