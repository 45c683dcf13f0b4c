"""Pages of lists: an opaque cursor leads to the next one."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BeforeValidator

T = TypeVar("T")


class NoSuchPage(Exception):
    """A cursor is not one that an answer gave."""

    def __init__(self) -> None:
        super().__init__(
            "the cursor is not one of ours; send `next` of the page before, or leave it out for the first page"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows of a list.

    Attributes:
        next: The cursor of the next page; None on the last one.
    """

    items: tuple[T, ...]
    next: str | None


def _plain_instant(value: Any) -> Any:
    # Refuse the number of seconds that pydantic would take as well.
    if isinstance(value, str) and value[4:5] != "-":
        raise ValueError("write an instant with its offset, such as 2026-03-27T16:00:00+01:00")
    return value


def _plain_flag(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("write true or false")
    return value


Limit = Annotated[int, Query(ge=1, le=200, description="List at most N.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="Where the page begins: `next` of the page before.")]
Instant = Annotated[AwareDatetime, BeforeValidator(_plain_instant)]
Flag = Annotated[bool, BeforeValidator(_plain_flag)]


def page_of(rows: Sequence[T], limit: int, place: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """The page of these rows, of which one more than the limit was asked for."""
    shown = tuple(rows[:limit])
    more = len(rows) > limit
    return Page(items=shown, next=_cursor(place(shown[-1])) if more else None)


def instant_and_name(cursor: str | None) -> tuple[datetime, str] | None:
    """The place of a cursor in a list that is ordered by instants.

    Raises:
        NoSuchPage: It is not one of ours.
    """
    if cursor is None:
        return None
    match _parts(cursor):
        case [str(at), str(name)]:
            try:
                instant = datetime.fromisoformat(at)
            except ValueError:
                raise NoSuchPage from None
            if instant.tzinfo is None:
                raise NoSuchPage
            return instant, name
        case _:
            raise NoSuchPage


def two_numbers(cursor: str | None) -> tuple[int, int]:
    """The place of a cursor in a history; zeros for the first page.

    Raises:
        NoSuchPage: It is not one of ours.
    """
    match [0, 0] if cursor is None else _parts(cursor):
        case [int(life), int(seq)] if 0 <= life < 2**31 and 0 <= seq < 2**63:
            return life, seq
        case _:
            raise NoSuchPage


def one_name(cursor: str | None) -> str:
    """The place of a cursor in a list that is ordered by names; empty for the first page.

    Raises:
        NoSuchPage: It is not one of ours.
    """
    match [""] if cursor is None else _parts(cursor):
        case [str(name)]:
            return name
        case _:
            raise NoSuchPage


def _cursor(place: tuple[object, ...]) -> str:
    parts = [each.isoformat() if isinstance(each, datetime) else each for each in place]
    return urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _parts(cursor: str) -> Any:
    try:
        return json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        raise NoSuchPage from None


async def only_known_parameters(request: Request) -> None:
    """Refuse a request with a query parameter that its route does not have.

    Raises:
        RequestValidationError: It has one.
    """
    route: APIRoute = request.scope["route"]
    known = sorted(_names(route.dependant))
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        problems = [{"loc": ("query", name), "msg": _advice(name, known), "type": "unknown"} for name in unknown]
        raise RequestValidationError(problems)


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for one in dependant.dependencies:
        yield from _names(one)


def _advice(name: str, known: list[str]) -> str:
    meant = get_close_matches(name, known, 1)
    what = f"did you mean `{meant[0]}`?" if meant else f"it has {', '.join(known)}" if known else "it has none"
    return f"this route has no such parameter; {what}"
