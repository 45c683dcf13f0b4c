"""Shifts from iCalendar files."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation.documents.icalendar import MOST_EVENTS, InvalidCalendarFile
from escalation.roster.files.ics import CalendarFile, read_ics

START = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = START + timedelta(days=60)
PEOPLE = {"ana": "ana", "ana@example.com": "ana", "ben": "ben", "ben@example.com": "ben"}

OWN_ZONE = """\
BEGIN:VTIMEZONE
TZID:Office
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def event(*lines: str, uid: str = "1", who: str = "ana") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{who}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> str:
    return "".join(["BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n", *parts, "END:VCALENDAR\n"])


def read(*parts: str, zone: str | None = None, start: datetime = START, until: datetime = UNTIL) -> CalendarFile:
    return read_ics(
        calendar(*parts),
        "nights.ics",
        start=start,
        until=until,
        zone=zone,
        person_of=lambda name: PEOPLE.get(name.lower()),
    )


def told(found: CalendarFile) -> list[tuple[str, str, str]]:
    return [(turn.person, f"{turn.start:%m-%d %H:%M}", f"{turn.end:%m-%d %H:%M}") for turn in found.turns]


def problems(*parts: str, zone: str | None = None) -> tuple[str, ...]:
    with pytest.raises(InvalidCalendarFile) as caught:
        read(*parts, zone=zone)
    return caught.value.problems


def berlin(start: str, end: str, *more: str, zone: str = "Europe/Berlin", **kind: str) -> str:
    return event(f"DTSTART;TZID={zone}:{start}", f"DTEND;TZID={zone}:{end}", *more, **kind)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "W. Europe Standard Time", "Office"])
def test_nights_keep_their_wall_time_over_a_clock_change(zone: str) -> None:
    """Also where the zone is named as Windows does, or is the file's own."""
    found = read(OWN_ZONE, berlin("20260327T220000", "20260328T060000", "RRULE:FREQ=DAILY;COUNT=3", zone=zone))
    assert told(found) == [
        ("ana", "03-27 21:00", "03-28 05:00"),
        ("ana", "03-28 21:00", "03-29 04:00"),
        ("ana", "03-29 20:00", "03-30 04:00"),
    ]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
def test_a_start_in_a_gap_counts_by_the_offset_from_before_it(zone: str) -> None:
    """RFC 5545, 3.3.5: 02:30 that does not happen is 03:30."""
    found = read(OWN_ZONE, berlin("20260329T023000", "20260329T060000", zone=zone))
    assert told(found) == [("ana", "03-29 01:30", "03-29 04:00")]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
def test_a_start_in_a_fold_is_the_first_of_two(zone: str) -> None:
    late = datetime(2026, 10, 1, tzinfo=UTC)
    text = berlin("20261025T023000", "20261025T060000", zone=zone)
    assert told(read(OWN_ZONE, text, start=late, until=late + timedelta(days=60))) == [
        ("ana", "10-25 00:30", "10-25 05:00")
    ]


def test_zones_off_by_half_an_hour_and_changes_of_half_an_hour() -> None:
    kolkata = berlin("20260302T090000", "20260302T173000", zone="Asia/Kolkata")
    # Clocks go back by half an hour at 02:00 on 5 April 2026: 01:45 happens twice.
    lord_howe = berlin("20260405T014500", "20260405T030000", zone="Australia/Lord_Howe", uid="2")
    assert told(read(kolkata, lord_howe)) == [
        ("ana", "03-02 03:30", "03-02 12:00"),
        ("ana", "04-04 14:45", "04-04 16:30"),
    ]


def test_hours_of_a_duration_are_exact_time_and_days_are_days() -> None:
    hours = event("DTSTART;TZID=Europe/Berlin:20260328T220000", "DURATION:PT8H", "RRULE:FREQ=DAILY;COUNT=2")
    days = event("DTSTART;TZID=Europe/Berlin:20260328T220000", "DURATION:P1D", uid="2", who="ben")
    assert told(read(hours, days)) == [
        ("ana", "03-28 21:00", "03-29 05:00"),
        ("ben", "03-28 21:00", "03-29 20:00"),
        ("ana", "03-29 20:00", "03-30 04:00"),
    ]


def test_the_attendee_counts_before_the_summary() -> None:
    by_address = berlin(
        "20260302T090000", "20260302T100000", "ATTENDEE;CN=Somebody:mailto:Ben@example.com", who="Nights"
    )
    by_name = berlin("20260303T090000", "20260303T100000", "ATTENDEE;CN=ben:mailto:x@example.org", uid="2", who="ana")
    assert [turn.person for turn in read(by_address, by_name).turns] == ["ben", "ben"]


def test_exceptions_moves_and_other_people_for_one_night_are_followed() -> None:
    nights = berlin(
        "20260302T220000", "20260303T060000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20260303T220000"
    )
    another = berlin(
        "20260304T200000", "20260305T060000", "RECURRENCE-ID;TZID=Europe/Berlin:20260304T220000", who="ben"
    )
    extra = berlin("20260310T220000", "20260311T060000", "RDATE;TZID=Europe/Berlin:20260312T220000", uid="2")
    assert told(read(nights, another, extra)) == [
        ("ana", "03-02 21:00", "03-03 05:00"),
        ("ben", "03-04 19:00", "03-05 05:00"),
        ("ana", "03-05 21:00", "03-06 05:00"),
        ("ana", "03-10 21:00", "03-11 05:00"),
        ("ana", "03-12 21:00", "03-13 05:00"),
    ]


def test_what_is_called_off_is_not_a_shift_and_may_name_anyone() -> None:
    nights = berlin("20260302T220000", "20260303T060000", "RRULE:FREQ=DAILY;COUNT=2")
    off = berlin(
        "20260303T220000",
        "20260304T060000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260303T220000",
        "STATUS:CANCELLED",
        who="?",
    )
    assert told(read(nights, off)) == [("ana", "03-02 21:00", "03-03 05:00")]


def test_a_rule_that_never_ends_is_cut_at_the_horizon() -> None:
    found = read(berlin("20200101T220000", "20200102T060000", "RRULE:FREQ=DAILY"))
    assert told(found)[0] == ("ana", "02-28 21:00", "03-01 05:00")
    assert found.turns[-1].start < UNTIL
    assert len(found.turns) == 61


def test_a_turn_that_runs_at_the_first_instant_is_whole() -> None:
    found = read(berlin("20260228T220000", "20260301T060000"))
    assert told(found) == [("ana", "02-28 21:00", "03-01 05:00")]


def test_days_and_times_without_zone_are_meant_in_the_shifts_zone() -> None:
    day = event("DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330")
    floating = event("DTSTART:20260402T080000", "DTEND:20260402T170000", uid="2", who="ben")
    assert told(read(day, floating, zone="Europe/Berlin")) == [
        ("ana", "03-27 23:00", "03-29 22:00"),
        ("ben", "04-02 06:00", "04-02 15:00"),
    ]
    assert [problem.partition(": ")[0] for problem in problems(day, floating)] == ["nights.ics:4", "nights.ics:10"]


def test_everyone_named_is_known_also_outside_the_time_asked_for() -> None:
    past = berlin("20200101T220000", "20200102T060000", who="ben")
    assert (read(past).turns, sorted(read(past).people)) == ((), ["ben"])


HOUR = ("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((*HOUR, "RRULE:FREQ=SECONDLY"), "repeats SECONDLY; a shift repeats DAILY or more rarely"),
        ((*HOUR, "RRULE:FREQ=MINUTELY;COUNT=3"), "repeats MINUTELY"),
        ((*HOUR, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), "repeats HOURLY"),
        (("DTSTART:19900302T090000Z", "DTEND:19900302T093000Z", "RRULE:FREQ=HOURLY"), f"more than {MOST_EVENTS} events"),
        ((*HOUR, "RRULE:FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSECOND=1,2,3"),
         "let it begin later, repeat more rarely, or end with UNTIL"),
        ((*HOUR, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "has a rule that never happens"),
        ((*HOUR, "RRULE:FREQ=SOMETIMES"), "cannot be read"),
        ((*HOUR, "RRULE:FREQ=DAILY;INTERVAL=0"), "repeats at an interval of less than 1"),
        ((*HOUR, "RRULE:FREQ=DAILY;COUNT=3;UNTIL=20260401T000000Z"), "has a rule with COUNT and UNTIL"),
        ((*HOUR, "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=DAILY;COUNT=3;UNTIL=20260401T000000Z"), "COUNT and UNTIL"),
        (("DTSTART:20260302T090000Z",), "has no DTEND and no DURATION"),
        (("DTEND:20260302T090000Z",), "has no DTSTART"),
        (("DTSTART:20260302T090000Z", "DTEND:20260302T080000Z"), "ends before it begins"),
        (("DTSTART:20260302T090000Z", "DTEND:20260302T100000Z", "DTEND:20260302T110000Z"), "has no single readable DTEND"),
        (("DTSTART:20260302T090000Z/PT1H", "DTEND:20260302T100000Z"), "DTSTART"),
        (("DTSTART:00010101T090000Z", "DTEND:20260302T100000Z"), "is in the year 1; write one from 1900"),
        (("DTSTART:yesterday", "DTEND:20260302T080000Z"), "DTSTART"),
        (("DTSTART;TZID=Mars/Olympus:20260302T090000", "DTEND;TZID=Mars/Olympus:20260302T100000"),
         "is in the zone `Mars/Olympus`, which is unknown; add its VTIMEZONE"),
    ],
)  # fmt: skip
def test_an_absurd_event_is_refused_with_its_line(lines: tuple[str, ...], says: str) -> None:
    (problem,) = problems(event(*HOUR, uid="0"), event(*lines))
    assert problem.startswith("nights.ics:10: this event ")
    assert says in problem


def test_many_events_that_are_too_many_together_are_refused() -> None:
    hourly = [
        event("DTSTART:20250302T090000Z", "DTEND:20250302T093000Z", "RRULE:FREQ=HOURLY", uid=str(number))
        for number in range(3)
    ]
    (problem,) = problems(*hourly)
    assert problem.startswith("nights.ics:11: ")


def test_an_event_that_names_a_stranger_or_no_one_is_refused() -> None:
    stranger, nobody = event(*HOUR, who="zoe"), event(*HOUR, who="", uid="2")
    first, second = problems(stranger, nobody)
    assert first == (
        "nights.ics:4: this event names `zoe`, who is not in the roster; "
        "write a person's id as its SUMMARY, or their address as ATTENDEE"
    )
    assert second == "nights.ics:10: this event names no one; write the person's id as its SUMMARY, or add an ATTENDEE"


@pytest.mark.parametrize(
    "text", ["", "hello", "BEGIN:VCALENDAR\n", "BEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "\x00"]
)
def test_what_is_not_a_calendar_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InvalidCalendarFile) as caught:
        read_ics(text, "nights.ics", start=START, until=UNTIL, zone=None, person_of=PEOPLE.get)
    (problem,) = caught.value.problems
    assert problem.startswith("nights.ics:")


def test_a_file_with_windows_line_ends_has_the_same_lines() -> None:
    text = calendar(event(*HOUR), event(*HOUR, who="zoe", uid="2")).replace("\n", "\r\n")
    with pytest.raises(InvalidCalendarFile, match=r"nights.ics:10: .*zoe"):
        read_ics(text, "nights.ics", start=START, until=UNTIL, zone=None, person_of=PEOPLE.get)


def test_a_file_of_too_many_turns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation.roster.files.ics.MOST_TURNS", 2)
    found = problems(berlin("20260302T090000", "20260302T170000", "RRULE:FREQ=DAILY;COUNT=3"))
    assert found == ("nights.ics:1: makes more than 2 turns; export a shorter time",)


def test_a_calendar_of_too_many_characters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation.documents.icalendar.MOST_CHARACTERS", 100)
    assert problems(berlin("20260302T090000", "20260302T170000"))[0].endswith("characters; the most is 100")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("RRULE:FREQ=MONTHLY;BYDAY=99MO", "nights.ics:4: this event has a rule that cannot be read: "),
        ("RDATE;VALUE=TIME:090000", "nights.ics:4: this event has an RDATE that is not a date; correct it"),
        ("SEQUENCE:1\nSEQUENCE:2", "nights.ics:1: its events cannot be expanded: "),
    ],
)
def test_what_the_standard_does_not_allow_is_refused_in_words(line: str, says: str) -> None:
    (found,) = problems(berlin("20260302T090000", "20260302T170000", line))
    assert found.startswith(says)
