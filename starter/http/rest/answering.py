"""The shared parts of all REST routes: the caller, the command id, and the form of the answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from escalation.case.codec import to_json
from starter.http import idempotency
from starter.http.access.callers import Caller
from starter.http.access.gate import acting_as, require
from starter.http.access.roles import QUESTIONS, Role
from starter.http.bodies import json_body
from starter.http.idempotency import command_id_of

Reader = Annotated[Caller, require(QUESTIONS)]
"""Who asks a question about the ticket of the path, or about those they may see."""
ReaderOfAll = Annotated[Caller, require(QUESTIONS, of_all_tickets=True)]  # who asks a question about all tickets
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
    """The caller of a change, and its command id."""

    caller: Caller
    actor: str
    key: str = ""  # the idempotency key; empty for none

    @property
    def command_id(self) -> str | None:
        """The same again is the same command; None where the caller gave no key."""
        return command_id_of(self.caller.actor, self.key) if self.key else None


def asking(role: Role, *, of_all_tickets: bool = False) -> Any:
    """A dependency of a route that changes something; arguments as of `require`."""

    async def asked(
        request: Request,
        caller: Annotated[Caller, require(role, of_all_tickets=of_all_tickets)],
        named: ActingAs = "",
        key: IdempotencyKey = "",
    ) -> Asked:
        return Asked(caller=caller, actor=await acting_as(request, caller, named), key=key)

    return Depends(asked)


async def answered(
    request: Request, asked: Asked, act: Callable[[], Awaitable[object]], *, status: int = 200
) -> Response:
    """Carry out a change and write its answer; a repeat with the same idempotency key is answered as before.

    Args:
        status: Of the answer, where it succeeds.

    Raises:
        KeyReused: The key was used for another request.
    """

    async def once() -> Response:
        return document(await act(), status)

    return await idempotency.once(request, request.app.state.backend, asked.caller.actor, asked.key, once)


def document(value: object, status: int = 200) -> Response:
    """An answer: a value of the domain as JSON."""
    return Response(to_json(value), status, media_type="application/json")


BODIES: dict[str, type[BaseModel]] = {}  # the bodies that routes take, by name, for the OpenAPI document


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """Return the OpenAPI entry of a route that reads this body by `json_body`."""
    BODIES[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


__all__ = ["BODIES", "Asked", "Reader", "ReaderOfAll", "answered", "asking", "document", "json_body", "takes"]
