"""Sessions in a browser: a cookie with 256 random bits that scripts cannot read and other sites cannot send."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import Query, Request
from starlette.responses import Response

from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.sessions import LASTS, Sessions
from activities.errors import UnknownPerson
from activities.ports.directory import Person
from starter.http.access.callers import Caller
from starter.http.access.roles import Role
from starter.http.backend import backend_of
from starter.http.pages.page import is_from_elsewhere
from starter.http.rates import Rates

AREAS = ("/agent", "/board")
"""Where a login leads back to; nothing else, so that no one can send people elsewhere by it."""
HOME = "/agent"
Wanted = Annotated[str, Query(alias="next", max_length=2_000)]  # where a login leads, as an address has it

log = structlog.stdlib.get_logger("http")


class LoginNeeded(Exception):
    """The request has no session that counts."""


class Forged(Exception):
    """A form came from elsewhere, or is not one that this session was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who is logged in."""

    caller: Caller
    person: Person  # who they are; what the roster knows of them
    form_token: str  # what their forms carry, so that another site cannot make one up


async def session_of(request: Request) -> Session:
    """The session of a request, if the person is logged in.

    Raises:
        LoginNeeded: No one, or no longer.
        TooManyRequests: They ask for more than their rate.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    token = request.cookies.get(_cookie(request), "")
    kept = await _sessions(request).find(token) if token else None
    if kept is None:
        raise LoginNeeded
    rates: Rates = request.app.state.rates
    rates.take(f"session:{kept.id}")
    caller = Caller(
        credential=f"session:{kept.id}", actor=kept.person, role=Role(kept.role), tickets=tuple(kept.tickets)
    )
    return Session(caller=caller, person=await _person(request, kept.person), form_token=_form_token(token))


def must_be_ours(request: Request, session: Session, token: str) -> None:
    """Refuse a form that another site sent.

    Raises:
        Forged: It did.
    """
    if is_from_elsewhere(request) or not compare_digest(token.encode(), session.form_token.encode()):
        raise Forged


async def log_in(
    request: Request, answer: Response, *, person: str, role: str, by: str, key: str | None = None
) -> Response:
    """Begin a session, and give its cookie to the browser. One that was there ends.

    Args:
        role: What they may do; with a key, that of the key.
        key: Id of the key that the session ends with; None for none.
    """
    sessions, token = _sessions(request), secrets.token_urlsafe(32)
    await _end(request, sessions)
    await sessions.begin(token, person=person, role=role, key=key)
    log.info("logged in", role=role, by=by)
    answer.set_cookie(_cookie(request), token, max_age=int(LASTS.total_seconds()), **_attributes(request))
    return answer


async def log_out(request: Request, answer: Response) -> Response:
    """End the session of the request."""
    await _end(request, _sessions(request))
    answer.delete_cookie(_cookie(request), **_attributes(request))
    return answer


async def _end(request: Request, sessions: Sessions) -> None:
    if token := request.cookies.get(_cookie(request), ""):
        await sessions.end(token)


def next_page(text: str) -> str:
    """Return the page that a login leads to; the queue for anything that is not ours."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return HOME
    is_ours = any(parts.path == area or parts.path.startswith(f"{area}/") for area in AREAS)
    plain = text.isprintable() and "\\" not in text and ".." not in text
    return text if is_ours and plain and not parts.scheme and not parts.netloc else HOME


def is_secure(request: Request) -> bool:
    """Whether the browser reaches this server over TLS."""
    public_url = backend_of(request).settings.public_url or ""
    return request.url.scheme == "https" or public_url.startswith("https://")


def _cookie(request: Request) -> str:
    # With this prefix, browsers take the cookie from this host over TLS alone.
    return "__Host-escalations" if is_secure(request) else "escalations"


def _attributes(request: Request) -> dict[str, Any]:
    return {"path": "/", "secure": is_secure(request), "httponly": True, "samesite": "strict"}


def _form_token(token: str) -> str:
    return sha256(f"form of {token}".encode("utf-8", "surrogatepass")).hexdigest()


def _sessions(request: Request) -> Sessions:
    backend = backend_of(request)
    return Sessions(backend.database, backend.now)


async def _person(request: Request, person: str) -> Person:
    backend = backend_of(request)
    try:
        return await Directory(backend.database, backend.now).person(person)
    except UnknownPerson:
        # A viewer whom the identity provider vouches for.
        return Person(id=person, name=person, address="")
