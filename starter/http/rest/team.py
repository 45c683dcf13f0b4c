"""The team over HTTP: shifts, and people's tasks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from activities.adapters.postgres.on_shift import always_there, covers_until, stored_duties, who_is_there
from escalation.bounds import accepted_as
from escalation.roster import Duty
from escalation.roster.members import OnShift
from starter.http.backend import Backend, Connected
from starter.http.rest.answering import ReaderOfAll, document
from starter.http.rest.pages import Instant
from starter.tasks import Cases, Task, tasks_of

router = APIRouter(tags=["team"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The shifts of the team.

    Attributes:
        start: The first instant, aware UTC.
        covers_until: Up to where shifts are known; None when no roster was loaded.
    """

    start: datetime
    duties: tuple[Duty, ...]
    always: tuple[str, ...]
    covers_until: datetime | None


@router.get("/roster", operation_id="roster", response_model=Roster)
async def roster(
    backend: Connected,
    _caller: ReaderOfAll,
    from_: Annotated[Instant | None, Query(alias="from", description="The first instant; now if not given.")] = None,
    days: Annotated[int, Query(ge=1, le=31, description="Number of days.")] = 7,
) -> Response:
    """Show who is on which shift when."""
    start, database = _instant(backend, from_), backend.database
    duties = await stored_duties(database, start, start + timedelta(days=days))
    always, known = await always_there(database), await covers_until(database)
    return document(Roster(start=start, duties=duties, always=always, covers_until=known))


@router.get("/roster/on-shift", operation_id="on_shift", response_model=list[OnShift])
async def on_shift(
    backend: Connected,
    _caller: ReaderOfAll,
    tier: Annotated[int, Query(ge=1, le=99, description="Number of the tier, 1 is the front line.")],
    at: Annotated[Instant | None, Query(description="The instant; now if not given.")] = None,
) -> Response:
    """Show who is available at a tier, with their open cases and limit."""
    return document(await who_is_there(backend.database, _instant(backend, at), tier))


@router.get("/people/{person}/tasks", operation_id="tasks", response_model=list[Task])
async def tasks(
    person: Annotated[str, Path(max_length=200, description="Their id.", examples=["ana"])],
    backend: Connected,
    _caller: ReaderOfAll,
) -> Response:
    """List a person's tasks, soonest first: offers, their cases, requests for advice or approval, reviews and actions."""

    async def cases() -> Cases:
        return backend.client

    return document(await tasks_of(person, backend.database, cases))


def _instant(backend: Backend, given: datetime | None) -> datetime:
    found: datetime = backend.now() if given is None else accepted_as(datetime, given, "at")
    return found
