"""Whatever an iCalendar or a roster file holds, it is read or refused in words. `make fuzz` tries many more."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.compiler.own_holidays import own_holidays
from escalation.documents.icalendar import InvalidCalendarFile, decode_ics
from escalation.roster.files import InvalidRoster
from escalation.roster.files.ics import read_ics
from tests.unit.rostering.people import load_roster

pytestmark = pytest.mark.fuzz

START = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = START + timedelta(days=60)
PEOPLE = {"ana": "ana", "ana@example.com": "ana", "ben": "ben"}

MOMENTS = st.sampled_from([
    "20260302T090000Z", "20260302T100000Z", "20260329T023000", "20260301", "00010101T000000Z", "99991231T235959Z",
    "20260302T090000Z/PT8H", "20260230T090000Z", "00000000", "", "20260302T250000Z", "1", "20260303T090000Z,20260303T090000Z",
])  # fmt: skip
SPANS = st.sampled_from(["PT8H", "-PT8H", "P1D", "P99999999D", "P1W", "PT0S", "P", "PT99999999999999H"])
PARTS = st.sampled_from([
    "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=YEARLY", "FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=", "COUNT=999999999", "COUNT=-1",
    "INTERVAL=0", "INTERVAL=999999", "UNTIL=99991231T000000Z", "UNTIL=20260310", "BYDAY=MO,TU", "BYDAY=XX", "BYDAY=-53SU",
    "BYMONTH=2", "BYMONTHDAY=30", "BYMONTHDAY=-31", "BYSETPOS=1", "BYHOUR=0,1,2", "BYWEEKNO=53", "WKST=MO", "X=1", "RSCALE=HEBREW",
])  # fmt: skip
PARAMS = st.sampled_from([
    "", ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=Europe/Berlin", ";TZID=Mars/Olympus", ";TZID=", ";PARTSTAT=DECLINED",
    ";PARTSTAT=DELEGATED", ";ROLE=NON-PARTICIPANT", ";CUTYPE=ROOM", ';DELEGATED-TO="mailto:ben"', ";CN=ben", ';CN="', ";RANGE=THISANDFUTURE",
    ";X=" + "\u00e4" * 3,
])  # fmt: skip
NAMES = st.sampled_from(
    ["DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE", "DURATION", "ATTENDEE", "SUMMARY", "UID", "STATUS"]
)
VALUES = st.one_of(MOMENTS, SPANS, st.sampled_from(["ana", "mailto:ana@example.com", "CANCELLED", "mailto:zoe@example.com", "\\n\\,"]),
                   st.text(max_size=20))  # fmt: skip
LINES = st.one_of(
    st.builds(lambda name, params, value: f"{name}{params}:{value}", NAMES, PARAMS, VALUES),
    st.builds(lambda name, parts: f"{name}:{';'.join(parts)}", st.sampled_from(["RRULE", "RRULE", "EXRULE"]), st.lists(PARTS, max_size=4)),
    st.sampled_from(["BEGIN:VALARM", "END:VALARM", "BEGIN:VEVENT", "END:VEVENT", "METHOD:CANCEL", " folded", "\tfolded", "", "BEGIN:VTIMEZONE", "END:VTIMEZONE"]),
)  # fmt: skip
HOURS = ["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"]
EVENTS = st.builds(
    lambda uid, base, lines, who: ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{who}", *base, *lines, "END:VEVENT"],
    st.integers(0, 3),
    st.sampled_from([HOURS, HOURS, [], ["DTSTART;VALUE=DATE:20260302"], ["DTSTART;TZID=Europe/Berlin:20260329T023000", "DURATION:PT8H"]]),
    st.lists(LINES, max_size=4),
    st.sampled_from(["ana", "ana", "ben", "zoe", ""]),
)  # fmt: skip
CALENDARS = st.builds(
    lambda events, before, end: end.join(["BEGIN:VCALENDAR", *before, *(line for event in events for line in event), "END:VCALENDAR", ""]),
    st.lists(EVENTS, max_size=3),
    st.lists(LINES, max_size=1),
    st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip

bounded = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refused(text: str) -> None:
    try:
        found = read_ics(text, "rota.ics", start=START, until=UNTIL, zone="UTC", person_of=PEOPLE.get)
    except InvalidCalendarFile as error:
        refused = error.problems
    else:
        refused = ()
        assert all(turn.start < turn.end and turn.person in {"ana", "ben"} for turn in found.turns)
    assert all(problem.startswith("rota.ics:") for problem in refused)


@bounded
@given(CALENDARS)
def test_every_calendar_is_read_or_refused_with_its_line(text: str) -> None:
    read_or_refused(text)


@bounded
@given(st.one_of(st.binary(max_size=200), CALENDARS.map(lambda text: text.encode("utf-16"))))
def test_every_file_is_decoded_or_refused(data: bytes) -> None:
    try:
        text = decode_ics(data, "rota.ics")
    except InvalidCalendarFile:
        return
    read_or_refused(text)


@bounded
@given(CALENDARS)
def test_every_calendar_gives_holidays_or_is_refused(text: str) -> None:
    try:
        found = own_holidays("firm.ics", lambda _: text.encode(), range(2026, 2028))
    except InvalidCalendarFile as error:
        refused = error.problems
    else:
        refused = ()
        assert all(day[:4] in {"2026", "2027"} for day in found)
    assert all(problem.startswith("firm.ics:") for problem in refused)


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(),
    st.sampled_from(["ana", "ben", "09:00-17:00", "22:00-06:00", "mon 09:00", "2026-03-02", "0001-01-01", "Europe/Berlin", "*x", "&x y", "!!float 1"]),
    st.text(max_size=10),
)  # fmt: skip
KEYS = st.sampled_from([
    "people", "shifts", "overrides", "absences", "id", "name", "address", "tiers", "skills", "max_open", "always", "rotation", "hours",
    "zone", "starts", "hand_over", "ics", "from", "to", "person", "instead_of", "mon-fri", "<<",
])  # fmt: skip
VALUES_OF_YAML = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=20,
)
ANA = "people:\n  - {id: ana, name: Ana, address: ana@example.com, skills: [technical], tiers: [1], max_open: 3}\n"


def flow(value: object) -> str:
    """As YAML's flow style has it; texts are left as they are, so some of them mean something."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


@bounded
@given(st.one_of(
    st.text(max_size=80),
    st.dictionaries(KEYS, VALUES_OF_YAML, max_size=4).map(flow),
    st.builds(lambda key, value: f"{ANA}{key}: {flow(value)}\n", st.sampled_from(["shifts", "overrides", "absences"]), VALUES_OF_YAML),
    st.dictionaries(KEYS, VALUES_OF_YAML, max_size=6).map(lambda shift: f"{ANA}shifts:\n  s: {flow(shift)}\n"),
))  # fmt: skip
def test_every_roster_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        people = load_roster(text, "team.yaml")
    except InvalidRoster as error:
        refused = error.problems
    else:
        refused = ()
        assert people
    assert all(problem.startswith("team.yaml:") for problem in refused)
