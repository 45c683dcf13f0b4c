"""A case whose workflow task fails: the client says so and why, and the supervisor finds it among the others."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment

from escalation.case.commands import Acknowledge, AddNote, Cancel, RecordCustomerReply
from escalation.case.naming import escalation_id, workflow_id
from escalation.lifecycle.decisions import closing
from escalation.lifecycle.draft import Draft
from starter.errors import CaseStuck, WorkersBusy
from starter.supervision import Seen, Supervisor
from starter.transport import Transport
from tests.integration.client.people import new_ticket, offered, quick, taken, until
from tests.integration.ports import free_port
from tests.unit.domain.case import opening
from tests.workflow.world import World
from workflows.converter import DATA_CONVERTER

CAUSE = "this rule divides by zero"


@contextmanager
def a_broken_rule() -> Iterator[None]:
    """Within it, no case can be called off."""

    def fail(_: Draft, __: Cancel) -> None:
        raise ZeroDivisionError(CAUSE)

    with patch.object(closing, "cancel", fail):
        yield


def supervisor(world: World) -> Supervisor:
    return Supervisor(Transport(world.client, rpc_timeout=timedelta(seconds=3), attempts=3))


async def noted(world: World) -> str:
    """A case that took a note, and whose worker has stopped; its ticket."""
    ticket, world.task_timeout = new_ticket(), timedelta(seconds=2)
    async with world.worker():
        await world.open(ticket, agrees=False)
        person = (await offered(quick(world), ticket)).view.offered_to
        await quick(world).send(ticket, Acknowledge(by=person))
        await quick(world).send(ticket, AddNote(text="looking", by=person))
        await until(lambda: quick(world).status(ticket), lambda status: not (status.unrecorded or status.sending))
    return ticket


async def stuck(world: World, ticket: str) -> Seen:
    """What the supervisor sees once the case has had something to do under the broken rule."""
    await world.client.get_workflow_handle(workflow_id(ticket)).cancel()

    async def look() -> Seen:
        seen = await supervisor(world).look(workflow_id(ticket))
        assert seen is not None
        return seen

    return await until(look, lambda seen: bool(seen.trouble))


async def test_a_question_to_a_stuck_case_is_answered_with_what_fails_and_where_to_read_on(idle: World) -> None:
    client, ticket = quick(idle, seconds=1, attempts=2), await noted(idle)
    with a_broken_rule():
        async with idle.worker():
            await stuck(idle, ticket)
            with pytest.raises(CaseStuck) as found:
                await client.status(ticket)
    assert f"`escalation-{ticket}` is stuck: its workflow task fails (attempt " in str(found.value)
    assert CAUSE in found.value.cause
    assert "docs/operations.md#stuck-cases" in str(found.value)


async def test_a_command_to_a_stuck_case_says_what_fails_and_goes_through_once_it_is_fixed(idle: World) -> None:
    client, ticket = quick(idle, seconds=1, attempts=2), await noted(idle)
    with a_broken_rule():
        async with idle.worker():
            await stuck(idle, ticket)
            with pytest.raises(CaseStuck, match="repeat with command id web-9") as found:
                await client.send(ticket, RecordCustomerReply(text="Any news?"), command_id="web-9")
    assert CAUSE in found.value.cause
    async with idle.worker():
        seen = await until(lambda: supervisor(idle).look(workflow_id(ticket)), lambda seen: not (seen and seen.trouble))
        assert seen is not None


async def test_the_supervisor_finds_the_stuck_case_among_all_others(idle: World) -> None:
    well, ill = await noted(idle), await noted(idle)
    with a_broken_rule():
        async with idle.worker():
            await stuck(idle, ill)
            seen = await until(supervisor(idle).survey, lambda all_: {workflow_id(well), workflow_id(ill)} <= set(all_))
    assert CAUSE in seen[workflow_id(ill)].trouble
    assert (seen[workflow_id(well)].status, seen[workflow_id(well)].trouble) == ("running", "")


async def test_a_case_that_only_waits_for_a_worker_is_not_stuck(idle: World) -> None:
    ticket = await noted(idle)
    await idle.client.get_workflow_handle(workflow_id(ticket)).cancel()
    seen = await supervisor(idle).look(workflow_id(ticket))
    assert seen is not None
    assert (seen.status, seen.trouble) == ("running", "")
    with pytest.raises(WorkersBusy, match="check that workers run"):
        await quick(idle, seconds=1, attempts=1).status(ticket)


async def test_the_supervisor_knows_none_where_there_is_none(idle: World) -> None:
    assert await supervisor(idle).look("escalation-never") is None


async def test_the_supervisor_distinguishes_the_lives_of_a_ticket(world: World) -> None:
    client, ticket = quick(world), new_ticket()
    await taken(client, ticket)
    await world.client.get_workflow_handle(workflow_id(ticket)).terminate()
    await client.open(opening(ticket=ticket), policy="example")
    first, second = escalation_id(ticket), escalation_id(ticket, 2)
    seen = await until(supervisor(world).survey, lambda all_: {first, second} <= set(all_))
    assert (seen[first].status, seen[second].status) == ("terminated", "running")
    found = await supervisor(world).look(second)
    assert found is not None
    assert (found.case, found.status) == (second, "running")
    assert await supervisor(world).look(first) is None, "its workflow id is that of the second now"
    world.lives.clear()


async def test_the_worker_counts_the_tasks_of_a_stuck_case_that_fail(server: WorkflowEnvironment) -> None:
    port = free_port()
    runtime = Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=f"127.0.0.1:{port}")))
    measured = await Client.connect(
        server.client.service_client.config.target_host, data_converter=DATA_CONVERTER, runtime=runtime
    )
    world = World(server, own_client=measured)
    ticket = await noted(world)
    assert failing_tasks(port) == 0
    with a_broken_rule():
        async with world.worker():
            await stuck(world, ticket)
            assert failing_tasks(port) > 0
    world.lives.clear()


def failing_tasks(port: int) -> float:
    """What a worker's metrics say of workflow tasks that failed, whatever the cause."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("temporal_workflow_task_execution_failed{")
    )
