"""A shift's own turns, before overrides and absences."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from escalation.business_time import Calendar
from escalation.business_time.openings import stretches
from escalation.business_time.zones import day_at, first_second, to_moment, to_second
from escalation.roster.plan import DAYS_A_WEEK, Listed, Pattern, Rotation, Turn

# No stretch of a calendar's hours is longer, so one that runs at an instant began within these seconds before.
_TWO_DAYS = 2 * 86_400


def turns(source: Pattern | Rotation | Listed, start: datetime, until: datetime) -> Iterator[Turn]:
    """Yield every turn that overlaps the time from ``start`` to ``until``, whole, as long as it really is.

    Turns that touch stay apart: each is a shift of its own.

    Raises:
        ValueError: an instant is naive.
    """
    begin, end = to_second(start), to_second(until)
    match source:
        case Pattern():
            found = _pattern(source, begin, end)
        case Rotation(week=Calendar() as week):
            found = _rotation_with_hours(source, week, begin, end)
        case Rotation():
            found = _rotation(source, begin, end)
        case Listed():
            found = _listed(source)
        case _:
            assert_never(source)
    for person, opens, closes in found:
        if opens < closes and closes > begin and opens < end:
            yield Turn(person=person, start=to_moment(opens), end=to_moment(closes))


def _pattern(pattern: Pattern, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    for opens, closes in _whole_hours(pattern.week, begin, end):
        for person in pattern.people:
            yield person, opens, closes


def _rotation(rotation: Rotation, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    # Hand-overs are counted from the first; no turn is looked at that lies outside.
    starts = rotation.starts
    first = starts + timedelta(days=(rotation.weekday - starts.weekday()) % DAYS_A_WEEK)
    # One week earlier than the date says, for zones far from UTC and hand-overs late in the day.
    number = max(0, (day_at(rotation.zone, begin) - first.toordinal()) // DAYS_A_WEEK - 1)
    while (opens := _hand_over(rotation, first.toordinal() + DAYS_A_WEEK * number)) < end:
        closes = _hand_over(rotation, first.toordinal() + DAYS_A_WEEK * (number + 1))
        yield rotation.people[number % len(rotation.people)], opens, closes
        number += 1


def _hand_over(rotation: Rotation, day: int) -> int:
    return first_second(rotation.zone, datetime.fromordinal(day) + timedelta(minutes=rotation.minute))


def _rotation_with_hours(rotation: Rotation, week: Calendar, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    hours = list(_whole_hours(week, begin, end))
    if not hours:
        return
    at = 0
    for person, from_, to in _rotation(rotation, min(begin, hours[0][0]), end):
        while at < len(hours) and hours[at][1] <= from_:
            at += 1
        for opens, closes in hours[at:]:
            if opens >= to:
                break
            yield person, max(opens, from_), min(closes, to)


def _whole_hours(week: Calendar, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The calendar's stretches around the time asked for; each from its true opening to its true closing."""
    for opens, closes in stretches(week, begin - _TWO_DAYS, end + _TWO_DAYS):
        if closes > begin and opens < end:
            yield opens, closes


def _listed(listed: Listed) -> Iterator[tuple[str, int, int]]:
    for turn in listed.turns:
        yield turn.person, to_second(turn.start), to_second(turn.end)
