"""What a reopening does to the clocks that begin with it: a new cycle, the rest of the old one, or an extension."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import ALWAYS_OPEN, BusinessDays, Duration, OpenTime
from escalation.case.commands import AddNote, SetDue
from escalation.case.events import ClockStopped, Reopened
from escalation.clock_rules import OnReopen, Target
from escalation.clocks.deadlines import target_instant
from escalation.clocks.definition import CLOCKS, REOPENED
from escalation.clocks.explain import explain
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause, Stage
from tests.example_policy import EXAMPLE, paused_by
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import OFFICE
from tests.unit.domain.stages import REOPEN, RESOLVE

RESOLUTION = ClockName.RESOLUTION
NOTE = AddNote(by="ana", text="still here")


TWO_DAYS = OpenTime(seconds=48 * 3600)


def policy(on_reopen: OnReopen, within: Duration = TWO_DAYS, calendar: str = "24x7") -> Policy:
    rule = replace(
        EXAMPLE.clocks[RESOLUTION],
        targets=(Target(within=within, calendar=calendar),),
        paused_by=paused_by(*PauseCause),
        on_reopen=on_reopen,
    )
    return replace(EXAMPLE, calendars={"office": OFFICE}, clocks={**EXAMPLE.clocks, RESOLUTION: rule})


def reopened(policy: Policy, worked: timedelta, resolved: timedelta) -> Case:
    """Worked on for a time, resolved for a time; nothing fires meanwhile."""
    case = Case.working(policy=policy)
    case.now += worked
    case.do(RESOLVE)
    case.now += resolved
    case.do(REOPEN)
    return case


def due(case: Case) -> datetime | None:
    return target_instant(case.state, case.policy, RESOLUTION)


@pytest.mark.parametrize(
    ("on_reopen", "after"), [(OnReopen.NEW_CYCLE, "5d"), (OnReopen.RESUME, "4d"), (OnReopen.EXTEND, "4d")]
)
def test_after_a_day_of_work_and_two_resolved_what_is_left_follows_from_the_rule(
    on_reopen: OnReopen, after: str
) -> None:
    found = due(reopened(policy(on_reopen), DAYS, 2 * DAYS))
    assert found is not None
    assert since(found) == after


def test_what_fired_before_the_solution_does_not_fire_again_and_the_rest_fires_when_its_time_has_counted() -> None:
    case = Case.working(policy=policy(OnReopen.RESUME))
    for _ in range(5):
        case.wait(6 * HOURS)
        case.do(NOTE)
    assert case.fired(RESOLUTION) == [("50%", "1d")]
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(REOPEN)
    case.acknowledge()
    for _ in range(5):
        case.wait(6 * HOURS)
        if case.state.stage is Stage.OFFERED:
            case.acknowledge()
        case.do(NOTE)
    assert case.fired(RESOLUTION) == [("50%", "1d"), ("75%", "4d 12h"), ("90%", "4d 19h 12m"), ("due", "5d")]
    assert (case.state.runs[RESOLUTION].cycle, case.state.cycle) == (1, 2)
    assert case.state.breaches[RESOLUTION] == 1
    case.do(replace(RESOLVE, by=case.state.owner))
    stopped = [event for event in case.events if isinstance(event, ClockStopped) and event.clock is RESOLUTION]
    assert [(one.cycle, one.business_seconds) for one in stopped] == [(1, 30 * 3600), (1, 60 * 3600)]


def test_a_promise_that_was_broken_before_the_solution_is_not_broken_again() -> None:
    case = Case.working(policy=policy(OnReopen.RESUME))
    while not case.state.breaches.get(RESOLUTION):
        case.wait(6 * HOURS)
        if case.state.stage is Stage.OFFERED:
            case.acknowledge()
        case.do(NOTE)
    case.do(replace(RESOLVE, by=case.state.owner))
    case.do(REOPEN)
    case.wait(10 * DAYS)
    assert case.state.breaches[RESOLUTION] == 1
    assert [name for name, _ in case.fired(RESOLUTION)].count("due") == 1


@pytest.mark.parametrize("on_reopen", [OnReopen.RESUME, OnReopen.EXTEND])
def test_a_due_date_set_by_hand_moves_by_the_time_in_which_it_was_resolved(on_reopen: OnReopen) -> None:
    case = Case.working(policy=policy(on_reopen))
    case.do(SetDue(clock=RESOLUTION, at=MONDAY + 20 * HOURS, by="ana", why="the fair begins"))
    case.now += 6 * HOURS
    case.do(RESOLVE)
    case.now += 3 * DAYS
    case.do(REOPEN)
    assert due(case) == MONDAY + 20 * HOURS + 3 * DAYS


def test_business_days_are_extended_too() -> None:
    # Due on Monday 09:00, resolved on Friday 16:00, reopened on Monday 16:00: due on Thursday 09:00, when no more has counted
    # than on Wednesday 17:00.
    case = reopened(policy(OnReopen.EXTEND, BusinessDays(days=5), "office"), 4 * DAYS + 7 * HOURS, 3 * DAYS)
    assert due(case) == MONDAY + 9 * DAYS + 8 * HOURS


def test_explain_lists_the_time_that_did_not_count_and_what_was_added() -> None:
    # Resolved on Friday 16:00 with an hour of Friday and three of Monday left, reopened on Monday 09:00, 65 hours later.
    friday = policy(OnReopen.EXTEND, OpenTime(seconds=4 * 8 * 3600 + 10 * 3600), "office")
    case = reopened(friday, 4 * DAYS + 7 * HOURS, 2 * DAYS + 17 * HOURS)
    told = explain(case.state, case.policy, RESOLUTION, at=case.now)
    assert told is not None
    assert [(pause.cause, pause.open_seconds) for pause in told.pauses] == [("resolved_until_reopened", 3600)]
    assert told.extra_seconds > 0
    assert told.due == due(case)
    assert told.counted_seconds + told.remaining_seconds == (4 * 8 + 10) * 3600 + told.extra_seconds


def test_a_policy_without_a_rule_begins_a_new_cycle() -> None:
    case = reopened(EXAMPLE, HOURS, HOURS)
    event = next(event for event in case.events if isinstance(event, Reopened))
    assert (event.continued, case.state.runs[RESOLUTION].cycle) == ({}, 2)


# Against a count of open minutes that knows none of our arithmetic.


def opens(at: datetime, calendar: str) -> bool:
    if calendar == ALWAYS_OPEN.name:
        return True
    local = at.astimezone(UTC)
    return local.weekday() < 5 and 9 * 60 <= local.hour * 60 + local.minute < 17 * 60


def minutes(start: datetime, end: datetime, calendar: str) -> int:
    """Open minutes between two instants on whole minutes."""
    length = max(0, int((end - start) / MINUTES))
    return sum(opens(start + n * MINUTES, calendar) for n in range(length))


def after_minutes(start: datetime, count: int, calendar: str) -> datetime:
    """The instant at which this number of open minutes has passed."""
    at = start
    while count:
        count -= opens(at, calendar)
        at += MINUTES
    return at


@given(
    st.sampled_from([OnReopen.RESUME, OnReopen.EXTEND]),
    st.sampled_from(["24x7", "office"]),
    st.integers(1, 40 * 60),
    st.integers(0, 4 * 24 * 60),
    st.integers(0, 6 * 24 * 60),
)
def test_the_due_date_after_a_reopening_is_that_of_a_count_of_open_minutes(
    on_reopen: OnReopen, calendar: str, within: int, worked: int, resolved: int
) -> None:
    case = reopened(policy(on_reopen, OpenTime(seconds=within * 60), calendar), worked * MINUTES, resolved * MINUTES)
    solved, again = MONDAY + worked * MINUTES, MONDAY + (worked + resolved) * MINUTES
    left = within - minutes(MONDAY, solved, calendar)
    old = after_minutes(MONDAY, within, calendar)
    if left <= 0:
        assert due(case) == old
        return
    if on_reopen is OnReopen.EXTEND:
        left = max(left, minutes(again, old + (again - solved), calendar))
    assert due(case) == after_minutes(again, left, calendar)


@given(st.integers(0, 3 * 24 * 60), st.integers(0, 5 * 24 * 60))
def test_business_days_go_on_too_and_an_extension_is_never_shorter(worked: int, resolved: int) -> None:
    found = {
        on_reopen: due(
            reopened(policy(on_reopen, BusinessDays(days=4), "office"), worked * MINUTES, resolved * MINUTES)
        )
        for on_reopen in OnReopen
    }
    resumed, extended, anew = found[OnReopen.RESUME], found[OnReopen.EXTEND], found[OnReopen.NEW_CYCLE]
    assert resumed is not None
    assert extended is not None
    assert anew is not None
    assert resumed <= extended
    assert resumed <= anew


def test_the_clocks_that_may_go_on_are_those_that_a_reopening_starts() -> None:
    assert [clock for clock in CLOCKS if Reopened in CLOCKS[clock].starts()] == list(REOPENED)
