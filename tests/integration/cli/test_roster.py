"""`roster load`, `roster show` and `roster who` against a real PostgreSQL."""

from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from escalation.case.commands import Decline, Reassign
from escalation.vocabulary import Category
from tests.unit.activities.builders import Clock, request
from tests.unit.domain.case import Case
from tests.unit.starter.desk import MONDAY, Desk

TEAM = """\
people:
  - {id: ana, name: Ana, address: ana@example.com, skills: [technical], tiers: [1], max_open: 3}
  - {id: ben, name: Ben, address: ben@example.com, skills: [technical], tiers: [1], max_open: 4}
  - {id: jana, name: Jana, address: jana@example.com, skills: [technical], tiers: [1, 2], max_open: 5, always: true}
shifts:
  days:
    tiers: [1]
    zone: UTC
    people: [ana]
    hours: {mon-fri: 08:00-16:00}
  saturdays:
    tiers: [1]
    zone: UTC
    people: [ana, ben]
    hours: {sat: 08:00-12:00}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM, encoding="utf-8")
    return file


def edit(team: Path, old: str, new: str) -> None:
    text = team.read_text(encoding="utf-8")
    assert old in text
    team.write_text(text.replace(old, new), encoding="utf-8")


async def test_loading_shows_the_version_and_how_far_shifts_are_known(desk: Desk, team: Path) -> None:
    ended = await desk("roster", "load", str(team), "--days", "10")
    assert (ended.code, ended.err) == (0, "")
    assert " ".join(ended.out.split()) == (
        f"{team}: loaded, 3 people, 3 of them active; version 1, shifts known up to 2026-03-12 09:00:00 UTC "
        "joins: ana (Ana) joins: ben (Ben) joins: jana (Jana)"
    )
    again = await desk("roster", "load", str(team), "--days", "10")
    assert "version 1 as before, shifts known up to" in " ".join(again.out.split())


async def test_a_running_shift_is_left_alone_and_the_answer_says_what_will_change(
    desk: Desk, team: Path, database: Database
) -> None:
    await desk("roster", "load", str(team))
    assert await Directory(database, Clock(MONDAY)).assign(request()) == "ana"
    edit(team, "people: [ana]", "people: [ben]")
    ended = await desk("roster", "load", str(team), "--json")

    assert (ended.json["version"], ended.json["open_cases"]) == (2, {"ana": 1})
    assert [(each["person"], each["shift"], each["takes_over"]) for each in ended.json["changes"]] == [
        ("ana", "days", "2026-03-02T16:00:00Z"),
        ("ben", "days", "2026-03-02T16:00:00Z"),
    ]
    who = await desk("roster", "who", "--tier", "1", "--json")
    assert [person["person"] for person in who.json["people"]] == ["jana", "ana"]
    tomorrow = await desk("roster", "who", "--tier", "1", "--at", "2026-03-03T09:00Z", "--json")
    assert {person["person"] for person in tomorrow.json["people"]} == {"ben", "jana"}


async def test_people_read_the_change_as_a_table(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    edit(team, "08:00-16:00", "08:00-12:00")
    ended = await desk("roster", "load", str(team), "--zone", "Europe/Berlin")

    (row,) = [line.split() for line in ended.out.splitlines() if line.startswith("days")]
    assert " ".join(row) == (
        "days 1 ana 0 Mon 2026-03-02 10:00 to 17:00 Mon 2026-03-02 10:00 to 13:00 Mon 2026-03-02 17:00 +0100"
    )
    assert ended.out.splitlines()[-1].startswith("Until then they stay as they are; --now changes them at once.")


async def test_now_changes_running_shifts_at_once(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    edit(team, "people: [ana]", "people: [ben]")
    ended = await desk("roster", "load", str(team), "--now", "--json")

    assert ended.json["at_once"] is True
    assert {each["takes_over"] for each in ended.json["changes"]} == {"2026-03-02T09:00:00Z"}
    who = await desk("roster", "who", "--tier", "1", "--json")
    assert {person["person"] for person in who.json["people"]} == {"ben", "jana"}


async def test_show_shows_who_is_on_which_shift_when(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    stored = await desk("roster", "show", "--days", "2", "--json")
    read = await desk("roster", "show", str(team), "--days", "2", "--json")

    # What was running when it was loaded is known from then on.
    assert [
        (each["start"], each["end"], each["shift"], each["tiers"], each["person"]) for each in read.json["stretches"]
    ] == [
        ("2026-03-02T08:00:00Z", "2026-03-02T16:00:00Z", "days", [1], "ana"),
        ("2026-03-03T08:00:00Z", "2026-03-03T16:00:00Z", "days", [1], "ana"),
        ("2026-03-04T08:00:00Z", "2026-03-04T16:00:00Z", "days", [1], "ana"),
    ]
    assert [each["end"] for each in stored.json["stretches"]] == [each["end"] for each in read.json["stretches"]]
    assert stored.json["always"] == read.json["always"] == ["jana"]


async def test_asking_beyond_what_is_known_says_so(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team), "--days", "3")
    for command in (("show", "--days", "9"), ("who", "--tier", "1", "--at", "2026-04-06T09:00Z")):
        ended = await desk("roster", *command)
        assert ended.code == 0
        assert "shifts are known only up to 2026-03-05 09:00:00 UTC" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("days", "warned"),
    [("31", False), ("30", False), ("29", True), ("8", True)],
)
async def test_the_end_of_the_known_shifts_is_shown_and_warned_of_when_it_is_less_than_30_days_off(
    desk: Desk, team: Path, days: str, warned: bool
) -> None:
    await desk("roster", "load", str(team), "--days", days)
    for command in (("show", "--days", "2"), ("who", "--tier", "1")):
        ended = await desk("roster", *command)
        told = " ".join(ended.out.split())
        assert "shifts are known up to 2026-0" in told
        in_time = f"in {days} d; after that no shift is known: run `escalations roster load` again"
        assert (in_time in told, ended.err, ended.code) == (warned, "", 0)
    await desk("roster", "load", str(team))
    assert "after that" not in (await desk("roster", "show")).out


async def test_a_database_without_a_roster_and_a_file_have_no_end_to_tell(desk: Desk, team: Path) -> None:
    assert "known" not in (await desk("roster", "show", str(team))).out
    assert "known" not in (await desk("roster", "who", "--tier", "1")).out


async def test_who_lists_people_cases_and_limits(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    ended = await desk("roster", "who", "--tier", "1")

    rows = [" ".join(line.split()) for line in ended.out.splitlines()[1:]]
    known = "shifts are known up to 2027-04-06 09:00:00 UTC"
    assert rows == ["ana days Mon 2026-03-02 16:00 0 3", "jana around the clock - 0 5", known]
    nobody = await desk("roster", "who", "--tier", "3")
    lines = ["no one is on shift at tier 3 at Mon 2026-03-02 09:00 UTC", known]
    assert (nobody.code, nobody.out.splitlines()) == (0, lines)


async def test_a_roster_with_a_mistake_in_its_calendar_file_changes_nothing(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    edit(team, "shifts:\n", "shifts:\n  nights: {tiers: [1], ics: nights.ics}\n")
    ended = await desk("roster", "load", str(team))
    assert (ended.code, ended.out) == (2, "")
    assert f"{team}:6: shifts.nights.ics: " in ended.err
    assert (await desk("roster", "show", "--json")).json["always"] == ["jana"]


async def test_before_migrate_the_new_commands_say_to_run_it_too(fresh_desk: Desk) -> None:
    for command in (("show",), ("who", "--tier", "1")):
        ended = await fresh_desk("roster", *command)
        assert (ended.code, ended.out) == (5, "")
        assert "run `escalations migrate`" in ended.err


def held_by_ben(ticket: str, *, is_owned: bool) -> Case:
    make = Case.working if is_owned else Case.opened
    return make(staffing=lambda wanted: wanted.person or "ben", ticket=ticket, category=Category.TECHNICAL)


BEN = "  - {id: ben, name: Ben, address: ben@example.com, skills: [technical], tiers: [1], max_open: 4}\n"


def without_ben(team: Path) -> None:
    edit(team, BEN, "")
    edit(team, "[ana, ben]", "[ana]")


async def test_load_lists_who_joins_leaves_and_changes(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    without_ben(team)
    edit(team, "people:\n", BEN.replace("ben", "cleo").replace("Ben", "Cleo").join(["people:\n", ""]))
    edit(
        team, "skills: [technical], tiers: [1], max_open: 3", "skills: [technical, billing], tiers: [1, 2], max_open: 3"
    )
    edit(
        team,
        "sat: 08:00-12:00}\n",
        "sat: 08:00-12:00}\n  sundays: {tiers: [1], zone: UTC, people: [cleo], hours: {sun: 08:00-12:00}}\n",
    )
    ended = await desk("roster", "load", str(team))
    assert [line.strip() for line in ended.out.splitlines() if line.startswith(("leaves", "joins", "changes"))] == [
        "leaves: ben (Ben)",
        "joins: cleo (Cleo)",
        "changes: ana: skills technical -> billing, technical; tiers 1 -> 1, 2",
    ]


async def test_who_is_no_longer_named_is_never_asked_again_and_keeps_their_name(
    desk: Desk, team: Path, database: Database
) -> None:
    edit(team, "people: [ana]", "people: [ben]")
    await desk("roster", "load", str(team))
    edit(team, BEN, "")
    edit(team, "people: [ben]", "people: [ana]")
    edit(team, "[ana, ben]", "[ana]")
    ended = await desk("roster", "load", str(team))
    assert ended.code == 0

    directory = Directory(database, Clock(MONDAY))
    assert await directory.assign(request(person="ben")) is None
    assert await directory.assign(request(2)) == "jana"
    who = await desk("roster", "who", "--tier", "1", "--json")
    assert "ben" not in {person["person"] for person in who.json["people"]}
    shown = await desk("roster", "show", "--json")
    assert "ben" not in shown.json["always"]
    assert (await directory.person("ben")).name == "Ben"


async def test_a_dry_run_changes_nothing(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    without_ben(team)
    ended = await desk("roster", "load", str(team), "--dry-run")
    lines = ended.out.splitlines()
    assert "would be loaded" in lines[0]
    assert "leaves: ben (Ben)" in [line.strip() for line in lines]
    again = await desk("roster", "load", str(team), "--dry-run", "--json")
    assert [each["person"] for each in again.json["team"]] == ["ben"]


async def test_open_cases_are_not_left_without_a_home(desk: Desk, team: Path, database: Database) -> None:
    edit(team, "people: [ana]", "people: [ben]")
    await desk("roster", "load", str(team))
    assert await Directory(database, Clock(MONDAY)).assign(request(escalation="escalation-T-1")) == "ben"
    edit(team, "tiers: [1], max_open: 4}", "tiers: [1], max_open: 4, active: false}")
    ended = await desk("roster", "load", str(team))
    assert ended.code == 2
    assert (
        f"{team}: `ben` leaves with 1 open case: T-1; reassign them, keep `ben` active, or add --hand-on" in ended.err
    )
    who = await desk("roster", "who", "--tier", "1", "--json")
    assert "ben" in {person["person"] for person in who.json["people"]}, "the roster before still holds"
    dry = await desk("roster", "load", str(team), "--dry-run")
    assert ": would be loaded with --hand-on only, " in dry.out
    assert "open case: T-1 is with ben; --hand-on hands it on to the next of its tier" in dry.out


async def test_open_cases_are_handed_on_through_ordinary_commands(desk: Desk, team: Path, database: Database) -> None:
    edit(team, "people: [ana]", "people: [ben]")
    await desk("roster", "load", str(team))
    directory = Directory(database, Clock(MONDAY))
    for ticket, is_owned in (("T-1", True), ("T-2", False)):
        desk.cases.lives[ticket] = held_by_ben(ticket, is_owned=is_owned)
        assert await directory.assign(request(escalation=f"escalation-{ticket}", tried=("jana",))) == "ben"
    without_ben(team)
    edit(team, "people: [ben]", "people: [ana]")
    ended = await desk("roster", "load", str(team), "--hand-on", "--by", "jana", "--json")

    assert ended.code == 0, ended.err
    assert [(each["escalation"], each["to"], each["problem"]) for each in ended.json["handed_on"]] == [
        ("escalation-T-1", "jana", ""),
        ("escalation-T-2", "", ""),
    ]
    (reassign, decline) = [command for _, command, _ in desk.cases.sent]
    assert reassign == Reassign(to="jana", by="jana", why="Ben is no longer on the team")
    assert decline == Decline(by="ben", why="Ben is no longer on the team")


async def test_a_case_that_cannot_be_handed_on_is_named_and_the_exit_code_says_so(
    desk: Desk, team: Path, database: Database
) -> None:
    edit(team, "people: [ana]", "people: [ben]")
    await desk("roster", "load", str(team))
    assert await Directory(database, Clock(MONDAY)).assign(request(escalation="escalation-T-9")) == "ben"
    without_ben(team)
    edit(team, "people: [ben]", "people: [ana]")
    ended = await desk("roster", "load", str(team), "--hand-on", "--by", "jana")
    assert ended.code == 1
    assert "not handed on: T-9 of ben: " in ended.out
    assert "1 case; the answer says why; run it again with --hand-on" in ended.err


async def test_handing_on_needs_to_know_who_does_it(desk: Desk, team: Path) -> None:
    ended = await desk("roster", "load", str(team), "--hand-on")
    assert (ended.code, "--by ID" in ended.err) == (2, True)


async def test_no_one_comes_to_be_asked_around_the_clock_by_accident(desk: Desk, team: Path) -> None:
    await desk("roster", "load", str(team))
    edit(team, TEAM[TEAM.index("shifts:") :], "")
    ended = await desk("roster", "load", str(team))
    assert ended.code == 2
    assert [line.partition("`")[2].partition("`")[0] for line in ended.err.splitlines()] == ["ana", "ben"]
    assert "would be asked around the clock; put them on a shift, or write `always: true`" in ended.err
