"""Tickets that are kept in step, from the command line."""

from datetime import timedelta

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.desk_links import DeskLinks
from tests.unit.starter.desk import MONDAY, Desk


async def test_a_ticket_that_is_behind_or_given_up_is_listed_and_resumed(desk: Desk, database: Database) -> None:
    assert (await desk("desk", "list")).out.strip() == "all tickets are in step"
    links = DeskLinks(database)
    for ticket in ("T-1", "T-2"):
        await links.link(ticket, "zendesk", ticket[2:], MONDAY - timedelta(hours=1))
    await links.failed("T-1", "Zendesk cannot take it for now: it answered with 503")
    await links.lost("T-2", "Zendesk: the help desk has no such ticket (it answered with 404)", MONDAY)

    shown = " ".join((await desk("desk", "list")).out.split())
    assert "T-1 1 of zendesk not yet Zendesk cannot take it for now: it answered with 503" in shown
    assert "T-2 2 of zendesk given up 2026-03-02 09:00 UTC" in shown

    drift = (await desk("--json", "audit", "--record-only")).items
    assert [(one["problem"], one["escalation"]) for one in drift] == [
        ("desk", "escalation-T-1"),
        ("desk", "escalation-T-2"),
    ]
    assert drift[1]["detail"].endswith("`escalations desk resume T-2` writes to it again")

    assert "T-2 is kept in step with 2 of zendesk" in (await desk("desk", "resume", "T-2")).out
    resumed = await links.link_of("T-2")
    assert resumed is not None
    assert (resumed.lost_at, resumed.error) == (None, "")


@pytest.mark.usefixtures("database")
async def test_a_ticket_is_linked_once(desk: Desk) -> None:
    for _ in range(2):
        assert (await desk("desk", "link", "T-1", "zendesk", "7")).code == 0
    for words in (("T-1", "zendesk", "8"), ("T-2", "zendesk", "7")):
        refused = await desk("desk", "link", *words)
        assert (refused.code, "linked already" in refused.err) == (2, True)
    assert (await desk("desk", "resume", "T-9")).code == 2
