"""Roster files as programs save them, and as no one should write them."""

from datetime import timedelta
from pathlib import Path

import pytest

from escalation.roster.files import InvalidRoster, read_roster
from tests.unit.rostering.people import load_roster
from tests.unit.rostering.test_ics import HOUR, START, calendar, event

TEAM = "people:\n  - {id: ana, name: Ana, address: ana@example.com, skills: [technical], tiers: [1], max_open: 3}\n"


def refusal(text: str) -> str:
    with pytest.raises(InvalidRoster) as caught:
        load_roster(text, "team.yaml")
    return caught.value.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_rosters_and_their_calendars_are_read_in_every_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "team.yaml"
    file.write_bytes((TEAM + "shifts:\n  rota: {tiers: [1], ics: rota.ics}\n").encode(encoding))
    (tmp_path / "rota.ics").write_bytes(calendar(event(*HOUR)).encode(encoding))
    roster = read_roster(file, START, START + timedelta(days=9))
    assert [person.id for person in roster.people] == ["ana"]
    assert set(roster.source) == {"team.yaml", "rota.ics"}
    assert not any("\ufeff" in text for text in roster.source.values())


def test_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_bytes(TEAM.replace("name: Ana", "name: Anä").encode("latin-1"))
    with pytest.raises(InvalidRoster, match=r"team.yaml:2: is not UTF-8 text at byte \d+; save it as UTF-8"):
        read_roster(file, START, START)


def test_a_calendar_that_is_not_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM + "shifts:\n  rota: {tiers: [1], ics: rota.ics}\n", encoding="utf-8")
    (tmp_path / "rota.ics").symlink_to("/dev/zero")
    with pytest.raises(InvalidRoster, match=r"rota.ics: cannot be read: No such file"):
        read_roster(file, START, START)


def test_aliases_are_refused_before_they_unfold() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for this, before in zip("bcdefghijklmnop", "abcdefghijklmno", strict=True):
        bomb += f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]\n"
    assert refusal(bomb) == "team.yaml:2: aliases (`*name`) are not allowed; write it out where it is needed"
    assert "aliases" in refusal("people: &all\n  - *all\n")
    assert "aliases" in refusal("people: &all\n  - &all {id: ana}\n  - *all\n")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000,
        "people: " + "9" * 10_000,
        'people: "\\UFFFFFFFF"',
        "people: !!binary [x]",
        "? [a, b]\n: c\n",
        "- " * 5_000,
    ],
    ids=["nested", "a huge number", "no character", "a tag", "a list as key", "nested by dashes"],
)
def test_what_no_roster_holds_is_refused_in_words(text: str) -> None:
    assert refusal(text).startswith("team.yaml:")


def test_a_file_that_fails_while_it_is_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM + "shifts:\n  rota: {tiers: [1], ics: rota.ics}\n", encoding="utf-8")
    (tmp_path / "rota.ics").symlink_to("/proc/self/mem")
    with pytest.raises(InvalidRoster, match=r"rota.ics: cannot be read: Input/output error"):
        read_roster(file, START, START)
    with pytest.raises(InvalidRoster, match="cannot be read: Is a directory"):
        read_roster(tmp_path, START, START)
