"""Normalises a value from outside and reports what is out of bounds."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from operator import is_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, assert_never, cast, get_args, get_origin, get_type_hints

from escalation.bounds.kinds import EARLIEST, LATEST, Chars, InAll, Items, Range, Shape
from escalation.bounds.long_texts import INLINE, LONGEST_STUB, without_reference
from escalation.errors import InvalidCommand

_C = TypeVar("_C")

REPLACEMENT = "\ufffd"
"""Takes the place of a character that not every store can hold: controls, U+0000 among them, and half an emoji."""
MOST_PROBLEMS = 10  # problems that one refusal lists

_BREAKS = re.compile("[\\x09-\\x0d\\x85\\u2028\\u2029]")
_UNKEPT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a field."""

    field: str  # its name as refusals write it, such as `packet.tried`
    what: str  # what is wrong, and what is accepted

    def __str__(self) -> str:
        return f"`{self.field}` {self.what}"


Read = Callable[[Any, str, list[Problem]], Any]
"""Reads a value of a field: the value in its normal form; problems are appended."""


def accepted(command: _C) -> _C:
    """The command in its normal form: every character one that each store can hold, every value within its bound.

    Args:
        command: A dataclass whose fields name their kinds.

    Raises:
        InvalidCommand: Something is too long, too many, out of range, or an id with characters that ids must not have.
    """
    found, problems = examined(command)
    if problems:
        raise InvalidCommand("; ".join(map(str, problems[:MOST_PROBLEMS])))
    return found


def accepted_as(kind: Any, value: Any, field: str) -> Any:
    """A single value in its normal form, such as the name of a policy beside a request.

    Raises:
        InvalidCommand: It is not within its bound.
    """
    problems: list[Problem] = []
    found = reader_of(kind)(value, field, problems)
    if problems:
        raise InvalidCommand("; ".join(map(str, problems[:MOST_PROBLEMS])))
    return found


def examined(command: _C) -> tuple[_C, list[Problem]]:
    """The command in its normal form, and what is wrong with it."""
    problems: list[Problem] = []
    found: _C = reader_of(cast(Hashable, type(command)))(command, "", problems)
    return found, problems


def kept(text: str) -> str:
    """The text in characters that every store can hold; line breaks and tabs stay."""
    return _UNKEPT.sub(REPLACEMENT, text)


@lru_cache(maxsize=512)
def reader_of(hint: Any) -> Read:
    """The reader for values of this type.

    Raises:
        TypeError: It holds something without a bound; found by the tests.
    """
    origin = get_origin(hint)
    if origin is Annotated:
        return _annotated(hint)
    if origin in (Union, UnionType):
        return _one_of(tuple(get_args(hint)))
    if origin is Literal or hint in (bool, NoneType):
        return _as_it_is
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _as_it_is
    if hint is datetime:
        return _read_instant
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint)
    raise TypeError(f"{hint} has no bound; annotate it with a kind of `escalation.bounds`")


def _annotated(hint: Any) -> Read:
    base, *markers = get_args(hint)
    read: Read | None = None
    for marker in markers:
        match marker:
            case Chars():
                read = _text(marker)
            case Range():
                read = _number(marker)
            case Items():
                read = _items(marker, reader_of(get_args(base)[0]))
            case InAll():
                read = _in_all(marker, read or reader_of(base))
            case _:
                pass
    return read or reader_of(base)


def _as_it_is(value: Any, _field: str, _problems: list[Problem]) -> Any:
    return value


def _one_of(members: tuple[Any, ...]) -> Read:
    some = [one for one in members if one is not NoneType]
    if len(some) > 1:
        raise TypeError(f"{members}: one kind at most, beside None")
    read = reader_of(some[0])
    return lambda value, field, problems: None if value is None else read(value, field, problems)


def _text(bound: Chars) -> Read:
    def read(value: Any, field: str, problems: list[Problem]) -> Any:
        if not isinstance(value, str):
            problems.append(Problem(field, f"is of type {type(value).__name__}; write a text"))
            return value
        text = _normal(value, bound.shape)
        if bound.cut:
            return text[: bound.most]
        if len(text) > bound.most:
            problems.append(Problem(field, f"has {len(text):,} characters; write at most {bound.most:,}"))
        elif bound.shape is Shape.ID and not text.isprintable():
            problems.append(Problem(field, "has control characters, or others that do not print; leave them out"))
        elif bound.shape is Shape.NUMBER and not _is_token(text):
            problems.append(Problem(field, f"must be 1 to {bound.most} visible characters without blanks"))
        return text

    return read


def _is_token(text: str) -> bool:
    return bool(text) and text.isprintable() and not any(map(str.isspace, text))


def _normal(text: str, shape: Shape) -> str:
    match shape:
        case Shape.LINE:
            return text if text.isprintable() else kept(_BREAKS.sub(" ", text))
        case Shape.TEXT:
            return text if text.isprintable() else without_reference(kept(text))
        case Shape.ID | Shape.NUMBER:
            return text
        case _:
            assert_never(shape)


def _number(bound: Range) -> Read:
    def read(value: Any, field: str, problems: list[Problem]) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not bound.least <= value <= bound.most:
            # Not the number itself: it may have thousands of digits.
            problems.append(Problem(field, f"is out of range; write {bound.least:,} to {bound.most:,}"))
        return value

    return read


def _read_instant(value: Any, field: str, problems: list[Problem]) -> Any:
    if not isinstance(value, datetime):
        problems.append(Problem(field, f"is of type {type(value).__name__}; write an instant with an offset"))
        return value
    if value.tzinfo is None:
        problems.append(Problem(field, "has no time zone; write it with an offset, such as +00:00"))
        return value
    try:
        instant = value.astimezone(UTC)
    except (OverflowError, ValueError):
        instant = None
    if instant is None or not EARLIEST <= instant < LATEST:
        years = f"{EARLIEST:%Y-%m-%d} to {LATEST:%Y-%m-%d}"
        problems.append(Problem(field, f"is {value.isoformat()}; write an instant from {years}"))
        return value
    return instant


def _items(bound: Items, read_item: Read) -> Read:
    def read(value: Any, field: str, problems: list[Problem]) -> Any:
        if not isinstance(value, tuple | list):
            problems.append(Problem(field, f"is of type {type(value).__name__}; write a list"))
            return value
        if len(value) > bound.most:
            problems.append(Problem(field, f"has {len(value):,} items; write at most {bound.most:,}"))
            return value
        found = tuple(read_item(item, field, problems) for item in value)
        return value if all(map(is_, found, value)) else found

    return read


def _in_all(bound: InAll, read_inner: Read) -> Read:
    def read(value: Any, field: str, problems: list[Problem]) -> Any:
        found = read_inner(value, field, problems)
        length = _characters(found)
        if length > bound.most and not problems:
            problems.append(Problem(field, f"has {length:,} characters in all; write at most {bound.most:,}"))
        return found

    return read


def _dataclass(type_: type) -> Read:
    hints = get_type_hints(type_, include_extras=True)
    readers = [(each.name, reader_of(hints[each.name])) for each in fields(type_)]

    def read(value: Any, field: str, problems: list[Problem]) -> Any:
        if not isinstance(value, type_):
            problems.append(Problem(field, f"is of type {type(value).__name__}; write a {type_.__name__}"))
            return value
        prefix = f"{field}." if field else ""
        changes = {}
        for name, reader in readers:
            before = getattr(value, name)
            after = reader(before, prefix + name, problems)
            if after is not before:
                changes[name] = after
        return replace(cast(Any, value), **changes) if changes and not problems else value

    return read


def _characters(value: Any) -> int:
    if isinstance(value, str):
        return len(value) if len(value) <= INLINE else LONGEST_STUB
    if isinstance(value, tuple | list):
        return sum(map(_characters, value))
    if is_dataclass(value):
        return sum(_characters(getattr(value, each.name)) for each in fields(value))
    return 0
