"""Answers errors with problem details (RFC 9457), and says what the caller can do."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from activities.errors import DatabaseUnavailable, UnknownPolicy, UnstorableValue
from escalation.errors import InvalidTransition, NoRoom, NotAllowed, Refused
from starter.command_names import as_sent, commands_as_sent
from starter.errors import CommandRefused, EscalationEnded, IncidentEnded, NoSuchCase, TemporalUnreachable, WorkersBusy
from starter.http.access.callers import CHALLENGE, CannotTell, Forbidden, TooManyFailures, Unauthenticated
from starter.http.bodies import InvalidBody
from starter.http.idempotency import KeyReused
from starter.http.login.pages import plain_page
from starter.http.patterns import Patterns, route_of
from starter.http.rates import TooManyRequests
from starter.http.rest.pages import NoSuchPage

log = structlog.stdlib.get_logger("http")

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5  # what a caller is asked to wait for a server that does not answer


class Problem(BaseModel):
    """Problem details: what went wrong, and what is possible (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


PROBLEM: dict[str, Any] = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
"""What the OpenAPI document says of the content of an error."""
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem; `type`, `title` and `detail` say which, `allowed` what is possible instead.",
        "content": PROBLEM,
    }
}
"""What the OpenAPI document says of errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The answer to one kind of error."""

    status: int
    slug: str  # last part of its `type`
    title: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(told: Told) -> Response:
    """The response for an error."""
    document = {
        "type": f"urn:escalations:problem:{told.slug}",
        "title": told.title,
        "status": told.status,
        "detail": told.detail,
        **told.more,
    }
    return JSONResponse(document, told.status, headers=dict(told.headers), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of this application by problem details."""
    for type_ in (HTTPException, RequestValidationError, InvalidBody, *(type_ for type_, *_ in _TABLE)):
        app.add_exception_handler(type_, _answered)
    app.add_exception_handler(Exception, _unexpected)


async def _answered(request: Request, error: Exception) -> Response:
    is_missing = isinstance(error, HTTPException) and error.status_code == 404
    if is_missing and (shorter := _without_slash(request)):
        return RedirectResponse(shorter, 307)
    if is_missing and _is_a_person(request):
        return plain_page(request, "nowhere", 404)
    found = answer(told_of(error))
    if found.status_code == 405:
        # Each route names its own method only, and a path has several.
        patterns: Patterns = request.app.state.patterns
        found.headers["Allow"] = ", ".join(sorted(patterns.methods(request.url.path)))
    return found


def _without_slash(request: Request) -> str:
    """The path of ours that a path with a slash too many means, without a host; empty for none."""
    patterns: Patterns = request.app.state.patterns
    path = request.url.path
    shorter = path.rstrip("/")
    if shorter == path or not patterns.methods(shorter.removeprefix(request.scope.get("root_path", ""))):
        return ""
    return f"{shorter}?{request.url.query}" if request.url.query else shorter


def _is_a_person(request: Request) -> bool:
    # Whether a browser shows the answer to someone; the API answers programs, whatever they accept.
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected error in a request", route=route_of(request), kind=type(error).__name__)
    detail = "an unexpected error on our side; it is logged, and it is safe to send the request again"
    return answer(Told(status=500, slug="unexpected", title="Unexpected error", detail=detail))


# Error, status, last part of its `type`, title; the first that matches counts.
_TABLE: tuple[tuple[type[Exception], int, str, str], ...] = (
    (Unauthenticated, 401, "unauthenticated", "Not authenticated"),
    (Forbidden, 403, "forbidden", "Not allowed"),
    (KeyReused, 409, "idempotency-key-reused", "Idempotency key reused"),
    # No 429: that would say that the credential may be right.
    (TooManyFailures, 401, "too-many-failures", "Too many failed attempts"),
    (TooManyRequests, 429, "too-many-requests", "Too many requests"),
    (CannotTell, 503, "unreachable", "Identity provider is unreachable"),
    (CommandRefused, 409, "refused", "Refused"),
    (Refused, 409, "refused", "Refused"),
    (EscalationEnded, 409, "ended", "It has ended"),
    (IncidentEnded, 409, "ended", "It has ended"),
    (NoSuchCase, 404, "not-found", "Not found"),
    (UnknownPolicy, 404, "not-found", "Not found"),
    (WorkersBusy, 503, "no-answer", "No worker answers"),
    (TemporalUnreachable, 503, "unreachable", "Temporal is unreachable"),
    (DatabaseUnavailable, 503, "unreachable", "PostgreSQL is unreachable"),
    (NoSuchPage, 404, "no-such-page", "Not found"),
    (UnstorableValue, 422, "unstorable", "Value not accepted"),
)


def told_of(error: Exception) -> Told:
    """The answer to this error."""
    match error:
        case HTTPException():
            return _of_http(error)
        case RequestValidationError():
            problems = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()[:10]]
            return _of_input(422, "invalid-parameter", "Parameter not accepted", problems)
        case InvalidBody(status=status, problems=problems):
            return _of_input(status, "invalid-body", "Body not accepted", problems)
        case _:
            return _of_ours(error)


def _of_ours(error: Exception) -> Told:
    status, slug, title = next(row[1:] for row in _TABLE if isinstance(error, row[0]))
    detail, more, headers = str(error), dict[str, Any](), dict[str, str]()
    match error:
        case Unauthenticated(challenge=challenge):
            headers["WWW-Authenticate"] = challenge
        case TooManyFailures(after=after):
            headers |= _retry(after) | {"WWW-Authenticate": CHALLENGE}
        case TooManyRequests(after=after) | CannotTell(after=after):
            headers |= _retry(after)
        case CommandRefused():
            more["refusal"], detail = error.type, as_sent(detail)
            status = 403 if error.type == NotAllowed.__name__ else status
            if error.type == InvalidTransition.__name__:
                more["allowed"] = commands_as_sent(error.allowed)
        case NoSuchCase():
            more["escalation"] = error.escalation
        case WorkersBusy():
            more |= {"escalation": error.escalation, "command_id": error.command_id}
        case TemporalUnreachable() | DatabaseUnavailable():
            # Not what was said: it names hosts and databases, which are the operator's to know.
            log.warning("a server does not answer", problem=title, said=str(error))
            detail = f"{title}; send the same request again later"
        case _:
            pass
    if (status == 503 and not headers) or more.get("refusal") == NoRoom.__name__:
        headers |= _retry(RETRY_SECONDS)
    return Told(status=status, slug=slug, title=title, detail=detail, more=more, headers=headers)


def _of_http(error: HTTPException) -> Told:
    title = str(error.detail)
    ways = {
        404: "there is no such address; GET /openapi.json lists them",
        405: "this address takes another method; see the header Allow",
    }
    return Told(
        status=error.status_code,
        slug=title.lower().replace(" ", "-") or "error",
        title=title,
        detail=ways.get(error.status_code, title),
        headers=error.headers or {},
    )


def _of_input(status: int, slug: str, title: str, problems: Sequence[str]) -> Told:
    return Told(status=status, slug=slug, title=title, detail="; ".join(problems), more={"errors": list(problems)})


def _retry(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(seconds))}
