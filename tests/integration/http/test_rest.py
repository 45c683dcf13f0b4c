"""The whole life of cases and incidents over HTTP, on the real stack."""

import asyncio
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from escalation.case.commands import Open
from starter import opening
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.idempotency import REPLAYED
from starter.http.rest.examples import example_of
from tests.integration.http.conftest import in_process, key_of
from workflows.carried import Start

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("worker")]

OPEN: dict[str, Any] = {
    **example_of(Open),
    "severity": "SEV2",
    "category": "billing",
    "reasons": ["silence"],
}


async def opened(client: httpx2.AsyncClient, ticket: str) -> None:
    answer = await client.post("/v1/escalations", json=OPEN | {"ticket": ticket})
    assert answer.status_code == 200, answer.text
    assert answer.json()["started"]


async def person_offered(client: httpx2.AsyncClient, ticket: str) -> str:
    """Who is asked, once anyone is."""
    async with asyncio.timeout(20):
        while True:
            view = (await client.get(f"/v1/escalations/{ticket}")).json()["view"]
            if view["offered_to"]:
                return str(view["offered_to"])
            await asyncio.sleep(0.05)


async def listed(client: httpx2.AsyncClient, ticket: str, **wanted: str) -> list[dict[str, Any]]:
    """The case in the list, once the record has it."""
    async with asyncio.timeout(20):
        while True:
            page = (await client.get("/v1/escalations", params=wanted)).json()
            if found := [row for row in page["items"] if row["ticket"] == ticket]:
                return found
            await asyncio.sleep(0.05)


async def test_a_case_is_opened_worked_on_and_looked_at(admin: httpx2.AsyncClient, backend: Backend) -> None:
    await opened(admin, "R-1")
    again = await admin.post("/v1/escalations", json=OPEN | {"ticket": "R-1"})
    person = await person_offered(admin, "R-1")
    key = {"authorization": f"Bearer {await key_of(backend, person, Role.AGENT)}"}
    taken = await admin.post("/v1/escalations/R-1/acknowledge", json={"packet_read": True}, headers=key)
    noted = await admin.post("/v1/escalations/R-1/note", json={"text": "Found it."}, headers=key)
    status = (await admin.get("/v1/escalations/R-1")).json()
    timeline = (await admin.get("/v1/escalations/R-1/timeline")).json()
    (row,) = await listed(admin, "R-1", owner=person)

    assert (again.status_code, again.json()["started"]) == (200, False)
    assert (taken.status_code, taken.json()["stage"]) == (200, "working")
    assert noted.status_code == 200
    assert status["view"]["owner"] == person
    assert [event["by"] for event in timeline if event["kind"] == "noted"] == [person]
    assert (row["stage"], row["severity"], row["owner"]) == ("working", "SEV2", person)
    for question in ("explain", "history", "letters", "strangers?person=no-one"):
        answer = await admin.get(f"/v1/escalations/R-1/{question}")
        assert answer.status_code == 200, question
    assert (await admin.get("/v1/escalations/R-1/strangers?person=no-one")).json() == ["no-one"]


async def test_a_refused_command_says_what_is_possible_now(admin: httpx2.AsyncClient) -> None:
    await opened(admin, "R-2")

    refused = await admin.post("/v1/escalations/R-2/reopen", json={"why": "not solved"})

    problem = refused.json()
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert (problem["refusal"], problem["title"]) == ("InvalidTransition", "Refused")
    assert {"note", "cancel"} <= set(problem["allowed"])


async def test_the_actor_is_who_was_authenticated_and_never_a_field_of_the_body(admin: httpx2.AsyncClient) -> None:
    await opened(admin, "R-3")

    answer = await admin.post("/v1/escalations/R-3/note", json={"text": "hello", "by": "zoe"})
    named = await admin.post("/v1/escalations/R-3/note", json={"text": "hello"}, headers={"acting-as": "zoe"})
    await admin.post("/v1/escalations/R-3/note", json={"text": "hello"})
    timeline = (await admin.get("/v1/escalations/R-3/timeline")).json()

    assert (answer.status_code, answer.json()["errors"]) == (422, ["by: Extra inputs are not permitted"])
    assert named.status_code == 403
    assert [event["by"] for event in timeline if event["kind"] == "noted"] == ["ada"]


async def test_a_slip_in_the_name_of_an_actor_is_refused_with_the_nearest(
    anyone: httpx2.AsyncClient, backend: Backend
) -> None:
    key = ApiKey(id=new_id(), name="desk", role=Role.AGENT, names_actors=True, created_at=backend.now())
    anyone.headers["authorization"] = f"Bearer {await Keys(ApiKeys(backend.database), backend.now).create(key)}"
    await opened(anyone, "R-31")

    answers = [
        await anyone.post("/v1/escalations/R-31/note", json={"text": "hello"}, headers={"acting-as": name})
        for name in ("annna", "ana", "desk")
    ]

    assert [answer.status_code for answer in answers] == [403, 200, 200]
    assert answers[0].json()["detail"].endswith("`annna`, who is not in the roster; did you mean `ana`?")


async def test_the_same_idempotency_key_does_it_once(admin: httpx2.AsyncClient) -> None:
    await opened(admin, "R-4")
    key = {"idempotency-key": "web-form-1"}

    first = await admin.post("/v1/escalations/R-4/note", json={"text": "once"}, headers=key)
    second = await admin.post("/v1/escalations/R-4/note", json={"text": "once"}, headers=key)
    timeline = (await admin.get("/v1/escalations/R-4/timeline")).json()

    assert first.json() == second.json()
    assert sum(event["kind"] == "noted" for event in timeline) == 1


async def test_an_idempotency_key_holds_after_the_run_and_after_the_case(
    admin: httpx2.AsyncClient, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sent(command: str, body: dict[str, Any], key: str) -> httpx2.Response:
        return await admin.post(f"/v1/escalations/R-9/{command}", json=body, headers={"idempotency-key": key})

    async def run() -> str:
        return (await backend.temporal.get_workflow_handle("escalation-R-9").describe()).run_id

    monkeypatch.setattr(opening, "Start", partial(Start, history_limit=20))
    await opened(admin, "R-9")
    first, begun = await sent("note", {"text": "once"}, "r9"), await run()
    for number in range(20):
        if await run() != begun:
            break
        await sent("note", {"text": f"note {number}"}, f"r9-{number}")
    assert await run() != begun, "it continued as new"
    assert (await sent("note", {"text": "once"}, "r9")).headers[REPLAYED] == "true"
    # As if the server had died before it kept its answer: now the workflow's next run has to know the command.
    async with backend.database.connection() as connection:
        assert await connection.execute("delete from http_answers where key = 'r9'") == "DELETE 1"
    assert (await sent("note", {"text": "once"}, "r9")).json() == first.json()

    ended = await sent("cancel", {"cause": "withdrawn"}, "r9-end")
    assert (await admin.post("/v1/escalations/R-9/note", json={"text": "late"})).status_code == 409
    again = [await sent("note", {"text": "once"}, "r9"), await sent("cancel", {"cause": "withdrawn"}, "r9-end")]
    assert [(one.status_code, one.headers[REPLAYED]) for one in again] == [(200, "true")] * 2
    assert [one.json() for one in again] == [first.json(), ended.json()]
    assert (await sent("note", {"text": "another"}, "r9")).status_code == 409
    timeline = (await admin.get("/v1/escalations/R-9/timeline")).json()
    assert [event["kind"] for event in timeline if event.get("text") == "once"] == ["noted"]
    assert sum(event["kind"] == "cancelled" for event in timeline) == 1


async def test_an_incident_is_opened_linked_and_resolved(admin: httpx2.AsyncClient) -> None:
    await opened(admin, "R-5")

    begun = await admin.post("/v1/incidents", json={"name": "mail-1", "title": "Mail is late"})
    linked = await admin.post("/v1/incidents/mail-1/link", json={"tickets": ["R-5"]})
    told = await admin.post("/v1/incidents/mail-1/tell", json={"text": "We found it."})
    status = await admin.get(f"/v1/incidents/{quote(begun.json()['incident'], safe='')}")
    timeline = await admin.get("/v1/incidents/mail-1/timeline")
    resolved = await admin.post("/v1/incidents/mail-1/resolve", json={"solution": "A new server."})

    assert [one.status_code for one in (begun, linked, told, status, timeline, resolved)] == [200] * 6
    assert (linked.json()["linked"], told.json()["bulletin"]) == (1, 1)
    assert {event["by"] for event in timeline.json() if "by" in event} == {"ada"}


async def test_a_cancelled_case_is_brought_back(admin: httpx2.AsyncClient) -> None:
    await opened(admin, "R-6")
    await admin.post("/v1/escalations/R-6/cancel", json={"cause": "withdrawn"})

    undone = await admin.post("/v1/escalations/R-6/undo-cancel", json={"why": "wrong ticket"})

    assert undone.status_code == 200, undone.text
    assert undone.json()["escalation"] == "escalation-R-6~2"


async def test_what_the_record_adds_up_to_is_there(admin: httpx2.AsyncClient) -> None:
    paths = (
        *("/v1/report", "/v1/trends", "/v1/lessons", "/v1/audit", "/v1/roster", "/v1/roster/on-shift?tier=1"),
        *("/v1/people/ana/tasks", "/v1/policies", "/v1/policies/default", "/v1/incidents"),
        "/v1/policies/default/explain?severity=SEV1&category=billing",
    )
    answers = {path: (await admin.get(path)).status_code for path in paths}

    assert answers == dict.fromkeys(paths, 200)


async def test_what_is_not_there_is_not_found(admin: httpx2.AsyncClient) -> None:
    for path in ("/v1/escalations/none-such", "/v1/escalations/none-such/history", "/v1/incidents/none-such"):
        answer = await admin.get(path)
        assert (answer.status_code, answer.json()["title"]) == (404, "Not found"), path
    assert (await admin.get("/v1/policies/none-such")).status_code == 404
    assert (await admin.get("/v1/escalations?cursor=none-such")).status_code == 404


async def test_roles_decide_who_may_do_what(anyone: httpx2.AsyncClient, backend: Backend) -> None:
    viewer = {"authorization": f"Bearer {await key_of(backend, 'vic', Role.VIEWER)}"}
    some = {"authorization": f"Bearer {await key_of(backend, 'bot', Role.LEAD, 'ACME-*')}"}

    without = await anyone.get("/v1/escalations")
    read = await anyone.get("/v1/escalations", headers=viewer)
    wrote = await anyone.post("/v1/escalations", json=OPEN | {"ticket": "R-7"}, headers=viewer)
    of_others = await anyone.get("/v1/escalations/R-7", headers=some)
    opens_others = await anyone.post("/v1/escalations", json=OPEN | {"ticket": "R-7"}, headers=some)
    of_all = await anyone.get("/v1/report", headers=some)
    rows = (await anyone.get("/v1/escalations?include_over=true", headers=some)).json()["items"]
    duplicate = {"cause": "duplicate", "why": "twice", "duplicate_of": "R-7"}
    names_others = await anyone.post("/v1/escalations/ACME-1/cancel", json=duplicate, headers=some)

    assert (without.status_code, without.headers["www-authenticate"][:6]) == (401, "Bearer")
    assert (read.status_code, wrote.status_code) == (200, 403)
    assert [one.status_code for one in (of_others, opens_others, of_all, names_others)] == [403] * 4
    assert rows == []


async def test_pages_have_every_case_once(admin: httpx2.AsyncClient) -> None:
    for number in range(5):
        await opened(admin, f"P-{number}")
        await listed(admin, f"P-{number}")
    seen, cursor = [], None
    while True:
        page = (await admin.get("/v1/escalations", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [row["ticket"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert [ticket for ticket in seen if ticket.startswith("P-")] == ["P-4", "P-3", "P-2", "P-1", "P-0"]
    assert len(seen) == len(set(seen))


async def test_a_caller_is_slowed_down_and_no_other(backend: Backend) -> None:
    settings = backend.settings.model_copy(update={"http_requests_per_minute": 2})
    one, other = [f"Bearer {await key_of(backend, name, Role.VIEWER)}" for name in ("uma", "val")]
    async with in_process(create_app(settings, backend=backend)) as client:
        answers = [await client.get("/v1/policies", headers={"authorization": one}) for _ in range(3)]
        another = await client.get("/v1/policies", headers={"authorization": other})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert another.status_code == 200
