"""Values of the domain in a form that does not depend on where their types live or how their fields are grouped."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from escalation.messages.effects import Message

_SINGLE = frozenset({str, int, float, bool, type(None)})
_known: dict[type[Any], tuple[str, ...]] = {}


def skeleton(value: Any) -> Any:
    """What holds a message, without what people read in it: its key, kind, recipient, channels and notices stay."""
    if is_dataclass(value) and not isinstance(value, Message):
        return _filled((name, skeleton(getattr(value, name))) for name in _names(type(value)))
    if not isinstance(value, Message):
        return plain(value)
    notices = [_filled((("about", one.kind), ("due", one.due), ("late", one.late))) for one in value.notices]
    named = {"key": value.key, "message": value.kind, "to": value.to, "channels": value.channels, "notices": notices}
    return _filled(named.items())


def _filled(named: Iterable[tuple[str, object]]) -> dict[str, object]:
    found = ((name, plain(one)) for name, one in named)
    return {name: one for name, one in found if not _is_empty(one)}


def plain(value: object) -> Any:
    """The value as JSON would have it: no class names, no empty fields, instants in UTC."""
    kind: type[Any] = type(value)
    if kind in _SINGLE:
        return value
    if is_dataclass(value):
        named = ((name, plain(getattr(value, name))) for name in _names(kind))
        return {name: one for name, one in named if not _is_empty(one)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, AbstractSet):
        return sorted(json.dumps(plain(one), sort_keys=True) for one in value)
    return _single(value)


def _single(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat()
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _known:
        _known[kind] = tuple(field.name for field in fields(kind))
    return _known[kind]


def leaves(value: object, under: str = "") -> Iterator[str]:
    """Every single value within a state, without the names of the fields that lead there; empty ones are left out.

    What is in a mapping is named by its keys, so that `runs[clock]` and `clocks[clock].run` give the same.
    """
    kind: type[Any] = type(value)
    if kind not in _SINGLE and is_dataclass(value):
        for name in _names(kind):
            yield from leaves(getattr(value, name), under)
    elif kind not in _SINGLE and isinstance(value, Mapping):
        for key, one in value.items():
            yield from leaves(one, f"{under}{plain(key)}/")
    elif kind not in _SINGLE and isinstance(value, list | tuple | AbstractSet):
        for one in value:
            yield from leaves(one, under)
    elif not _is_empty(one := plain(value)):
        yield f"{under}{one}"


class Hash:
    """A hash over a sequence of values."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256()

    def add(self, value: object) -> str:
        """Add a value; returns its canonical JSON."""
        text = json.dumps(value, sort_keys=True, default=str)
        self._sha.update(f"{text}\n".encode())
        return text

    def hex(self) -> str:
        return self._sha.hexdigest()


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", 0, [], {})
