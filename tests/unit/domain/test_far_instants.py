"""Instants far ahead: whatever is accepted can be computed, and what could not be is refused in words."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.bounds import HORIZON
from escalation.business_time import ALWAYS_OPEN, BusinessDays, Calendar, OpenTime, OutOfReach, add, parse_hours
from escalation.business_time.zones import to_moment
from escalation.case.commands import AdoptPolicy, ChangeSeverity, SetDue
from escalation.case.values import PolicyRef
from escalation.clock_rules import Action, Basis, Target, Threshold
from escalation.clocks.deadlines import deadlines, upcoming
from escalation.clocks.explain import explain
from escalation.clocks.timing import FURTHEST
from escalation.errors import InvalidCommand
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Severity
from tests.example_policy import EXAMPLE, share, with_rule
from tests.unit.domain.case import MONDAY, Case

RARELY = Calendar(
    name="rarely",
    zone="Europe/London",
    weekly=((),) * 7,
    shifts={f"{year}-04-01": (parse_hours("09:00", "10:00"),) for year in range(2026, 2031)},
)
"""Open for five hours in all."""


def _with_target(clock: ClockName, target: Target, *thresholds: Threshold) -> Policy:
    rule = EXAMPLE.clocks[clock]
    changed = replace(rule, targets=(target,), thresholds=thresholds or rule.thresholds)
    return replace(with_rule(EXAMPLE, clock, changed), calendars={**EXAMPLE.calendars, "rarely": RARELY})


NEVER_DUE = _with_target(ClockName.RESOLUTION, Target(within=OpenTime(seconds=10 * 3600), calendar="rarely"))
LATE_SHARES = _with_target(
    ClockName.RESOLUTION,
    Target(within=OpenTime(seconds=3660 * 86_400), calendar="24x7"),
    share(50, Action.REMIND_OWNER),
    share(1000, Action.REMIND_OWNER),
    Threshold(name="+3660d", basis=Basis.AFTER, by=OpenTime(seconds=3660 * 86_400), actions=(Action.REMIND_OWNER,)),
)


def test_a_second_beyond_the_last_year_is_an_error_of_its_own() -> None:
    for second in (10**12, -(10**12), 10**30):
        with pytest.raises(OutOfReach, match="beyond the years 1 to 9999"):
            to_moment(second)
    with pytest.raises(OutOfReach):
        add(ALWAYS_OPEN, MONDAY, OpenTime(10**15))


def test_a_case_whose_clock_would_never_fall_due_is_not_opened() -> None:
    with pytest.raises(InvalidCommand, match="`resolution` would never be due; fix its calendars"):
        Case.opened(policy=NEVER_DUE)


def test_a_policy_under_which_a_clock_would_never_fall_due_is_not_adopted() -> None:
    case = Case.working()
    ref = PolicyRef(name="other", version=2, checksum="2" * 64)
    said = str(case.refused(AdoptPolicy(policy=NEVER_DUE, ref=ref, by="ana", why="x")))
    assert "`resolution` would never be due" in said


def test_a_clock_that_falls_out_of_reach_later_is_far_away_and_stops_nothing() -> None:
    rare = Target(within=BusinessDays(days=5), calendar="rarely", severity=(Severity.SEV4,))
    usual = EXAMPLE.clocks[ClockName.RESOLUTION].targets
    policy = _with_target(ClockName.RESOLUTION, usual[0])
    rule = replace(policy.clocks[ClockName.RESOLUTION], targets=(rare, *usual))
    case = Case.opened(policy=with_rule(policy, ClockName.RESOLUTION, rule))
    case.do(ChangeSeverity(severity=Severity.SEV4, by="ana", why="x"))
    assert deadlines(case.state, case.policy)[ClockName.RESOLUTION].target == FURTHEST
    shares = [due for due in upcoming(case.state, case.policy, ClockName.RESOLUTION) if due.threshold.percent]
    assert [due.at for due in shares] == [FURTHEST] * len(shares)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    st.sampled_from([ClockName.RESOLUTION, ClockName.FIRST_RESPONSE, ClockName.CUSTOMER_UPDATE, ClockName.CHECK_IN]),
    st.integers(1, int(HORIZON.total_seconds())),
    st.sampled_from([EXAMPLE, LATE_SHARES]),
)
def test_every_due_date_that_is_accepted_can_be_computed_with(clock: ClockName, seconds: int, policy: Policy) -> None:
    case = Case.working(policy=policy)
    case.do(SetDue(clock=clock, at=MONDAY + timedelta(seconds=seconds), by="ana", why="x"))
    for running in case.state.runs:
        assert all(due.at <= FURTHEST for due in upcoming(case.state, case.policy, running))
        explain(case.state, case.policy, running, at=case.now)
    case.wait(timedelta(days=1))
