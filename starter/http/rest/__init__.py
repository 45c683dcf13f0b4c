"""REST: the client's commands and questions, each a route made from its definition."""

from fastapi import APIRouter, Depends

from starter.http.rest import cases, incidents, policies, reports, team
from starter.http.rest.commands import add_case_commands
from starter.http.rest.pages import only_known_parameters


def rest_router() -> APIRouter:
    """Every route below `/v1`."""
    whole = APIRouter(prefix="/v1", dependencies=[Depends(only_known_parameters)])
    for router in (cases.router, cases.triaged, incidents.router, team.router, policies.router, reports.router):
        whole.include_router(router)
    return whole


add_case_commands(cases.router)
