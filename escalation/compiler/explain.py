"""Explains a policy for one escalation, as a dated table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from escalation.case.events import Offered, Opened
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import Action, ClockRule, OnReopen, StopCause, Target, subcategory_key
from escalation.clocks.definition import CLOCKS, REOPENED
from escalation.clocks.timing import Timing, calendar_of, of_tier
from escalation.compiler.durations import counted_text
from escalation.compiler.targets import Kind, first_match, matches
from escalation.policy import Policy
from escalation.vocabulary import Category, ClockName, PauseCause, Reason, Severity

_AT_OPENING = frozenset({Opened, Offered})
_ORDER = {clock: number for number, clock in enumerate(ClockName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        paused_by: What pauses the clock of this escalation and so delays all this.
        stopped_by: For a response clock, what counts as the answer.
        on_reopen: What a reopening does to it, for a clock that begins with one.
    """

    at: datetime
    clock: ClockName
    threshold: str
    actions: tuple[Action, ...]
    paused_by: tuple[PauseCause, ...] = ()
    stopped_by: tuple[StopCause, ...] = ()
    on_reopen: OnReopen | None = None


def explain_policy(
    policy: Policy,
    severity: Severity,
    category: Category,
    opened_at: datetime,
    *,
    reasons: Iterable[Reason] = (),
    customer_tier: str = "",
    subcategory: str = "",
) -> tuple[Row, ...]:
    """The timeline of an escalation that no one touches: the first cycle of each clock that starts at the opening.

    The first offer is taken to be made at once. What a threshold sets off in turn, such as the next offer, is not shown.

    Args:
        reasons: Why it is escalated; with the category, they decide at which tier it starts.
        customer_tier: Contract tier of the customer; empty for none.
        subcategory: A finer category; empty for none.
    """
    kind = Kind(severity, category, customer_tier, subcategory_key(subcategory))
    first_tier = policy.ladder.lowest_tier(category, reasons)
    rows = [
        Row(
            at=at,
            clock=clock,
            threshold=name,
            actions=actions,
            paused_by=pauses_for(policy.clocks[clock], kind),
            stopped_by=policy.clocks[clock].stopped_by if CLOCKS[clock].answers else (),
            on_reopen=policy.clocks[clock].on_reopen if clock in REOPENED else None,
        )
        for clock, target in _targets(policy, kind, first_tier)
        for at, name, actions in _dated(policy, clock, target, opened_at)
    ]
    return tuple(sorted(rows, key=lambda row: (row.at, _ORDER[row.clock])))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLimit:
    """A limit on contacts that holds for an escalation.

    Attributes:
        contact_limit: The reason or category it is set for.
        at_most: How many messages of the customer reach the team within the window.
        within: The window and its calendar, as a policy would write them.
    """

    contact_limit: Reason | Category
    at_most: int
    within: str


def explain_limits(policy: Policy, category: Category, *, reasons: Iterable[Reason] = ()) -> tuple[LaneLimit, ...]:
    """The limits on contacts that hold for such an escalation; each of them has to be kept."""
    lanes: tuple[Reason | Category, ...] = (category, *reasons)
    return tuple(
        LaneLimit(contact_limit=lane, at_most=limit.at_most, within=counted_text(limit.within, limit.calendar))
        for lane, limit in policy.contact_limits.items()
        if lane in lanes
    )


def pauses_for(rule: ClockRule, kind: Kind) -> tuple[PauseCause, ...]:
    """The causes that pause a clock for this kind of escalation."""
    found = {pause.cause for pause in rule.paused_by if matches(pause, kind)}
    return tuple(cause for cause in PauseCause if cause in found)


def _targets(policy: Policy, kind: Kind, first_tier: int) -> Iterator[tuple[ClockName, Target]]:
    for clock, rule in policy.clocks.items():
        found = first_match(rule.targets, kind)
        if found is not None and not _AT_OPENING.isdisjoint(CLOCKS[clock].starts()):
            yield clock, of_tier(found, clock, policy, first_tier)


def _dated(
    policy: Policy, clock: ClockName, target: Target, opened_at: datetime
) -> Iterator[tuple[datetime, str, tuple[Action, ...]]]:
    run = ClockRun(cycle=1, started_at=opened_at)
    timing = Timing(within=target.within, calendar=calendar_of(policy, target.calendar), pauses=(), suspended_from=None)
    due = timing.target(run)
    for threshold in policy.clocks[clock].thresholds:
        yield timing.instant(threshold, run, due), threshold.name, threshold.actions
