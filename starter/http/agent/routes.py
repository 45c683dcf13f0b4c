"""The agent's pages: their queue, the screen of a case, and the forms on it."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from activities.adapters.postgres.long_texts import LongTexts
from escalation.case.naming import page_address
from escalation.screen import Desk, Form, Rank, forms_now
from escalation.vocabulary import Stage
from starter.client import EscalationClient
from starter.errors import UnknownEscalation
from starter.http.access.callers import Caller, Forbidden
from starter.http.access.roles import CASE_COMMANDS, Role
from starter.http.agent.acting import Refused, act, attempt_of, previewed
from starter.http.agent.facts import CaseFacts, facts_of, named
from starter.http.agent.pages import Reader, Said, case_page, queue_page, text_page
from starter.http.agent.showing import Attempt
from starter.http.backend import Backend, Connected
from starter.http.login.page_route import PageRoute
from starter.http.login.sessions import Session, must_be_ours, session_of
from starter.http.pages.page import HEADERS, MOST_FORM_BYTES, form_of
from starter.tasks import tasks_of
from starter.undoing import UndoCancel

MOST_TASKS = 100  # how many tasks the queue shows
_UNDO = Form(kind="undo_cancel", type=UndoCancel, rank=Rank.COMMON)

log = structlog.stdlib.get_logger("http")
router = APIRouter(prefix="/agent", include_in_schema=False, route_class=PageRoute)

Name = Annotated[str, Path(max_length=220)]
Reference = Annotated[str, Path(pattern="^[0-9a-f]{8,64}$")]


@router.get("")
async def queue(request: Request, backend: Connected, ticket: Annotated[str, Query(max_length=220)] = "") -> Response:
    """Show the person's tasks by due time; with a ticket, redirect to its case."""
    session = await session_of(request)
    if ticket.strip():
        return RedirectResponse(page_address(ticket.strip()), 303, headers=dict(HEADERS))
    caller = session.caller
    tasks = [
        one
        for one in await tasks_of(caller.actor, backend.database, _client_of(backend), most=MOST_TASKS + 1)
        if _reaches(caller, one.ticket)
    ]
    reader = Reader.of(session, backend.now())
    return queue_page(reader, tasks[:MOST_TASKS], is_cut=len(tasks) > MOST_TASKS)


@router.get("/cases/{ticket}")
async def case(
    request: Request,
    backend: Connected,
    ticket: Name,
    everything: Annotated[str, Query(alias="all", max_length=5)] = "",
    done: Annotated[str, Query(max_length=50)] = "",
) -> Response:
    """A case on one screen."""
    session = await session_of(request)
    found = await facts_of(backend, session.caller, ticket, everything=bool(everything))
    forms = _forms(session, found)
    carried_out = done if done in CASE_COMMANDS else ""
    return case_page(
        Reader.of(session, backend.now()), found, forms, Said(done=carried_out), everything=bool(everything)
    )


@router.get("/cases/{ticket}/texts/{reference}")
async def text(request: Request, backend: Connected, ticket: Name, reference: Reference) -> Response:
    """The whole of a long text, of which the case shows the beginning."""
    session = await session_of(request)
    name = named(ticket)
    session.caller.must_reach(name.ticket)
    found = await LongTexts(backend.database).of_ticket(name.ticket, name.life, reference)
    if len(found) != 1:
        raise UnknownEscalation(ticket)
    return text_page(Reader.of(session, backend.now()), ticket, found[0])


@router.get("/cases/{ticket}/{kind}")
async def back(ticket: Name, kind: str) -> Response:  # noqa: ARG001 (of the path)
    """The address of a form that was refused, opened once more."""
    return RedirectResponse(page_address(ticket), 303, headers=dict(HEADERS))


@router.post("/cases/{ticket}/{kind}")
async def send(
    request: Request, backend: Connected, ticket: Name, kind: Annotated[str, Path(max_length=50)]
) -> Response:
    """Carry out a form; a refusal shows it again, with what was typed."""
    session = await session_of(request)
    sent = await form_of(request, MOST_FORM_BYTES)
    must_be_ours(request, session, sent.pop("token", [""])[0])
    only_looks = bool(sent.pop("preview", []))
    found = await facts_of(backend, session.caller, ticket)
    form = next((one for one in _forms(session, found) if one.kind == kind), None)
    try:
        if form is None:
            raise _not_now(session.caller, kind, sent)
        if only_looks:
            letters = await previewed(backend, session, found, form, sent)
            said = Said(attempt=attempt_of(form, sent), letters=letters)
            return case_page(Reader.of(session, backend.now()), found, _forms(session, found), said)
        answer = await act(backend, session, found, form, sent)
    except Refused as refused:
        log.info("a form was refused", command=kind, escalation=found.escalation, session=session.caller.credential)
        return await _again(backend, session, ticket, refused)
    log.info("acted by a form", command=kind, escalation=found.escalation, session=session.caller.credential)
    if answer.warnings:
        found = await facts_of(backend, session.caller, ticket)
        reader = Reader.of(session, backend.now())
        return case_page(reader, found, _forms(session, found), Said(done=kind, warnings=answer.warnings))
    return RedirectResponse(f"{page_address(ticket)}?done={kind}", 303, headers=dict(HEADERS))


async def _again(backend: Backend, session: Session, ticket: str, refused: Refused) -> Response:
    found = await facts_of(backend, session.caller, ticket)
    reader = Reader.of(session, backend.now())
    return case_page(reader, found, _forms(session, found), Said(attempt=refused.attempt), status=refused.status)


def _forms(session: Session, case: CaseFacts) -> tuple[Form, ...]:
    """The forms that the person may use now; none while the case does not answer."""
    role, me = session.caller.role, session.caller.actor
    if case.view.stage is Stage.CANCELLED and role.includes(CASE_COMMANDS[_UNDO.kind]):
        return (_UNDO, *_forms_now(case, role, me))
    return _forms_now(case, role, me)


def _forms_now(case: CaseFacts, role: Role, me: str) -> tuple[Form, ...]:
    if case.situation is None:
        return ()
    desk = Desk(
        view=case.view,
        situation=case.situation,
        clocks=tuple(clock.clock for clock in case.clocks),
        person=me,
        may=[name for name, needed in CASE_COMMANDS.items() if role.includes(needed)],
        colleagues=case.colleagues,
        review_due=case.review_due and case.view.owner == me,
    )
    return forms_now(desk)


def _not_now(caller: Caller, kind: str, sent: dict[str, list[str]]) -> Exception:
    """Say why there is no such form: the role does not cover it, it is none at all, or the case has moved on."""
    if kind not in CASE_COMMANDS:
        return UnknownEscalation(kind)
    caller.must_have(CASE_COMMANDS[kind], kind)
    return Refused(Attempt(kind=kind, sent=sent, problem="changed", id=sent.get("id", [""])[0]), 409)


def _reaches(caller: Caller, ticket: str) -> bool:
    try:
        caller.must_reach(ticket)
    except Forbidden:
        return False
    return True


def _client_of(backend: Backend) -> Callable[[], Awaitable[EscalationClient]]:
    async def client() -> EscalationClient:
        return backend.client

    return client
