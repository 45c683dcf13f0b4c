"""The commands on webhooks, on a real record."""

import json
from datetime import timedelta
from typing import Any

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.inbox import Inbox
from activities.ports.inbox import EntryState, NewEntry
from tests.unit.activities.builders import MONDAY
from tests.unit.starter.desk import Desk


@pytest.fixture
async def numbers(database: Database) -> list[int]:
    """A dead event, one that waits, and one that was applied; their numbers."""
    inbox = Inbox(database)
    known: dict[str, Any] = {"ticket": "7", "kind": "message", "event": '{"text": "Still broken."}'}
    dead = NewEntry(key="a", state=EntryState.DEAD, reason="no such field", **known)
    entries = (dead, NewEntry(key="b", **known), NewEntry(key="c", state=EntryState.APPLIED, **known))
    await inbox.store("desk", entries, body_hash="aa", request=None, at=MONDAY, same_body=timedelta(days=3))
    return sorted(one.id for one in await inbox.listed(most=9))


async def test_what_waits_and_what_is_dead_is_listed_shown_retried_and_dropped(desk: Desk, numbers: list[int]) -> None:
    dead, waiting, applied = numbers
    listed = await desk("webhooks", "list", "--json")
    assert [json.loads(line)["id"] for line in listed.out.splitlines()] == [waiting, dead]
    assert "no such field" in (await desk("webhooks", "list", "--state", "dead")).out
    shown = (await desk("webhooks", "show", str(dead))).out
    assert ("Still broken." in shown, "became" in shown, '\n  "' in shown) == (True, True, True)
    (standing,) = map(json.loads, (await desk("webhooks", "sources", "--json")).out.splitlines())
    assert (standing["source"], standing["waiting"], standing["dead"], standing["total"]) == ("desk", 1, 1, 3)

    assert "is applied within seconds" in (await desk("webhooks", "retry", str(dead))).out
    refused = await desk("webhooks", "retry", str(applied))
    assert (refused.code, "only dead and dropped ones are retried" in refused.out) == (2, True)
    dropped = await desk("webhooks", "drop", str(waiting), str(applied), "--why", "a test", "--json")
    assert json.loads(dropped.out) == {"dropped": [waiting], "settled": [applied]}
    assert (await desk("webhooks", "retry", "--all")).out.strip() == "no event is dead"


@pytest.mark.usefixtures("numbers")
async def test_an_event_that_is_not_there_is_named(desk: Desk) -> None:
    for command in (("show", "0"), ("retry", "999999"), ("retry",)):
        ended = await desk("webhooks", *command)
        assert ended.code == 2
        assert "event" in ended.err
