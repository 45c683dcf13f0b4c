"""iCalendar files as programs write them, and as no program should."""

from datetime import timedelta

import pytest

from escalation.documents.icalendar import MOST_BYTES, MOST_EVENTS, InvalidCalendarFile, decode_ics
from escalation.roster.files.ics import CalendarFile, read_ics
from tests.unit.rostering.test_ics import HOUR, OWN_ZONE, PEOPLE, START, UNTIL, berlin, calendar, event, problems, read

FILE = calendar(event(*HOUR))


def read_bytes(data: bytes) -> CalendarFile:
    return read_text(decode_ics(data, "nights.ics"))


def read_text(text: str) -> CalendarFile:
    return read_ics(text, "nights.ics", start=START, until=UNTIL, zone=None, person_of=PEOPLE.get)


def refusal(text: str) -> str:
    with pytest.raises(InvalidCalendarFile) as caught:
        read_text(text)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read_with_and_without_a_mark(encoding: str) -> None:
    (turn,) = read_bytes(FILE.encode(encoding)).turns
    assert turn.person == "ana"


@pytest.mark.parametrize(
    "data", [FILE.replace("ana", "anä").encode("latin-1"), b"\xff\xfeB", "\ufeff".encode("utf-16-be") + b"B"]
)
def test_another_encoding_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(
        InvalidCalendarFile, match=r"^nights.ics:\d: is not UTF-\d+ text at byte \d+; save it as UTF-8$"
    ):
        read_bytes(data)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(InvalidCalendarFile, match=f"the most is {MOST_BYTES}"):
        decode_ics(b" " * (MOST_BYTES + 1), "nights.ics")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    assert len(read_text(FILE.replace("\n", end)).turns) == 1
    assert refusal(calendar(event(*HOUR), event(*HOUR, who="zoe", uid="2")).replace("\n", end)).startswith(
        "nights.ics:10: "
    )


def test_folded_lines_are_one_line_and_keep_the_line_numbers() -> None:
    folded = FILE.replace("DTSTART:2026", "DTSTART:20\n 26").replace("SUMMARY:ana", "SUMMARY:a\n\tna")
    assert [turn.person for turn in read_text(folded).turns] == ["ana"]
    broken = calendar(event(*HOUR).replace("UID:1", "UID:\n 1"), event(*HOUR, who="zoe", uid="2"))
    assert refusal(broken.replace("BEGIN:VEVENT\nUID:2", "BEGIN:VE\n VENT\nUID:2")).startswith("nights.ics:11: ")


def test_a_file_may_hold_several_calendars() -> None:
    second = calendar(event("DTSTART:20260303T090000Z", "DTEND:20260303T100000Z", who="ben"))
    assert [turn.person for turn in read_text(FILE + second).turns] == ["ana", "ben"]
    assert refusal(FILE + second.replace("SUMMARY:ben", "SUMMARY:zoe")).startswith("nights.ics:14: ")


@pytest.mark.parametrize("method", ["CANCEL", "REPLY", "COUNTER", "cancel"])
def test_a_message_about_an_event_is_not_a_calendar(method: str) -> None:
    assert f"is a message of METHOD:{method.upper()} and not a calendar" in refusal(
        calendar(f"METHOD:{method}\n", event(*HOUR))
    )


@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST"])
def test_a_published_calendar_is_read(method: str) -> None:
    assert len(read(f"METHOD:{method}\n", event(*HOUR)).turns) == 1


def test_two_events_with_one_uid_are_refused_because_one_of_them_would_be_lost() -> None:
    (problem,) = problems(event(*HOUR), event(*HOUR, who="ben"))
    assert problem == "nights.ics:10: this event has the UID of the one in line 4; give it one of its own"


def test_events_without_a_uid_are_events() -> None:
    both = event(*HOUR), event(*HOUR, who="ben")
    assert len(read(*(each.replace("UID:1\n", "") for each in both)).turns) == 2


@pytest.mark.slow
@pytest.mark.core
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("DTSTART:20260302T090000Z", "DURATION:-PT8H"), "has no length; add a DTEND or a DURATION"),
        (("DTSTART:20260302T090000Z", "DURATION:-P1D"), "has no length"),
        (("DTSTART:20260302T090000Z", "DURATION:P99999999D"), "lasts 99999999 days; at most 3660 are allowed"),
        (("DTSTART:20260302T090000Z", "DTEND:89990302T090000Z"), "days; at most 3660 are allowed"),
        ((*HOUR, "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"), "has an EXRULE, which RFC 5545 no longer knows"),
        ((*HOUR, "RDATE:99991231T235959Z"), "is in the year 9999; write one from 1900"),
        ((*HOUR, "RDATE;VALUE=PERIOD:20260303T090000Z/P9999999D"), "lasts 9999999 days"),
        ((*HOUR, "RDATE:" + ",".join(["20260303T090000Z"] * (MOST_EVENTS + 1))), f"more than {MOST_EVENTS} events and dates"),
        ((*HOUR, "RRULE:FREQ=DAILY", "EXDATE:" + ",".join(["20260303T090000Z"] * (MOST_EVENTS + 1))), "list fewer"),
        ((*HOUR, "RRULE:FREQ=DAILY;COUNT=999999999999"), "has a RRULE that cannot be read"),
    ],
)  # fmt: skip
def test_what_could_never_end_is_refused_with_its_line(lines: tuple[str, ...], says: str) -> None:
    (problem,) = problems(event(*HOUR, uid="0"), event(*lines))
    assert problem.startswith("nights.ics:10: this event ")
    assert says in problem


def test_a_file_of_too_many_events_is_refused_before_it_is_read() -> None:
    text = calendar(*["BEGIN:VEVENT\nEND:VEVENT\n"] * (MOST_EVENTS + 1))
    assert (
        refusal(text) == f"nights.ics:{4 + 2 * MOST_EVENTS}: has more than {MOST_EVENTS} events; export a shorter time"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (calendar("BEGIN:VALARM\n" * 100_000 + "END:VALARM\n" * 100_000), ":9: is nested more than 6 levels deep"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n" * 101, ":201: has more than 100 calendars"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", ":1: BEGIN:VEVENT is never closed, so the file is cut off"),
        ("BEGIN:VCALENDAR\nEND:VEVENT\n", ":2: END:VEVENT closes nothing that is open"),
        (calendar(OWN_ZONE.replace("YEARLY", "SECONDLY"), berlin("20260302T090000", "20260302T100000", zone="Office")),
         "a clock change repeats YEARLY; name an IANA zone instead of this VTIMEZONE"),
        ("\n" * 500_001, "has more than 500000 lines"),
    ],
)  # fmt: skip
def test_a_file_made_to_keep_a_reader_busy_is_refused(text: str, says: str) -> None:
    assert says in refusal(text)


def test_of_many_problems_the_first_are_listed() -> None:
    strangers = [event(*HOUR, who="zoe", uid=str(number)) for number in range(60)]
    found = problems(*strangers)
    assert len(found) == 51
    assert found[-1].endswith(": and 10 more problems")


@pytest.mark.slow
def test_a_crowd_on_a_daily_event_is_bounded() -> None:
    many = {f"p{number}": f"p{number}" for number in range(200)}
    attendees = [f"ATTENDEE:mailto:{person}" for person in many]
    text = calendar(event("DTSTART:20240302T090000Z", "DTEND:20240302T100000Z", "RRULE:FREQ=DAILY", *attendees))
    with pytest.raises(InvalidCalendarFile, match="makes more than 100000 turns"):
        read_ics(text, "n.ics", start=START, until=START + timedelta(days=900), zone=None, person_of=many.get)
