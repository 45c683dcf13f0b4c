from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import OpenTime
from escalation.case.commands import Acknowledge, Resolve
from escalation.clock_rules import PauseRule
from escalation.vocabulary import ClockName, Outcome, PauseCause, Severity
from simulation import Life, Replay, fit_targets, with_targets
from simulation.exports import OWNER, SERVICENOW, Course, course_of
from simulation.fitting import best_threshold
from simulation.tally import met_resolution
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY
from tests.unit.importing.logs import first_of_march, logged, row
from tests.unit.simulating.lives import Staff, life

TAKE = Acknowledge(by=OWNER)
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")


def judged(hours: float, *, met: bool, waited: float = 0, closed: float | None = None, ticket: str = "T") -> Life:
    """A ticket that took so long, and what the log says of it; it waited from its first hour on."""
    at = MONDAY + timedelta(hours=hours)
    waits = ((MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=1 + waited)),) if waited else ()
    course = Course(
        severity=Severity.SEV2,
        opened_at=MONDAY,
        resolved_at=at,
        closed_at=MONDAY + timedelta(hours=hours if closed is None else closed),
        waits=waits,
    )
    return replace(life((0.1, TAKE), (hours, SOLVE), met=met, ticket=ticket), course=course)


def test_a_threshold_lies_between_what_was_met_and_what_was_missed() -> None:
    fit = fit_targets(judged(hours, met=hours <= 24) for hours in (1, 5, 20, 30, 40, 80))

    (row_,) = fit.resolution
    assert (row_.agree, row_.of, row_.all_met) == (6, 6, 3)
    assert (row_.calendar, row_.without_waits, row_.target_seconds) == ("24x7", False, 24 * 3600)


def test_waits_are_taken_out_where_that_explains_more() -> None:
    fit = fit_targets([judged(10, met=True), judged(90, met=True, waited=80), judged(30, met=False)])

    (row_,) = fit.resolution
    assert (row_.without_waits, row_.agree) == (True, 3)


def test_a_verdict_made_at_the_closing_is_seen_to_be_one() -> None:
    lives = [judged(9, met=True, closed=100), judged(8, met=False, closed=300), judged(50, met=True, closed=110)]
    fit = fit_targets(lives)

    assert (fit.rows[0].until, fit.rows[0].agree) == ("closed", 3)
    assert fit.resolution[0].agree == 2


def test_tickets_without_a_verdict_or_a_solution_are_left_out_and_counted() -> None:
    unsolved = replace(judged(5, met=True), course=replace(_course(judged(5, met=True)), resolved_at=None))
    fit = fit_targets([judged(5, met=True), unsolved, life((1, SOLVE))])

    assert (fit.unjudged, fit.resolution[0].of) == (2, 1)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=30))
def test_no_other_threshold_is_better(tickets: list[tuple[int, bool]]) -> None:
    threshold, agree = best_threshold(tickets)

    def right(at: float) -> int:
        return sum((took < at) == met for took, met in tickets)

    assert agree == right(threshold) == max(right(at) for at in (0, *(took + 1 for took, _ in tickets)))


def test_a_simulation_under_the_fitted_policy_gives_the_fitted_verdicts() -> None:
    lives = [judged(hours, met=hours <= 24, ticket=f"T{hours}") for hours in (1, 5, 20, 30, 40, 80)]
    policy = with_targets(EXAMPLE, fit_targets(lives))
    replay = Replay(policy, REF, Staff())

    assert [met_resolution(replay.live(one)) for one in lives] == [one.met for one in lives]


def test_only_the_resolution_is_fitted_and_other_severities_keep_their_targets() -> None:
    fitted = with_targets(EXAMPLE, fit_targets([judged(5, met=True), judged(50, met=False)]))
    rule, before = fitted.clocks[ClockName.RESOLUTION], EXAMPLE.clocks[ClockName.RESOLUTION]

    assert rule.targets[0].severity == (Severity.SEV2,)
    assert isinstance(rule.targets[0].within, OpenTime)
    assert rule.targets[1:] == before.targets
    assert (rule.paused_by, rule.thresholds) == ((), before.thresholds)
    assert {clock for clock in ClockName if fitted.clocks.get(clock) != EXAMPLE.clocks.get(clock)} == {
        ClockName.RESOLUTION
    }


def test_pauses_count_where_waits_were_taken_out() -> None:
    fit = fit_targets([judged(10, met=True), judged(90, met=True, waited=80), judged(30, met=False)])

    paused_by = with_targets(EXAMPLE, fit).clocks[ClockName.RESOLUTION].paused_by
    assert paused_by == tuple(PauseRule(cause=cause) for cause in PauseCause)


def test_the_course_of_an_incident_is_read_off_its_rows() -> None:
    told = course_of(
        logged(
            row("Active", 9),
            row("Awaiting User Info", 10),
            row("Active", 12),
            row("Awaiting Vendor", 13, priority="2 - High"),
            row("Resolved", 15),
            row("Active", 16),
            row("Resolved", 17),
            row("Closed", 20),
        ),
        SERVICENOW,
    )

    assert told.severity is Severity.SEV3
    assert (told.resolved_at, told.closed_at) == (first_of_march(17), first_of_march(20))
    assert told.waits == ((first_of_march(10), first_of_march(12)), (first_of_march(13), first_of_march(15)))


def _course(one: Life) -> Course:
    assert one.course is not None
    return one.course
