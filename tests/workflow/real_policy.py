"""The shipped policy with clocks that a test can wait for: as long on the wire as the real one, but seconds long."""

from dataclasses import replace
from pathlib import Path

from escalation.business_time import OpenTime
from escalation.clock_rules import Basis, ClockRule, Target
from escalation.compiler.compile import compile_policy
from escalation.policy import Policy
from escalation.vocabulary import ClockName

SHIPPED = Path(__file__).parents[2] / "policies" / "default.yaml"
YEARS = range(2026, 2030)

_TARGETS = {ClockName.REOPEN_WINDOW: 3}
"""Seconds; the only clock besides the follow-up that ends within a test."""

FOLLOW_UP_AFTER = 1


def shipped() -> Policy:
    """The policy that the project ships, compiled."""
    return compile_policy(SHIPPED.read_text(encoding="utf-8"), source=SHIPPED.name, years=YEARS).policy


def in_seconds(policy: Policy, *, thanks: bool) -> Policy:
    """The policy with targets of seconds around the clock, and one follow-up."""
    clocks = {clock: _shrunk(clock, rule) for clock, rule in policy.clocks.items()}
    return replace(policy, clocks=clocks, thanks=thanks)


def _shrunk(clock: ClockName, rule: ClockRule) -> ClockRule:
    if clock is ClockName.FOLLOW_UP:
        survey = next(one for one in rule.thresholds if one.basis is Basis.ELAPSED)
        survey = replace(survey, by=OpenTime(seconds=FOLLOW_UP_AFTER))
        return replace(rule, targets=_around_the_clock(rule, FOLLOW_UP_AFTER), thresholds=(survey,))
    if clock in _TARGETS:
        return replace(rule, targets=_around_the_clock(rule, _TARGETS[clock]))
    return rule


def _around_the_clock(rule: ClockRule, seconds: int) -> tuple[Target, ...]:
    return tuple(replace(one, within=OpenTime(seconds=seconds), calendar="24x7") for one in rule.targets)
