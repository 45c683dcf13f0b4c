"""REST: the client's commands and questions, each a route made from its definition."""

from fastapi import APIRouter

from starter.http.rest import cases, incidents, policies, reports, team
from starter.http.rest.commands import add_case_commands


def rest_router() -> APIRouter:
    """Every route below `/v1`."""
    whole = APIRouter(prefix="/v1")
    for router in (cases.router, cases.triaged, incidents.router, team.router, policies.router, reports.router):
        whole.include_router(router)
    return whole


add_case_commands(cases.router)
