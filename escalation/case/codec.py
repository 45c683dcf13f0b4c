"""JSON for the domain's values, for messages and the record; every value reads back as it was."""

from collections.abc import Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import to_json as _to_json

if TYPE_CHECKING:
    from escalation.case.events import Event

T = TypeVar("T")


@lru_cache(maxsize=512)
def adapter_of(type_: Any) -> TypeAdapter[Any]:
    """The reader and validator for values of a type; built once, because that takes milliseconds."""
    return TypeAdapter(type_)


def to_json(value: object) -> str:
    """Compact JSON of a domain value; instants as ISO 8601 in UTC."""
    return _to_json(value).decode()


def from_json(type_: type[T], text: str | bytes) -> T:
    """The value that `to_json` wrote.

    Raises:
        pydantic.ValidationError: The text is not such a value.
    """
    adapter: TypeAdapter[T] = adapter_of(cast(Hashable, type_))
    return adapter.validate_json(text)


def event_from_json(text: str | bytes) -> "Event":
    """The event that `to_json` wrote."""
    from escalation.case.events import Event  # noqa: PLC0415 (commands are written without an event)

    event: Event = adapter_of(Event).validate_json(text)
    return event
