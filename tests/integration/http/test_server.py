"""The server itself: its health, its errors, its start and stop."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx2
import pytest

from runtime.embedded.stack import EmbeddedStack
from runtime.exit_codes import BAD_INPUT, OK, UNREACHABLE
from tests.stack import environment_of

ROOT = Path(__file__).parents[3]
PROGRAM = "from starter.cli import main; main()"


async def started(*argv: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, *argv),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_server_that_reaches_all_it_needs_is_alive_and_ready(anyone: httpx2.AsyncClient) -> None:
    live, ready = await anyone.get("/health/live"), await anyone.get("/health/ready")

    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "temporal": "ok", "postgresql": "ok"})


async def test_a_path_that_is_not_there_is_answered_by_problem_details(anyone: httpx2.AsyncClient) -> None:
    answer = await anyone.get("/v1/nothing")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (answer.json()["title"], "/openapi.json" in answer.json()["detail"]) == ("Not Found", True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_on_a_port_and_ends_by_itself_when_asked(stack: EmbeddedStack, number: signal.Signals) -> None:
    process = await started("serve", "--port", "0", **environment_of(stack))
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    address = line.decode().removeprefix("serving on ").strip()

    async with httpx2.AsyncClient(base_url=address) as client:
        answer = await client.get("/health/ready")
    process.send_signal(number)
    await asyncio.wait_for(process.communicate(), 30)

    assert (answer.status_code, process.returncode) == (200, OK)


async def test_a_port_in_use_is_named(stack: EmbeddedStack) -> None:
    taken = stack.smtp_port
    process = await started("serve", "--port", str(taken), **environment_of(stack))
    _, err = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == BAD_INPUT
    assert f"ESCALATIONS_HTTP_PORT: cannot listen on 127.0.0.1:{taken} (address already in use)" in err.decode()


async def test_a_namespace_that_is_missing_ends_it_before_it_serves(stack: EmbeddedStack) -> None:
    process = await started("serve", "--port", "0", **environment_of(stack, TEMPORAL_NAMESPACE="nope"))
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert (process.returncode, out) == (UNREACHABLE, b"")
    assert "has no namespace `nope`; correct TEMPORAL_NAMESPACE" in err.decode()


async def test_missing_search_attributes_make_it_not_ready(
    anyone: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.start_checks.temporal.SEARCH_ATTRIBUTES", {"EscalationNever": "Keyword"})

    answer = await anyone.get("/health/ready")

    assert (answer.status_code, answer.json()["temporal"]) == (503, "not prepared")


async def test_it_starts_without_its_database_and_says_that_it_is_not_ready(stack: EmbeddedStack) -> None:
    nowhere = environment_of(stack, ESCALATIONS_DSN="postgresql://u:secret@127.0.0.1:1/nowhere")
    process = await started("serve", "--port", "0", **nowhere)
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    async with httpx2.AsyncClient(base_url=line.decode().removeprefix("serving on ").strip()) as client:
        answer = await client.get("/health/ready")
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert (answer.status_code, answer.json()["postgresql"], process.returncode) == (503, "unreachable", OK)
    said = (out + err).decode()
    assert ("127.0.0.1:1" in said, "secret" in said, "Traceback" in said) == (True, False, False)
