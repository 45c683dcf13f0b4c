"""Lets clocks that begin with a reopening go on, where the policy says so."""

from collections.abc import Mapping
from datetime import datetime

from escalation.business_time import elapsed
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import OnReopen
from escalation.clocks.timing import FURTHEST, Timing, timing_of
from escalation.copies import changed
from escalation.policy import Policy
from escalation.vocabulary import ClockName


def continued(state: State, policy: Policy, at: datetime) -> Mapping[ClockName, int]:
    """The clocks that go on with a reopening, and the seconds of open time that each gets beyond what was left to it.

    Args:
        state: The case, resolved or closed.
        at: The reopening, aware UTC.
    """
    found: dict[ClockName, int] = {}
    for clock, run in state.ended.items():
        rule = policy.clocks.get(clock)
        timing = timing_of(changed(state, runs={clock: run}), policy, clock)
        if rule is None or timing is None or rule.on_reopen is OnReopen.NEW_CYCLE:
            continue
        extends = rule.on_reopen is OnReopen.EXTEND
        found[clock] = _extra(timing, run, state.results[-1].resolved_at, at) if extends else 0
    return found


def _extra(timing: Timing, run: ClockRun, resolved_at: datetime, at: datetime) -> int:
    """How much more open time lies before the old target, moved by as long as the case was resolved."""
    target = timing.target(run)
    if run.eta is not None or target == FURTHEST:  # what a person named is moved as it is
        return 0
    moved = elapsed(timing.calendar, at, target + (at - resolved_at))
    return max(0, moved - timing.left(run, resolved_at))
