"""Shifts, overrides and absences of a roster file."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from escalation.business_time import parse_hours
from escalation.roster import Absence, Listed, Override, Pattern, Rotation, expand
from escalation.roster.files import InvalidRoster, Roster, members_of, new_roster, read_roster
from escalation.roster.files.week import read_instant
from tests.unit.rostering.people import load_roster
from tests.unit.rostering.test_ics import HOUR, calendar, event

EXAMPLE = Path(__file__).parents[3] / "examples" / "roster-shifts.yaml"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNTIL = NOW + timedelta(days=30)

SOUND = """\
people:
  - {id: ana, name: Ana, address: ana@example.com, zone: Europe/Lisbon, skills: [technical], tiers: [1, 2], max_open: 3}
  - {id: ben, name: Ben, address: ben@example.com, skills: [billing], tiers: [2], max_open: 4}
  - {id: chloe, name: Chloe, address: chloe@example.com, zone: Asia/Tokyo, skills: [billing], tiers: [2], max_open: 4}
  - {id: dora, name: Dora, address: dora@example.com, zone: Europe/Athens, skills: [billing], tiers: [3], max_open: 4}
shifts:
  office:
    tiers: [1, 2]
    zone: Europe/Berlin
    people: [ana, ben]
    hours:
      mon-thu: 09:00-17:30
      fri: [09:00-12:00, 13:00-15:00]
  on-call:
    tiers: [2]
    rotation:
      people: [ana, ben]
      hand_over: mon 09:00
      zone: Europe/Berlin
      starts: 2026-01-05
overrides:
  - {shift: on-call, person: chloe, instead_of: ben, from: 2026-03-10, to: 2026-03-11}
absences:
  - {person: ana, from: 2026-03-20, to: 2026-03-22}
"""


def written(tmp_path: Path, text: str, **others: str) -> Path:
    for name, content in others.items():
        (tmp_path / f"{name}.ics").write_text(content, encoding="utf-8")
    file = tmp_path / "team.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def read(tmp_path: Path, text: str = SOUND, **others: str) -> Roster:
    return read_roster(written(tmp_path, text, **others), NOW, UNTIL)


def edited(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidRoster) as caught:
        load_roster(text, "team.yaml")
    return caught.value.problems


def test_a_file_becomes_a_plan(tmp_path: Path) -> None:
    plan = read(tmp_path).plan
    office, on_call = plan.shifts
    assert (office.name, office.tiers) == ("office", (1, 2))
    assert isinstance(office.source, Pattern)
    assert (office.source.people, office.source.week.zone) == (("ana", "ben"), "Europe/Berlin")
    assert [[(each.opens, each.closes) for each in day] for day in office.source.week.weekly] == [
        *[[(540, 1050)]] * 4,
        [(540, 720), (780, 900)],
        [],
        [],
    ]
    assert on_call.source == Rotation(
        people=("ana", "ben"), weekday=0, minute=540, zone="Europe/Berlin", starts=date(2026, 1, 5)
    )
    assert plan.serves == {"ana": (1, 2), "ben": (2,), "chloe": (2,), "dora": (3,)}


def test_dates_are_whole_days_and_the_last_one_is_included(tmp_path: Path) -> None:
    """An override's in the zone of its shift, an absence's in that of the person."""
    plan = read(tmp_path).plan
    assert plan.overrides == (
        Override(
            person="chloe",
            shift="on-call",
            instead_of="ben",
            start=datetime(2026, 3, 9, 23, tzinfo=UTC),
            end=datetime(2026, 3, 11, 23, tzinfo=UTC),
        ),
    )
    assert plan.absences == (
        Absence(person="ana", start=datetime(2026, 3, 20, tzinfo=UTC), end=datetime(2026, 3, 23, tzinfo=UTC)),
    )


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-03-10 09:00", "Europe/Berlin", "2026-03-10T08:00"),
        ("2026-03-10T09:00", "Europe/Berlin", "2026-03-10T08:00"),
        ("2026-03-10T09:00:30", "Asia/Kolkata", "2026-03-10T03:30:30"),
        ("2026-03-10T09:00Z", "Europe/Berlin", "2026-03-10T09:00"),
        ("2026-03-10T09:00+05:30", "Europe/Berlin", "2026-03-10T03:30"),
        ("2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:00"),
        ("2026-10-25 02:30", "Europe/Berlin", "2026-10-25T00:30"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "2026-10-03T15:30"),
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00"),
    ],
)
def test_an_instant_is_read_in_its_zone_or_with_its_offset(text: str, zone: str, instant: str) -> None:
    assert read_instant(text, zone, end=False) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_an_instant_written_with_its_offset_keeps_it(tmp_path: Path) -> None:
    """YAML readers like to turn such a text into something else."""
    text = edited("from: 2026-03-20, to: 2026-03-22", "from: 2026-03-20T09:00:00+09:00, to: 2026-03-20 10:00:00")
    (absence,) = read(tmp_path, text).plan.absences
    assert (absence.start.hour, absence.end.hour) == (0, 10)


def test_in_a_roster_with_shifts_everyone_of_a_tier_is_asked_only_on_shift(tmp_path: Path) -> None:
    """Also `chloe`, who only takes over once, and `dora`, whom no shift names."""
    roster = read(tmp_path)
    assert roster.scheduled == {"ana", "ben", "chloe", "dora"}
    assert {member.id for member in members_of(roster) if member.scheduled} == roster.scheduled


def test_people_who_serve_no_tier_can_be_asked_by_name_at_any_time(tmp_path: Path) -> None:
    assert read(tmp_path, edited("tiers: [3]", "tiers: []")).scheduled == {"ana", "ben", "chloe"}


def test_around_the_clock_is_said_by_name(tmp_path: Path) -> None:
    roster = read(tmp_path, edited("tiers: [3], max_open: 4", "tiers: [3], max_open: 4, always: true"))
    assert roster.scheduled == {"ana", "ben", "chloe"}
    assert [person.id for person in roster.around_the_clock] == ["dora"]
    assert roster.unsaid == frozenset()


def test_a_roster_whose_last_shift_was_removed_has_no_one_on_duty(tmp_path: Path) -> None:
    people = SOUND[: SOUND.index("shifts:")]
    assert read(tmp_path, f"{people}shifts: {{}}\n").scheduled == {"ana", "ben", "chloe", "dora"}


def test_without_shifts_someone_may_still_say_that_they_are_never_asked(tmp_path: Path) -> None:
    people = SOUND[: SOUND.index("shifts:")].replace(
        "tiers: [3], max_open: 4", "tiers: [3], max_open: 4, always: false"
    )
    roster = read(tmp_path, people)
    assert roster.scheduled == {"dora"}
    assert roster.unsaid == {"ana", "ben", "chloe"}


def test_around_the_clock_and_on_a_shift_contradict_each_other(tmp_path: Path) -> None:
    always = "tiers: [1, 2], max_open: 3", "tiers: [1, 2], max_open: 3, always: true"
    what = "`ana` is on every shift already by `always: true`; remove one of the two"
    assert problems(edited(*always)) == (
        f"team.yaml:10: shifts.office.people.0: {what}",
        f"team.yaml:17: shifts.on-call.rotation.people.0: {what}",
    )
    text = with_nights().replace(
        "tiers: [2], max_open: 4}\n  - {id: dora", "tiers: [2], max_open: 4, always: true}\n  - {id: dora"
    )
    with pytest.raises(
        InvalidRoster, match=r"team.yaml:21: shifts.nights: `chloe`, whom nights.ics names, is on every"
    ):
        read(tmp_path, text, nights=EVENT.format(who="chloe"))


def test_absences_of_those_always_there_go_with_them_and_those_of_the_others_into_their_shifts(tmp_path: Path) -> None:
    text = SOUND.replace("tiers: [3], max_open: 4", "tiers: [3], max_open: 4, always: true")
    roster = read(tmp_path, text + "  - {person: dora, from: 2026-03-04, to: 2026-03-04}\n")
    away = {member.id: member.absences for member in members_of(roster) if member.absences}
    assert away == {"dora": ((datetime(2026, 3, 3, 22, tzinfo=UTC), datetime(2026, 3, 4, 22, tzinfo=UTC)),)}
    friday = datetime(2026, 3, 20, 10, tzinfo=UTC)
    assert {duty.person for duty in expand(roster.plan, friday, friday + timedelta(hours=1))} == {"ben"}


def test_the_checksum_follows_every_file(tmp_path: Path) -> None:
    one = read(tmp_path)
    assert one.checksum == read(tmp_path).checksum
    assert one.checksum != read(tmp_path, SOUND + "\n").checksum
    assert set(one.source) == {"team.yaml"}


def test_what_goes_into_the_database_covers_the_whole_horizon(tmp_path: Path) -> None:
    new = new_roster(read(tmp_path), NOW, UNTIL)
    assert (new.covers_until, {member.id for member in new.members}) == (UNTIL, {"ana", "ben", "chloe", "dora"})
    assert max(duty.end for duty in new.duties) >= UNTIL
    assert min(duty.end for duty in new.duties) > NOW


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("people: [ana, ben]\n    hours", "people: [ana, bem]\n    hours", 10, "no one has the id `bem`; did you mean `ben`?"),
        ("people: [ana, ben]\n    hours", "people: [ana, dora]\n    hours", 10, "`dora` serves no tier of this shift (1, 2)"),
        ("people: [ana, ben]\n    hours", "people: [ana, ana]\n    hours", 10, "`ana` is listed twice"),
        ("people: [ana, ben]\n    hours", "people: []\n    hours", 10, "is empty; write at least one"),
        ("people: [ana, ben]\n      hand", "people: [ana, eve]\n      hand", 17, "no one has the id `eve`"),
        ("mon 09:00", "monday 09:00", 18, "write a weekday and a time, such as `mon 09:00`"),
        ("mon 09:00", "mon 24:00", 18, "write a weekday and a time"),
        ("2026-01-05", "2026-02-30", 20, "there is no day `2026-02-30`"),
        ("2026-01-05", "soon", 20, "write a date, such as `2026-01-05`"),
        ("    zone: Europe/Berlin\n    people", "    people", 7, "has no zone"),
        ("      zone: Europe/Berlin\n      starts", "      zone: Berlin\n      starts", 19, "did you mean Europe/Berlin"),
        ("    tiers: [2]\n    rotation", "    tiers: [2]\n    zone: UTC\n    rotation", 16, "the rotation has a zone"),
        ("    tiers: [2]\n    rotation", "    tiers: []\n    rotation", 15, "is empty; write at least one"),
        ("    tiers: [2]\n    rotation", "    rotation", 14, "shifts.on-call.tiers: `on-call` has no `tiers`; add `tiers:`"),
        ("    tiers: [2]\n    rotation", "    tiers: [2]\n    people: [ana]\n    rotation", 14, "has `people` and `rotation`"),
        ("    people: [ana, ben]\n    hours", "    hours", 7, "says nothing of who is on it"),
        ("mon-thu", "mon-thr", 12, "`thr` is not a weekday; did you mean `thu`?"),
        ("mon-thu", "mon-fri", 13, "`fri` has hours already"),
        ("09:00-17:30", "9-17", 12, "`9-17` are not hours; write `09:00-17:30`"),
        ("09:00-17:30", "09:00-25:00", 12, "are not times of a day"),
        ("[09:00-12:00, 13:00-15:00]", "[09:00-14:00, 13:00-15:00]", 13, "the hours of `fri` overlap"),
        ("hand_over:", "handover:", 18, "unknown key `handover`; did you mean `hand_over`?"),
        ("  office:", "  Office Hours:", 7, "write lower-case letters, digits and single dashes"),
        ("shift: on-call", "shift: on_call", 22, "there is no shift `on_call`; did you mean `on-call`?"),
        ("person: chloe, instead", "person: cloe, instead", 22, "no one has the id `cloe`; did you mean `chloe`?"),
        ("instead_of: ben", "instead_of: bern", 22, "no one has the id `bern`; did you mean `ben`?"),
        ("instead_of: ben", "instead_of: chloe", 22, "cannot stand in for themselves"),
        ("person: chloe, instead", "person: dora, instead", 22, "`dora` serves no tier of this shift"),
        ("{shift: on-call, person: chloe, instead_of: ben,", "{person: chloe,", 22, "replaces no one"),
        ("to: 2026-03-11", "to: 2026-03-09", 22, "`2026-03-09` is not after `2026-03-10`"),
        ("to: 2026-03-11", "to: 2026-03-32", 22, "there is no `2026-03-32`"),
        ("to: 2026-03-11", "to: tomorrow", 22, "write `2026-12-24`, `2026-12-24 09:00`"),
        ("to: 2026-03-11", "until: 2026-03-11", 22, "unknown key `until`"),
        ("person: ana, from", "person: anna, from", 24, "no one has the id `anna`; did you mean `ana`?"),
        ("to: 2026-03-22", "to: 2026-03-19", 24, "is not after"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_to_write(old: str, new: str, line: int, says: str) -> None:
    found = problems(edited(old, new))
    assert any(problem.startswith(f"team.yaml:{line}: ") and says in problem for problem in found), found


@pytest.mark.parametrize(
    "second",
    [
        "{shift: on-call, person: chloe, instead_of: ben, from: 2026-03-11, to: 2026-03-12}",
        "{shift: on-call, person: ana, from: 2026-03-11, to: 2026-03-12}",
        "{person: ana, instead_of: ben, from: 2026-03-11T22:59Z, to: 2026-03-12}",
    ],
)
def test_overrides_that_overlap_are_refused_with_both_lines_and_the_time(second: str) -> None:
    (problem,) = problems(edited("absences:", f"  - {second}\nabsences:"))
    assert problem.startswith("team.yaml:23: overrides.1: overlaps with the override in line 22 from 2026-03-1")
    assert "to 2026-03-11 23:00 UTC; end one before the other starts" in problem


@pytest.mark.parametrize(
    "second",
    [
        "{shift: on-call, person: chloe, instead_of: ben, from: 2026-03-12, to: 2026-03-12}",
        "{shift: on-call, person: chloe, instead_of: ana, from: 2026-03-10, to: 2026-03-11}",
        "{shift: office, person: chloe, instead_of: ben, from: 2026-03-10, to: 2026-03-11}",
    ],
)
def test_overrides_that_touch_or_concern_others_are_none_that_overlap(second: str) -> None:
    assert len(load_roster(edited("absences:", f"  - {second}\nabsences:"), "team.yaml")) == 4


def test_an_absent_person_cannot_take_over() -> None:
    (problem,) = problems(SOUND + "  - {person: chloe, from: 2026-03-11, to: 2026-03-30}\n")
    assert "team.yaml:22: overrides.0: `chloe` is absent from 2026-03-10 15:00 UTC to 2026-03-30 15:00 UTC" in problem


def test_all_mistakes_of_all_sections_are_named_at_once() -> None:
    text = (
        edited("mon-thu", "mo-thu")
        .replace("instead_of: ben", "instead_of: x")
        .replace("person: ana, from", "person: y, from")
    )
    assert [problem.split(":")[1] for problem in problems(text)] == ["12", "22", "24"]


def test_a_calendar_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    text = SOUND.replace("overrides:", "  nights: {tiers: [2], ics: nights.ics}\noverrides:")
    with pytest.raises(
        InvalidRoster, match=r"team.yaml:21: shifts.nights.ics: .*nights.ics: cannot be read: No such file"
    ):
        read(tmp_path, text)


EVENT = """\
BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:{who}
DTSTART:20260303T200000Z
DTEND:20260304T060000Z
END:VEVENT
END:VCALENDAR
"""


def with_nights(more: str = "") -> str:
    return SOUND.replace("overrides:", f"  nights: {{tiers: [2], ics: nights.ics{more}}}\noverrides:")


@pytest.mark.parametrize("file", ["../nights.ics", "/etc/nights.ics", "a/../../b.ics", "passwd"])
def test_a_calendar_file_is_next_to_the_roster(file: str) -> None:
    (problem,) = problems(with_nights().replace("nights.ics", file))
    assert problem.startswith("team.yaml:21: shifts.nights.ics: ")
    assert "is not an iCalendar file beside the roster; name one, such as `nights.ics`" in problem


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_dates_centuries_away_are_refused(day: str) -> None:
    text = SOUND.replace("2026-01-05", day).replace("to: 2026-03-22", f"to: {day}")
    assert [problem.split(":")[1] for problem in problems(text)] == ["20", "24"]


def test_a_calendar_file_gives_turns_to_whom_it_names(tmp_path: Path) -> None:
    roster = read(tmp_path, with_nights(), nights=EVENT.format(who="chloe"))
    (nights,) = [shift for shift in roster.plan.shifts if shift.name == "nights"]
    assert isinstance(nights.source, Listed)
    assert [turn.person for turn in nights.source.turns] == ["chloe"]
    assert set(roster.source) == {"team.yaml", "nights.ics"}


@pytest.mark.parametrize("address", ["rota@example.com", "Rota@Example.com", "chloe@xn--mller-kva.example"])
def test_a_calendar_file_may_name_any_mail_address_of_a_person_in_either_spelling(tmp_path: Path, address: str) -> None:
    text = with_nights().replace("chloe@example.com", "chloe@m\u00fcller.example", 1)
    text = text.replace("{id: chloe, ", '{id: chloe, addresses: ["mail:rota@example.com"], ', 1)
    event = EVENT.replace("SUMMARY:{who}", "SUMMARY:Night\nATTENDEE:mailto:{who}")
    roster = read(tmp_path, text, nights=event.format(who=address))
    (nights,) = [shift for shift in roster.plan.shifts if shift.name == "nights"]
    assert isinstance(nights.source, Listed)
    assert [turn.person for turn in nights.source.turns] == ["chloe"]


def test_problems_of_a_calendar_file_are_next_to_those_of_the_roster(tmp_path: Path) -> None:
    text = with_nights().replace("instead_of: ben", "instead_of: x")
    with pytest.raises(InvalidRoster) as caught:
        read(tmp_path, text, nights=EVENT.format(who="zoe"))
    roster, calendar = caught.value.problems
    assert "team.yaml:23: overrides.0.instead_of" in roster
    assert calendar.startswith(f"{tmp_path / 'nights.ics'}:2: this event names `zoe`, who is not in the roster")


def test_a_person_a_calendar_file_names_must_serve_the_shift(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidRoster, match=r"team.yaml:21: shifts.nights: `dora`, whom nights.ics names, serves no tier"
    ):
        read(tmp_path, with_nights(), nights=EVENT.format(who="dora"))


def test_a_calendar_file_says_the_hours_itself(tmp_path: Path) -> None:
    with pytest.raises(InvalidRoster, match="leave the hours out"):
        read(tmp_path, with_nights(", hours: {mon: 09:00-10:00}"), nights=EVENT.format(who="ben"))


def test_a_file_of_people_alone_stays_what_it_was(tmp_path: Path) -> None:
    roster = read(tmp_path, SOUND[: SOUND.index("shifts:")])
    assert (roster.plan.shifts, roster.scheduled, new_roster(roster, NOW, UNTIL).duties) == ((), frozenset(), ())


def test_the_example_is_sound_and_uses_every_kind_of_shift() -> None:
    roster = read_roster(EXAMPLE, NOW, NOW + timedelta(days=400))
    assert [type(shift.source) for shift in roster.plan.shifts] == [Pattern, Rotation, Listed]
    assert {"jana", "kofi"} == {
        person.id for person in roster.people if person.tiers and person.id not in roster.scheduled
    }


def test_a_shift_without_hours_is_there_all_day(tmp_path: Path) -> None:
    hours = "    hours:\n      mon-thu: 09:00-17:30\n      fri: [09:00-12:00, 13:00-15:00]\n"
    office = read(tmp_path, edited(hours, "")).plan.shifts[0].source
    assert isinstance(office, Pattern)
    assert office.week.weekly[6] == (parse_hours("00:00", "24:00"),)


def test_an_override_of_a_shift_without_a_zone_is_meant_in_the_zone_of_the_person_replaced(tmp_path: Path) -> None:
    rota = "  rota: {tiers: [1], ics: rota.ics}\noverrides:\n"
    text = edited("overrides:\n", rota + "  - {shift: rota, person: ana, from: 2026-03-10, to: 2026-03-10}\n")
    plan = read(tmp_path, text, rota=calendar(event(*HOUR))).plan
    override = next(one for one in plan.overrides if one.shift == "rota")
    assert override.start == datetime(2026, 3, 10, tzinfo=UTC)  # in Lisbon


@pytest.mark.parametrize("text", ["2026-03-10 25:00", "2026-02-30 09:00"])
def test_a_time_that_does_not_exist_is_not_an_instant(text: str) -> None:
    assert read_instant(text, "UTC", end=False) is None
