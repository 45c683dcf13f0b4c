"""The policy's rules for one clock: targets, thresholds with their actions, pauses, and what counts as an answer."""

from dataclasses import dataclass
from enum import StrEnum

from escalation.business_time import ALWAYS_OPEN, Duration, OpenTime
from escalation.vocabulary import Category, PauseCause, Severity


def subcategory_key(name: str) -> str:
    """A subcategory as it is compared: without case and surplus blanks."""
    return " ".join(name.split()).casefold()


class Basis(StrEnum):
    """The basis from which a threshold's instant is computed."""

    PERCENT = "percent"  # a share of the target, counted from the start of the clock
    BEFORE = "before"  # a duration before the target is due
    AFTER = "after"  # a duration after the target was due
    ELAPSED = "elapsed"  # a duration from the start of the clock, whatever the target


class Action(StrEnum):
    """An action that a threshold carries out."""

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
    """The effect of a change of severity or policy on a running clock."""

    KEEP = "keep"  # the clock keeps its start, its pauses and what it has fired; only the target is another
    RESTART = "restart"  # the clock starts a new cycle at the moment of the change


class OnReopen(StrEnum):
    """The effect of a reopening on a clock."""

    NEW_CYCLE = "new_cycle"  # a new cycle starts with its whole target
    # the clock goes on where the solution stopped it; the time while the case was resolved does not count
    RESUME = "resume"
    EXTEND = "extend"  # the same, and it is due as much later as the case was resolved, where that leaves more time


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A point of a clock at which something happens, once per cycle.

    Attributes:
        name: Unique within its clock; part of every message key, shown to operators (`75%`, `due`).
        basis: What the instant is measured from.
        percent: With `Basis.PERCENT`, the share of the target; 100 is the target itself.
        by: With the other bases, how long.
    """

    name: str
    basis: Basis
    percent: int = 100
    by: Duration | None = None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The time something may take, for the escalations it matches; empty conditions match all.

    Attributes:
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
    """An event that can count as the answer a customer waits for."""

    TOLD = "told"  # a person wrote to the customer
    ASKED = "asked"  # a person asked the customer something
    OPTIONS_OFFERED = "options_offered"  # a person gave the customer solutions to choose from
    ACKNOWLEDGED = "acknowledged"  # an owner took the case


ANSWERS = (StopCause.TOLD, StopCause.ASKED, StopCause.OPTIONS_OFFERED)
"""What stops a response clock where the policy does not say otherwise: any message of a person to the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """The policy's rules for one clock.

    Attributes:
        targets: The first that matches counts; none matching, the clock promises nothing.
        thresholds: What happens on the way and at the end.
        stopped_by: What stops a response clock; the other clocks are stopped by what they stand for.
        on_retarget: What a change of severity or of the policy does to it.
        on_reopen: What a reopening does to it, where it begins with one.
    """

    targets: tuple[Target, ...]
    thresholds: tuple[Threshold, ...]
    paused_by: tuple[PauseRule, ...] = ()
    stopped_by: tuple[StopCause, ...] = ANSWERS
    on_retarget: OnRetarget = OnRetarget.KEEP
    on_reopen: OnReopen = OnReopen.NEW_CYCLE


CONTACT_LIMIT_RULE = ClockRule(
    targets=(Target(within=OpenTime(seconds=0), calendar=ALWAYS_OPEN.name),),
    thresholds=(Threshold(name="due", basis=Basis.PERCENT, actions=(Action.PUT_FORWARD,)),),
)
"""The rule of the clock `contact_limit`, the same in every policy with a limit: its end cannot be left out."""
