"""What all routes of REST share: who asks, under which id, and how the answer is written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from escalation.case.codec import to_json
from starter.http.access.callers import Caller
from starter.http.access.gate import acting_as, require
from starter.http.access.roles import Role
from starter.http.bodies import json_body

ActingAs = Annotated[
    str,
    Header(alias="Acting-As", max_length=200, description="Whom the timeline names, for a key that may name actors."),
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same request with the same key is carried out once, and gets the same answer.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks for a change, and under which id.

    Attributes:
        actor: Whom the timeline names.
        command_id: The same again is the same command; None where the caller gave no key.
    """

    caller: Caller
    actor: str
    command_id: str | None


def asking(role: Role, *, of_all_tickets: bool = False) -> Any:
    """A dependency of a route that changes something; arguments as of `require`."""

    async def asked(
        request: Request,
        caller: Annotated[Caller, require(role, of_all_tickets=of_all_tickets)],
        named: ActingAs = "",
        key: IdempotencyKey = "",
    ) -> Asked:
        actor = acting_as(request, caller, named)
        # Not the key itself: two callers may choose the same.
        mark = sha256(f"{caller.actor}\0{key}".encode()).hexdigest()[:40]
        return Asked(caller=caller, actor=actor, command_id=f"http-{mark}" if key else None)

    return Depends(asked)


async def answered(
    request: Request, asked: Asked, act: Callable[[], Awaitable[object]], *, status: int = 200
) -> Response:
    """Carry out a change and write its answer.

    Args:
        request: The request that asks for it.
        asked: Who asks.
        act: Carries it out.
        status: Of the answer, where it succeeds.
    """
    _ = request, asked
    return document(await act(), status)


def document(value: object, status: int = 200) -> Response:
    """An answer: a value of the domain as JSON."""
    return Response(to_json(value), status, media_type="application/json")


BODIES: dict[str, type[BaseModel]] = {}
"""The bodies that routes take, by name, for the OpenAPI document."""


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """What the OpenAPI document says of a route that reads this body by `json_body`."""
    BODIES[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


__all__ = ["BODIES", "Asked", "answered", "asking", "document", "json_body", "takes"]
