"""Patterns are bounded before they are used, so that no ticket can make one slow."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.triage.facts import LONGEST_TEXT
from escalation.triage.patterns import LONGEST_PATTERN, InvalidPattern, check_pattern
from tests.unit.triage.ruling import evidence, verdict


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bINV-\d{4,8}\b",
        r"(?:EUR|€)\s{0,3}\d{1,9}(?:[.,]\d{2})?",
        r"err(or)?\s{1,3}0x[0-9a-f]{1,8}",
        r"[^\]]x\.[]a]",
        r"^order \#\d{3}$",
        "a{2}",
    ],
)
def test_a_bounded_pattern_is_taken(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a*", "no upper bound; write one, such as `{0,20}`"),
        ("(a+)+b", "no upper bound; write one, such as `{1,20}`"),
        ("a{2,}", "no upper bound; write one, such as `{2,20}`"),
        ("a+?", "no upper bound"),
        ("a{1,3}?", "follows a repeat"),
        ("a{1,3}+", "follows a repeat"),
        ("(?:a{0,30}){0,30}b", "more than 1000 ways"),
        ("a{0,40}a{0,40}b", "more than 1000 ways"),
        ("(?:a|b|c){8}", "more than 1000 ways"),
        ("a{600}", "may fit 600 characters"),
        ("(?=a)b", "looks around"),
        ("(?<!a)b", "looks around"),
        ("(?P<x>a)", "names a group"),
        ("(?i)a", "looks around or names a group"),
        (r"(a)\1", "is not allowed"),
        (r"\Ax", "is not allowed"),
        ("a\\", "is not allowed"),
        ("x|", "fits the empty text"),
        (r"\b", "fits the empty text"),
        ("a?", "fits the empty text"),
        ("a{3,1}", "can never fit"),
        ("(a", "never closed"),
        ("[a", "never closed"),
        ("a)", "closes nothing"),
        ("*a", "repeats nothing"),
        ("a{b", "begins no repeat"),
        ("[[]", r"`[` is inside `[…]`; write `\[`"),
        ("[a--b]", "`-` is inside"),
        ("[a&&b]", "`&` is inside"),
        ("[a||b]", "`|` is inside"),
        ("[z-a]", "this is not a pattern"),
        ("a" * (LONGEST_PATTERN + 1), "201 characters; write at most 200"),
        ("(" * 20 + "a" + ")" * 20, "nested too deeply"),
    ],
)
def test_a_pattern_that_could_be_slow_or_is_none_is_refused_with_what_to_write(pattern: str, said: str) -> None:
    with pytest.raises(InvalidPattern, match=re.escape(said)):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", ["a{0,30}a{0,30}b", "(?:a|a){0,8}b", "(?:a{1,3}){1,5}b"])
def test_the_worst_pattern_that_is_taken_reads_the_longest_text_in_seconds(pattern: str) -> None:
    check_pattern(pattern)
    began = time.thread_time()
    assert re.search(pattern, "a" * LONGEST_TEXT, re.IGNORECASE) is None
    assert time.thread_time() - began < 5


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab01\\()[]{},|?*+^$.-:wdsb ", max_size=14))
def test_whatever_is_written_is_either_refused_or_a_pattern_that_compiles_and_asks_for_something(pattern: str) -> None:
    try:
        check_pattern(pattern)
    except InvalidPattern:
        return
    assert re.compile(pattern).fullmatch("") is None


def test_a_pattern_is_found_whatever_the_case_and_shows_what_was_there() -> None:
    said = verdict(r"it: {when: {pattern: '\binv-\d{4,8}\b'}, category: billing}", subject="About INV-20261 again")
    assert evidence(said, "it") == [("subject", "INV-20261")]
