"""`roster check`, and `roster show` and `roster who` on a file: no server."""

from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[3]
DEFAULT = TOP / "policies" / "default.yaml"
SHIFTS = TOP / "examples" / "roster-shifts.yaml"

TEAM = """\
people:
  - {id: ana, name: Ana, address: ana@example.com, skills: [technical], tiers: [1], max_open: 3}
  - {id: ben, name: Ben, address: ben@example.com, skills: [technical], tiers: [1, 2], max_open: 4}
  - {id: jana, name: Jana, address: jana@example.com, zone: Europe/Berlin, skills: [technical], tiers: [3], max_open: 5, always: true}
shifts:
  days:
    tiers: [1, 2]
    zone: Europe/Berlin
    people: [ana, ben]
    hours: {mon-thu: 09:00-17:30, fri: 09:00-15:00}
"""

SKILLS = """\
people:
  - {id: ana, name: Ana, address: ana@example.com, skills: [technical, service, product, policy], tiers: [1, 2], max_open: 3, always: true}
  - {id: ben, name: Ben, address: ben@example.com, skills: [billing], tiers: [1], max_open: 4}
  - {id: jana, name: Jana, address: jana@example.com, skills: [technical, service, product, policy, billing, behaviour], tiers: [3], authority: 5000, max_open: 5, always: true}
shifts:
  early-week:
    tiers: [1]
    zone: Europe/Berlin
    people: [ben]
    hours: {mon-tue: 00:00-24:00}
"""


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    return file


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Taken from the default policy, with one calendar for all offers."""
    text = (
        DEFAULT.read_text(encoding="utf-8").replace("SEV1: 24x7", "SEV1: office").replace("SEV2: 24x7", "SEV2: office")
    )
    text = text.replace("    holidays:\n      country: DE\n", "    holidays:\n      dates: [2026-03-06]\n")
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return file


async def test_gaps_are_shown_with_their_exact_windows_and_exit_zero(desk: Desk, team: Path, policy: Path) -> None:
    ended = await desk("roster", "check", str(team), "--policy", str(policy), "--json")

    assert (ended.code, ended.err) == (0, "")
    assert ended.json["gaps_until"] == "2026-03-30T09:00:00Z"
    # Friday afternoons, but for the holiday on 6 March; summer time begins on the 29th.
    fridays = [{"start": f"2026-03-{day}T14:00:00Z", "end": f"2026-03-{day}T16:30:00Z"} for day in ("13", "20", "27")]
    assert [(gap["tier"], gap["calendar"], gap["windows"]) for gap in ended.json["gaps"]] == [
        (1, "office", fridays),
        (2, "office", fridays),
    ]


async def test_gaps_are_a_table_for_people(desk: Desk, team: Path, policy: Path) -> None:
    ended = await desk("roster", "check", str(team), "--policy", str(policy))

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[0] == f"{team}: ok, 3 people, 3 of them active, 1 shift"
    assert "1 front line office Fri 2026-03-13 14:00 Fri 2026-03-13 16:30" in lines


async def test_a_person_always_there_leaves_no_gap_but_while_absent(desk: Desk, team: Path, policy: Path) -> None:
    away = "absences:\n  - {person: jana, from: 2026-03-10T12:00, to: 2026-03-11}\n"
    write(team, TEAM + away)
    ended = await desk("roster", "check", str(team), "--policy", str(policy), "--json")

    (management,) = [gap for gap in ended.json["gaps"] if gap["tier"] == 3]
    assert management["windows"] == [
        {"start": "2026-03-10T11:00:00Z", "end": "2026-03-10T16:30:00Z"},
        {"start": "2026-03-11T08:00:00Z", "end": "2026-03-11T16:30:00Z"},
    ]


async def test_a_person_who_is_not_active_closes_no_gap(desk: Desk, team: Path, policy: Path) -> None:
    write(team, TEAM.replace("tiers: [3], max_open: 5", "tiers: [3], max_open: 5, active: false"))
    ended = await desk("roster", "check", str(team), "--policy", str(policy), "--json")
    assert 3 in {gap["tier"] for gap in ended.json["gaps"]}


async def test_what_no_one_on_shift_can_do_is_shown_with_its_exact_windows_and_exit_zero(
    desk: Desk, team: Path, policy: Path
) -> None:
    write(team, SKILLS)
    ended = await desk("roster", "check", str(team), "--policy", str(policy), "--json")

    assert (ended.code, ended.err) == (0, "")
    assert ended.json["gaps"] == []
    (billing,) = [lack for lack in ended.json["lacks"] if lack["skills"] == ["billing"] and lack["tier"] == 1]
    assert (billing["calendar"], billing["authority"], billing["people"]) == ("office", 0, 1)
    # Ben has it, on Mondays and Tuesdays; 6 March is a holiday, and summer time begins on the 29th.
    assert billing["windows"][:3] == [
        {"start": f"2026-03-{day}T08:00:00Z", "end": f"2026-03-{day}T16:30:00Z"} for day in ("04", "05", "11")
    ]
    assert len(billing["windows"]) == 11


async def test_what_no_one_can_do_is_a_table_of_bounded_length(desk: Desk, team: Path, policy: Path) -> None:
    write(team, SKILLS)
    ended = await desk("roster", "check", str(team), "--policy", str(policy))

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert "every tier is staffed up to 2026-03-30 09:00:00 UTC" in lines[2]
    first = lines.index("1 front line billing office Wed 2026-03-04 08:00 Wed 2026-03-04 16:30")
    assert lines[first + 4] == "Fri 2026-03-13 08:00 Fri 2026-03-13 16:30"
    assert lines[first + 5] == "and 6 more, the last one up to Fri 2026-03-27 16:30"
    assert "2 specialist authority 100 office no one in the tier, at any time" in lines


async def test_a_staffed_ladder_is_shown_as_one(desk: Desk, policy: Path) -> None:
    ended = await desk("roster", "check", str(TOP / "examples" / "roster.yaml"), "--policy", str(policy))
    assert "every tier is staffed up to 2026-03-30 09:00:00 UTC" in " ".join(ended.out.split())


async def test_an_override_that_replaces_no_one_is_a_warning_with_its_line(desk: Desk, team: Path) -> None:
    overrides = "overrides:\n  - {shift: days, person: ben, instead_of: ana, from: 2026-03-07, to: 2026-03-08}\n"
    write(team, TEAM + overrides)
    ended = await desk("roster", "check", str(team))

    assert (ended.code, ended.err) == (0, "")
    assert f"{team}:12: warning: no one whom this override replaces is on shift then" in ended.out


async def test_mistakes_in_shifts_are_shown_with_their_lines_and_exit_two(desk: Desk, team: Path) -> None:
    write(team, TEAM.replace("people: [ana, ben]", "people: [ana, bem]").replace("mon-thu", "mon-thr"))
    ended = await desk("roster", "check", str(team))

    assert (ended.code, ended.out) == (2, "")
    unknown, weekday = ended.err.splitlines()
    assert unknown.startswith(f"bad input: {team}:9: ")
    assert weekday.startswith(f"bad input: {team}:10: ")


async def test_a_wrong_policy_is_shown_as_one(desk: Desk, team: Path, tmp_path: Path) -> None:
    ended = await desk("roster", "check", str(team), "--policy", str(tmp_path / "none.yaml"))
    assert (ended.code, ended.out) == (2, "")
    assert "cannot be read" in ended.err


async def test_show_reads_a_file_without_a_database(desk: Desk, team: Path) -> None:
    ended = await desk(
        "roster", "show", str(team), "--from", "2026-03-27T00:00Z", "--days", "4", "--zone", "Europe/Berlin"
    )

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert lines[1] == "Fri 2026-03-27 09:00 +0100 Fri 2026-03-27 15:00 +0100 days 1 ana"
    assert lines[3] == "Mon 2026-03-30 09:00 +0200 Mon 2026-03-30 17:30 +0200 days 1 ana"
    assert lines[4].endswith("days 1, 2 ben")
    assert lines[-1] == "asked around the clock: jana"


async def test_who_reads_a_file_without_a_database(desk: Desk, team: Path) -> None:
    answers = {}
    for at in ("2026-03-03T07:59Z", "2026-03-03T08:00Z", "2026-03-03T16:30Z"):
        ended = await desk("roster", "who", "--tier", "1", "--at", at, "--roster", str(team), "--json")
        answers[at] = [(each["person"], each["until"], each["open"]) for each in ended.json["people"]]
    over = "2026-03-03T16:30:00Z"
    assert list(answers.values()) == [[], [("ana", over, None), ("ben", over, None)], []]


async def test_the_example_has_a_person_on_call_at_any_time(desk: Desk) -> None:
    ended = await desk("roster", "who", "--tier", "2", "--roster", str(SHIFTS), "--json")
    (person,) = ended.json["people"]
    assert (person["person"], person["shifts"]) == ("hana", ["specialist-on-call"])


@pytest.mark.parametrize(
    "command",
    [
        ("show", "--days", "0"),
        ("show", "--from", "2026-03-27T00:00"),
        ("show", "--zone", "Berlin"),
        ("who",),
        ("who", "--tier", "0"),
        ("load", "none.yaml"),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_a_line(desk: Desk, command: tuple[str, ...]) -> None:
    ended = await desk("roster", *command)
    assert (ended.code, ended.out, "Traceback" in ended.err) == (2, "", False)


async def test_check_names_who_is_asked_around_the_clock_because_the_file_has_no_shifts(desk: Desk, team: Path) -> None:
    write(team, TEAM[: TEAM.index("shifts:")])
    ended = await desk("roster", "check", str(team), "--json")
    (warning,) = ended.json["warnings"]
    assert warning["text"].startswith("there are no `shifts:`, so `ana`, `ben` are asked around the clock; add shifts")
    assert ended.json["around_the_clock"] == ["ana", "ben", "jana"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("people: [ana, ben]", "people: [ana]"),
        ("    people: [ana, ben]\n    hours: {mon-thu: 09:00-17:30, fri: 09:00-15:00}\n",
         "    people: [ana]\n    hours: {mon: 09:00-15:00}\noverrides:\n"
         "  - {person: ben, instead_of: ana, from: 2020-03-02, to: 2020-03-02}\n"),
    ],
    ids=["taken off the shift", "all of it in the past"],
)  # fmt: skip
async def test_check_names_who_is_never_asked_and_who_does_not_ask_them(
    desk: Desk, team: Path, old: str, new: str
) -> None:
    assert old in TEAM
    write(team, TEAM.replace(old, new))
    ended = await desk("roster", "check", str(team), "--json")
    (warning,) = ended.json["warnings"]
    assert (warning["line"], warning["text"].partition(";")[0]) == (
        3,
        "`ben` has no shift up to 2027-04-06, so is never asked",
    )
    shown = await desk("roster", "show", str(team), "--json")
    assert shown.json["always"] == ["jana"]
    there = await desk("roster", "who", "--tier", "2", "--roster", str(team), "--at", "2026-03-02T10:00Z", "--json")
    assert there.json["people"] == []


async def test_check_names_events_that_everyone_declined_and_tentative_answers(desk: Desk, team: Path) -> None:
    declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@example.com\n"
    tentative = "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ben@example.com\n"
    event = "BEGIN:VEVENT\nUID:{}\nSUMMARY:On call\n{}DTSTART:2026031{}T080000Z\nDTEND:2026031{}T090000Z\nEND:VEVENT\n"
    events = event.format(1, declined, 0, 0) + event.format(2, declined + tentative, 1, 1)
    rota = team.parent / "rota.ics"
    write(rota, f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n")
    write(team, TEAM + "  rota: {tiers: [1], ics: rota.ics}\n")
    ended = await desk("roster", "check", str(team), "--json")
    assert [(each["file"], each["line"], each["text"]) for each in ended.json["warnings"]] == [
        (str(rota), 4, "everyone whom this event names declined; no one is on this shift then"),
        (str(rota), 11, "`ben` accepted this event only tentatively, and is on the shift"),
    ]
