"""`kill -9` in the middle of the work, and a night with everything switched off: nothing is lost."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.reports import Reports
from escalation.case.commands import Cancel, Resolve
from escalation.case.events import Event
from escalation.case.naming import life_of, workflow_id
from escalation.lifecycle.held_messages import keys_sent
from escalation.messages.keys import message_id
from escalation.vocabulary import CancelCause, Stage
from examples.demo.stage import ROOT
from examples.demo.verdict import KEY_HEADER, judge
from runtime.embedded.smtp_sink import ReceivedMessage
from runtime.embedded.stack import EmbeddedStack
from simulation.exports import SERVICENOW, Life, Pace, read_plays
from starter.client import EscalationClient
from starter.play import Played, Player, Playing, Progress
from tests.stack import WorkerProcess, environment_of, running_stack, running_worker
from workflows.carried import Ended
from workflows.converter import DATA_CONVERTER
from workflows.options import TASK_QUEUE

INCIDENTS = ROOT / "examples" / "incidents.csv"
PATIENTLY = Playing(
    policy="demo",
    pace=Pace(shortest=0.1, longest=0.8, whole=8.0),
    spacing=0.1,
    # An activity that died with its worker is tried again after 30 s, also with the next one; a case that is given up
    # has no one left who would close it.
    patience=240.0,
)
TO_ANSWER = timedelta(seconds=9)
"""How long a person has to answer an offer that is open overnight."""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (an edge: the record is read at the present instant)


def batch() -> list[Life]:
    """Every fourth incident of the example: all kinds of lives, fifteen of them."""
    with INCIDENTS.open(encoding="utf-8", newline="") as lines:
        return list(read_plays(lines, SERVICENOW, []))[::4]


async def client_of(stack: EmbeddedStack) -> EscalationClient:
    client = await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER)
    return EscalationClient(client, TASK_QUEUE)


async def ends_of(stack: EmbeddedStack, played: Iterable[Played], *, seconds: float) -> list[Ended]:
    """Wait until the escalations that were played are over; names those that are not in time."""
    client = await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER)
    waits = {
        one: asyncio.create_task(client.get_workflow_handle(workflow_id(one.ticket), result_type=Ended).result())
        for one in played
    }
    _, late = await asyncio.wait(waits.values(), timeout=seconds)
    assert not late, [one for one, wait in waits.items() if wait in late]
    return [wait.result() for wait in waits.values()]


async def cancelled_where_unsolved(stack: EmbeddedStack, played: Iterable[Played]) -> set[str]:
    """End the cases whose solution was refused: the owner's time was up before a slow machine brought it."""
    client = await client_of(stack)
    unsolved = {
        one.ticket for one in played if any(no.step and isinstance(no.step.command, Resolve) for no in one.skipped)
    }
    for ticket in unsolved:
        await client.send(ticket, Cancel(by="overseer", cause=CancelCause.WITHDRAWN))
    return unsolved


async def timeline_of(stack: EmbeddedStack, ticket: str) -> list[Event]:
    async with Database.open(stack.dsn, pool_size=1) as database:
        return [event for _, event in await Reports(database).timeline(workflow_id(ticket))]


async def until_recorded(
    stack: EmbeddedStack, ticket: str, wanted: Callable[[Event], bool], *, after: int = 0, seconds: float
) -> list[Event]:
    """The timeline as soon as it holds such an event after its first `after`; fails when that takes too long."""
    async with asyncio.timeout(seconds):
        while True:
            timeline = await timeline_of(stack, ticket)
            if any(wanted(event) for event in timeline[after:]):
                return timeline
            await asyncio.sleep(0.1)


async def until_idle(client: EscalationClient, ticket: str, *, seconds: float) -> None:
    """Until everything that happened is on record and every message is out."""
    async with asyncio.timeout(seconds):
        while True:
            status = await client.status(ticket)
            if status.unrecorded == status.sending == 0:
                return
            await asyncio.sleep(0.05)


class Milestones:
    """How many steps of a play are done, and who waits for how many."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self._moved = asyncio.Event()

    def __call__(self, progress: Progress) -> None:
        self._done[progress.ticket] = progress.done
        self._moved.set()

    async def opened(self, number: int) -> None:
        while len(self._done) < number:
            await self._next()

    async def steps(self, number: int) -> None:
        while sum(self._done.values()) < number:
            await self._next()

    async def _next(self) -> None:
        self._moved.clear()
        await self._moved.wait()


async def crash_three_times(worker: WorkerProcess, milestones: Milestones, *, steps: int) -> None:
    """While cases are being opened, a quarter of the way, and half of the way."""
    await milestones.opened(5)
    await worker.crash()
    await worker.start()
    for done in (steps // 4, steps // 2):
        await milestones.steps(done)
        await worker.crash()
        await worker.start()


async def keys_on_record(reports: Reports) -> set[str]:
    """The keys of all messages that were to go out."""
    keys: set[str] = set()
    for escalation, _ in await reports.list_cases(open_only=False, limit=1000):
        timeline = await reports.timeline(escalation)
        keys |= {message_id(escalation, key) for key in keys_sent(event for _, event in timeline)}
    return keys


def letters_by_key(mail: Iterable[ReceivedMessage]) -> dict[str, list[ReceivedMessage]]:
    letters: dict[str, list[ReceivedMessage]] = {}
    for one in mail:
        letters.setdefault(str(one.message[KEY_HEADER]), []).append(one)
    return letters


@pytest.mark.timeout(600)  # 30 s for an activity, 60 s for a letter that a killed worker was busy with
async def test_a_worker_that_is_killed_three_times_loses_no_event_and_no_message(tmp_path: Path) -> None:
    plans, milestones = batch(), Milestones()
    async with running_stack(tmp_path / "data") as stack, Database.open(stack.dsn, pool_size=2) as database:
        player = Player(await client_of(stack), PATIENTLY, clock=asyncio.get_running_loop().time, progress=milestones)
        async with running_worker(tmp_path / "worker.log", environment_of(stack)) as worker:
            async with asyncio.TaskGroup() as group:
                playing = group.create_task(player.play_all(plans))
                group.create_task(crash_three_times(worker, milestones, steps=sum(len(one.steps) for one in plans)))
            unsolved = await cancelled_where_unsolved(stack, playing.result())
            ends = await ends_of(stack, playing.result(), seconds=240)
        reports = Reports(database)
        verdict = await judge(reports, Policies(database, now), stack.sink.messages)
        tickets = {life_of(case).ticket for case, _ in await reports.list_cases(open_only=False, limit=1000)}
        known = await keys_on_record(reports)
        letters = letters_by_key(stack.sink.messages)

    assert all(played.started for played in playing.result())
    assert [ended.stage for ended in ends] == [
        Stage.CANCELLED if played.ticket in unsolved else Stage.CLOSED for played in playing.result()
    ]
    assert {*verdict.problems} == {f"{workflow_id(ticket)}: ended cancelled, not closed" for ticket in unsolved}
    # What a customer writes after the time to reopen, because a slow machine was late with it, begins another life.
    assert tickets == {plan.open.ticket for plan in plans}
    assert letters.keys() == known
    repeats = [same for same in letters.values() if len(same) > 1]
    assert sum(len(same) - 1 for same in repeats) == verdict.repeated
    assert all(len({one.message_id for one in same}) == 1 for same in repeats)
    assert len({same[0].message_id for same in letters.values()}) == len(letters)


async def test_what_was_open_last_night_goes_on_this_morning(tmp_path: Path) -> None:
    folder, log, changes = tmp_path / "data", tmp_path / "worker.log", overnight_policy(tmp_path / "policies")
    request = batch()[0].open
    async with running_stack(folder) as stack:
        async with running_worker(log, environment_of(stack, **changes)) as worker:
            client = await client_of(stack)
            await client.open(request, policy="overnight")
            await until_recorded(stack, request.ticket, is_offer, seconds=30)
            await until_idle(client, request.ticket, seconds=30)
            await worker.crash()
        evening = await timeline_of(stack, request.ticket)

    async with running_stack(folder) as stack:
        assert await timeline_of(stack, request.ticket) == evening
        async with running_worker(log, environment_of(stack, **changes)):
            client = await client_of(stack)
            assert (await client.status(request.ticket)).view.ticket == request.ticket
            morning = await until_recorded(stack, request.ticket, is_lapse, after=len(evening), seconds=60)
            await client.send(request.ticket, Cancel(by="overseer", cause=CancelCause.WITHDRAWN))
            assert (await client.status(request.ticket)).view.stage is Stage.CANCELLED

    assert morning[: len(evening)] == evening
    offer = next(event for event in reversed(evening) if is_offer(event))
    lapse = next(event for event in morning[len(evening) :] if is_lapse(event))
    # Clocks count whole seconds.
    assert lapse.at - offer.at.replace(microsecond=0) >= TO_ANSWER


def overnight_policy(folder: Path) -> dict[str, str]:
    """The demo's policy with more time to answer an offer; the worker's environment that names it."""
    folder.mkdir()
    text = (ROOT / "policies" / "demo.yaml").read_text(encoding="utf-8")
    text = text.replace("policy: demo", "policy: overnight").replace(
        "acknowledge:\n    targets: 8s", f"acknowledge:\n    targets: {TO_ANSWER.seconds}s"
    )
    (folder / "overnight.yaml").write_text(text, encoding="utf-8")
    return {"ESCALATIONS_POLICIES_DIR": str(folder)}


def is_offer(event: Event) -> bool:
    return event.kind == "offered"


def is_lapse(event: Event) -> bool:
    return event.kind == "offer_lapsed"
