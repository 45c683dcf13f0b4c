"""Kinds of holidays, several countries, and holidays of one's own from iCalendar files."""

from pathlib import Path

import pytest

from escalation.business_time import Calendar
from escalation.compiler.compile import compile_policy
from escalation.documents.text_file import beside
from escalation.errors import InvalidPolicy
from tests.unit.compiler.test_calendars import office, with_section
from tests.unit.compiler.texts import assert_refused

FIRM = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
SUMMARY:Founders' Day
DTSTART;VALUE=DATE:20200615
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Retreat
DTSTART;VALUE=DATE:20270301
DTEND;VALUE=DATE:20270304
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20270501
END:VEVENT
END:VCALENDAR
"""


def with_firm(text: str | bytes, *lines: str) -> Calendar:
    data = text.encode() if isinstance(text, str) else text
    policy = with_section(*(lines or ("holidays: {ics: firm.ics}",)))
    compiled = compile_policy(
        policy, source="policy.yaml", years=range(2026, 2028), read={"firm.ics": data}.__getitem__
    )
    return compiled.policy.calendars["office"]


def refusal(text: str | bytes) -> str:
    with pytest.raises(InvalidPolicy) as caught:
        with_firm(text)
    return str(caught.value)


def test_all_day_events_are_closed_dates_of_the_years_asked_for() -> None:
    assert with_firm(FIRM).holidays == ("2026-06-15", "2027-03-01", "2027-03-02", "2027-03-03", "2027-06-15")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_file_is_read_in_every_unicode_encoding(encoding: str) -> None:
    assert len(with_firm(FIRM.encode(encoding)).holidays) == 5


def test_own_holidays_come_on_top_of_those_of_the_country_and_shifts_say_more() -> None:
    found = with_firm(FIRM, "holidays: {country: DE, ics: [firm.ics]}", "shifts: {06-15: 09:00-13:00}").holidays
    assert {"2026-12-25", "2027-03-01"} <= set(found)
    assert "2026-06-15" not in found


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("DTSTART;VALUE=DATE:20270301", "DTSTART:20270301T120000Z", "firm.ics:10: the event `Retreat` is not a whole day"),
        ("RRULE:FREQ=YEARLY", "RRULE:FREQ=SECONDLY", "firm.ics:4: the event `Founders' Day` repeats SECONDLY; a holiday repeats"),
        ("RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;BYSECOND=1", "firm.ics:4: "),
        ("DTEND;VALUE=DATE:20270304", "DTEND;VALUE=DATE:20270201", "does not last from a day to a year; correct DTEND"),
        ("DTEND;VALUE=DATE:20270304", "DTEND;VALUE=DATE:29270201", "does not last from a day to a year"),
        ("DTEND;VALUE=DATE:20270304", "DTEND:20270304T120000Z", "does not end on a whole day; write DTEND;VALUE=DATE"),
        ("DTEND;VALUE=DATE:20270304", "DURATION:20270304T120000Z", "does not end on a whole day"),
        ("DTEND;VALUE=DATE:20270304", "DURATION:PT8H", "does not end on a whole day"),
        ("VALUE=DATE:20270301", "VALUE=DATE:00010301", "is in the year 1; write one from 1900 to 9000"),
        ("DTSTART;VALUE=DATE:20270301\n", "", "is not a whole day"),
        ("BEGIN:VCALENDAR", "BEGIN:VCARD", "END:VCALENDAR closes nothing that is open"),
        ("RRULE:FREQ=YEARLY", "RDATE;VALUE=DATE:20270101", "firm.ics:4: the event `Founders' Day` lists dates by RDATE"),
        ("RRULE:FREQ=YEARLY", "DTSTART;VALUE=DATE:20200616", "cannot be read; export the file again"),
        ("RRULE:FREQ=YEARLY", "RRULE:FREQ=YEARLY;BYDAY=99MO", "firm.ics:1: its events cannot be expanded"),
    ],
)  # fmt: skip
def test_an_event_that_is_not_a_holiday_is_named_with_its_line(old: str, new: str, says: str) -> None:
    assert old in FIRM
    told = refusal(FIRM.replace(old, new))
    assert told.startswith("policy.yaml:")
    assert says in told


@pytest.mark.parametrize("name", ["../firm.ics", "/etc/firm.ics", "firm.txt"])
def test_only_an_icalendar_file_beside_the_policy_may_be_named(name: str) -> None:
    assert_refused(
        with_section(f"holidays: {{ics: {name}}} # here"), "is not an iCalendar file beside the policy", "firm.ics"
    )


def test_a_file_that_is_not_there_is_named() -> None:
    def nothing(_: str) -> bytes:
        raise FileNotFoundError(2, "No such file")

    with pytest.raises(InvalidPolicy, match=r"firm.ics: cannot be read: No such file"):
        compile_policy(
            with_section("holidays: {ics: firm.ics}"), source="p.yaml", years=range(2026, 2027), read=nothing
        )


def test_kinds_of_holidays_are_closed_where_they_are_named() -> None:
    public = set(office(with_section("holidays: {country: AT}")).holidays)
    bank = set(office(with_section("holidays: {country: AT, kinds: [public, bank]}")).holidays)
    assert public < bank
    assert "2026-12-24" in bank - public


def test_holidays_of_several_countries_are_all_closed() -> None:
    several = set(office(with_section("holidays: {country: DE, countries: [AT, GB-SCT]}")).holidays)
    for alone in ("country: DE", "country: AT", "{country: GB, subdivision: SCT}"):
        section = alone if alone.startswith("{") else f"{{{alone}}}"
        assert set(office(with_section(f"holidays: {section}")).holidays) <= several


@pytest.mark.parametrize(
    ("section", "what", "advice"),
    [
        ("country: DE, kinds: [bank]", "`DE` has no holidays of the kind `bank`", "write one of"),
        ("country: DE, kinds: [publik]", "no holidays of the kind `publik`", "did you mean `public`?"),
        ("kinds: [public]", "kinds of holidays need a country", "`country:`"),
        ("country: DE, countries: [XX]", "no holidays are known for country `XX`", "such as `DE`"),
        ("country: DE, countries: [GB-XYZ]", "`GB` has no subdivision `XYZ`", ""),
    ],
)
def test_an_unknown_kind_or_country_is_refused_in_its_line(section: str, what: str, advice: str) -> None:
    assert_refused(with_section(f"holidays: {{{section}}} # here"), what, advice)


def test_an_event_that_began_the_year_before_closes_its_dates_in_the_years_asked_for() -> None:
    over_new_year = FIRM.replace("20270301", "20251230").replace("20270304", "20260103")
    assert with_firm(over_new_year).holidays == ("2026-01-01", "2026-01-02", "2026-06-15", "2027-06-15")


def test_a_file_that_closes_most_of_a_century_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation.compiler.own_holidays.MOST_DATES", 4)
    assert "firm.ics:1: closes more than 4 dates; export fewer years" in refusal(FIRM)


def test_without_years_or_a_folder_to_read_from_nothing_is_closed() -> None:
    policy = with_section("holidays: {ics: firm.ics}")
    read = {"firm.ics": FIRM.encode()}.__getitem__
    assert compile_policy(policy, source="p.yaml", years=range(0), read=read).policy.calendars["office"].holidays == ()
    with pytest.raises(InvalidPolicy, match=r"`firm.ics` cannot be read here; name the dates themselves"):
        compile_policy(policy, source="p.yaml", years=range(2026, 2027))


def test_a_file_beside_the_policy_is_read_and_nothing_else_is(tmp_path: Path) -> None:
    (tmp_path / "firm.ics").write_text(FIRM, encoding="utf-8")
    read = beside(tmp_path / "policy.yaml")
    assert read("firm.ics") == FIRM.encode()
    with pytest.raises(FileNotFoundError):
        read(".")
