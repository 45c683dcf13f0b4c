from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.business_time import Span
from escalation.roster import (
    Absence,
    Duty,
    Listed,
    Override,
    Pattern,
    Plan,
    Shift,
    expand,
    gaps,
    idle_overrides,
    on_shift,
)
from tests.unit.roster.plans import at, every_day, people_at, rotation, shift, told, turn, week

MONDAY = at("2026-01-05 00:00")
WEEK = (MONDAY, at("2026-01-12 00:00"))
OFFICE = Pattern(people=("ana",), week=week(zone="UTC", mon="09:00-17:00", tue="09:00-17:00"))
ON_CALL = rotation("ana", "ben", zone="UTC", hand_over="00:00")


def override(person: str, start: str, end: str, **where: str) -> Override:
    return Override(person=person, start=at(start), end=at(end), **where)


def absence(person: str, start: str, end: str) -> Absence:
    return Absence(person=person, start=at(start), end=at(end))


def test_every_tier_of_a_shift_gets_a_duty() -> None:
    plan = Plan(shifts=(shift(OFFICE, 2, 1, name="office"),))
    found = expand(plan, *WEEK)
    assert [(duty.shift, duty.tier, f"{duty.start:%a %H:%M}") for duty in found] == [
        ("office", 1, "Mon 09:00"),
        ("office", 2, "Mon 09:00"),
        ("office", 1, "Tue 09:00"),
        ("office", 2, "Tue 09:00"),
    ]


def test_people_cover_those_tiers_of_a_shift_that_they_serve() -> None:
    both = Pattern(people=("ana", "ben"), week=week(mon="09:00-17:00"))
    plan = Plan(shifts=(shift(both, 1, 2),), serves={"ana": (2, 3)})
    assert {(duty.person, duty.tier) for duty in expand(plan, *WEEK)} == {("ana", 2), ("ben", 1), ("ben", 2)}


def test_an_override_takes_exactly_the_time_named() -> None:
    plan = Plan(shifts=(shift(OFFICE),), overrides=(override("ben", "2026-01-05 12:00", "2026-01-06 10:00"),))
    assert told(expand(plan, *WEEK)) == [
        ("ana", "01-05 09:00", "01-05 12:00"),
        ("ben", "01-05 12:00", "01-05 17:00"),
        ("ben", "01-06 09:00", "01-06 10:00"),
        ("ana", "01-06 10:00", "01-06 17:00"),
    ]


def test_an_override_holds_for_its_shift_and_its_person_alone() -> None:
    late = shift(Pattern(people=("ana", "ben"), week=week(zone="UTC", mon="17:00-20:00")), name="late")
    cases: tuple[tuple[dict[str, Any], set[tuple[str, str]]], ...] = (
        ({"shift": "late", "instead_of": "ana"}, {("late", "chloe"), ("late", "ben"), ("days", "ana")}),
        ({"shift": "late"}, {("late", "chloe"), ("days", "ana")}),
        ({"instead_of": "ana"}, {("late", "chloe"), ("late", "ben"), ("days", "chloe")}),
        ({"instead_of": "ben"}, {("late", "chloe"), ("late", "ana"), ("days", "ana")}),
    )
    for where, instead in cases:
        stands_in = Override(person="chloe", start=MONDAY, end=WEEK[1], **where)
        found = expand(Plan(shifts=(late, shift(OFFICE)), overrides=(stands_in,)), *WEEK)
        assert {(duty.shift, duty.person) for duty in found} == instead


def test_two_who_swap_take_each_others_turn() -> None:
    swap = (
        override("ben", "2026-01-05 00:00", "2026-01-12 00:00", instead_of="ana"),
        override("ana", "2026-01-12 00:00", "2026-01-19 00:00", instead_of="ben"),
    )
    plan = Plan(shifts=(shift(ON_CALL),), overrides=swap)
    assert [duty.person for duty in expand(plan, MONDAY, at("2026-01-26 00:00"))] == ["ben", "ana", "ana"]


def test_the_one_who_takes_over_from_several_is_on_shift_once() -> None:
    both = Pattern(people=("ana", "ben"), week=week(zone="UTC", mon="09:00-17:00"))
    plan = Plan(
        shifts=(shift(both),), overrides=(override("chloe", "2026-01-05 10:00", "2026-01-05 11:00", shift="days"),)
    )
    assert [each for each in told(expand(plan, *WEEK)) if each[0] == "chloe"] == [
        ("chloe", "01-05 10:00", "01-05 11:00")
    ]


def test_an_absence_takes_a_person_out_of_every_shift_and_no_one_takes_their_place() -> None:
    plan = Plan(
        shifts=(shift(OFFICE), shift(ON_CALL, name="on-call")),
        absences=(absence("ana", "2026-01-05 12:00", "2026-01-06"),),
    )
    assert told(expand(plan, *WEEK)) == [
        ("ana", "01-05 00:00", "01-05 12:00"),
        ("ana", "01-05 09:00", "01-05 12:00"),
        ("ana", "01-06 00:00", "01-12 00:00"),
        ("ana", "01-06 09:00", "01-06 17:00"),
    ]


def test_overrides_that_replace_no_one_are_found() -> None:
    idle = override("ben", "2026-01-07 00:00", "2026-01-08 00:00", shift="days")
    busy = override("ben", "2026-01-06 16:59", "2026-01-06 18:00", shift="days")
    assert idle_overrides(Plan(shifts=(shift(OFFICE),), overrides=(busy, idle))) == (idle,)


def test_a_plan_without_shifts_has_no_duties() -> None:
    assert expand(Plan(absences=(absence("ana", "2026-01-05", "2026-01-06"),)), *WEEK) == ()


def test_on_shift_begins_at_the_start_and_is_over_at_the_end() -> None:
    duties = expand(Plan(shifts=(shift(OFFICE),)), *WEEK)
    at_hours = {hour: bool(on_shift(duties, MONDAY + timedelta(hours=hour))) for hour in (8.999, 9, 16.999, 17)}
    assert at_hours == {8.999: False, 9: True, 16.999: True, 17: False}


def test_gaps_are_what_is_needed_and_not_covered_and_touching_ones_are_one() -> None:
    def span(start: int, end: int) -> Span:
        return Span(start=MONDAY + timedelta(hours=start), end=MONDAY + timedelta(hours=end))

    assert gaps([span(2, 4), span(3, 6), span(20, 30)], [span(0, 3), span(5, 8), span(8, 24)]) == (
        span(0, 2),
        span(6, 20),
    )
    assert gaps([], [span(0, 1), span(1, 2)]) == (span(0, 2),)
    assert gaps([span(0, 9)], [span(1, 2)]) == ()
    assert gaps([span(0, 1)], []) == ()


PEOPLE = ("ana", "ben", "chloe")
ZONES = ("UTC", "Europe/Berlin", "America/Halifax", "Asia/Kolkata", "Australia/Lord_Howe")
HOURS = ("09:00-17:00", "22:00-06:00", "00:00-24:00", "06:00-09:30 12:15-13:00", "17:30-01:30")


@st.composite
def plans(draw: st.DrawFn) -> tuple[Plan, datetime]:
    """A plan around a week in which clocks may change, with overrides one after the other."""
    start = datetime.combine(
        draw(st.sampled_from([date(2026, 3, 27), date(2026, 4, 3), date(2026, 10, 23)])), MONDAY.timetz()
    )
    zone = draw(st.sampled_from(ZONES))
    calendar = every_day(draw(st.sampled_from(HOURS)), zone)
    people = tuple(draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)))
    # Hand-overs outside clock changes; those are looked at one by one above.
    turning = rotation(
        *people,
        zone=zone,
        weekday=draw(st.integers(0, 6)),
        hand_over=draw(st.sampled_from(["00:15", "09:00", "23:45"])),
        starts=start.date() - timedelta(days=draw(st.integers(-3, 20))),
        hours=draw(st.sampled_from([None, calendar])),
    )
    moments = st.integers(0, 6 * 24 * 4).map(lambda quarter: start + timedelta(minutes=15 * quarter))

    def spans(most: int) -> list[tuple[datetime, datetime]]:
        instants = sorted(draw(st.lists(moments, max_size=most * 2, unique=True)))
        return list(zip(instants[::2], instants[1::2], strict=False))

    listed = Listed(turns=tuple(turn_of(draw(st.sampled_from(PEOPLE)), *span) for span in spans(3)))
    shifts: tuple[Shift, ...] = (
        shift(Pattern(people=people, week=calendar), 1, name="pattern"),
        shift(turning, 1, 2, name="rotation"),
        shift(listed, 2, name="listed"),
    )
    overrides = tuple(
        Override(
            person=draw(st.sampled_from(("dora", *PEOPLE))),
            shift=draw(st.sampled_from(["", "pattern", "rotation", "listed"])),
            instead_of=draw(st.sampled_from(["", *PEOPLE])),
            start=begin,
            end=end,
        )
        for begin, end in spans(3)
    )
    absences = tuple(Absence(person=draw(st.sampled_from(PEOPLE)), start=begin, end=end) for begin, end in spans(2))
    return Plan(shifts=shifts, overrides=overrides, absences=absences), start


def turn_of(person: str, start: datetime, end: datetime) -> Any:
    return turn(person, f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}")


@settings(max_examples=60, deadline=None)
@given(plans())
def test_duties_agree_with_the_rules_read_word_by_word_for_every_quarter_of_an_hour(
    found: tuple[Plan, datetime],
) -> None:
    plan, start = found
    until = start + timedelta(days=5)
    duties = expand(plan, start, until)
    for quarter in range(0, 5 * 24 * 4, 3):
        instant = start + timedelta(minutes=15 * quarter)
        assert {(duty.shift, duty.person, duty.tier) for duty in on_shift(duties, instant)} == people_at(
            plan, instant
        ), instant


@settings(max_examples=40, deadline=None)
@given(plans())
def test_duties_of_one_person_on_one_shift_and_tier_never_overlap(found: tuple[Plan, datetime]) -> None:
    plan, start = found
    by_key: dict[tuple[str, str, int], list[Duty]] = {}
    for duty in expand(plan, start, start + timedelta(days=6)):
        by_key.setdefault((duty.shift, duty.person, duty.tier), []).append(duty)
    for duties in by_key.values():
        assert all(earlier.end <= later.start for earlier, later in pairwise(duties))
