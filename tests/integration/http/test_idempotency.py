"""Idempotency keys on a real PostgreSQL: what is done once, what is answered again, and what a crash leaves behind."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from activities.adapters.postgres.http_answers import HttpAnswers
from starter.errors import CommandRefused
from starter.http import idempotency
from starter.http.backend import Backend
from starter.http.idempotency import REPLAYED, KeyReused, command_id_of


@dataclass
class Work:
    """What is to be done once; the workflow behind it knows the ids of commands."""

    done: list[str] = field(default_factory=list)
    crashes: int = 0
    status: int = 200
    gate: asyncio.Event | None = None
    answers: dict[str, str] = field(default_factory=dict)

    async def do(self, command_id: str) -> Response:
        if self.gate is not None:
            await self.gate.wait()
        if command_id not in self.answers and self.status < 300:
            self.done.append(command_id)
            self.answers[command_id] = f"done as number {len(self.done)}"
        if self.crashes:
            self.crashes -= 1
            raise ConnectionError("killed between effect and row")
        if self.status >= 300:
            raise CommandRefused("InvalidTransition", "not now")
        return JSONResponse({"said": self.answers[command_id]}, self.status)


class Server:
    """A route that does its work once, with a clock that is set by hand."""

    def __init__(self, backend: Backend) -> None:
        self.work, self.key, self.later = Work(), secrets.token_hex(8), timedelta()
        self.backend = replace(backend, now=lambda: backend.now() + self.later)
        self.app = FastAPI()
        self.app.add_api_route("/v1/{ticket}", self._answer, methods=["POST"])

    async def _answer(self, ticket: str, request: Request) -> Response:  # noqa: ARG002 (a part of the path)
        owner, key = request.headers["owner"], request.headers.get("idempotency-key", "")
        command_id = command_id_of(owner, key) if key else secrets.token_hex(8)
        act: Callable[[], Awaitable[Response]] = lambda: self.work.do(command_id)  # noqa: E731
        try:
            return await idempotency.once(request, self.backend, owner, key, act)
        except KeyReused as error:
            return JSONResponse({"detail": str(error)}, 409)
        except CommandRefused as error:
            return JSONResponse({"detail": str(error)}, 409)

    async def post(
        self,
        body: str = '{"why": "x", "to": "ben"}',
        *,
        owner: str = "ana",
        path: str = "/v1/7",
        key: str | None = None,
    ) -> httpx2.Response:
        headers = {"owner": owner, "idempotency-key": self.key if key is None else key}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://escalations.example.com") as client:
            return await client.post(path, content=body, headers=headers)


@pytest.fixture
def server(backend: Backend) -> Server:
    return Server(backend)


async def test_a_repeat_is_answered_as_before_and_does_nothing(server: Server) -> None:
    first, again = await server.post(), await server.post('{"to":"ben",  "why":"x"}')
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (200, {"said": "done as number 1"})
    assert (first.headers.get(REPLAYED), again.headers[REPLAYED]) == (None, "true")
    assert len(server.work.done) == 1


async def test_without_a_key_each_request_is_one_of_its_own(server: Server) -> None:
    assert (await server.post(key="")).json() != (await server.post(key="")).json()


@pytest.mark.parametrize(
    "other", [{"body": '{"why": "y", "to": "ben"}'}, {"path": "/v1/8"}, {"path": "/v1/7?again=false"}]
)
async def test_the_key_of_another_request_is_refused(server: Server, other: dict[str, str]) -> None:
    await server.post()
    refused = await server.post(**other)
    assert refused.status_code == 409
    assert "used for another request" in refused.json()["detail"]
    assert len(server.work.done) == 1


async def test_two_callers_may_choose_the_same_key(server: Server) -> None:
    ana, ben = await server.post(), await server.post(owner="ben")
    assert (ana.json()["said"], ben.json()["said"]) == ("done as number 1", "done as number 2")


async def test_twins_at_the_same_time_have_one_effect_and_one_answer(server: Server) -> None:
    server.work.gate = asyncio.Event()
    twins = [asyncio.create_task(server.post()) for _ in range(8)]
    server.work.gate.set()
    answers = [await twin for twin in twins]
    assert {answer.text for answer in answers} == {'{"said":"done as number 1"}'}
    assert len(server.work.done) == 1


async def test_a_server_that_dies_before_it_kept_the_answer_leaves_a_repeat_that_finds_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.work.crashes = 1
    assert (await server.post()).status_code == 500
    monkeypatch.setattr(idempotency, "TWIN_LOOKS", 1)
    assert (await server.post()).json() == {"said": "done as number 1"}
    assert len(server.work.done) == 1


async def test_a_refusal_is_not_kept_since_it_changed_nothing(server: Server) -> None:
    server.work.status = 409
    assert (await server.post()).status_code == 409
    server.work.status = 201
    assert (await server.post()).status_code == 201
    server.work.status = 409
    assert (await server.post()).status_code == 201


async def test_a_key_holds_for_90_days(server: Server) -> None:
    await server.post()
    server.later = timedelta(days=89)
    assert (await server.post()).headers[REPLAYED] == "true"
    server.later = timedelta(days=91)
    server.work.answers.clear()
    assert REPLAYED not in (await server.post('{"why": "another"}')).headers


async def test_the_purge_forgets_what_no_longer_holds(server: Server, backend: Backend) -> None:
    await server.post()
    later: datetime = backend.now() + timedelta(days=89)
    await HttpAnswers(backend.database).purge(later)
    assert (await server.post()).headers[REPLAYED] == "true"
    await HttpAnswers(backend.database).purge(later + timedelta(days=2))
    async with backend.database.connection() as connection:
        assert await connection.fetchval("select count(*) from http_answers where key = $1", server.key) == 0
