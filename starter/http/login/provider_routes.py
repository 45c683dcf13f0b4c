"""Login by the identity provider: the redirect and the callback."""

from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from starter.http.access.callers import CannotTell
from starter.http.access.guard import guard_of, peer_of
from starter.http.access.provider import CALLBACK
from starter.http.access.tokens import NoRole, NotOnTeam
from starter.http.login.openid import LONGEST_ANSWER, LoginFailed, ProviderLogin
from starter.http.login.page_route import PageRoute
from starter.http.login.pages import failed_page, plain_page, welcome_page
from starter.http.login.pending import LASTS, LONGEST_WANTED, Pending
from starter.http.login.sessions import HOME, LoginNeeded, Wanted, is_secure, log_in, next_page, session_of
from starter.http.pages.page import HEADERS

log = structlog.stdlib.get_logger("http")
router = APIRouter(include_in_schema=False, route_class=PageRoute)

_STATUS = {"denied": 403, "expired": 400, "setup": 502, "no_role": 403, "not_on_team": 403, "unanswered": 503}


def login_of(request: Request) -> ProviderLogin | None:
    """Return the login by the identity provider; None if there is none."""
    found: ProviderLogin | None = request.app.state.provider_login
    return found


@router.get("/login/provider")
async def go(request: Request, wanted: Wanted = "") -> Response:
    """Send people to the provider; who is logged in already is led on."""
    login, wanted = login_of(request), next_page(wanted)
    if login is None:
        return plain_page(request, "missing", 404)
    try:
        await session_of(request)
    except LoginNeeded:
        pass
    else:
        return RedirectResponse(wanted, 303, headers=dict(HEADERS))
    try:
        address, pending = await login.begin(wanted if len(wanted.encode()) <= LONGEST_WANTED else HOME)
    except (LoginFailed, CannotTell) as error:
        return _failed(request, error, wanted)
    answer = RedirectResponse(address, 303, headers=dict(HEADERS))
    answer.set_cookie(_cookie(request), pending.cookie, max_age=int(LASTS.total_seconds()), **_attributes(request))
    return answer


@router.get(CALLBACK)
async def come_back(request: Request) -> Response:
    """Log in who comes back from the provider, in the browser that began it."""
    login = login_of(request)
    if login is None:
        return plain_page(request, "missing", 404)
    pending = login.pending(request.cookies.get(_cookie(request), ""))
    said = dict(request.query_params)
    state = said.get("state", "")
    is_one = len(said) == len(request.query_params.multi_items()) and len(state) <= LONGEST_ANSWER
    if pending is None or not is_one or not pending.answers(state, request.app.state.backend.now()):
        return _failed(request, LoginFailed("expired", "no login of this browser fits the answer"), HOME)
    answer = await _finished(request, login, pending, said)
    answer.delete_cookie(_cookie(request), **_attributes(request))
    return answer


async def _finished(request: Request, login: ProviderLogin, pending: Pending, said: dict[str, str]) -> Response:
    wanted, guard = next_page(pending.wanted), guard_of(request)
    try:
        # Made-up codes have us ask the provider: from an address that sends many, one at a time.
        async with guard.turn(peer_of(request)):
            caller = await login.finish(pending, said)
    except (LoginFailed, CannotTell, NoRole, NotOnTeam) as error:
        guard.failed(peer_of(request))
        return _failed(request, error, wanted)
    # Not a redirect: the browser would keep the new cookie back, since another site began this navigation.
    welcome = welcome_page(request, wanted)
    return await log_in(request, welcome, person=caller.actor, role=caller.role, by="identity provider")


def _failed(request: Request, error: Exception, wanted: str) -> Response:
    person, reason = "", type(error).__name__
    match error:
        case LoginFailed(page=page, reason=reason):
            pass
        case NotOnTeam(person=person):
            page = "not_on_team"
        case NoRole():
            page = "no_role"
        case _:
            page = "unanswered"
    log.warning("login by the identity provider failed", page=page, reason=reason, peer=peer_of(request))
    return failed_page(request, page, _STATUS[page], wanted=wanted, person=person)


def _cookie(request: Request) -> str:
    return "__Host-escalations-login" if is_secure(request) else "escalations-login"


def _attributes(request: Request) -> dict[str, Any]:
    # Lax: the way back is a navigation that the provider's site begins.
    return {"path": "/", "secure": is_secure(request), "httponly": True, "samesite": "lax"}
