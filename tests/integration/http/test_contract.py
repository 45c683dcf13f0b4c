"""Schemathesis against the real stack: what the OpenAPI document says holds, and no request is a server error.

Every route gets its examples, and some the whole coverage of their bounds; `st run URL/openapi.json` does more.
"""

import asyncio
import sysconfig
from pathlib import Path

import pytest

from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.serving import address_of, listening, serve
from tests.integration.http.conftest import key_of

PROGRAM = Path(sysconfig.get_path("scripts")) / "schemathesis"
WHOLLY = ("list", "note", "on_shift")
"""Operations of which every bound is tried."""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("worker"), pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    "options",
    [
        ("--phases", "examples"),
        ("--phases", "coverage", *(option for name in WHOLLY for option in ("--include-operation-id", name))),
    ],
    ids=["examples of every route", "bounds of some routes"],
)
async def test_schemathesis_finds_nothing(backend: Backend, tmp_path: Path, options: tuple[str, ...]) -> None:
    settings = backend.settings.model_copy(update={"http_port": 0})
    stop, listener = asyncio.Event(), listening(settings)
    serving = asyncio.create_task(serve(create_app(settings, backend=backend), listener, settings, stop))
    key = await key_of(backend, "contract", Role.ADMIN)
    command = (
        *(str(PROGRAM), "run", f"{address_of(listener)}/openapi.json", "--header", f"Authorization: Bearer {key}"),
        *("--checks", "all", "--no-color", "--warnings", "off", "--continue-on-failure", "--request-timeout", "60"),
        *options,
    )
    try:
        program = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE)
        said, _ = await program.communicate()
    finally:
        stop.set()
        await serving

    assert program.returncode == 0, said.decode()[-5000:]
