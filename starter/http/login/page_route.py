"""Routes of the team's pages: errors are answered with a page, and people who are not logged in go to the login."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from activities.errors import DatabaseUnavailable, NotYetRecorded
from starter.errors import NoSuchCase, TemporalUnreachable, WorkersBusy
from starter.http.access.callers import CannotTell, Forbidden
from starter.http.bodies import InvalidBody
from starter.http.login.pages import logged_out_page, plain_page
from starter.http.login.sessions import Forged, LoginNeeded
from starter.http.pages.page import HEADERS, MOST_FORM_BYTES, form_of, is_from_elsewhere, to_repeat, written_in
from starter.http.rates import TooManyRequests

_AGAIN_SECONDS = 5

# Error, name of the page that says it, status; the first that matches counts.
_ANSWERS: tuple[tuple[type[Exception], str, int], ...] = (
    (Forged, "foreign", 403),
    (Forbidden, "forbidden", 403),
    (NoSuchCase, "missing", 404),
    (NotYetRecorded, "missing", 404),
    (TooManyRequests, "slow", 429),
    (InvalidBody, "form", 413),
    (RequestValidationError, "missing", 404),
    (CannotTell, "later", 503),
    (TemporalUnreachable, "later", 503),
    (WorkersBusy, "later", 503),
    (DatabaseUnavailable, "later", 503),
)


class PageRoute(APIRoute):
    """A route that answers people."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, which never answers with a problem document."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except LoginNeeded:
                return await _to_login(request)
            except HTTPException:
                raise
            except tuple(type_ for type_, *_ in _ANSWERS) as error:
                return _said(request, error)

        return handled


def _said(request: Request, error: Exception) -> Response:
    name, status = next((name, status) for type_, name, status in _ANSWERS if isinstance(error, type_))
    if isinstance(error, InvalidBody) and error.status != status:
        name, status = "late", error.status
    return to_repeat(plain_page(request, name, status), _AGAIN_SECONDS if status in (429, 503) else 0)


async def _to_login(request: Request) -> Response:
    if request.method == "POST":
        # A session that ended while a person wrote must not cost them their words; a stranger's form shows nothing here.
        try:
            sent = {} if is_from_elsewhere(request) else await form_of(request, MOST_FORM_BYTES)
        except InvalidBody as error:
            return _said(request, error)
        return logged_out_page(request, written=written_in(sent))
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Their browser kept the cookie back, because a link elsewhere led here. From our own page it comes along.
        return plain_page(request, "continue", 200, again=True)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(here, safe='/')}", 303, headers=dict(HEADERS))
