import pytest

from escalation.documents.yaml import read_document
from tests.unit.compiler.texts import SOUND, assert_refused, edited, problems


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("17:00", "17:00"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("1.10", "1.10"),
        ("2026-12-24", "2026-12-24"),
        ("12-24", "12-24"),
        ("-10m", "-10m"),
        ("0x1F", "0x1F"),
        ('"7"', "7"),
        ("7", 7),
        ("-7", -7),
        ("true", True),
        ("false", False),
        ("~", None),
        ("", None),
    ],
)
def test_only_whole_numbers_and_truth_values_are_more_than_text(written: str, read: object) -> None:
    assert read_document(f"key: {written}\n").data == {"key": read}


def test_keys_are_text_as_they_are_written() -> None:
    assert read_document("7: a\ntrue: b\n2026-12-24: c\n75%: d\n").data == {
        "7": "a",
        "true": "b",
        "2026-12-24": "c",
        "75%": "d",
    }


def test_every_key_and_item_knows_its_line() -> None:
    document = read_document("a:\n  b: 1\n  c:\n    - x\n    - y: 2\n")
    assert document.lines[("a",)] == 1
    assert document.lines[("a", "b")] == 2
    assert document.lines[("a", "c", 0)] == 4
    assert document.lines[("a", "c", 1, "y")] == 5


def test_a_key_that_is_listed_twice_is_refused_with_both_lines() -> None:
    assert_refused(
        edited("  contact: desk\n", "  contact: desk\n  contact: other # here\n"),
        "`contact` is here twice, first in line 12",
        "keep one",
    )


def test_text_that_is_not_yaml_is_refused_where_it_breaks() -> None:
    assert_refused(
        edited("policy: small\n", "policy: small\nlate_after: @5s # here\n"), "this is not YAML", "in quotes"
    )


def test_characters_that_yaml_forbids_are_refused() -> None:
    assert "this is not YAML" in problems("policy: small\x00\n")[0]


def test_a_second_document_is_refused() -> None:
    assert_refused(f"{SOUND}--- # here\npolicy: other\n", "another document", "one document")


def test_an_anchor_that_is_there_twice_is_refused_as_its_alias_is() -> None:
    found = problems("policy: &a small\ncalendars: &a {}\nladder: *a\n")
    assert any(": aliases (" in each for each in found), found


def test_an_alias_is_refused_rather_than_followed() -> None:
    found = problems("policy: small\nladder: &top\n  tiers: *top\n")
    assert any(each.startswith("policy.yaml:3: aliases") and "write it out" in each for each in found), found


def test_a_tag_is_refused() -> None:
    assert_refused(edited("contact: desk", "contact: !secret desk # here"), "unknown tag `!secret`", "leave it out")


def test_a_list_as_a_key_is_refused() -> None:
    assert_refused(f"{SOUND}? [a, b] # here\n: c\n", "a key must be one word")


@pytest.mark.parametrize("text", ["~\n", "# only a comment\n", "", "- a\n", "text\n"])
def test_a_file_without_a_policy_is_refused_in_its_first_line(text: str) -> None:
    found = problems(text)
    assert found
    assert all(each.startswith("policy.yaml:1: ") for each in found), found


@pytest.mark.parametrize("text", ["[" * 500, "{a: " * 500])
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    assert problems(text) == (
        "policy.yaml:1: brackets or lines are nested too deeply; a policy needs no more than six levels",
    )


def test_a_character_that_does_not_exist_is_refused() -> None:
    assert "a character cannot be read" in problems('policy: "\\UFFFFFFFF"')[0]


@pytest.mark.parametrize("escape", ["\\0", "\\uD800", "\\n", "\\e"])
def test_text_that_no_one_can_see_is_refused(escape: str) -> None:
    assert_refused(edited("contact: desk", f'contact: "desk{escape}" # here'), "cannot be printed", "plain text")


def test_a_number_of_many_digits_is_refused_as_no_number() -> None:
    assert_refused(
        edited("contact: desk", f"contact: desk\n  rounds: {'9' * 5000} # here"), "a whole number is expected"
    )
