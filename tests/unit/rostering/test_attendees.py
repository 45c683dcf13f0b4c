"""Who is on duty during an event of an iCalendar file."""

import pytest

from escalation.roster.files.attendees import MOST_ATTENDEES
from tests.unit.rostering.test_ics import berlin, problems, read

TIMES = ("20260302T090000", "20260302T100000")
STRANGER = "who is not in the roster; write a person's id as its SUMMARY, or their address as ATTENDEE"


def attendee(who: str, *params: str) -> str:
    return f"ATTENDEE{''.join(f';{param}' for param in params)}:mailto:{who}@example.com"


def on_duty(*lines: str, who: str = "Primary on call") -> list[str]:
    return [turn.person for turn in read(berlin(*TIMES, *lines, who=who)).turns]


def test_all_attendees_are_on_the_shift_together() -> None:
    assert on_duty(attendee("ana"), attendee("ben")) == ["ana", "ben"]


@pytest.mark.parametrize("answer", ["ACCEPTED", "NEEDS-ACTION", "TENTATIVE", "X-MAYBE", "accepted"])
def test_an_event_is_an_assignment_that_holds_until_it_is_declined(answer: str) -> None:
    assert on_duty(attendee("ana", f"PARTSTAT={answer}"), attendee("ben", "PARTSTAT=ACCEPTED")) == ["ana", "ben"]


@pytest.mark.parametrize("params", [
    ["PARTSTAT=DECLINED"], ["PARTSTAT=declined"], ['PARTSTAT="DECLINED"'], ["PARTSTAT=DELEGATED"],
    ["ROLE=NON-PARTICIPANT"], ["ROLE=NON-PARTICIPANT", "PARTSTAT=ACCEPTED"], ["ROLE=OPT-PARTICIPANT"],
    ["ROLE=OPT-PARTICIPANT", "PARTSTAT=TENTATIVE"], ["CUTYPE=ROOM"], ["CUTYPE=RESOURCE"],
])  # fmt: skip
def test_who_declined_or_is_only_informed_is_not_on_the_shift(params: list[str]) -> None:
    assert on_duty(attendee("ana", *params), attendee("ben", "PARTSTAT=ACCEPTED")) == ["ben"]


@pytest.mark.parametrize(
    "line",
    [
        'ATTENDEE;CN="A. B.";EMAIL="ana@example.com";PARTSTAT=ACCEPTED:invalid:nomail',
        "ATTENDEE;EMAIL=ana@example.com;CUTYPE=INDIVIDUAL:/aMzEx/principal/",
        "ATTENDEE:MAILTO:ana%40example.com",
        "ATTENDEE:mailto:ana@example.com?subject=Rota",
    ],
)
def test_an_address_is_found_wherever_a_calendar_keeps_it(line: str) -> None:
    assert on_duty(line, attendee("ben", "PARTSTAT=DECLINED")) == ["ana"]


def test_an_optional_attendee_who_accepted_is_on_the_shift() -> None:
    assert on_duty(attendee("ana", "ROLE=OPT-PARTICIPANT", "PARTSTAT=ACCEPTED"), attendee("ben")) == ["ana", "ben"]


def test_the_chair_is_an_attendee_like_the_others() -> None:
    assert on_duty(attendee("ana", "ROLE=CHAIR"), attendee("ben", "ROLE=REQ-PARTICIPANT")) == ["ana", "ben"]


def test_to_organize_a_shift_is_not_to_be_on_it() -> None:
    assert on_duty("ORGANIZER:mailto:ana@example.com", attendee("ben")) == ["ben"]
    assert on_duty("ORGANIZER:mailto:ana@example.com", who="ben") == ["ben"]


def test_an_event_of_which_everyone_declined_has_no_one_and_is_a_warning() -> None:
    found = read(berlin(*TIMES, attendee("ana", "PARTSTAT=DECLINED"), who="ben"))
    assert (found.turns, found.people) == ((), frozenset())
    assert found.warnings == ((4, "everyone whom this event names declined; no one is on this shift then"),)


def test_a_room_is_no_one_so_the_summary_says_who_it_is() -> None:
    room = "ATTENDEE;CUTYPE=ROOM:mailto:desk-4@example.org"
    assert on_duty(room, who="ana") == ["ana"]
    (problem,) = problems(berlin(*TIMES, room, who="Night duty"))
    assert problem == f"nights.ics:4: this event names `Night duty`, {STRANGER}"


@pytest.mark.parametrize("params", [(), ("PARTSTAT=ACCEPTED",), ("CUTYPE=GROUP",), ("CN=Zoe",)])
def test_a_stranger_among_the_attendees_is_a_problem_with_its_line(params: tuple[str, ...]) -> None:
    (problem,) = problems(berlin(*TIMES, attendee("ana"), attendee("zoe", *params), who="ana"))
    assert problem == f"nights.ics:4: this event names `zoe@example.com`, {STRANGER}"


def test_a_stranger_who_is_not_on_the_shift_anyway_is_none() -> None:
    assert on_duty(attendee("ana"), attendee("zoe", "PARTSTAT=DECLINED")) == ["ana"]


def test_a_delegate_is_on_the_shift_in_place_of_the_one_who_delegated_it() -> None:
    passed = attendee("ana", "PARTSTAT=DELEGATED", 'DELEGATED-TO="mailto:ben@example.com"')
    assert on_duty(passed) == ["ben"]
    assert on_duty(passed, attendee("ben", "PARTSTAT=ACCEPTED", 'DELEGATED-FROM="mailto:ana@example.com"')) == ["ben"]
    assert on_duty(passed, attendee("ben", "PARTSTAT=DECLINED")) == []
    (problem,) = problems(berlin(*TIMES, passed.replace("ben@", "zoe@")))
    assert problem == f"nights.ics:4: this event names `zoe@example.com`, {STRANGER}"


def test_one_person_with_two_answers_is_a_problem() -> None:
    twice = attendee("ana", "PARTSTAT=DECLINED"), "ATTENDEE;CN=ana;PARTSTAT=ACCEPTED:mailto:other@example.org"
    (problem,) = problems(berlin(*TIMES, *twice))
    assert problem == "nights.ics:4: this event names `ana` twice, with different answers; remove one ATTENDEE"
    assert on_duty(attendee("ana"), attendee("ana")) == ["ana"]


def test_one_occurrence_may_have_other_people_and_other_answers() -> None:
    series = berlin("20260302T220000", "20260303T060000", "RRULE:FREQ=DAILY;COUNT=4", attendee("ana"), attendee("ben"))
    without_ana = berlin(
        "20260303T220000", "20260304T060000", "RECURRENCE-ID;TZID=Europe/Berlin:20260303T220000",
        attendee("ana", "PARTSTAT=DECLINED"), attendee("ben"),
    )  # fmt: skip
    ana_alone = berlin(
        "20260304T220000", "20260305T060000", "RECURRENCE-ID;TZID=Europe/Berlin:20260304T220000", attendee("ana")
    )
    off = berlin(
        "20260305T220000", "20260306T060000", "RECURRENCE-ID;TZID=Europe/Berlin:20260305T220000", "STATUS:CANCELLED"
    )
    found = read(series, without_ana, ana_alone, off)
    assert [(turn.person, turn.start.day) for turn in found.turns] == [("ana", 2), ("ben", 2), ("ben", 3), ("ana", 4)]


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "TRANSP:OPAQUE", "STATUS:TENTATIVE", "STATUS:CONFIRMED"])
def test_whether_an_event_shows_as_busy_says_nothing_of_duty(line: str) -> None:
    assert on_duty(line, attendee("ana")) == ["ana"]


def test_a_crowd_is_refused() -> None:
    (problem,) = problems(berlin(*TIMES, *[attendee("ana")] * (MOST_ATTENDEES + 1)))
    assert f"has {MOST_ATTENDEES + 1} attendees; at most {MOST_ATTENDEES} can be on a shift together" in problem
