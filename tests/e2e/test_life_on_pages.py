"""A customer, a colleague and a lead live one case by mail, chat and browser; no one opens a terminal."""

from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.reports import Reports
from escalation.case.events import Event
from examples.demo.stage import stage
from runtime.settings import Settings
from tests.browser import needs_chromium, running_browser
from tests.pages_life import Life


@needs_chromium
@pytest.mark.timeout(300)
async def test_a_whole_life_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))
    async with stage(Settings.load()) as on, Database.open(on.settings.require_dsn(), pool_size=4) as database:
        async with running_browser() as browser:
            life = Life(on, database, browser, tmp_path)
            await life.live()
        found = [event for _, event in await Reports(database).timeline(f"escalation-{life.ticket}")]
    assert _kinds(found, "opened", "information_requested", "option_chosen", "resolved", "reopened") == [
        "opened",
        "information_requested",
        "option_chosen",
        "resolved",
        "reopened",
        "resolved",
    ]
    assert all((tmp_path / f"{name}.png").stat().st_size for name in ("queue", "case", "customer", "board"))


def _kinds(events: list[Event], *wanted: str) -> list[str]:
    return [str(event.kind) for event in events if event.kind in wanted]
