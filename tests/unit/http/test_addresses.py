"""Whose address the server sees, and what it does with one that guesses."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from runtime.settings import Settings
from starter.http import serving

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
