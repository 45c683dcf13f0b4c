"""The requests of docs/http.md, as a reader would send them."""

import asyncio
import json
import re
import shutil
from pathlib import Path

import pytest

from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.serving import address_of, listening, serve
from tests.integration.http.conftest import in_process, key_of
from tests.integration.http.test_rest import person_offered

PAGE = Path(__file__).parents[3] / "docs" / "http.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("worker"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


async def sent(block: str, **environment: str) -> dict[str, object]:
    """What the shell prints for a block of the page."""
    shell = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", block), env={"PATH": "/usr/bin:/bin", **environment}, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(shell.communicate(), 30)
    assert shell.returncode == 0, out.decode()
    answer: dict[str, object] = json.loads(out)
    return answer


async def test_the_requests_of_the_page_do_what_it_says(backend: Backend) -> None:
    settings = backend.settings.model_copy(update={"http_port": 0})
    stop, listener, app = asyncio.Event(), listening(settings), create_app(settings, backend=backend)
    serving = asyncio.create_task(serve(app, listener, settings, stop))
    url, key = address_of(listener), await key_of(backend, "desk", Role.AGENT)
    open_, status, acknowledge, note, list_ = BLOCKS
    try:
        opened = await sent(open_, URL=url, KEY=key)
        async with in_process(create_app(settings, backend=backend)) as client:
            client.headers["authorization"] = f"Bearer {key}"
            holder = await key_of(backend, await person_offered(client, "4711"), Role.AGENT)
        seen = await sent(status, URL=url, KEY=key)
        taken = await sent(acknowledge, URL=url, HOLDER=holder)
        noted = await sent(note, URL=url, HOLDER=holder)
        rows = await sent(list_, URL=url, KEY=key)
    finally:
        stop.set()
        await serving

    assert (opened["started"], seen["escalation"]) == (True, "escalation-4711")
    assert (taken["stage"], noted["stage"]) == ("working", "working")
    assert rows["items"]
