"""Who of a roster is there, and until when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation.roster.files import read_roster
from simulation.attendance import Attendance
from tests.unit.domain.case import MONDAY
from tests.unit.simulating.teams import person, roster_of

Team = Callable[[str], Attendance]


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """Ana and Ben, and what follows them in the file."""

    def read(rest: str) -> Attendance:
        file = tmp_path / "roster.yaml"
        file.write_text(roster_of(person("ana", "[1, 2]"), person("ben"), rest=rest), encoding="utf-8")
        return Attendance(read_roster(file, MONDAY, MONDAY + timedelta(days=400)))

    return read


def shift(name: str, hours: str, tiers: str = "[1]", zone: str = "UTC") -> str:
    return f"  {name}: {{tiers: {tiers}, people: [ana], zone: {zone}, hours: {{{hours}}}}}\n"


def march(day: int, hour: float = 0) -> datetime:
    """The second of March 2026 is a Monday."""
    return datetime(2026, 3, day, tzinfo=UTC) + timedelta(hours=hour)


def test_a_shift_covers_its_tiers_from_its_first_instant_up_to_its_last(team: Team) -> None:
    attendance = team("shifts:\n" + shift("days", "mon-fri: 09:00-17:00"))

    assert [attendance.is_there("ana", march(2, hour), 1) for hour in (8.99, 9, 16.99, 17)] == [
        False,
        True,
        True,
        False,
    ]
    assert not attendance.is_there("ana", march(2, 12), 2)
    assert attendance.is_there("ana", march(2, 12))
    assert attendance.until("ana", march(2, 12)) == march(2, 17)


def test_shifts_that_follow_without_a_gap_end_together_whatever_tier_they_cover(team: Team) -> None:
    both = shift("early", "mon-fri: 06:00-14:00") + shift("late", "mon: 14:00-20:00, tue: 14:01-20:00", tiers="[2]")
    attendance = team("shifts:\n" + both)

    assert attendance.until("ana", march(2, 7)) == march(2, 20)
    assert attendance.until("ana", march(3, 7)) == march(3, 14)


def test_a_shift_over_the_end_of_the_week_ends_in_the_next_one(team: Team) -> None:
    attendance = team("shifts:\n" + shift("nights", "sun: 22:00-06:00") + shift("days", "mon: 06:00-14:00"))

    assert attendance.is_there("ana", march(2, 1))
    assert attendance.until("ana", march(1, 23)) == march(2, 14)
    assert attendance.until("ana", march(2, 1)) == march(2, 14)


def test_a_long_shift_that_began_early_is_not_ended_by_a_short_one_within_it(team: Team) -> None:
    attendance = team("shifts:\n" + shift("long", "mon: 06:00-20:00") + shift("short", "mon: 08:00-10:00", tiers="[2]"))
    assert attendance.until("ana", march(2, 7)) == march(2, 20)


def test_a_shift_at_all_times_never_ends_but_for_an_absence(team: Team) -> None:
    always = "shifts:\n  always: {tiers: [1], people: [ana], zone: Europe/Berlin}\n"

    assert team(always).until("ana", march(2)) is None
    away = team(always + "absences:\n  - {person: ana, from: 2026-07-01, to: 2026-07-03}\n")
    assert away.until("ana", march(2)) == datetime(2026, 7, 1, tzinfo=UTC)
    assert not away.is_there("ana", datetime(2026, 7, 3, 23, tzinfo=UTC))
    assert away.until("ana", datetime(2026, 7, 4, tzinfo=UTC)) is None


def test_a_person_who_is_on_no_shift_is_there_until_an_absence_begins(team: Team) -> None:
    attendance = team("absences:\n  - {person: ben, from: 2026-03-10, to: 2026-03-11}\n")

    assert attendance.until("ben", march(2)) == march(10)
    assert [attendance.is_there("ben", at, 1) for at in (march(9), march(10), march(11, 23), march(12))] == [
        True,
        False,
        False,
        True,
    ]
    assert attendance.until("ben", march(10, 5)) == march(10, 5), "not there"
    assert attendance.until("ben", march(12)) is None


def test_a_person_who_is_not_on_shift_has_nothing_that_could_end(team: Team) -> None:
    attendance = team("shifts:\n" + shift("days", "mon-fri: 09:00-17:00"))
    assert [attendance.until("ana", at) for at in (march(2, 8), march(7, 12))] == [march(2, 8), march(7, 12)]


def test_hours_are_meant_in_their_zone_on_both_sides_of_a_clock_change(team: Team) -> None:
    attendance = team("shifts:\n" + shift("days", "mon-sun: 09:00-17:00", zone="Europe/Berlin"))
    assert [attendance.until("ana", march(day, 12)) for day in (28, 29)] == [march(28, 16), march(29, 15)]
