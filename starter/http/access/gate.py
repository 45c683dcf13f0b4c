"""The gate before each route: who calls, at which rate, and with which role."""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from escalation.case.naming import life_of
from starter.http.access.callers import Caller, Forbidden
from starter.http.access.guard import Guard
from starter.http.access.roles import Role
from starter.http.rates import Rates

_BEARER = HTTPBearer(auto_error=False, description="An API key, or a token of the identity provider.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def require(role: Role) -> Any:
    """A dependency of a route: the caller, who has at least this role and reaches the ticket of the path.

    Args:
        role: The least that is needed.
    """

    async def admitted(request: Request, _credentials: _Credentials) -> Caller:
        guard: Guard = request.app.state.guard
        rates: Rates = request.app.state.rates
        address, path = request.client.host if request.client else "", _pattern(request)
        caller = await guard.caller(request.headers.get("authorization"), address=address, path=path)
        rates.take(caller.credential)
        try:
            caller.must_have(role, path)
            if "ticket" in request.path_params:
                caller.must_reach(life_of(str(request.path_params["ticket"])).ticket)
        except Forbidden as refusal:
            guard.refused(refusal, address=address, path=path, caller=caller)
            raise
        return caller

    return Depends(admitted)


def _pattern(request: Request) -> str:
    """The route, without what a caller wrote into its path."""
    return str(getattr(request.scope.get("route"), "path", ""))
