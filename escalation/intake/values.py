"""Converts values of bodies, whatever type a vendor chose for them; nothing here raises."""

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

from escalation.bounds import kept

LONGEST = 400_000  # characters of a text; the bound of what a command may carry
MOST_ITEMS = 100  # of a list such as tags or attachments
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

# Of a rich document.
_MOST_NODES = 10_000
_BLOCKS = frozenset(
    {"paragraph", "heading", "listItem", "taskItem", "decisionItem", "codeBlock", "hardBreak", "blockquote", "tableRow"}
)
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}", re.IGNORECASE)
# Where a product writes a language as a word: those that we write.
_LANGUAGES = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de", "allemand": "de", "anglais": "en"}
_SAID = ("text", "shortName", "url", "alt")
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Below which a number counts seconds, milliseconds, microseconds, nanoseconds.
_UNITS = ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000), (1e20, 1_000_000_000))
_NUMBER = re.compile(r"[0-9]{9,20}(?:\.[0-9]{1,9})?")
_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<part>[0-9]{1,20}))?"
    r" ?(?P<zone>Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_AS_IN_MAIL = re.compile(
    r"[A-Za-z]{3}, [0-9]{1,2} [A-Za-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})? (?:[+-][0-9]{4}|GMT|UTC)"
)
_SEPARATORS = re.compile(r"[\s_-]+")
_NAMES = ("filename", "file_name", "fileName", "name", "title", "data_url", "content_url", "url")


def text_of(value: Any) -> str:
    """The value as text: numbers in digits, booleans as `true` and `false`; empty for null, lists and objects."""
    match value:
        case str():
            return kept(value[:LONGEST]).strip()
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        case _:
            return ""


def text_within(value: Any) -> str:
    """The texts in a rich document, such as Jira's, in their order; each block is a line."""
    said: list[str] = []
    left = [value]
    for _ in range(_MOST_NODES):
        if not left:
            break
        node = left.pop()
        if isinstance(node, list):
            left += reversed(node[:_MOST_NODES])
        elif isinstance(node, dict):
            if text_of(node.get("type")) in _BLOCKS:
                said.append("\n")
            said.append(_said_by(node))
            left.append(node.get("content"))
    return "".join(said)[:LONGEST].strip()


def _said_by(node: dict[Any, Any]) -> str:
    """The words of one node: its text as it is, blanks and all, or what stands for a mention, an emoji, a link, a picture."""
    text = node.get("text")
    if isinstance(text, str):
        return kept(text[:LONGEST])
    attributes = node.get("attrs")
    said = (attributes.get(key) for key in _SAID) if isinstance(attributes, dict) else ()
    return next((found for each in said if (found := text_of(each))), "")


def line_of(value: Any, most: int = 200, *, joined: str = "") -> str:
    """The value as one printable line of at most this many characters.

    Args:
        value: From a body.
        most: Characters.
        joined: Unprintable characters that stay.
    """
    line = " ".join(text_of(value)[: most * 4].split())
    return "".join(character for character in line if character.isprintable() or character in joined)[:most]


def words_of(value: Any, most: int = 200) -> str:
    """The same for a name or a subject: what joins letters and emoji stays, since Persian and families are written so."""
    line = line_of(value, most, joined=JOINERS)
    return line if line.strip(JOINERS) else ""


def id_of(value: Any, most: int = 200) -> str:
    """The value as an id; empty for one that is too long: cut, it would be that of someone else."""
    found = line_of(value, most + 1)
    return found if len(found) <= most else ""


def address_of(value: Any) -> str:
    """The mail address in a text such as `Sam Sample <sam@example.com>`; empty for a phone number, or any other handle."""
    found = line_of(value, 1_000)
    if found.endswith(">"):
        found = found[:-1].rpartition("<")[2].strip()
    found = found.removeprefix("mailto:")
    return found[:320] if "@" in found[1:] else ""


def word_of(value: Any) -> str:
    """The value as it is compared: `ON_HOLD`, `On-hold` and `on hold` are one word."""
    return _SEPARATORS.sub("_", line_of(value).casefold())


def language_of(value: Any) -> str:
    """The tag of a language, also of one that is written as a word, such as `Deutsch` or `English (US)`; empty for neither."""
    said = line_of(value).replace("_", "-")
    if _TAG.fullmatch(said):
        return said
    return _LANGUAGES.get(said.partition(" ")[0].casefold(), "")


def list_of(value: Any) -> list[Any]:
    """The items of a list; of a text, its words; one item for an object; none for null."""
    match value:
        case list():
            return value[:MOST_ITEMS]
        case str():
            return value[:LONGEST].replace(",", " ").split()[:MOST_ITEMS]
        case None:
            return []
        case _:
            return [value]


def tags_of(value: Any) -> tuple[str, ...]:
    """Tags: texts, or objects with a name."""
    named = (
        line_of(each.get("name") or each.get("value") if isinstance(each, dict) else each) for each in list_of(value)
    )
    return tuple(dict.fromkeys(each for each in named if each))


def names_of(value: Any) -> tuple[str, ...]:
    """Names of attachments; an address counts by its last part."""
    return tuple(dict.fromkeys(name for each in _entries(value) if (name := _name_of(each))))


def instant_of(value: Any, zone: tzinfo = UTC) -> datetime | None:
    """The instant that a value means; None for a day, for what is none, and for years in which no ticket is.

    Args:
        value: A number since 1970 in any unit, or a text in ISO 8601 or close to it, or as mails have it.
        zone: Of times without an offset.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value[:100].strip()
        found = _numbered(text) if _NUMBER.fullmatch(text) else _written(text, zone)
    else:
        found = _numbered(value) if isinstance(value, int | float) else None
    return found if found is not None and EARLIEST <= found < LATEST else None


def _numbered(value: str | float) -> datetime | None:
    number = abs(float(value)) if not isinstance(value, int) or value.bit_length() < 80 else math.inf
    unit = next((unit for below, unit in _UNITS if number < below), None)
    if unit is None or not math.isfinite(number):
        return None
    return _EPOCH + timedelta(seconds=number / unit)


def _written(text: str, zone: tzinfo) -> datetime | None:
    found = _INSTANT.fullmatch(text)
    if found is None:
        return _as_in_mail(text)
    offset = (found["zone"] or "").upper()
    offset = "+00:00" if offset in ("Z", "UTC", "GMT") else offset
    try:
        at = datetime.fromisoformat(f"{found['date']}T{found['time']}{offset}")
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at + timedelta(microseconds=int((found["part"] or "0")[:6].ljust(6, "0")))


def _as_in_mail(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text) if _AS_IN_MAIL.fullmatch(text) else None
        # `-0000` is UTC without a place.
        return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _entries(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield value
    else:
        yield from list_of(value)


def _name_of(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in _NAMES if text_of(value.get(key))), None)
    name = line_of(value, 1_000)
    if "://" in name:
        name = line_of(unquote(name.partition("?")[0].rstrip("/").rpartition("/")[2]))
    return name[:200]
