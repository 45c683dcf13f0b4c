"""Whatever the calendar and the pauses are, an account is complete: it tiles its time and adds up to the clock."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import OpenTime, Span, Use, elapsed
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, PauseInterval
from escalation.clock_rules import Target
from escalation.clocks.explain import ClockExplanation, NotCounted, PausedBy, explain
from escalation.clocks.timing import pauses_for, timing_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause
from tests.example_policy import EXAMPLE
from tests.unit.business_time.test_properties import Scene, bounded, to_the_second
from tests.unit.domain.case import Case

CASE = Case.working()
RULE = EXAMPLE.clocks[ClockName.RESOLUTION]


@st.composite
def lives(draw: st.DrawFn) -> tuple[State, Policy, Scene]:
    """A resolution clock on a drawn calendar, with pauses of both causes that overlap as they like; some still last."""
    scene = draw(to_the_second())
    policy = replace(
        EXAMPLE,
        calendars={"drawn": scene.calendar},
        clocks={
            ClockName.RESOLUTION: replace(
                RULE,
                targets=(Target(within=OpenTime(draw(st.integers(60, 20 * 3600))), calendar="drawn"),),
                paused_by=draw(st.sampled_from([RULE.paused_by, RULE.paused_by[:1], ()])),
            )
        },
    )
    pauses = tuple(_pause(draw, number, span, scene) for number, span in enumerate(scene.pauses))
    run = ClockRun(cycle=1, started_at=scene.start)
    return replace(CASE.state, runs={ClockName.RESOLUTION: run}, pauses=pauses), policy, scene


def _pause(draw: st.DrawFn, number: int, span: Span, scene: Scene) -> PauseInterval:
    # One that still lasts began before one asks.
    lasts = span.start < scene.end and draw(st.booleans())
    cause = draw(st.sampled_from(PauseCause))
    return PauseInterval(cause=cause, start=span.start, end=None if lasts else span.end, by=f"person {number}")


def told_of(state: State, policy: Policy, scene: Scene) -> ClockExplanation:
    found = explain(state, policy, ClockName.RESOLUTION, at=scene.end)
    assert found is not None
    return found


def listed_by(told: ClockExplanation) -> list[Span | NotCounted]:
    rows: list[Span | NotCounted] = [*told.counted, *told.not_counted]
    return sorted(rows, key=lambda row: row.start)


@bounded
@given(lives())
def test_what_counted_and_what_did_not_tile_the_time_of_the_clock(life: tuple[State, Policy, Scene]) -> None:
    told, scene = told_of(*life), life[2]
    listed = listed_by(told)
    assert all(one.end == after.start for one, after in pairwise(listed))
    assert all(one.start < one.end for one in listed)
    if scene.start < scene.end:
        assert (listed[0].start, listed[-1].end) == (scene.start, scene.end)
    lengths = sum(int((one.end - one.start).total_seconds()) for one in listed)
    assert lengths == told.wall_seconds == int((scene.end - scene.start).total_seconds())


@bounded
@given(lives())
def test_the_sum_of_what_counted_is_what_the_clock_shows(life: tuple[State, Policy, Scene]) -> None:
    (state, policy, scene), told = life, told_of(*life)
    timing = timing_of(state, policy, ClockName.RESOLUTION)
    assert timing is not None
    pauses = [
        Span(start=one.start, end=one.end or max(one.start, scene.end))
        for one in pauses_for(state, policy.clocks[ClockName.RESOLUTION])
    ]
    listed = sum(int((span.end - span.start).total_seconds()) for span in told.counted)
    assert listed == told.counted_seconds == elapsed(scene.calendar, scene.start, scene.end, pauses)
    assert told.counted_seconds == timing.elapsed(state.runs[ClockName.RESOLUTION], scene.end)


@bounded
@given(lives())
def test_each_total_is_the_sum_of_its_rows(life: tuple[State, Policy, Scene]) -> None:
    told = told_of(*life)
    for total in told.totals:
        mine = [row for row in listed_by(told) if total.use is (Use.COUNTED if isinstance(row, Span) else row.why)]
        assert total.intervals == len(mine)
        assert total.seconds == sum(int((one.end - one.start).total_seconds()) for one in mine)
    assert sum(total.seconds for total in told.totals) == told.wall_seconds


@bounded
@given(lives())
def test_paused_time_names_exactly_the_pauses_that_covered_it(life: tuple[State, Policy, Scene]) -> None:
    (state, policy, scene), told = life, told_of(*life)
    counting = list(pauses_for(state, policy.clocks[ClockName.RESOLUTION]))

    def covering(row: NotCounted) -> set[PausedBy]:
        return {
            PausedBy(cause=one.cause, by=one.by)
            for one in counting
            if one.start <= row.start and row.end <= (one.end or scene.end)
        }

    for row in told.not_counted:
        assert set(row.paused_by) == (covering(row) if row.why is Use.PAUSED else set())
        assert bool(row.paused_by) is (row.why is Use.PAUSED)
    for pause in told.pauses:
        assert pause.open_seconds == sum(
            int((row.end - row.start).total_seconds())
            for row in told.not_counted
            if PausedBy(cause=pause.cause, by=pause.by) in row.paused_by
        )


@bounded
@given(lives())
def test_what_is_left_and_what_counted_are_the_target(life: tuple[State, Policy, Scene]) -> None:
    (_, policy, _), told = life, told_of(*life)
    within = policy.clocks[ClockName.RESOLUTION].targets[0].within
    assert isinstance(within, OpenTime)
    assert told.remaining_seconds == max(0, within.seconds - told.counted_seconds)
    assert sum(int((span.end - span.start).total_seconds()) for span in told.ahead) <= told.remaining_seconds
    if told.paused_since:
        assert told.ahead == ()
