"""Keys that only send for a source, tried at every route there is."""

import json

import httpx2
import pytest

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.http.backend import Backend
from tests.integration.http.teams import store_team
from tests.integration.http.test_login import TEAM, log_in

OPEN_TO_ALL = {"/health/live", "/health/ready", "/metrics"}
EVENT = json.dumps({"type": "ticket.seen", "data": {"ticket": "SRC-1"}})


async def key_for(backend: Backend, *sources: str, role: Role = Role.ADMIN, person: str = "") -> str:
    key = ApiKey(
        id=new_id(), name="sender", role=role, sources=sources, tickets=(), person=person, created_at=backend.now()
    )
    return await Keys(ApiKeys(backend.database), backend.now).create(key)


async def test_a_key_of_a_source_opens_no_route_but_that_of_its_source(
    anyone: httpx2.AsyncClient, backend: Backend
) -> None:
    document = (await anyone.get("/openapi.json")).json()
    anyone.headers["authorization"] = f"Bearer {await key_for(backend, 'desk')}"
    answers = {}
    for path, methods in document["paths"].items():
        for method in methods:
            if path not in OPEN_TO_ALL and not path.startswith("/webhooks/"):
                filled = path.replace("{", "").replace("}", "")
                answers[method, path] = (await anyone.request(method, filled, content=b"{}")).status_code
    assert len(answers) > 60
    assert {route for route, status in answers.items() if status != 403} == set()


@pytest.mark.parametrize(
    ("sources", "source", "status"),
    [
        (("desk",), "desk", 200),
        (("looping", "desk"), "desk", 200),
        ((), "desk", 403),
        (("desk",), "looping", 403),
        (("mail",), "desk", 403),
        (("desk",), "nonesuch", 403),
    ],
)
async def test_a_key_vouches_for_webhooks_of_its_sources_alone(
    anyone: httpx2.AsyncClient, backend: Backend, sources: tuple[str, ...], source: str, status: int
) -> None:
    headers = {"authorization": f"Bearer {await key_for(backend, *sources, role=Role.AGENT)}"}
    answer = await anyone.post(f"/webhooks/{source}", content=EVENT, headers=headers)
    assert answer.status_code == status, answer.text


async def test_a_key_that_does_not_work_or_may_not_send_replaces_no_signature(
    anyone: httpx2.AsyncClient, backend: Backend
) -> None:
    viewer = await key_for(backend, "desk", role=Role.VIEWER)
    for credential, status in ((viewer, 403), ("esc_none2345_x", 401), ("another scheme", 401)):
        headers = {"authorization": f"Bearer {credential}"}
        assert (await anyone.post("/webhooks/desk", content=EVENT, headers=headers)).status_code == status


async def test_mail_is_a_source_too(anyone: httpx2.AsyncClient, backend: Backend) -> None:
    for source, status in (("mail", 202), ("desk", 403)):
        headers = {"authorization": f"Bearer {await key_for(backend, source)}", "content-type": "message/rfc822"}
        answer = await anyone.post(
            "/v1/mail?to=replies@example.com", content=b"From: a@example.com\n\nx", headers=headers
        )
        assert answer.status_code == status, answer.text


async def test_a_key_of_a_source_logs_no_one_in(anyone: httpx2.AsyncClient, backend: Backend) -> None:
    await store_team(backend, TEAM)
    assert (await log_in(anyone, await key_for(backend, "desk", person="ana"))).status_code == 403
