"""What holds on every calendar, checked against a list of minutes."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from escalation.business_time import (
    Boundary,
    BusinessDays,
    Calendar,
    Hours,
    OpenTime,
    Span,
    add,
    counted,
    elapsed,
    is_open,
    share,
    subtract,
    windows,
)
from escalation.business_time.zones import load_zone
from tests.unit.business_time.brute_force import MINUTE, Minutes

# Each zone with the date of one of its clock changes, or of none.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Havana", date(2024, 3, 10)),
    ("Africa/Casablanca", date(2024, 3, 10)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("UTC", date(2026, 3, 1)),
]

bounded = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Scene:
    """A calendar around a clock change, with two instants in order and some pauses."""

    calendar: Calendar
    first: datetime
    start: datetime
    end: datetime
    pauses: list[Span]

    def minutes(self) -> Minutes:
        return Minutes(self.calendar, self.first).paused(self.pauses)


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> tuple[Hours, ...]:
    rows = []
    for _ in range(draw(st.integers(0, 2))):
        opens = 15 * draw(st.integers(0, 95))
        rows.append(Hours(opens=opens, closes=opens + draw(st.integers(1, 960))))
    return tuple(rows)


@st.composite
def scenes(draw: st.DrawFn, unit: timedelta = MINUTE) -> Scene:
    zone, change = draw(st.sampled_from(CHANGES))
    dates = st.integers(-3, 5).map(lambda days: (change + timedelta(days=days)).isoformat())
    some_dates = st.dictionaries(dates, hours_of_a_day(), max_size=2)
    calendar = Calendar(
        name="drawn",
        zone=zone,
        weekly=tuple(draw(st.lists(hours_of_a_day(), min_size=7, max_size=7))),
        shifts=draw(some_dates),
        breaks=draw(some_dates),
        holidays=tuple(draw(st.lists(dates, max_size=2))),
        boundary=draw(st.sampled_from(Boundary)),
    )
    # The minutes begin long before the first question, so that every night shift is whole.
    first = datetime.combine(change, datetime.min.time(), tzinfo=UTC) - timedelta(days=6)
    moments = st.integers(0, timedelta(days=6) // unit).map(lambda n: first + timedelta(days=4) + n * unit)
    start, end = sorted((draw(moments), draw(moments)))
    pairs = draw(st.lists(st.tuples(moments, moments), max_size=3))
    pauses = [Span(start=min(pair), end=max(pair)) for pair in pairs]
    return Scene(calendar, first, start, end, pauses)


def to_the_second() -> st.SearchStrategy[Scene]:
    return scenes(timedelta(seconds=1)).filter(lambda scene: any(scene.calendar.weekly))


durations = st.integers(1, 40 * 3600).map(OpenTime)


@bounded
@given(scenes())
def test_elapsed_is_the_number_of_open_minutes(scene: Scene) -> None:
    measured = elapsed(scene.calendar, scene.start, scene.end, scene.pauses)
    assert measured == scene.minutes().elapsed(scene.start, scene.end)


@bounded
@given(to_the_second(), st.integers(0, 300))
def test_a_share_ends_where_that_many_of_the_open_seconds_are_used_up(scene: Scene, percent: int) -> None:
    seconds = elapsed(scene.calendar, scene.start, scene.end, scene.pauses) * percent // 100
    expected = add(scene.calendar, scene.start, OpenTime(seconds), scene.pauses)
    assert share(scene.calendar, scene.start, scene.end, percent, scene.pauses) == expected


@bounded
@given(scenes(), st.integers(1, 3000))
def test_add_ends_with_the_minute_that_uses_the_duration_up(scene: Scene, minutes: int) -> None:
    expected = scene.minutes().add(scene.start, minutes)
    assume(expected is not None)
    due = add(scene.calendar, scene.start, OpenTime(60 * minutes), scene.pauses)
    if scene.calendar.boundary is Boundary.NEXT_OPEN and not is_open(scene.calendar, expected or due):
        assert due == next(windows(scene.calendar, expected or due)).start
    else:
        assert due == expected


@bounded
@given(scenes())
def test_is_open_shows_what_the_list_of_minutes_shows(scene: Scene) -> None:
    minutes = Minutes(scene.calendar, scene.first)
    for moment in (scene.start, scene.end):
        assert is_open(scene.calendar, moment) == minutes.open[minutes.number(moment)]


@bounded
@given(scenes())
def test_windows_hold_the_open_minutes_and_never_touch(scene: Scene) -> None:
    found = list(windows(scene.calendar, scene.start, scene.end))
    length = sum(int((window.end - window.start).total_seconds()) for window in found)
    assert length == Minutes(scene.calendar, scene.first).elapsed(scene.start, scene.end)
    assert all(before.end < after.start for before, after in pairwise(found))
    assert all(scene.start <= window.start < window.end <= scene.end for window in found)


@bounded
@given(to_the_second(), durations)
def test_elapsed_measures_what_was_added(scene: Scene, duration: OpenTime) -> None:
    due = add(scene.calendar, scene.start, duration, scene.pauses)
    assert elapsed(scene.calendar, scene.start, due, scene.pauses) == duration.seconds


@bounded
@given(to_the_second(), durations)
def test_subtract_takes_back_what_was_added(scene: Scene, duration: OpenTime) -> None:
    start = next(windows(scene.calendar, scene.start)).start
    assert subtract(scene.calendar, add(scene.calendar, start, duration), duration) == start


@bounded
@given(to_the_second(), durations)
def test_what_was_subtracted_lasts_until_the_end(scene: Scene, duration: OpenTime) -> None:
    start = subtract(scene.calendar, scene.end, duration)
    assert is_open(scene.calendar, start)
    assert elapsed(scene.calendar, start, scene.end) == duration.seconds


@bounded
@given(to_the_second())
def test_what_counted_adds_up_to_what_elapsed(scene: Scene) -> None:
    intervals = counted(scene.calendar, scene.start, scene.end, scene.pauses)
    lengths = sum(int((interval.end - interval.start).total_seconds()) for interval in intervals)
    assert lengths == elapsed(scene.calendar, scene.start, scene.end, scene.pauses)


@bounded
@given(to_the_second())
def test_nothing_that_counted_lies_in_a_pause(scene: Scene) -> None:
    for interval in counted(scene.calendar, scene.start, scene.end, scene.pauses):
        assert is_open(scene.calendar, interval.start)
        lasting = (pause for pause in scene.pauses if pause.start < pause.end)  # an empty one covers nothing
        assert not any(pause.start < interval.end and interval.start < pause.end for pause in lasting)


@bounded
@given(to_the_second())
def test_pauses_subtract_the_open_time_they_cover_once(scene: Scene) -> None:
    without = elapsed(scene.calendar, scene.start, scene.end)
    left = elapsed(scene.calendar, scene.start, scene.end, scene.pauses)
    covered = without - left
    assert 0 <= covered <= sum(elapsed(scene.calendar, p.start, p.end) for p in scene.pauses)
    for pause in scene.pauses[:1]:
        inside = elapsed(scene.calendar, max(pause.start, scene.start), min(pause.end, scene.end))
        assert without - elapsed(scene.calendar, scene.start, scene.end, [pause]) == inside


@bounded
@given(to_the_second(), durations)
def test_a_pause_never_brings_a_deadline_forward(scene: Scene, duration: OpenTime) -> None:
    due = add(scene.calendar, scene.start, duration)
    assert add(scene.calendar, scene.start, duration, scene.pauses) >= due


@bounded
@given(to_the_second(), durations, durations)
def test_more_time_or_a_later_start_never_ends_sooner(scene: Scene, one: OpenTime, two: OpenTime) -> None:
    less, more = sorted((one, two), key=lambda duration: duration.seconds)
    assert add(scene.calendar, scene.start, less) <= add(scene.calendar, scene.start, more)
    assert add(scene.calendar, scene.start, less) <= add(scene.calendar, scene.end, less)
    assert subtract(scene.calendar, scene.start, less) <= subtract(scene.calendar, scene.end, less)


@bounded
@given(to_the_second(), st.integers(0, 40 * 3600), st.integers(1, 40 * 3600))
def test_two_durations_in_a_row_are_their_sum(scene: Scene, one: int, two: int) -> None:
    halfway = add(scene.calendar, scene.start, OpenTime(one), scene.pauses)
    at_once = add(scene.calendar, scene.start, OpenTime(one + two), scene.pauses)
    assert add(scene.calendar, halfway, OpenTime(two), scene.pauses) == at_once


@bounded
@given(to_the_second(), st.integers(0, 8))
def test_business_days_end_after_their_start_while_open_or_at_closing(scene: Scene, days: int) -> None:
    due = add(scene.calendar, scene.start, BusinessDays(days))
    assert due >= scene.start
    just_before = due - timedelta(seconds=1)
    closing = scene.calendar.boundary is Boundary.CLOSE and is_open(scene.calendar, just_before)
    assert is_open(scene.calendar, due) or closing


@bounded
@given(to_the_second(), st.integers(0, 8))
def test_one_more_business_day_never_ends_sooner(scene: Scene, days: int) -> None:
    due, later = (add(scene.calendar, scene.start, BusinessDays(n)) for n in (days, days + 1))
    assert due <= later


@bounded
@given(to_the_second(), st.integers(0, 8))
def test_in_business_days_a_later_start_never_ends_sooner_nor_a_later_end_starts_sooner(
    scene: Scene, days: int
) -> None:
    for count in (add, subtract):
        starts = [count(scene.calendar, moment, BusinessDays(0)) for moment in (scene.start, scene.end)]
        # Unless the clock on the wall went back in between: the same times of day come twice then.
        early, late = (start.astimezone(load_zone(scene.calendar.zone)).replace(tzinfo=None) for start in starts)
        if early <= late:
            ends = [count(scene.calendar, moment, BusinessDays(days)) for moment in (scene.start, scene.end)]
            assert ends == sorted(ends)


@bounded
@given(to_the_second(), st.integers(0, 8))
def test_subtract_finds_the_latest_start_in_business_days(scene: Scene, days: int) -> None:
    duration, steady = BusinessDays(days), replace(scene.calendar, zone="Asia/Kathmandu")
    latest = subtract(steady, scene.end, duration)
    for start in (scene.start, latest - timedelta(seconds=1), latest + timedelta(seconds=1)):
        if start != latest:
            assert (add(steady, start, duration) <= scene.end) is (start < latest)
