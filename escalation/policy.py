"""The compiled policy: plain frozen data that an escalation carries from its opening on.

`escalation.compiler` makes it from a policy file. Nothing here is read from a file, and nothing has to be
looked up later: holidays are dates, tiers are in order, every duration is parsed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from escalation.business_time import ALWAYS_OPEN, Calendar, Duration, OpenTime
from escalation.guidance import Guidance
from escalation.vocabulary import Category, Channel, ClockName, PacketPart, PauseCause, Reason, Severity


def subcategory_key(name: str) -> str:
    """A subcategory as it is compared: without case and surplus blanks."""
    return " ".join(name.split()).casefold()


class Basis(StrEnum):
    """What the instant of a threshold is measured from."""

    PERCENT = "percent"
    """A share of the target, counted from the start of the clock."""
    BEFORE = "before"
    """A duration before the target is due."""
    AFTER = "after"
    """A duration after the target was due."""
    ELAPSED = "elapsed"
    """A duration from the start of the clock, whatever the target."""


class Action(StrEnum):
    """What happens when a threshold is reached."""

    REMIND_OWNER = "remind_owner"
    WARN_OWNER = "warn_owner"
    BREACH = "breach"
    TELL_OVERSEER = "tell_overseer"
    CLIMB = "climb"
    OFFER_ON = "offer_on"
    REMIND_ASKED = "remind_asked"
    HOLDING_UPDATE = "holding_update"
    LAPSE_PROMISE = "lapse_promise"
    REMIND_CUSTOMER = "remind_customer"
    CHOOSE_DEFAULT = "choose_default"
    RESOLVE_NO_REPLY = "resolve_no_reply"
    FOLLOW_UP = "follow_up"
    FOLLOW_UP_SURVEY = "follow_up_survey"
    EXPIRE_SURVEY = "expire_survey"
    END_REOPEN_WINDOW = "end_reopen_window"
    REMIND_REVIEWER = "remind_reviewer"
    SKIP_REVIEW = "skip_review"
    REMIND_ACTION = "remind_action"
    LAPSE_ACTION = "lapse_action"
    PUT_FORWARD = "put_forward"
    RAISE_SEVERITY = "raise_severity"


class OnRetarget(StrEnum):
    """What a change of severity or of the policy does to a running clock."""

    KEEP = "keep"
    """The clock keeps its start, its pauses and what it has fired; only the target is another."""
    RESTART = "restart"
    """The clock starts a new cycle at the moment of the change."""


class OnReply(StrEnum):
    """What a customer's message after the solution does."""

    REOPEN = "reopen"
    """The case begins again with its owner."""
    ASK_OWNER = "ask_owner"
    """The case stays resolved, and its owner owes an answer."""
    THANK = "thank"
    """The customer is thanked; the owner reads it and owes no answer."""


class OnUnsatisfied(StrEnum):
    """What a customer who is not satisfied starts."""

    CALL_BACK = "call_back"
    """The owner owes them an answer."""
    REOPEN = "reopen"
    """The case begins again with its owner."""
    OVERSEER = "overseer"
    """The case begins again with the overseer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A point of a clock at which something happens, once per cycle.

    Attributes:
        name: Unique within its clock; part of every message key, shown to operators (`75%`, `due`).
        basis: What the instant is measured from.
        percent: With `Basis.PERCENT`, the share of the target; 100 is the target itself.
        by: With the other bases, how long.
        actions: What happens, in this order.
    """

    name: str
    basis: Basis
    percent: int = 100
    by: Duration | None = None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long something may take, for the escalations it matches; empty conditions match all.

    Attributes:
        within: The time allowed.
        calendar: Name of the calendar in which it is counted.
        severity: Severities it holds for.
        category: Categories it holds for.
        subcategory: Subcategories it holds for, as `subcategory_key` writes them.
        customer_tier: Customer tiers it holds for.
    """

    within: Duration
    calendar: str
    severity: tuple[Severity, ...] = ()
    category: tuple[Category, ...] = ()
    subcategory: tuple[str, ...] = ()
    customer_tier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """A cause that pauses a clock, for the escalations it matches; empty conditions match all.

    Attributes:
        cause: What is waited for.
        severity: Severities it holds for.
        category: Categories it holds for.
        subcategory: Subcategories it holds for, as `subcategory_key` writes them.
        customer_tier: Customer tiers it holds for.
    """

    cause: PauseCause
    severity: tuple[Severity, ...] = ()
    category: tuple[Category, ...] = ()
    subcategory: tuple[str, ...] = ()
    customer_tier: tuple[str, ...] = ()


class StopCause(StrEnum):
    """What can count as the answer that a customer waits for."""

    TOLD = "told"
    """A person wrote to the customer."""
    ASKED = "asked"
    """A person asked the customer something."""
    OPTIONS_OFFERED = "options_offered"
    """A person gave the customer solutions to choose from."""
    ACKNOWLEDGED = "acknowledged"
    """An owner took the case."""


ANSWERS = (StopCause.TOLD, StopCause.ASKED, StopCause.OPTIONS_OFFERED)
"""What stops a response clock where the policy does not say otherwise: any message of a person to the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """What the policy says of one clock.

    Attributes:
        targets: The first that matches counts; none matching, the clock promises nothing.
        thresholds: What happens on the way and at the end.
        paused_by: What pauses it.
        stopped_by: What stops a response clock; the other clocks are stopped by what they stand for.
        on_retarget: What a change of severity or of the policy does to it.
    """

    targets: tuple[Target, ...]
    thresholds: tuple[Threshold, ...]
    paused_by: tuple[PauseRule, ...] = ()
    stopped_by: tuple[StopCause, ...] = ANSWERS
    on_retarget: OnRetarget = OnRetarget.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A rung of the ladder.

    Attributes:
        name: For people, unique in the ladder.
        words: What letters to the customer call its people, by language; they name no tier without it.
        people_to_try: How many get the offer before it climbs; at least 1.
        skills: What an owner here must have, besides the category's own skill.
        authority: The amount, in the policy's currency units, an owner here may decide on alone.
        acknowledge: The acknowledge target of this tier, where it differs from the clock's own.
    """

    name: str
    people_to_try: int = 1
    skills: tuple[str, ...] = ()
    authority: int = 0
    acknowledge: Duration | None = None
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The tiers in order, and who answers for the whole.

    Attributes:
        tiers: From the front line up; at least one. Tier numbers count from 1.
        overseer: Id of the person who gets notices of breaches, skips and failed messages, and holds cases that no one takes.
        contact: Id of the customer's contact where the opening names none.
        rounds: How often the whole ladder is walked before the overseer holds the case; at least 1.
        lanes: Reason or category to the number of the tier at which such cases start.
        packet: What a hand-off packet must have before a case is handed up by command.
        confirm_packet: Whether who takes a case with a packet must say that they read it.
        skills: Subcategory, as `subcategory_key` writes it, to the skills that an owner of such a case needs.
    """

    tiers: tuple[Tier, ...]
    overseer: str
    contact: str
    rounds: int = 1
    lanes: Mapping[Reason | Category, int] = field(default_factory=dict)
    packet: tuple[PacketPart, ...] = (PacketPart.CONCERN, PacketPart.TRIED)
    confirm_packet: bool = False
    skills: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tier(self, number: int) -> Tier:
        """The tier with this number, counted from 1."""
        return self.tiers[number - 1]

    @property
    def top(self) -> int:
        """The number of the last tier."""
        return len(self.tiers)

    def lowest_tier(self, category: Category, reasons: Iterable[Reason]) -> int:
        """The lowest tier at which such a case may be offered: the highest that one of its lanes names; else 1."""
        lanes: tuple[Reason | Category, ...] = (category, *reasons)
        return max(self.lanes.get(lane, 1) for lane in lanes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimit:
    """How many messages of the customer reach the team, in cases of one lane; protects the people who read them.

    Attributes:
        at_most: How many within the window; at least 1.
        within: How long the window is that ends with each message.
        calendar: Name of the calendar in which it is counted.
    """

    at_most: int
    within: Duration
    calendar: str


CONTACT_LIMIT_RULE = ClockRule(
    targets=(Target(within=OpenTime(seconds=0), calendar=ALWAYS_OPEN.name),),
    thresholds=(Threshold(name="due", basis=Basis.PERCENT, actions=(Action.PUT_FORWARD,)),),
)
"""The rule of the clock `contact_limit`, the same in every policy with a limit: its end cannot be left out."""


_A_WEEK = OpenTime(seconds=7 * 86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fatigue:
    """How automatic updates and reminders slow down while no person writes; the clocks and their thresholds do not.

    Attributes:
        in_all: After how many in the whole case every silence begins with the last step; 0 for no such limit.
        at_cadence: How many go out one after the other; at least 1.
        every: After that, only each Nth interval sends one.
        times: How many of those.
        then: The shortest time between all later ones.
        ends_after: After how many in a row the customer gets no more of them; 0 for no end. Staff reminders never end.
    """

    in_all: int = 12
    at_cadence: int = 3
    every: int = 3
    times: int = 3
    then: OpenTime = _A_WEEK
    ends_after: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class FrustrationRule:
    """What the customer's frustration does to their updates, and when it eases.

    Attributes:
        cadence: The share of the update interval, in percent, at each level from 0 to 4.
        eases_after: After how long without anything bad it falls by a level; None for never.
    """

    cadence: tuple[int, ...] = (100, 100, 100, 100, 100)
    eases_after: OpenTime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRef:
    """Names one version of a policy.

    Attributes:
        name: The policy's name.
        version: Counts up with each change that was stored.
        checksum: SHA-256 over the compiled snapshot, hex.
    """

    name: str
    version: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything the rules of one escalation depend on.

    Attributes:
        name: The policy's name.
        currency: ISO 4217 code of its amounts, such as `EUR`; empty where letters show the number alone.
        ladder: Who gets the case, in which order.
        clocks: What is promised; a clock without a rule promises nothing.
        calendars: By name; `24x7` need not be listed.
        contact_limits: Reason or category to how often customers reach the team in such cases; a policy that sets one sets
            `CONTACT_LIMIT_RULE` among the clocks.
        wording: Language to phrases that a person gets a warning of before they go to a customer, where it is not our list.
        guidance: Question sets and checklists.
        compliance: Lines of business whose cases are under compliance duties, as `subcategory_key` writes them.
        our_wording: Number of our list of such phrases; 0 for none.
        customer_channels: How to reach the customer, the first that works.
        staff_channels: How to reach people of the team, the first that works.
        close_when_satisfied: Whether a satisfied answer closes at once rather than at the end of the window.
        raise_severity_from: The severity rises with each reopening from this one on; 0 for never.
        satisfied_from: The lowest score, 1 to 5, that counts as satisfied.
        thanks: Whether an answered survey is thanked for with a message.
        on_objection: What a message does after the solution that says it did not hold; never `OnReply.THANK`.
        on_answer: What any other message does then, but for mere thanks.
        on_unsatisfied: What an answer to the survey starts with a score below `satisfied_from`, or with an objection.
        review_severities: Closed escalations of these severities, and all breached ones, are reviewed;
            empty means no reviews.
        zone_data: Version of the zone data the policy was compiled with.
        late_after: Seconds after which a threshold that fires is marked late.
        fatigue: How automatic updates and reminders slow down.
        frustration: What frustration does to the interval of updates, and when it eases.
    """

    name: str
    ladder: Ladder
    clocks: Mapping[ClockName, ClockRule]
    calendars: Mapping[str, Calendar]
    customer_channels: tuple[Channel, ...] = (Channel.EMAIL,)
    staff_channels: tuple[Channel, ...] = (Channel.EMAIL,)
    close_when_satisfied: bool = True
    satisfied_from: int = 4
    thanks: bool = True
    on_objection: OnReply = OnReply.REOPEN
    on_answer: OnReply = OnReply.REOPEN
    on_unsatisfied: OnUnsatisfied = OnUnsatisfied.CALL_BACK
    review_severities: tuple[Severity, ...] = ()
    zone_data: str = ""
    late_after: int = 5
    contact_limits: Mapping[Reason | Category, ContactLimit] = field(default_factory=dict)
    currency: str = ""
    wording: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    our_wording: int = 0
    guidance: Guidance = field(default_factory=Guidance)
    compliance: tuple[str, ...] = ()
    fatigue: Fatigue = Fatigue()
    frustration: FrustrationRule = FrustrationRule()
    raise_severity_from: int = 0
