"""The inbox on a real PostgreSQL: each event once, even if several ask at the same time."""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.client import Client

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.reports import Problem, Reports
from activities.ports.connections import Connection
from activities.ports.inbox import Entry, EntryState, NewEntry, Stored
from escalation.intake.files import load_source
from starter.webhooks.courier import AGAIN, INTAKE, LEASE, Courier
from starter.webhooks.receiving import entries_of
from tests.unit.intake.bodies import pagerduty, request, words

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def entry(key: str, ticket: str = "7", **known: Any) -> NewEntry:
    return NewEntry(**{"key": key, "ticket": ticket, "event": '{"n": 1}'} | known)


async def store(inbox: Inbox, *entries: NewEntry, at: datetime = NOW, source: str = "desk") -> Stored:
    request = '{"body": ""}'
    return await inbox.store(source, entries, body_hash="aa", request=request, at=at, same_body=timedelta(days=3))


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


async def test_the_same_delivery_is_stored_once_also_two_days_later(inbox: Inbox) -> None:
    assert await store(inbox, entry("one")) == Stored(new=1, repeated=0, waiting=True)
    for hours in (0, 1, 48, 24 * 365):
        again = await store(inbox, entry("one"), at=NOW + timedelta(hours=hours))
        assert again == Stored(new=0, repeated=1, waiting=False)
    (known,) = await inbox.listed(most=10)
    assert (known.repeats, known.received_at, known.request) == (4, NOW, '{"body": ""}')


async def test_twenty_equal_requests_at_once_are_one(inbox: Inbox) -> None:
    found = await asyncio.gather(*(store(inbox, entry("a"), entry("b")) for _ in range(20)))
    assert sum(one.new for one in found) == 2
    assert len(await inbox.listed(most=10)) == 2


async def test_the_same_key_of_another_source_is_another_event(inbox: Inbox) -> None:
    await store(inbox, entry("one"), source="zendesk")
    assert (await store(inbox, entry("one"), source="zammad")).new == 1


async def test_a_body_without_an_id_counts_again_once_no_sender_repeats_it_any_more(inbox: Inbox) -> None:
    for days, new in ((0, 1), (2, 0), (4, 1), (4, 0), (6, 0), (9, 1)):
        found = await store(inbox, entry("body:aa:0"), at=NOW + timedelta(days=days))
        assert (days, found.new) == (days, new)


async def test_who_claims_a_ticket_is_the_only_one_until_it_is_long_not_applied(inbox: Inbox) -> None:
    await store(inbox, entry("a"), entry("b"), entry("c", ticket="8"))
    before = NOW - timedelta(minutes=10)
    found = await asyncio.gather(*(inbox.claim(NOW, notified_before=before, most=10) for _ in range(5)))
    assert sorted(one for each in found for one in each) == [("desk", "7"), ("desk", "8")]

    await inbox.release([("desk", "8")], NOW)
    assert await inbox.claim(NOW, notified_before=before, most=10) == [("desk", "8")]
    later = NOW + timedelta(minutes=11)
    assert len(await inbox.claim(later, notified_before=later - timedelta(minutes=10), most=10)) == 2


class Deaf:
    """A Temporal server that does not answer, or does."""

    def __init__(self, *, answers: bool) -> None:
        self.asked, self._answers = asyncio.Event(), answers

    async def start_workflow(self, *_: object, **__: object) -> None:
        self.asked.set()
        if not self._answers:
            await asyncio.Event().wait()


async def test_a_courier_that_died_before_temporal_knew_is_followed_by_another_after_its_lease(inbox: Inbox) -> None:
    await store(inbox, entry("a"))

    def courier(temporal: Deaf, after: timedelta) -> Courier:
        return Courier(inbox, INTAKE, cast(Client, temporal), "queue", lambda: NOW + after)

    silent = Deaf(answers=False)
    dying = asyncio.create_task(courier(silent, timedelta()).notify())
    await silent.asked.wait()
    dying.cancel()
    with suppress(asyncio.CancelledError):
        await dying

    temporal = Deaf(answers=True)
    found = [
        await courier(temporal, after).notify() for after in (LEASE / 2, LEASE * 1.5, LEASE * 3, AGAIN + LEASE * 2)
    ]
    assert found == [0, 1, 0, 1]


async def test_the_priority_before_is_the_one_that_another_body_showed_last(inbox: Inbox) -> None:
    async def shown(key: str, word: str, *, kind: str = "priority", hours: int, of: str = "aa") -> Entry:
        event = json.dumps({"priority": word})
        at = NOW + timedelta(hours=hours)
        await inbox.store(
            "desk", [entry(key, kind=kind, event=event)], body_hash=of, request=None, at=at, same_body=timedelta(days=3)
        )
        (found,) = [one for one in await inbox.listed(most=20) if one.key == key]
        return found

    first = await shown("a", "high", hours=0)
    assert await inbox.priority_before(first) == ""
    await inbox.settle(first.id, EntryState.APPLIED, at=NOW)
    # The same body may say two things, and each has the priority beside it.
    beside = await shown("b", "high", hours=0)
    assert await inbox.priority_before(beside) == ""
    second = await shown("c", "low", hours=1, of="bb")
    assert await inbox.priority_before(second) == "high"
    await inbox.settle(second.id, EntryState.IGNORED, at=NOW)
    comment = await shown("d", "urgent", kind="message", hours=2, of="cc")
    await inbox.settle(comment.id, EntryState.APPLIED, at=NOW)
    dead = await shown("e", "urgent", hours=3, of="dd")
    await inbox.settle(dead.id, EntryState.DEAD, at=NOW)

    assert await inbox.priority_before(await shown("f", "low", hours=4, of="ee")) == "low"


async def test_a_ticket_is_found_by_another_id_that_it_came_with(inbox: Inbox) -> None:
    await store(inbox, entry("a", ticket="OLD-1", event='{"also": "10040"}'), entry("b", ticket="8"))
    await store(inbox, entry("c", ticket="NEW-1", event='{"also": "10040"}'))

    assert await inbox.also_known_as("desk", "10040") == ["NEW-1", "OLD-1"]
    assert await inbox.also_known_as("other", "10040") == []
    assert await inbox.also_known_as("desk", "") == []


async def test_an_incident_is_known_by_its_own_id_from_its_first_webhook_on(inbox: Inbox) -> None:
    connection = Connection(source=load_source("pagerduty"))
    found = entries_of(connection, request(pagerduty("triggered")), words, NOW)
    await store(inbox, *found, source="pagerduty")

    assert await inbox.also_known_as("pagerduty", "PQ1") == ["4711"]
    (stored,) = await inbox.listed(most=10)
    assert (stored.state, stored.reason) == (EntryState.IGNORED, "`incident.triggered` means nothing for an escalation")


async def test_what_waits_comes_by_the_senders_time(inbox: Inbox) -> None:
    await store(inbox, entry("late", at=NOW + timedelta(seconds=9)), entry("early", at=NOW))
    await store(inbox, entry("unknown"), at=NOW + timedelta(seconds=5))
    assert [one.key for one in await inbox.waiting("desk", "7", most=10)] == ["early", "unknown", "late"]


async def test_a_settled_event_stays_settled_and_counts_for_its_fact(inbox: Inbox) -> None:
    await store(inbox, entry("a", fact="status", at=NOW), entry("b", fact="status", at=NOW - timedelta(hours=1)))
    first, second = sorted(await inbox.waiting("desk", "7", most=10), key=lambda one: one.key)
    await inbox.settle(first.id, EntryState.APPLIED, became=["note"], at=NOW)
    await inbox.settle(first.id, EntryState.DEAD, reason="never", at=NOW)
    await inbox.postpone(second.id, "no worker\x00")

    found = {one.key: one for one in await inbox.listed(most=10)}
    assert (found["a"].state, found["a"].commands, found["b"].attempts) == (EntryState.APPLIED, 1, 1)
    assert await inbox.newest("desk", "7") == {"status": NOW}
    assert await inbox.applied_since("desk", "7", NOW) == 1
    assert await inbox.applied_since("desk", "7", NOW + timedelta(seconds=1)) == 0


async def test_a_dead_event_can_be_retried_or_dropped(inbox: Inbox) -> None:
    await store(inbox, entry("a", state=EntryState.DEAD), entry("b", state=EntryState.DEAD, event=None))
    a, b = sorted(await inbox.listed(states=[EntryState.DEAD], most=10), key=lambda one: one.key)
    assert await inbox.retry(a.id, at=NOW)
    assert not await inbox.retry(a.id, at=NOW)
    assert not await inbox.retry(b.id, at=NOW)
    await inbox.correct(b.id, entry("b", ticket="8", kind="message"))
    assert await inbox.retry(b.id, at=NOW)
    assert await inbox.drop(a.id, reason="not needed", at=NOW)
    assert not await inbox.drop(a.id, reason="not needed", at=NOW)
    assert await inbox.counts() == {"desk": {EntryState.DROPPED: 1, EntryState.STORED: 1}}


async def test_texts_are_dropped_after_their_time_and_keys_never(inbox: Inbox) -> None:
    await store(inbox, entry("old", state=EntryState.IGNORED), entry("waiting"))
    await inbox.forget(NOW + timedelta(days=1))
    found = {one.key: one for one in await inbox.listed(most=10)}
    assert (found["old"].event, found["waiting"].event) == (None, '{"n": 1}')
    assert (await store(inbox, entry("old"), at=NOW + timedelta(days=400))).new == 0


async def test_the_audit_names_what_waits_for_long_and_what_is_dead(database: Database, inbox: Inbox) -> None:
    await store(inbox, entry("waits"), entry("dead", ticket="8", state=EntryState.DEAD, reason="no such field"))
    await store(inbox, entry("fine", state=EntryState.IGNORED))
    found = await Reports(database).audit(queued_before=NOW + timedelta(seconds=1))
    assert {(one.problem, one.escalation) for one in found} == {
        (Problem.WEBHOOK, "escalation-7"),
        (Problem.WEBHOOK, "escalation-8"),
    }
    (dead,) = [one.detail for one in await Reports(database).audit(queued_before=NOW) if one.problem is Problem.WEBHOOK]
    assert "is dead: no such field; see `escalations webhooks show" in dead
