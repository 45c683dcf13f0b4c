"""The compiled policy: plain frozen data that an escalation carries from its opening on.

`escalation.compiler` makes it from a policy file. Nothing here is read from a file, and nothing has to be
looked up later: holidays are dates, tiers are in order, every duration is parsed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from escalation.business_time import Calendar, Duration, OpenTime
from escalation.clock_rules import ClockRule
from escalation.guidance import Guidance
from escalation.quiet_hours import QuietHours
from escalation.vocabulary import Category, Channel, ClockName, PacketPart, Reason, Severity


class OnReply(StrEnum):
    """The reaction to a customer's message after the solution."""

    REOPEN = "reopen"  # the case begins again with its owner
    ASK_OWNER = "ask_owner"  # the case stays resolved, and its owner owes an answer
    THANK = "thank"  # the customer is thanked; the owner reads it and owes no answer


class OnUnsatisfied(StrEnum):
    """The reaction to a customer who is not satisfied."""

    CALL_BACK = "call_back"  # the owner owes them an answer
    REOPEN = "reopen"  # the case begins again with its owner
    OVERSEER = "overseer"  # the case begins again with the overseer


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
    """The number of a customer's messages that reach the team, in cases of one lane; protects the people who read them.

    Attributes:
        at_most: How many within the window; at least 1.
        within: How long the window is that ends with each message.
        calendar: Name of the calendar in which it is counted.
    """

    at_most: int
    within: Duration
    calendar: str


_A_WEEK = OpenTime(seconds=7 * 86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fatigue:
    """The steps by which automatic updates and reminders slow down while no person writes; clocks do not.

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
    """The effect of the customer's frustration on their updates, and when it eases.

    Attributes:
        cadence: The share of the update interval, in percent, at each level from 0 to 4.
        eases_after: After how long without anything bad it falls by a level; None for never.
    """

    cadence: tuple[int, ...] = (100, 100, 100, 100, 100)
    eases_after: OpenTime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything the rules of one escalation depend on.

    Attributes:
        currency: ISO 4217 code of its amounts, such as `EUR`; empty where letters show the number alone.
        ladder: Who gets the case, in which order.
        clocks: What is promised; a clock without a rule promises nothing.
        calendars: By name; `24x7` need not be listed.
        contact_limits: Reason or category to how often customers reach the team in such cases; a policy that sets one sets
            `CONTACT_LIMIT_RULE` among the clocks.
        wording: Language to phrases that a person gets a warning of before they go to a customer, where it is not our list.
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
        quiet_hours: The hours in which messages wait.
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
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    raise_severity_from: int = 0
