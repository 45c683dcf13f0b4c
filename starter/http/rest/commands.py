"""A route for every command that people send to an escalation or an incident, made from the command's dataclass."""

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Path, Request
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response

from escalation.case.commands import SUPPORT_COMMANDS, Cancel, LinkingCommand
from escalation.case.naming import life_of
from escalation.incident.commands import INCIDENT_COMMANDS
from starter.http.access.roles import CASE_COMMANDS
from starter.http.access.roles import INCIDENT_COMMANDS as INCIDENT_ROLES
from starter.http.backend import Connected
from starter.http.rest.answering import Asked, answered, asking, json_body, takes
from starter.http.rest.models import body_of, command_of, said_of
from workflows.contract import Answer
from workflows.incident_contract import IncidentAnswer

Ticket = Annotated[
    str,
    Path(
        max_length=220,
        description="The ticket number, meaning its newest escalation, or the id of one, such as `4711~2`.",
        examples=["4711"],
    ),
]
Incident = Annotated[str, Path(max_length=220, description="The incident's name.", examples=["mail-0302"])]


class _IncidentConvertor(Convertor[str]):
    """A name, or the id that answers have, such as `incident/mail-0302`, in which the slash separates no parts of the path."""

    regex = "(?:incident/)?[^/]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("incident", _IncidentConvertor())


def add_case_commands(router: APIRouter) -> None:
    """Add the commands to escalations; those that only incidents send are left out."""
    for kind, type_ in SUPPORT_COMMANDS.items():
        if type_ not in get_args(LinkingCommand):
            _add(router, f"/{{ticket}}/{_in_path(kind)}", kind, type_, _to_case(kind, type_), Answer)


def add_incident_commands(router: APIRouter) -> None:
    """Add the commands to incidents."""
    for kind, type_ in INCIDENT_COMMANDS.items():
        path = f"/{{incident:incident}}/{_in_path(kind)}"
        _add(router, path, f"{kind}_incident", type_, _to_incident(kind, type_), IncidentAnswer)


def _add(router: APIRouter, path: str, name: str, type_: type[Any], send: Any, answer: type[Any]) -> None:
    summary, _, more = said_of(type_).partition(". ")
    router.add_api_route(
        path,
        send,
        methods=["POST"],
        operation_id=name,
        summary=summary.rstrip("."),
        description=more or None,
        response_model=answer,
        openapi_extra=takes(body_of(type_)),
    )


def _to_case(kind: str, type_: type[Any]) -> Any:
    async def send(
        ticket: Ticket, request: Request, backend: Connected, asked: Annotated[Asked, asking(CASE_COMMANDS[kind])]
    ) -> Response:
        command = command_of(type_, await json_body(request, body_of(type_)), by=asked.actor)
        if isinstance(command, Cancel) and command.duplicate_of:
            # The answer says whether that ticket is escalated, and how it is.
            asked.caller.must_reach(life_of(command.duplicate_of).ticket)
        return await answered(request, asked, lambda: backend.client.send(ticket, command, command_id=asked.command_id))

    return send


def _to_incident(kind: str, type_: type[Any]) -> Any:
    async def send(
        incident: Incident,
        request: Request,
        backend: Connected,
        asked: Annotated[Asked, asking(INCIDENT_ROLES[kind], of_all_tickets=True)],
    ) -> Response:
        command = command_of(type_, await json_body(request, body_of(type_)), by=asked.actor)
        return await answered(
            request, asked, lambda: backend.client.incidents.send(incident, command, command_id=asked.command_id)
        )

    return send


def _in_path(kind: str) -> str:
    return kind.replace("_", "-")
