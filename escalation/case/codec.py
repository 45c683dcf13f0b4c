"""JSON for the domain's values: what goes over wires and into the record reads back as the same value."""

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import to_json as _to_json

if TYPE_CHECKING:
    from escalation.case.events import Event

T = TypeVar("T")


@lru_cache(maxsize=256)
def _adapter(type_: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_)


def to_json(value: object) -> str:
    """Compact JSON of a domain value; instants as ISO 8601 in UTC."""
    return _to_json(value).decode()


def from_json(type_: type[T], text: str | bytes) -> T:
    """The value that `to_json` wrote.

    Raises:
        pydantic.ValidationError: The text is not such a value.
    """
    adapter: TypeAdapter[T] = _adapter(cast(Hashable, type_))
    return adapter.validate_json(text)


def event_from_json(text: str | bytes) -> "Event":
    """The event that `to_json` wrote."""
    from escalation.case.events import Event  # noqa: PLC0415 (commands are written without an event)

    event: Event = _adapter(Event).validate_json(text)
    return event
