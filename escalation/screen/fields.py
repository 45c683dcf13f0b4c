"""The fields of a form, derived from the dataclass of a command. A new command, or a new field of one, needs nothing here."""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from escalation.bounds import Items, Within
from escalation.bounds.kinds import Chars, Range, Shape

ROWS = 4  # how often the fields of a list's items are shown, such as those of the options for a customer
YES, NO = "yes", "no"  # the choice where a fact may also be left open
_NOT_ASKED = frozenset({"kind", "by"})
# The field of an item that its place in the list fills.
_COUNTED = "id"
# Texts without a default of which the rules of the case say when they are needed.
_MAY_BE_EMPTY = frozenset({"Escalate.why", "Packet.concern"})


class Entry(StrEnum):
    """The control that fills in a field."""

    LINE = "line"
    TEXT = "text"
    TICK = "tick"
    NUMBER = "number"
    INSTANT = "instant"
    CHOICE = "choice"
    LINES = "lines"  # several texts, one in each line
    ROWS = "rows"  # several items, each with fields of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form."""

    name: str  # as refusals write it, such as `packet.tried`
    entry: Entry
    required: bool = False  # whether it has to be filled in
    least: int | None = None  # of a number
    most: int | None = None  # of a number; of a text, how many characters
    values: tuple[str, ...] = ()  # what can be chosen
    parts: tuple["Field", ...] = ()  # the fields of each item
    of: type[Any] = str  # type of the value, of a choice or of the items
    has_default: bool = True  # whether the command has a value of its own where nothing was filled in
    blank: str | None = None  # what it gets then where it has none


def fields_of(type_: type[Any]) -> tuple[Field, ...]:
    """The fields that people fill in for a command; those of a value within it are named with a point.

    Raises:
        TypeError: A field is of a type that no entry can say.
    """
    if type_ not in _KNOWN:
        _KNOWN[type_] = tuple(_fields(type_, ""))
    return _KNOWN[type_]


_KNOWN: dict[type[Any], tuple[Field, ...]] = {}


def _fields(type_: type[Any], prefix: str) -> Iterator[Field]:
    hints = get_type_hints(type_, include_extras=True)
    for each in fields(type_):
        if each.name in _NOT_ASKED:
            continue
        hint, markers, optional = _plain(hints[each.name])
        if isinstance(hint, type) and is_dataclass(hint):
            yield from _fields(hint, f"{prefix}{each.name}.")
            continue
        has_default = each.default is not MISSING or each.default_factory is not MISSING
        may_be_empty = optional or f"{type_.__name__}.{each.name}" in _MAY_BE_EMPTY
        if hint is bool and optional:
            yield Field(name=f"{prefix}{each.name}", entry=Entry.CHOICE, values=(YES, NO), of=bool)
        else:
            found = _field(f"{prefix}{each.name}", hint, markers, required=not has_default and not may_be_empty)
            yield replace(found, has_default=has_default, blank=None if optional else "")


def _plain(hint: Any) -> tuple[Any, tuple[Any, ...], bool]:
    """A type without its bounds; the bounds; whether None is taken too."""
    if get_origin(hint) in (Union, UnionType):
        (inner,) = [each for each in get_args(hint) if each is not NoneType]
        found, markers, _ = _plain(inner)
        return found, markers, True
    if get_origin(hint) is Annotated:
        base, *bounds = get_args(hint)
        return base, tuple(bounds), False
    return hint, (), False


def _field(name: str, hint: Any, markers: tuple[Any, ...], *, required: bool) -> Field:
    chars = next((each for each in markers if isinstance(each, Chars)), None)
    if chars is not None:
        entry = Entry.TEXT if chars.shape is Shape.TEXT else Entry.LINE
        return Field(name=name, entry=entry, required=required, most=chars.most)
    if any(isinstance(each, Items) for each in markers):
        return _several(name, get_args(hint)[0])
    if hint is bool:
        return Field(name=name, entry=Entry.TICK)
    if hint is datetime:
        return Field(name=name, entry=Entry.INSTANT, required=required)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Field(name=name, entry=Entry.CHOICE, required=required, values=tuple(map(str, hint)), of=hint)
    return _number(name, markers, required=required)


def _several(name: str, item: Any) -> Field:
    if isinstance(item, type) and is_dataclass(item):
        parts = tuple(each for each in _fields(item, "") if each.name != _COUNTED)
        return Field(name=name, entry=Entry.ROWS, parts=parts, of=item)
    return Field(name=name, entry=Entry.LINES)


def _number(name: str, markers: tuple[Any, ...], *, required: bool) -> Field:
    limits = [each for each in markers if isinstance(each, (Range, Within))]
    if not limits:
        raise TypeError(f"`{name}` is of a type that no form field can show; add one in `escalation.screen.fields`")
    least = max((int(each.least) for each in limits if each.least is not None), default=None)
    most = min((int(each.most) for each in limits if each.most is not None), default=None)
    return Field(name=name, entry=Entry.NUMBER, required=required, least=least, most=most)
