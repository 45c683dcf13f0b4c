"""Query parameters that a route does not have are refused: a misspelled filter would list everything."""

from collections.abc import Iterator
from difflib import get_close_matches

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


async def only_known_parameters(request: Request) -> None:
    """Refuse a request with a query parameter that its route does not have.

    Raises:
        RequestValidationError: It has one.
    """
    route: APIRoute = request.scope["route"]
    known = sorted(_names(route.dependant))
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        problems = [{"loc": ("query", name), "msg": _advice(name, known), "type": "unknown"} for name in unknown]
        raise RequestValidationError(problems)


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for one in dependant.dependencies:
        yield from _names(one)


def _advice(name: str, known: list[str]) -> str:
    meant = get_close_matches(name, known, 1)
    what = f"did you mean `{meant[0]}`?" if meant else f"it has {', '.join(known)}" if known else "it has none"
    return f"this route has no such parameter; {what}"
