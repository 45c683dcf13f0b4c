from pathlib import Path

import pytest

from escalation.roster.files import InvalidRoster
from escalation.roster.files.model import RosterPerson
from escalation.roster.members import Member
from escalation.vocabulary import Category
from tests.unit.rostering.people import load_roster

EXAMPLE = Path(__file__).parents[2] / "examples" / "roster.yaml"

SOUND = """\
people:
  - id: ana
    name: Ana
    address: ana@example.com
    skills: [technical]
    tiers: [1]
    max_open: 3
  - id: ben
    name: Ben
    address: ben@example.com
    skills: [billing]
    tiers: [2, 3]
    max_open: 4
"""


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidRoster) as caught:
        load_roster(text, "team.yaml")
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def edited(old: str, new: str) -> str:
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def test_people_come_in_the_order_of_the_file_with_what_is_usual_filled_in() -> None:
    ana, ben = load_roster(SOUND, "team.yaml")
    assert ana == RosterPerson(
        id="ana", name="Ana", address="ana@example.com", skills=("technical",), tiers=(1,), max_open=3
    )
    assert (ana.language, ana.zone, ana.authority, ana.active) == ("en", "UTC", 0, True)
    assert ben.tiers == (2, 3)
    assert ben.abilities == ("billing", "writes_to_customers"), "a tier may require both"


def test_who_may_not_write_to_customers_lacks_what_a_tier_may_require() -> None:
    (ben,) = load_roster(edited("max_open: 4", "max_open: 4\n    writes_to_customers: false"), "team.yaml")[1:]
    assert ben.abilities == ("billing",)
    member = Member(id="ben", name="Ben", address="ben@example.com", skills=("billing",), writes_to_customers=False)
    assert member.abilities == ben.abilities, "the directory has the same"


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ("", "en"),
        ("languages: [de-AT, en]", "de-AT"),
        ("languages: []", "en"),
        ("language: en\n    languages: [de, en]", "en"),
        ("languages: [de, en]\n    language: tr", "tr"),
    ],
)
def test_messages_come_in_the_first_language_of_a_persons_own_unless_the_file_says_otherwise(
    given: str, language: str
) -> None:
    (ben,) = load_roster(edited("max_open: 4", f"max_open: 4\n    {given}"), "team.yaml")[1:]
    assert ben.language == language


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("    name: Ana\n", "", 2, "people.0.name: `people` has no `name`; add `name:` — for messages"),
        ("name: Ana", "name: 5", 3, "people.0.name: `name` is `5` where text is expected"),
        ("name: Ana", "name: ' Ana'", 3, "without blanks at its ends"),
        (
            "max_open: 4",
            "max_open: 4\n    autority: 5",
            14,
            "people.1.autority: unknown key `autority`; did you mean `authority`?",
        ),
        ("id: ben", "id: Ben Best", 8, "write lower-case letters, digits and single dashes"),
        ("ben@example.com", "ben", 10, "`ben` has no @; write one address"),
        ("ben@example.com", "a@b.c, d@e.f", 10, "write one address, not a list"),
        ("[billing]", "[bilings]", 11, "people.1.skills.0: skill `bilings` looks misspelt; did you mean `billing`?"),
        (
            "[billing]",
            "[writes_to_customers]",
            11,
            "is not a skill but a key of its own; write `writes_to_customers: true`",
        ),
        ("[billing]", "billing", 11, "`skills` is `billing` where a list is expected"),
        ("[2, 3]", "[2, '3']", 12, "people.1.tiers.1: `tiers` is `3` where a whole number is expected"),
        ("[2, 3]", "[0]", 12, "`tiers` is 0; write at least 1"),
        ("max_open: 4", "max_open: -1", 13, "`max_open` is -1; write at least 0"),
        ("max_open: 4", "max_open: 9999999999", 13, "write at most 2000000000"),
        (
            "max_open: 4",
            "max_open: 4\n    authority: 1.5",
            14,
            "people.1.authority: `authority` is `1.5` where a whole number",
        ),
        ("max_open: 4", "max_open: 4\n    zone: Europe/Berlni", 14, "did you mean Europe/Berlin"),
        ("max_open: 4", "max_open: 4\n    language: German", 14, "write a language tag"),
        (
            "max_open: 4",
            "max_open: 4\n    languages: [German]",
            14,
            "people.1.languages.0: `German` does not look right",
        ),
        (
            "max_open: 4",
            "max_open: 4\n    active: yes",
            14,
            "people.1.active: `active` is `yes` where `true` or `false` is expected",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_write(old: str, new: str, line: int, says: str) -> None:
    (problem,) = problems(edited(old, new))
    assert problem.startswith(f"team.yaml:{line}: ")
    assert says in problem


def test_all_mistakes_are_named_at_once_from_top_to_bottom() -> None:
    found = problems(edited("name: Ana", "name: 5").replace("[2, 3]", "[0]").replace("max_open: 3", "max_open: x"))
    assert [problem.split(":")[1] for problem in found] == ["3", "7", "12"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("people: [\n", "team.yaml:2: this is not YAML"),
        ("people:\n\t- a\n", "team.yaml:2: this is not YAML: found character"),
        ("people:\n- \x00\n", "team.yaml:2: this is not YAML: special characters are not allowed"),
        ("[" * 1000, "nested too deeply"),
        ("people:\n- id: a\n  id: b\n", "team.yaml:3: `id` is here twice, first in line 2; keep one"),
        ("", "team.yaml:1: people: the roster has no `people`; add `people:`"),
        ("- ana\n", "team.yaml:1: the roster is `[…]` where a mapping is expected"),
        ("people: []\n", "team.yaml:1: people: `people` is empty; write at least one"),
        ("# nobody\npeople: ana\n", "team.yaml:2: people: `people` is `ana` where a list is expected"),
        ("? [a]\n: b\n", "a key must be one word or text"),
        ("&a {people: *a}\n", "aliases (`*name`) are not allowed"),
    ],
)
def test_what_is_not_a_roster_is_refused_in_one_line(text: str, says: str) -> None:
    (problem,) = problems(text)
    assert says in problem


def test_unknown_sections_are_refused() -> None:
    assert "team.yaml:1: peple: unknown key `peple`; did you mean `people`?" in problems(
        SOUND.replace("people:", "peple:")
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "lines"),
    [("id: ben", "id: ana", "id", (2, 8)), ("ben@example.com", "ANA@example.com", "address", (4, 10))],
)
def test_the_same_person_twice_is_refused_at_both_places(
    old: str, new: str, field: str, lines: tuple[int, int]
) -> None:
    found = problems(edited(old, new))
    assert [problem.split(":")[1] for problem in found] == [str(line) for line in lines]
    assert all(f"{field} `ana" in problem and "is listed 2 times; keep one" in problem for problem in found)


def test_skills_of_a_tier_of_ones_own_are_welcome() -> None:
    assert load_roster(edited("[billing]", "[billing, mainframe]"), "team.yaml")[1].skills == ("billing", "mainframe")


def test_the_example_roster_staffs_every_category_on_every_tier_of_three() -> None:
    people = load_roster(EXAMPLE.read_text(encoding="utf-8"), "roster.yaml")
    asked = [person for person in people if person.tiers]
    assert len(asked) == 12
    for tier in (2, 3):
        staffed = {skill for person in asked if tier in person.tiers for skill in person.skills}
        assert staffed == set(Category)
    assert {"overseer", "front-desk"} <= {person.id for person in people}
    assert all(person.address.endswith("@example.com") for person in people)


def test_the_example_front_line_has_two_people_for_every_category_but_conduct() -> None:
    people = load_roster(EXAMPLE.read_text(encoding="utf-8"), "roster.yaml")
    for category in set(Category) - {Category.BEHAVIOUR}:
        assert len([person for person in people if 1 in person.tiers and category in person.skills]) >= 2


@pytest.mark.parametrize("role", ["customer", "system"])
def test_no_one_on_the_roster_has_the_name_of_a_role(role: str) -> None:
    with pytest.raises(InvalidRoster, match=f"team.yaml:2: people.0.id: id `{role}` looks like the role `{role}`"):
        load_roster(SOUND.replace("id: ana", f"id: {role}"), "team.yaml")
