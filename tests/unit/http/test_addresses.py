"""Whose address the server sees, and what it does with one that guesses."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from runtime.settings import Settings
from starter.http import serving
from starter.http.patience import Patience

FORWARDED = {"X-Forwarded-For": "203.0.113.9, 192.0.2.4", "X-Forwarded-Proto": "https"}


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/{path:path}")
    async def who(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.url.scheme} {request.client.host if request.client else ''}")

    return app


async def seen(app: FastAPI, **settings: str) -> str:
    stop = asyncio.Event()
    listener = serving.listening(Settings.load(http_port="0"))
    served = asyncio.create_task(serving.serve(app, listener, Settings.load(**settings), stop))
    async with httpx2.AsyncClient() as client:
        answer = await client.get(f"{serving.address_of(listener)}/", headers=FORWARDED)
    stop.set()
    await served
    listener.close()
    return answer.text


@pytest.mark.parametrize(
    ("proxies", "caller"),
    [
        ("", "http 127.0.0.1"),
        ("10.0.0.0/8", "http 127.0.0.1"),
        ("127.0.0.1", "https 192.0.2.4"),
        ("127.0.0.0/8 192.0.2.4", "https 203.0.113.9"),
    ],
)
async def test_where_a_caller_comes_from_is_believed_of_the_listed_proxies_alone(
    app: FastAPI, proxies: str, caller: str
) -> None:
    assert await seen(app, http_proxies=proxies) == caller


class Guessed:
    """A guard for which every address has failed too often."""

    def must_wait(self, address: str) -> int:
        return 42 if address == "192.0.2.7" else 0


@pytest.fixture
def looked_at(app: FastAPI) -> FastAPI:
    app.add_middleware(Patience)
    app.state.guard = Guessed()
    return app


async def test_an_address_that_guesses_is_answered_429_before_anything_is_looked_at(looked_at: FastAPI) -> None:
    for address, path, status in (
        ("192.0.2.7", "/v1/escalations", 429),
        ("192.0.2.7", "/act/some-token", 429),
        ("192.0.2.7", "/health/live", 200),
        ("192.0.2.8", "/v1/escalations", 200),
    ):
        transport = httpx2.ASGITransport(app=looked_at, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://escalations.example.com") as client:
            answer = await client.get(path)
        assert answer.status_code == status, path
        assert answer.headers.get("retry-after") == ("42" if status == 429 else None)
