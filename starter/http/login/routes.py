"""Login and logout: by an API key, or by a link that an operator made."""

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from activities.adapters.postgres.api_keys import ApiKeys
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.sessions import Sessions
from activities.errors import UnknownPerson
from starter.http.access.callers import Unauthenticated
from starter.http.access.guard import LONGEST_CREDENTIAL, guard_of, peer_of
from starter.http.access.keys import PREFIX, Keys
from starter.http.backend import Backend, Connected, backend_of
from starter.http.login.page_route import PageRoute
from starter.http.login.pages import link_page, login_page, plain_page
from starter.http.login.provider_routes import login_of
from starter.http.login.sessions import (
    Forged,
    LoginNeeded,
    Wanted,
    log_in,
    log_out,
    must_be_ours,
    next_page,
    session_of,
)
from starter.http.pages.page import HEADERS, form_of, is_from_elsewhere, to_repeat

MOST_FORM_BYTES = 20_000

log = structlog.stdlib.get_logger("http")
router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
async def front() -> Response:
    """Redirect the bare server address to the queue."""
    return _to("/agent")


@router.get("/login")
async def ask(request: Request, wanted: Wanted = "", left: str = "") -> Response:
    """The form; who is logged in already is led on."""
    try:
        await session_of(request)
    except LoginNeeded:
        login, home = login_of(request), (backend_of(request).settings.public_url or "") + "/login"
        farewell = await login.farewell(home) if login and left else ""
        return login_page(request, wanted=next_page(wanted), left=bool(left), farewell=farewell)
    return _to(next_page(wanted))


@router.post("/login")
async def by_key(request: Request, backend: Connected) -> Response:
    """Log in with a person's API key."""
    _must_come_from_here(request)
    sent = await form_of(request, MOST_FORM_BYTES)
    credential, wanted = sent.get("key", [""])[0].strip(), next_page(sent.get("next", [""])[0])
    if not credential.startswith(PREFIX) or len(credential) > LONGEST_CREDENTIAL:
        return _failed(request, wanted, "unknown")
    try:
        async with guard_of(request).turn(peer_of(request)):
            key = await Keys(ApiKeys(backend.database), backend.now).checked(credential)
    except Unauthenticated:
        return _failed(request, wanted, "unknown")
    if not key.person or key.sources:
        return login_page(request, 403, wanted=wanted, problem="program")
    return await log_in(request, _to(wanted), person=key.person, role=key.role, by="key", key=key.id)


@router.get("/login/link/{token}")
async def ask_by_link(request: Request, backend: Connected, token: str) -> Response:
    """Ask whether to log in; nothing changes."""
    async with guard_of(request).turn(peer_of(request)):
        link = await Sessions(backend.database, backend.now).find_link(token)
    if link is None or (name := await _active(backend, link.person)) is None:
        return _no_link(request)
    return link_page(request, name)


@router.post("/login/link/{token}")
async def by_link(request: Request, backend: Connected, token: str) -> Response:
    """Log in by a link, which is used up."""
    _must_come_from_here(request)
    async with guard_of(request).turn(peer_of(request)):
        link = await Sessions(backend.database, backend.now).use_link(token)
    if link is None or await _active(backend, link.person) is None:
        return _no_link(request)
    return await log_in(request, _to(next_page("")), person=link.person, role=link.role, by="link")


@router.post("/logout")
async def leave(request: Request) -> Response:
    """End the session."""
    sent = await form_of(request, MOST_FORM_BYTES)
    try:
        must_be_ours(request, await session_of(request), sent.get("token", [""])[0])
    except LoginNeeded:
        return _to("/login")
    return await log_out(request, _to("/login?left=1"))


def _must_come_from_here(request: Request) -> None:
    if is_from_elsewhere(request):
        raise Forged


def _failed(request: Request, wanted: str, problem: str) -> Response:
    seconds = _count_failure(request)
    if not seconds:
        return login_page(request, 401, wanted=wanted, problem=problem)
    return to_repeat(login_page(request, 429, wanted=wanted, problem="slow"), seconds)


def _no_link(request: Request) -> Response:
    seconds = _count_failure(request)
    name, status = ("slow", 429) if seconds else ("link", 410)
    return to_repeat(plain_page(request, name, status), seconds)


def _count_failure(request: Request) -> int:
    log.warning("login failed", peer=peer_of(request))
    return guard_of(request).failed(peer_of(request))


async def _active(backend: Backend, person: str) -> str | None:
    """Name of a person who is on the team; None for others."""
    try:
        found = await Directory(backend.database, backend.now).person(person)
    except UnknownPerson:
        return None
    return (found.name or found.id) if found.active else None


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, headers=dict(HEADERS))
