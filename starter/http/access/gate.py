"""The gate before each route: who calls, at which rate, and with which role."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from activities.adapters.postgres.directory import Directory
from escalation.case.naming import life_of
from escalation.people import meant
from escalation.vocabulary import CUSTOMER
from starter.http.access.callers import Caller, Forbidden
from starter.http.access.guard import guard_of, peer_of
from starter.http.access.keys import PREFIX
from starter.http.access.roles import Role
from starter.http.backend import backend_of
from starter.http.patterns import route_of
from starter.http.rates import Rates

_BEARER = HTTPBearer(auto_error=False, description="An API key, or a token of the identity provider.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def require(role: Role, *, of_all_tickets: bool = False, source: str = "") -> Any:
    """A dependency of a route: the caller, who has at least this role and reaches the ticket of the path.

    Args:
        of_all_tickets: Refuse credentials for some tickets only: the answer is about all of them.
        source: What a request sends for; empty refuses credentials that only send for a source.
    """

    async def admitted(request: Request, _credentials: _Credentials) -> Caller:
        caller = await _caller(request, request.headers.get("authorization"))
        with _logged(request, caller):
            caller.must_have(role, route_of(request))
            caller.must_send_for(source)
            if of_all_tickets:
                caller.must_reach_all()
            if "ticket" in request.path_params:
                caller.must_reach(life_of(str(request.path_params["ticket"])).ticket)
        return caller

    return Depends(admitted)


async def sends_by_key(request: Request, source: str) -> bool:
    """Whether one of our API keys vouches for a webhook; False without one, where the sender has to sign.

    Args:
        request: Its `Authorization` may be the product's own; only what begins as our keys do is ours.
        source: What it sends for.

    Raises:
        Unauthenticated: The key does not work.
        Forbidden: The key is not for this source.
        TooManyRequests: It sends more than its rate.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    authorization = request.headers.get("authorization", "")
    if not authorization.partition(" ")[2].strip().startswith(PREFIX):
        return False
    caller = await _caller(request, authorization)
    with _logged(request, caller):
        caller.must_have(Role.AGENT, "send webhooks")
        caller.must_send_for(source, by_name=True)
        caller.must_reach_all()
    return True


async def acting_as(request: Request, caller: Caller, named: str) -> str:
    """The actor that the timeline names for a change.

    Args:
        named: Whom it names; empty for the caller.

    Raises:
        Forbidden: This caller may not name another one, or no one in the roster has this id.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with _logged(request, caller):
        actor = caller.acting(named)
        if actor not in (caller.actor, CUSTOMER):
            await _must_be_colleague(request, actor)
    return actor


async def _must_be_colleague(request: Request, actor: str) -> None:
    # Refuse a slip: the timeline would have it forever. Who left may still be named, for what they did.
    backend = backend_of(request)
    directory = Directory(backend.database, backend.now)
    if await directory.people([actor]):
        return
    known = [one.id for one in await directory.colleagues()]
    if known:
        raise Forbidden(f"`Acting-As` is `{actor}`, who is not in the roster; {meant(actor, known)}")


async def _caller(request: Request, authorization: str | None) -> Caller:
    """The caller; the request counts towards their rate."""
    caller = await guard_of(request).caller(authorization, address=peer_of(request), path=route_of(request))
    rates: Rates = request.app.state.rates
    rates.take(caller.credential)
    return caller


@contextmanager
def _logged(request: Request, caller: Caller) -> Iterator[None]:
    """Log what a caller is refused within."""
    try:
        yield
    except Forbidden as refusal:
        guard_of(request).refused(refusal, address=peer_of(request), path=route_of(request), caller=caller)
        raise
