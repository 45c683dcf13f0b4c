"""Incidents over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities.adapters.postgres.lists import IncidentRow, Lists
from escalation.incident.commands import OpenIncident
from escalation.incident.events import IncidentEvent
from escalation.incident.vocabulary import IncidentStage
from starter.http.access.roles import INCIDENT_COMMANDS
from starter.http.backend import Connected
from starter.http.rest.answering import Asked, ReaderOfAll, answered, asking, document, json_body, takes
from starter.http.rest.commands import Incident, add_incident_commands
from starter.http.rest.models import body_of, command_of
from starter.http.rest.pages import Cursor, Limit, Page, instant_and_name, page_of
from starter.incidents import IncidentOpening
from workflows.incident_contract import IncidentStatus

router = APIRouter(prefix="/incidents", tags=["incidents"])


@router.post(
    "", operation_id="open_incident", response_model=IncidentOpening, openapi_extra=takes(body_of(OpenIncident))
)
async def open_(
    request: Request,
    backend: Connected,
    asked: Annotated[Asked, asking(INCIDENT_COMMANDS["open_incident"], of_all_tickets=True)],
) -> Response:
    """Open an incident; one whose name is taken stays as it is, with `started: false`."""
    body: OpenIncident = command_of(OpenIncident, await json_body(request, body_of(OpenIncident)), by=asked.actor)
    return await answered(
        request, asked, lambda: backend.client.incidents.open(body.name, title=body.title, cause=body.cause, by=body.by)
    )


@router.get("", operation_id="list_incidents", response_model=Page[IncidentRow])
async def list_(
    backend: Connected,
    _caller: ReaderOfAll,
    stage: IncidentStage | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List incidents, the one opened last first."""
    rows = await Lists(backend.database).incidents(stage, after=instant_and_name(cursor), limit=limit + 1)
    return document(page_of(rows, limit, lambda row: (row.opened_at, row.name)))


@router.get("/{incident:incident}", operation_id="incident_status", response_model=IncidentStatus)
async def status(incident: Incident, backend: Connected, _caller: ReaderOfAll) -> Response:
    """Show its bulletins, how many cases they reached, and which they could not reach and why."""
    return document(await backend.client.incidents.status(incident))


@router.get("/{incident:incident}/timeline", operation_id="incident_timeline", response_model=list[IncidentEvent])
async def timeline(incident: Incident, backend: Connected, _caller: ReaderOfAll) -> Response:
    """Show its latest events, oldest first."""
    return document(await backend.client.incidents.timeline(incident))


add_incident_commands(router)
