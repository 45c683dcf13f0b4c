from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.business_time import ALWAYS_OPEN, Boundary, Calendar, Hours, elapsed
from escalation.vocabulary import ClockName
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, edited, problems

HOURS = "      mon-fri: 09:00-17:00"


def office(text: str, years: range = range(2026, 2028)) -> Calendar:
    return compiled(text, years).policy.calendars["office"]


def with_hours(*lines: str) -> str:
    return edited(HOURS, "\n".join(f"      {line}" for line in lines))


def with_section(*lines: str) -> str:
    """The sound policy with more lines in its calendar."""
    return edited(HOURS, "\n".join([HOURS, *(f"    {line}" for line in lines)]))


def test_a_range_of_weekdays_gives_each_its_hours() -> None:
    nine_to_five = (Hours(opens=540, closes=1020),)
    assert office(SOUND).weekly == (nine_to_five,) * 5 + ((), ())


def test_a_range_may_run_over_the_weekend() -> None:
    weekly = office(with_hours("sat-mon: 10:00-12:00")).weekly
    assert [bool(day) for day in weekly] == [True, False, False, False, False, True, True]


def test_several_intervals_a_day_are_in_order() -> None:
    weekly = office(with_hours("fri: [13:00-17:00, 08:00-12:00]")).weekly
    assert weekly[4] == (Hours(opens=480, closes=720), Hours(opens=780, closes=1020))


def test_hours_overnight_run_into_the_next_day() -> None:
    assert office(with_hours("mon: 22:00-06:00")).weekly[0] == (Hours(opens=1320, closes=1800),)


def test_the_whole_day_ends_at_24_00() -> None:
    assert office(with_hours("mon: 00:00-24:00")).weekly[0] == (Hours(opens=0, closes=1440),)


def test_public_holidays_become_dates_of_the_years_asked_for() -> None:
    text = with_section("holidays: {country: DE}")
    assert "2026-12-25" in office(text, range(2026, 2027)).holidays
    assert {day[:4] for day in office(text, range(2026, 2029)).holidays} == {"2026", "2027", "2028"}
    assert office(text, range(2026, 2026)).holidays == ()


def test_a_subdivision_has_holidays_of_its_own() -> None:
    berlin = office(with_section("holidays: {country: DE, subdivision: BE}")).holidays
    assert "2026-03-08" in berlin
    assert "2026-03-08" not in office(with_section("holidays: {country: DE}")).holidays


def test_a_date_without_a_year_closes_every_year() -> None:
    dates = office(with_section("holidays: {dates: [2026-12-31, 12-24]}")).holidays
    assert dates == ("--12-24", "2026-12-31")


def test_a_shift_is_worked_even_on_a_holiday_of_the_country() -> None:
    calendar = office(
        with_section(
            "holidays: {country: DE}", "shifts: {2026-05-01: 10:00-14:00}", "breaks: {2026-05-04: 12:00-13:00}"
        )
    )
    assert "2026-05-01" not in calendar.holidays
    assert calendar.shifts == {"2026-05-01": (Hours(opens=600, closes=840),)}
    assert calendar.breaks == {"2026-05-04": (Hours(opens=720, closes=780),)}


def test_half_a_day_may_be_said_for_every_year() -> None:
    calendar = office(
        with_section("holidays: {country: DE}", "shifts: {12-24: 09:00-13:00}", "breaks: {12-31: 12:00-17:00}")
    )
    assert calendar.shifts == {"--12-24": (Hours(opens=540, closes=780),)}
    assert calendar.breaks == {"--12-31": (Hours(opens=720, closes=1020),)}
    opened = [elapsed(calendar, *day_of(year, 12, 24)) for year in range(2026, 2034)]
    # In 2028 it is a Sunday, and in 2033 a Saturday: half a day does not open them.
    assert opened == [4 * 3600, 4 * 3600, 0, 4 * 3600, 4 * 3600, 4 * 3600, 4 * 3600, 0]
    assert elapsed(calendar, *day_of(2026, 12, 31)) == 3 * 3600


def test_a_date_says_more_than_the_day_of_every_year() -> None:
    calendar = office(
        with_section(
            "holidays: {dates: [2027-12-24]}",
            "shifts: {12-24: 09:00-13:00, 2028-12-24: 10:00-11:00}",
            "breaks: {12-23: 12:00-17:00, 2026-12-23: 16:00-17:00}",
        )
    )
    assert [elapsed(calendar, *day_of(year, 12, 24)) for year in (2026, 2027, 2028)] == [4 * 3600, 0, 3600]
    assert [elapsed(calendar, *day_of(year, 12, 23)) for year in (2026, 2027)] == [7 * 3600, 3 * 3600]


def test_half_a_day_of_every_year_is_worked_on_a_holiday_of_the_country() -> None:
    calendar = office(with_section("holidays: {country: DE}", "shifts: {05-01: 10:00-14:00}"), range(2026, 2028))
    assert not {"2026-05-01", "2027-05-01"} & set(calendar.holidays)


def test_half_a_leap_day_is_half_a_day_every_four_years() -> None:
    calendar = office(with_section("shifts: {02-29: 09:00-10:00}"))
    assert [elapsed(calendar, *day_of(2028, 2, day)) for day in (28, 29)] == [8 * 3600, 3600]


def day_of(year: int, month: int, day: int) -> tuple[datetime, datetime]:
    begins = datetime(year, month, day, tzinfo=ZoneInfo("Europe/Berlin"))
    return begins, begins + timedelta(days=1)


def test_the_boundary_is_the_calendars_choice() -> None:
    assert office(SOUND).boundary is Boundary.CLOSE
    assert office(with_section("boundary: next_open")).boundary is Boundary.NEXT_OPEN


def test_the_version_changes_with_the_hours_and_with_nothing_else() -> None:
    assert office(SOUND).version == office(edited("overseer: boss", "overseer: other")).version
    assert office(SOUND).version != office(with_hours("mon-fri: 09:00-17:01")).version


def test_the_calendar_that_never_closes_is_always_there() -> None:
    policy = compiled(edited("targets: 16h", "targets: 16h\n    calendar: 24x7")).policy
    assert [target.calendar for target in policy.clocks[ClockName.RESOLUTION].targets] == [ALWAYS_OPEN.name]
    assert ALWAYS_OPEN.name not in policy.calendars, "no policy defines it"


def test_an_unknown_zone_is_refused_with_the_closest_ones() -> None:
    assert_refused(
        edited("zone: Europe/Berlin", "zone: Europe/Berln # here"), "unknown time zone 'Europe/Berln'", "Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("lines", "what", "advice"),
    [
        (["holidays:", "  country: XX # here"], "no holidays are known for country `XX`", "such as `DE`"),
        (["holidays:", "  country: de # here"], "country `de`", "did you mean `DE`?"),
        (["holidays:", "  country: Germany # here"], "country `Germany`", "two-letter country codes"),
        (
            ["holidays:", "  country: DE", "  subdivision: BX # here"],
            "`DE` has no subdivision `BX`",
            "did you mean `HB`?",
        ),
        (["holidays:", "  subdivision: BE # here"], "a subdivision needs its country", "`country:`"),
        (["holidays:", "  dates:", "    - 2026-02-30 # here"], "`2026-02-30` is not a date", "`12-24` for every year"),
        (["holidays:", "  dates: [13-24] # here"], "`13-24` is not a date", "`2026-12-24`"),
        (["shifts:", "  12-32: 09:00-12:00 # here"], "`12-32` is not a date", "`12-24` for every year"),
        (["breaks:", "  02-30: 09:00-12:00 # here"], "`02-30` is not a date", "`12-24` for every year"),
        (
            ["holidays: {dates: [12-24]}", "shifts:", "  12-24: 09:00-12:00 # here"],
            "`12-24` is among the holidays too",
            "one of the two",
        ),
        (["shifts:", "  2026-12-24: 9-12 # here"], "`9-12` are not hours", "write `09:00-17:30`"),
        (["shifts:", "  2026-12-24: [] # here"], "is empty", "write at least one"),
        (["breaks:", "  2026-12-24: 12:00-12:00 # here"], "opens and closes at once", "`00:00-24:00`"),
        (
            ["holidays: {dates: [12-24]}", "shifts:", "  2026-12-24: 09:00-12:00 # here"],
            "`2026-12-24` is among the holidays too",
            "one of the two",
        ),
        (
            ["holidays: {dates: [12-24]}", "breaks:", "  2026-12-24: 12:00-14:00 # here"],
            "`2026-12-24` is among the holidays, so there is nothing to interrupt",
            "leave it out",
        ),
    ],
)
def test_a_mistake_in_a_calendar_is_refused_in_its_line(lines: list[str], what: str, advice: str) -> None:
    assert_refused(with_section(*lines), what, advice)


@pytest.mark.parametrize(
    ("lines", "what", "advice"),
    [
        (["mon-fry: 09:00-17:00 # here"], "`fry` is not a weekday", "`fri`?"),
        (["monday: 09:00-17:00 # here"], "`monday` is not a weekday", "did you mean `mon`?"),
        (["mon-fri: 09:00-17:00", "wed: 10:00-12:00 # here"], "`wed` has hours already", "once"),
        (["mon: [09:00-12:00, 11:00-17:00] # here"], "the hours of `mon` overlap", "one after the other"),
        (["mon: 09:00-25:00 # here"], "`09:00-25:00` are not times of a day", "`00:00` to `24:00`"),
        (["mon: 24:00-06:00 # here"], "`24:00-06:00` are not times of a day", "`00:00` to `24:00`"),
    ],
)
def test_a_mistake_in_the_hours_is_refused_in_its_line(lines: list[str], what: str, advice: str) -> None:
    found = problems(with_hours("thu: 09:00-10:00", *lines) if "fri" not in lines[0] else with_hours(*lines))
    number = next(i for i, line in enumerate(with_hours(*lines).splitlines(), start=1) if "# here" in line)
    shift = 0 if "fri" in lines[0] else 1
    assert len(found) == 1, found
    assert found[0].startswith(f"policy.yaml:{number + shift}: ")
    assert what in found[0]
    assert advice in found[0]


def test_a_calendar_that_never_opens_is_refused() -> None:
    text = edited("  office:\n", "  office: # here\n").replace(f"    hours:\n{HOURS}\n", "")
    assert_refused(text, "calendar `office` never opens", "give it hours")


def test_a_calendar_closed_by_its_holidays_alone_is_refused() -> None:
    dates = ", ".join(f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32) if _exists(month, day))
    text = edited(HOURS, f"      mon-sun: 09:00-17:00\n    holidays: {{dates: [{dates}]}}")
    assert_refused(edited("  office:\n", "  office: # here\n", text), "never opens")


def _exists(month: int, day: int) -> bool:
    return day <= {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)


def test_a_calendar_that_opens_on_some_dates_and_then_never_again_is_refused() -> None:
    text = edited("  office:\n", "  office: # here\n").replace(
        f"    hours:\n{HOURS}\n", "    shifts: {2026-12-05: 10:00-14:00}\n"
    )
    assert_refused(text, "calendar `office` never opens after 2026-12-05", "give it hours")


def test_the_name_of_the_calendar_that_never_closes_is_taken() -> None:
    text = edited("calendars:\n", "calendars:\n  24x7: {zone: UTC} # here\n")
    assert_refused(text, "`24x7` is always there", "choose another name")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  SEV3: office", "  SEV3: offise # here"),
        ("targets: 16h", "targets: 16h # here\n    calendar: offise"),
        ("targets: 16h", "targets:\n      - {within: 16h, calendar: offise} # here"),
    ],
)
def test_a_calendar_that_is_not_defined_is_refused_where_it_is_named(old: str, new: str) -> None:
    assert_refused(edited(old, new), "there is no calendar `offise`", "did you mean `office`?")
