"""Escalations over HTTP: open them, list them, and read their status."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.adapters.postgres.lists import CaseRow, Lists, RecordedEvent, Wanted
from activities.adapters.postgres.tasks import Desk, SentLetter
from escalation.bounds import accepted_as
from escalation.case.commands import Open, OpenByTriage
from escalation.case.events import Event
from escalation.clocks.explain import ClockExplanation
from escalation.vocabulary import Category, ClockName, Severity, Stage
from starter.errors import UnknownEscalation
from starter.forgotten_cases import remembered
from starter.http.access.roles import CASE_COMMANDS
from starter.http.backend import Connected
from starter.http.rest.answering import Asked, Reader, answered, asking, document, json_body, takes
from starter.http.rest.commands import Ticket
from starter.http.rest.models import body_of, command_of
from starter.http.rest.pages import Cursor, Flag, Instant, Limit, Page, instant_and_name, page_of, two_numbers
from starter.lives import read_name
from starter.opening import Opening
from starter.undoing import UndoCancel, undo_cancel
from workflows.contract import Status

router = APIRouter(prefix="/escalations", tags=["escalations"])
triaged = APIRouter(prefix="/triaged-escalations", tags=["escalations"])

PolicyName = Annotated[str, Query(max_length=200, description="Name of the policy that the case follows.")]
Again = Annotated[Flag, Query(description="Whether a ticket whose escalation is over escalates again.")]


def _opener(kind: str, type_: type[Any]) -> Any:
    async def open_(
        request: Request,
        backend: Connected,
        asked: Annotated[Asked, asking(CASE_COMMANDS[kind])],
        policy: PolicyName = "default",
        again: Again = True,
    ) -> Response:
        command = command_of(type_, await json_body(request, body_of(type_)), by=asked.actor)
        asked.caller.must_reach(command.ticket)
        return await answered(
            request,
            asked,
            lambda: backend.client.open(command, policy=policy, command_id=asked.command_id, again=again),
        )

    return open_


_OPENED = (
    "An escalation that is open stays as it is, with `started: false`; once it is over, the ticket escalates again."
)
for _router, _kind, _type, _summary in (
    (router, "open", Open, "Escalate a ticket"),
    (triaged, "open_by_triage", OpenByTriage, "Escalate a ticket if triage says that it should"),
):
    _router.add_api_route(
        "",
        _opener(_kind, _type),
        methods=["POST"],
        operation_id=_kind,
        summary=_summary,
        description=_OPENED,
        response_model=Opening,
        openapi_extra=takes(body_of(_type)),
    )


@router.get("", operation_id="list", response_model=Page[CaseRow])
async def list_(
    backend: Connected,
    caller: Reader,
    stage: Stage | None = None,
    severity: Severity | None = None,
    category: Category | None = None,
    owner: Annotated[str | None, Query(max_length=200, description="Only cases that this person owns.")] = None,
    customer: Annotated[str | None, Query(max_length=200, description="The customer's id.")] = None,
    breached: Annotated[Flag | None, Query(description="Whether a promise was broken.")] = None,
    include_over: Annotated[Flag, Query(description="Include closed and cancelled ones.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List escalations, the one opened last first; by default the open ones."""
    wanted = Wanted(
        include_over=include_over,
        stage=stage,
        severity=severity,
        category=category,
        owner=owner,
        breached=breached,
        customer=customer,
        tickets=caller.tickets,
    )
    rows = await Lists(backend.database).cases(wanted, after=instant_and_name(cursor), limit=limit + 1)
    return document(page_of(rows, limit, lambda row: (row.opened_at, row.escalation)))


@router.get("/{ticket}", operation_id="status", response_model=Status)
async def status(ticket: Ticket, backend: Connected, _caller: Reader) -> Response:
    """Show who has it, its stage, and what is due when; of a case that Temporal has forgotten, what the record knows."""
    try:
        return document(await backend.client.status(ticket))
    except UnknownEscalation:
        if (found := await remembered(backend.database, ticket)) is None:
            raise
        return document(found[0])


@router.get("/{ticket}/timeline", operation_id="timeline", response_model=list[Event])
async def timeline(ticket: Ticket, backend: Connected, _caller: Reader) -> Response:
    """Show its latest events, oldest first; `history` has all of them, and has those of a case that Temporal has forgotten."""
    try:
        return document(await backend.client.timeline(ticket))
    except UnknownEscalation:
        if (found := await remembered(backend.database, ticket)) is None:
            raise
        return document(found[1])


@router.get("/{ticket}/explain", operation_id="explain", response_model=list[ClockExplanation])
async def explain(
    ticket: Ticket,
    backend: Connected,
    _caller: Reader,
    clock: ClockName | None = None,
    at: Annotated[Instant | None, Query(description="Up to when time is counted; now if not given.")] = None,
) -> Response:
    """Explain when a case's clocks are due and why: what counted, what did not, and what is left."""
    until = backend.now() if at is None else accepted_as(datetime, at, "at")
    return document(await backend.client.explain(ticket, clock, at=until))


@router.get("/{ticket}/strangers", operation_id="strangers", response_model=list[str])
async def strangers(
    ticket: Ticket,
    backend: Connected,
    _caller: Reader,
    person: Annotated[list[str], Query(min_length=1, max_length=20, description="Ids of people.")],
) -> Response:
    """List those of these people who are not in the roster."""
    return document(await backend.client.strangers(ticket, *person))


@router.get("/{ticket}/history", operation_id="history", response_model=Page[RecordedEvent])
async def history(
    ticket: Ticket, backend: Connected, _caller: Reader, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    """Show the whole history of a ticket, also when Temporal has forgotten it."""
    name, after = read_name(ticket), two_numbers(cursor)
    rows = await Lists(backend.database).history(name.ticket, name.life, after=after, limit=limit + 1)
    if not rows and cursor is None:
        raise UnknownEscalation(str(name))
    return document(page_of(rows, limit, lambda row: (row.life, row.seq)))


@router.get("/{ticket}/letters", operation_id="letters", response_model=list[SentLetter])
async def letters(ticket: Ticket, backend: Connected, _caller: Reader) -> Response:
    """List the messages as they went out, to the customer and to colleagues."""
    name = read_name(ticket)
    return document(await Desk(backend.database).letters(name.ticket, name.life))


@router.post(
    "/{ticket}/undo-cancel",
    operation_id="undo_cancel",
    response_model=Opening,
    openapi_extra=takes(body_of(UndoCancel)),
)
async def undo(
    ticket: Ticket, request: Request, backend: Connected, asked: Annotated[Asked, asking(CASE_COMMANDS["undo_cancel"])]
) -> Response:
    """Undo a cancellation.

    The case continues in a new life, its last owner is asked first, and the customer is informed.
    """
    body: UndoCancel = command_of(UndoCancel, await json_body(request, body_of(UndoCancel)), by=asked.actor)
    return await answered(
        request, asked, lambda: undo_cancel(backend.client, ticket, by=body.by, why=body.why, now=backend.now())
    )
