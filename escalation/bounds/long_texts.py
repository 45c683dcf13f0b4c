"""Long texts: only the beginning and a reference are sent around, and the whole text is stored once, separately."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from hashlib import sha256
from typing import Any, Generic, TypeVar, cast

_C = TypeVar("_C")

INLINE = 20_000
"""Characters up to which a text travels whole. Never change it: a replay would keep other texts apart than the first run did."""
EXCERPT = 2_000  # characters of a longer text that travel
LONGEST_STUB = EXCERPT + 200  # characters that an excerpt and its reference have together, at most

_SENTENCE = re.compile(
    r"\[Cut after ([0-9,]{1,9}) of ([0-9,]{1,9}) characters\. The whole text is kept as ([0-9a-f]{64})\]"
)
_MARK = re.compile(rf"\n\n{_SENTENCE.pattern}\Z")
_LONGEST_MARK = 200
# Characters looked back over for a place where no visible character is torn apart.
_LONGEST_CLUSTER = 40
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened(Generic[_C]):
    """A command that can travel, be recorded and be decided on."""

    command: _C  # the command, with the excerpt and the reference in place of each long text
    long_texts: tuple[str, ...] = ()  # the whole texts, each once


def shortened(command: _C) -> Shortened[_C]:
    """Take the long texts out of a command in its normal form (`accepted`)."""
    found: dict[str, None] = {}
    short = _shortened(command, found)
    return Shortened(command=short, long_texts=tuple(found))


def excerpt_of(text: str) -> str:
    """The beginning of a long text, and a sentence that says how long it is and under which reference it is kept.

    The beginning ends between two visible characters. A text of blanks has no beginning: it says nothing.
    """
    said = text.strip()
    if not said:
        return ""
    begins = said[: _end_of_cluster(said)].rstrip()
    kept_as = reference_to(text)
    return f"{begins}…\n\n[Cut after {len(begins):,} of {len(text):,} characters. The whole text is kept as {kept_as}]"


def reference_to(text: str) -> str:
    """The reference that a text is kept under: SHA-256 of its UTF-8, hex."""
    return sha256(text.encode()).hexdigest()


def reference_in(text: str) -> str:
    """The reference in which an excerpt ends; empty for any other text."""
    # No text from outside ends so: `accepted` takes care of that.
    found = _MARK.search(text[-_LONGEST_MARK:]) if text.endswith("]") else None
    return found[3] if found else ""


def beginning_in(text: str) -> str:
    """The beginning alone, of an excerpt; any other text as it is."""
    return text[: text.rindex("\n\n")] if reference_in(text) else text


def in_other_words(text: str, say: Callable[[int, int, str], str]) -> str:
    """The text with other words for how long an excerpt in it is.

    Args:
        text: An excerpt, or something that quotes one.
        say: Says it, given the characters shown, all characters, and the reference.
    """
    return _SENTENCE.sub(lambda found: say(_number(found[1]), _number(found[2]), found[3]), text)


def without_reference(text: str) -> str:
    """The text, its last character changed where it would pass for an excerpt of ours, copied from a timeline perhaps."""
    return f"{text[:-1]})" if reference_in(text) else text


def _number(text: str) -> int:
    return int(text.replace(",", "") or "0")


def _shortened(value: Any, found: dict[str, None]) -> Any:
    if isinstance(value, str):
        if len(value) <= INLINE:
            return value
        excerpt = excerpt_of(value)
        if excerpt:
            found[value] = None
        return excerpt
    if isinstance(value, tuple):
        return tuple(_shortened(item, found) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        before = {each.name: getattr(value, each.name) for each in fields(value)}
        after = {name: _shortened(part, found) for name, part in before.items()}
        changes = {name: part for name, part in after.items() if part != before[name]}
        return replace(cast(Any, value), **changes) if changes else value
    return value


def _end_of_cluster(text: str) -> int:
    # Where the excerpt ends: not between a letter and its accents, nor within a compound emoji.
    for end in range(EXCERPT, EXCERPT - _LONGEST_CLUSTER, -1):
        if end >= len(text) or not _belong_together(text[end - 1], text[end]):
            return end
    return EXCERPT


def _belong_together(before: str, after: str) -> bool:
    return (
        after in _JOINERS
        or before == "\u200d"
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
        or before + after == "\r\n"
    )
