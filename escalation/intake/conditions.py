"""Conditions on a body: all lines of a condition must match, and one of several conditions."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from escalation.intake.paths import Path, Scope, first_value, parse_path
from escalation.intake.values import tags_of, word_of


@dataclass(frozen=True, slots=True)
class Test:
    """One line."""

    path: Path  # where to look
    words: frozenset[str] = frozenset()  # any of them has to be there, or among the entries of a list there
    is_there: bool | None = None  # whether something, or nothing, has to be there; None where words count
    or_nothing: bool = False  # whether nothing will do as well as one of the words
    same_as: Path | None = None  # another place that has to say the same


Condition: TypeAlias = tuple[tuple[Test, ...], ...]
"""One of the conditions has to hold, with each of its tests; none at all holds never."""

_FLAGS = frozenset({"true", "false", "0", "1"})
ALWAYS: Condition = ((),)


def parse_condition(data: Any) -> Condition:
    """Read what has to hold: `{path: word}`, or a list of such, of which one has to hold.

    `true` always holds, `false` never. A path is held against a word, a list of words, `*` for anything, `null` for nothing (also as one of a list), or `=other.path`.

    Raises:
        ValueError: It is none; the message says what to write.
    """
    if isinstance(data, bool):
        return ALWAYS if data else ()
    several = data if isinstance(data, list) else [data]
    if not all(isinstance(each, dict) for each in several):
        raise ValueError("a condition is missing here; write `{path: word}`, or a list of such")
    return tuple(tuple(_test(path, said) for path, said in each.items()) for each in several)


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether one of the alternatives holds."""
    return any(all(_passes(test, scope) for test in tests) for tests in condition)


def _test(path: str, said: Any) -> Test:
    place = parse_path(path)
    if said is None or said == "*":
        return Test(place, is_there=said is not None)
    if isinstance(said, str) and said.startswith("="):
        return Test(place, same_as=parse_path(said[1:]))
    several = said if isinstance(said, list) else [said]
    words = [word for word in several if word is not None]
    if not words or not all(isinstance(word, str | int | bool) for word in words):
        raise ValueError(f"`{path}` is compared with no word; write one, a list of them, `*`, `null`, or `=other.path`")
    return Test(place, frozenset(map(word_of, words)), or_nothing=len(words) < len(several))


def _passes(test: Test, scope: Scope) -> bool:
    value = first_value((test.path,), scope)
    if test.is_there is not None:
        return (value is not None) is test.is_there
    if test.same_as is not None:
        mine, other = word_of(value), word_of(first_value((test.same_as,), scope))
        return bool(mine) and mine == other
    if value is None:
        return test.or_nothing
    if isinstance(value, list):
        # A list of flags says nothing: what is private must not become public by being wrapped.
        return not (test.words - _FLAGS).isdisjoint(map(word_of, tags_of(value)))
    if isinstance(value, float):
        # Nor is 0.0 a flag: no product writes one so, and what is unclear stays private.
        return word_of(value) in test.words - _FLAGS
    return word_of(value) in test.words
