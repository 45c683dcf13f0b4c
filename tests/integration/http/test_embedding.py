"""The tools of docs/embedding-*.md: their code runs against the real stack, in this process."""

import importlib
import json
import re
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from runtime.settings import Settings
from tests.integration.http import senders, signing
from tests.peers.webhook_receiver import SECRET

DOCS = Path(__file__).parents[3] / "docs"
FILES = re.compile(r"```python\n# (\w+\.py)\n(.*?)```", re.DOTALL)
PAGES = {"embedding-fastapi.md": "tool:app", "embedding-django.md": "asgi:application"}
FORM = {"summary": "Twice", "customer": "c-1", "name": "Ann", "mail": "ann@example.com", "agent": "front-desk"}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("worker")]


@pytest.fixture(params=PAGES)
def application(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    monkeypatch.setenv("ESCALATIONS_DSN", settings.require_dsn())
    monkeypatch.setenv("ESCALATIONS_WEBHOOKS", str(settings.webhooks))
    monkeypatch.setenv("ESCALATIONS_PUBLIC_URL", "http://tool.example.com/escalations")
    monkeypatch.setenv("TOOL_SECRET", SECRET)
    monkeypatch.syspath_prepend(tmp_path)
    files = FILES.findall((DOCS / request.param).read_text(encoding="utf-8"))
    files += [each for each in FILES.findall((DOCS / "embedding-fastapi.md").read_text()) if each[0] == "sending.py"]
    for name, code in files:
        (tmp_path / name).write_text(code, encoding="utf-8")
    module, _, name = PAGES[request.param].partition(":")
    yield getattr(importlib.import_module(module), name)
    for file, _ in files:
        sys.modules.pop(file.removesuffix(".py"), None)


async def test_the_tool_escalates_serves_the_api_and_takes_and_sends_webhooks(application: Any) -> None:
    transport = httpx2.ASGITransport(app=application)
    async with (
        application.router.lifespan_context(application),
        httpx2.AsyncClient(transport=transport, base_url="http://tool.example.com") as tool,
    ):
        ticket = f"E{uuid.uuid4().hex[:8]}"
        for started in (True, False):
            opened = await tool.post(f"/tickets/{ticket}/escalate", json=FORM)
            assert (opened.status_code, opened.json()["started"]) == (200, started), opened.text

        assert (await tool.get("/escalations/health/ready")).status_code == 200
        assert (await tool.get("/escalations/v1/escalations")).status_code == 401

        noted = await tool.post(f"/tickets/{ticket}/notes", json={"agent": "ana", "text": "Known.", "id": "form-1"})
        assert noted.status_code == (200 if "tool" in sys.modules else 404), noted.text

        address = "http://tool.example.com/escalations/webhooks/hubspot"
        hubspot, signed = signing.as_sent("hubspot", b"[]", address)
        assert (await tool.post(address, content=hubspot, headers=signed)).status_code == 200

        sending = importlib.import_module("sending")
        event = {"event": "note", "ticket": ticket, "text": "Looks like the index.", "author_id": "agent-1"}
        await sending.tell(tool, "/escalations/webhooks/desk", senders.SECRET, event)
        with pytest.raises(httpx2.HTTPStatusError):
            await sending.tell(tool, "/escalations/webhooks/desk", SECRET, event)

        at, body = datetime.now(UTC), json.dumps({"data": {"ticket": ticket}})  # noqa: TID251 (a sender is an edge)
        headers = {"webhook-id": "m1", "webhook-timestamp": str(int(at.timestamp()))}
        signed = headers | {"webhook-signature": Webhook(SECRET).sign("m1", at, body)}
        assert (await tool.post("/heard", content=body, headers=signed)).status_code == 204
        assert (await tool.post("/heard", content=body + " ", headers=signed)).status_code == 401
