"""Paths to values in a delivery: `event.comment.body`, `parts.-1.text`, `@header.x-zammad-trigger`, `@item.toString`.

In a list, `items.*.field` is that of every entry, and `custom_fields.id=360.value` that of the entry with this id.

A path may end in cuts: `subject | after zen:ticket:`, `comment.self | after /issue/ | until /`, `text | word 2`;
`triggered_event | loose status.to` and `value | json id` look into a text that is almost, or wholly, JSON. Of several paths, the first that finds something counts.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from escalation.intake.loose import loose
from escalation.intake.values import text_of

# Characters of a path.
_LONGEST = 200
_TAG = re.compile(r"<[^<>]{0,200}>")
# The line above an entry of ServiceNow's journals: when, who, and which field.
_ENTRY = re.compile(
    r"^[0-9][0-9./-]{7,9} [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: [AP]M)? - [^\n]{1,200}? \([^()\n]{1,60}\)[ \r]*$",
    re.MULTILINE,
)
_EACH = "*"
# Characters of a text that a cut looks at.
_LOOKED_AT = 10_000


@dataclass(frozen=True, slots=True)
class Scope:
    """The values that paths look into."""

    body: Any  # the parsed body, or one entry of a batch
    headers: Mapping[str, str]
    item: Any = None  # one entry of the list that a rule looks at one by one


@dataclass(frozen=True, slots=True)
class Path:
    """A place, and what is cut off there."""

    root: str  # `body`, `header` or `item`
    steps: tuple[str | int, ...]  # keys, and positions in lists; negative ones count from the end
    cuts: tuple[tuple[str, str], ...] = ()  # verb and argument


def parse_path(text: str) -> Path:
    """Read a path.

    Raises:
        ValueError: It is none; the message says what to write.
    """
    place, *cuts = (part.strip() for part in text.split(" | "))
    if not place or len(text) > _LONGEST:
        raise ValueError(f"`{text[:50]}` is not a path; write keys with dots between them, such as `ticket.id`")
    root, at = "body", place
    if place.startswith("@"):
        root, _, at = place[1:].partition(".")
        if root not in ("header", "item", "body"):
            raise ValueError(f"`@{root}` is unknown; write `@header.NAME`, or `@item` in a rule with `each:`")
        at = at.lower() if root == "header" else at
    named = [at] if root == "header" else [step for step in at.split(".") if step]
    return Path(root, tuple(map(_step, named)), tuple(map(_cut, cuts)))


def place_of(text: str) -> Path:
    """Read the place of a signature's time: the name of a header, or a path that begins with `@`.

    Raises:
        ValueError: It is neither; the message says what to write.
    """
    return parse_path(text if text.startswith("@") else f"@header.{text}")


def value_at(path: Path, scope: Scope) -> Any:
    """The value at a path; None where nothing is, whatever is in its place."""
    value = _down({"body": scope.body, "header": scope.headers, "item": scope.item}[path.root], path.steps)
    if value is None:
        return None
    for verb, argument in path.cuts:
        if isinstance(value, dict) and verb in _WITHIN:
            value = _below(value, argument)
        else:
            text = value if isinstance(value, str) else ""
            value = _CUTS[verb](text if verb == "journal" else text[:_LOOKED_AT], argument)
    return value


def first_value(paths: tuple[Path, ...], scope: Scope) -> Any:
    """The first value that is more than nothing: not null, no blank text, no empty list or object."""
    for path in paths:
        value = value_at(path, scope)
        if value is not None and value not in ("", [], {}) and not (isinstance(value, str) and not value.strip()):
            return value
    return None


def _down(value: Any, steps: tuple[str | int, ...]) -> Any:
    for number, step in enumerate(steps):
        if step == _EACH and isinstance(value, list):
            found = (_down(each, steps[number + 1 :]) for each in value)
            return [each for each in found if each is not None]
        value = _stepped(value, step)
        if value is None:
            return None
    return value


def _stepped(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(str(step))
    if not isinstance(value, list):
        return None
    if isinstance(step, int):
        return value[step] if -len(value) <= step < len(value) else None
    key, named, word = step.partition("=")
    entries = (each for each in value if named and isinstance(each, Mapping))
    return next((each for each in entries if text_of(each.get(key)) == word), None)


def _step(text: str) -> str | int:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 4 else text


def _cut(text: str) -> tuple[str, str]:
    verb, _, argument = text.partition(" ")
    if verb not in _CUTS or not argument:
        raise ValueError(
            f"`| {text}` is not a cut; write `| after TEXT`, `| until TEXT`, `| word NUMBER`, `| journal NUMBER`, `| json KEY`, or `| loose KEY`"
        )
    if verb in _COUNTED and not (argument.isascii() and argument.isdigit() and 0 < int(argument[:3]) < 100):
        raise ValueError(f"`| {text}` has no number; write `| {verb} 1` for the first")
    return verb, argument


def _after(text: str, mark: str) -> str:
    _, found, rest = text.partition(mark)
    return rest if found else ""


def _word(text: str, number: str) -> str:
    words = unescape(_TAG.sub(" ", text)).split()
    return words[int(number) - 1] if len(words) >= int(number) else ""


def _journal(text: str, number: str) -> str:
    """One entry without the line above it; any other text as it is."""
    before, *entries = _ENTRY.split(text)
    if before.strip() or not entries:
        return text
    return entries[int(number) - 1].strip() if len(entries) >= int(number) else ""


def _json(text: str, keys: str) -> Any:
    try:
        found = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 20 else digits)
    except (ValueError, RecursionError):
        return None
    return _below(found, keys)


def _below(value: Any, keys: str) -> Any:
    return _down(value, tuple(map(_step, keys.split("."))))


_CUTS: Mapping[str, Any] = {
    "after": _after,
    "until": lambda text, mark: text.partition(mark)[0],
    "word": _word,
    "journal": _journal,
    "json": _json,
    "loose": lambda text, keys: _below(loose(text), keys),
}
_COUNTED = frozenset({"word", "journal"})
# Cuts that look into a text as into the object that it is in other bodies.
_WITHIN = frozenset({"json", "loose"})
