"""What the client does when answers are late, lost, or never come."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import pytest
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowUpdateInput,
    WorkflowUpdateHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)

from escalation.case.commands import Acknowledge, AddNote
from escalation.case.events import Noted
from starter.client import EscalationClient
from starter.errors import CommandRefused, TemporalUnreachable, WorkersBusy
from tests.integration.client.conftest import start_server
from tests.integration.client.people import new_ticket, offered, open_case, quick, taken
from tests.workflow.world import World


class LosingAnswers(Interceptor):
    """A network that carries commands there, and the first answers not back."""

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.ids: list[str | None] = []

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 (the SDK's name)
        network = self

        class Lossy(OutboundInterceptor):
            async def start_workflow_update(self, input: StartWorkflowUpdateInput) -> WorkflowUpdateHandle[Any]:  # noqa: A002 (the SDK's name)
                handle = await super().start_workflow_update(input)
                network.ids.append(input.update_id)
                if len(network.ids) <= network.losses:
                    raise WorkflowUpdateRPCTimeoutOrCancelledError
                return handle

        return Lossy(next)


@dataclass
class Newer:
    """A command of some later release."""

    kind: Literal["newer"] = "newer"


def through(network: LosingAnswers, world: World) -> EscalationClient:
    config = world.client.config()
    config["interceptors"] = [network]
    return EscalationClient(Client(**config), world.task_queue, rpc_timeout=timedelta(seconds=3))


async def notes(client: EscalationClient, ticket: str) -> list[str]:
    return [event.text for event in await client.timeline(ticket) if isinstance(event, Noted)]


async def test_a_command_whose_answer_was_lost_is_repeated_and_done_once(world: World) -> None:
    network = LosingAnswers(losses=2)
    client, ticket = through(network, world), new_ticket()
    person = await taken(quick(world), ticket)
    answer = await client.send(ticket, AddNote(text="found it", by=person))

    assert len(network.ids) == 3
    assert len(set(network.ids)) == 1
    assert await notes(client, ticket) == ["found it"]
    assert answer.seq == (await client.status(ticket)).view.last_seq


async def test_a_client_that_gives_up_names_the_id_to_repeat_with(world: World) -> None:
    ticket = new_ticket()
    person = await taken(quick(world), ticket)
    with pytest.raises(WorkersBusy, match="repeat with command id") as busy:
        await through(LosingAnswers(losses=9), world).send(ticket, AddNote(text="found it", by=person))
    await quick(world).send(ticket, AddNote(text="found it", by=person), command_id=busy.value.command_id)

    assert await notes(quick(world), ticket) == ["found it"]


async def test_the_same_command_id_gets_the_same_answer(world: World) -> None:
    client, ticket = quick(world), new_ticket()
    person = await taken(client, ticket)
    first = await client.send(ticket, AddNote(text="found it", by=person), command_id="web-17")
    await client.send(ticket, AddNote(text="more", by=person))
    again = await client.send(ticket, AddNote(text="found it", by=person), command_id="web-17")

    assert again == first
    assert await notes(client, ticket) == ["found it", "more"]


async def test_without_a_worker_a_command_waits_for_one_under_its_id(idle: World) -> None:
    client, ticket = quick(idle, seconds=1, attempts=2), new_ticket()
    assert (await open_case(client, ticket)).started
    with pytest.raises(WorkersBusy, match="check that workers run") as busy:
        await client.send(ticket, Acknowledge(by="ana"), command_id="web-17")
    assert busy.value.command_id == "web-17"
    with pytest.raises(WorkersBusy):
        await client.status(ticket)

    async with idle.worker():
        person = (await offered(quick(idle), ticket)).view.offered_to
        await quick(idle).send(ticket, Acknowledge(by=person), command_id="web-18")
        assert (await quick(idle).status(ticket)).view.owner == person


async def test_the_one_who_gives_up_waiting_is_let_go_at_once(idle: World) -> None:
    client, ticket = quick(idle, seconds=30), new_ticket()
    await open_case(client, ticket)
    call = asyncio.create_task(client.send(ticket, Acknowledge(by="ana")))
    asked_at = time.monotonic()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(call, timeout=0.5)

    assert call.cancelled()
    assert time.monotonic() - asked_at < 10


async def test_commands_survive_a_run_that_hands_over_to_the_next(world: World) -> None:
    client, ticket = quick(world, seconds=10), new_ticket()
    life = await world.open(ticket, history_limit=60)
    person = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Acknowledge(by=person))
    first_run = (await life.handle.describe()).run_id
    texts = [f"step {number}" for number in range(40)]
    for start in range(0, len(texts), 8):
        await asyncio.gather(
            *(client.send(ticket, AddNote(text=text, by=person), command_id=text) for text in texts[start : start + 8])
        )

    assert (await life.handle.describe()).run_id != first_run
    recorded = [event.text for event in world.records.timelines[f"escalation-{ticket}"] if isinstance(event, Noted)]
    assert sorted({*recorded, *await notes(client, ticket)}) == sorted(texts)
    assert len(recorded) == len(set(recorded))


async def test_a_server_that_goes_away_is_distinguished_from_a_missing_worker() -> None:
    server = await start_server()
    world = World(server)
    client, ticket = quick(world, seconds=1, attempts=2), new_ticket()
    await open_case(client, ticket)
    await server.shutdown()

    with pytest.raises(TemporalUnreachable, match="repeat with command id web-17"):
        await client.send(ticket, Acknowledge(by="ana"), command_id="web-17")
    with pytest.raises(TemporalUnreachable, match="try again"):
        await client.status(ticket)
    with pytest.raises(TemporalUnreachable):
        await client.list()
    with pytest.raises(TemporalUnreachable):
        await open_case(client, new_ticket())


async def test_a_namespace_that_does_not_exist_is_not_an_unknown_escalation(idle: World) -> None:
    config = idle.client.config()
    config["namespace"] = "nowhere"
    client = EscalationClient(Client(**config), idle.task_queue)

    with pytest.raises(TemporalUnreachable, match=r"nowhere.*TEMPORAL_NAMESPACE"):
        await client.status("T-1")
    with pytest.raises(TemporalUnreachable, match="nowhere"):
        await open_case(client, "T-1")


async def test_workers_that_do_not_know_a_command_refuse_it(world: World) -> None:
    client, ticket = quick(world), new_ticket()
    await taken(client, ticket)

    with pytest.raises(CommandRefused, match="there is no command `newer`") as refused:
        await client.send(ticket, Newer())  # type: ignore[arg-type]  # that is the point
    assert refused.value.type == "UnknownCommand"


async def test_a_question_waits_for_a_case_that_is_still_being_opened(world: World) -> None:
    client, ticket = quick(world, seconds=20), new_ticket()
    world.policies.down = True
    await open_case(client, ticket)
    asking = asyncio.create_task(client.status(ticket))
    # Longer than three attempts take that are answered at once.
    assert not (await asyncio.wait({asking}, timeout=2))[0]
    world.policies.down = False
    assert (await asking).view.ticket == ticket


async def test_a_question_ends_when_a_case_is_not_opened_in_time(world: World) -> None:
    client, ticket = quick(world, seconds=1), new_ticket()
    world.policies.down = True
    await open_case(client, ticket)
    with pytest.raises(WorkersBusy, match="being opened"):
        await client.status(ticket)
