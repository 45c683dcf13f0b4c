"""How an incident begins, continues as new, and ends."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from activities.errors import CaseUnanswered
from escalation.incident.commands import OpenIncident, TellLinked
from escalation.incident.vocabulary import IncidentStage
from starter.errors import CommandRefused, IncidentEnded, UnknownIncident
from tests import fakes
from tests.integration.client.people import until
from tests.workflow.outage import Outage
from tests.workflow.world import World
from workflows.carried import IncidentStart
from workflows.converter import DATA_CONVERTER
from workflows.incident import LINGERS, IncidentWorkflow
from workflows.options import incident_id

DAY = timedelta(days=1)


async def test_it_continues_as_new_and_no_one_notices(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "long", history_limit=40)
        first = await outage.run_id()
        await outage.link("a", "b")
        answer = await outage.client.send("long", TellLinked(text="one", by="zoe"), command_id="one")
        for number in range(2, 12):
            await outage.tell(str(number))
            await outage.settled()
        assert await outage.run_id() != first
        assert await outage.events() < 60
        assert await outage.client.send("long", TellLinked(text="one", by="zoe"), command_id="one") == answer
        status = await outage.settled()
    assert [one.told for one in status.view.links] == [11, 11]
    for ticket in "ab":
        told = [command.number for command in cases.done[ticket] if command.kind == "relay_bulletin"]
        assert told == list(range(1, 12))


async def test_signals_do_nothing_and_still_let_it_continue(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "poked", history_limit=40)
        first, before = await outage.run_id(), (await outage.settled()).view
        for _ in range(41):
            await outage.handle.signal("poke", args=["once", "twice"])
        await until(outage.run_id, lambda run: run != first)
        assert (await outage.settled()).view == before


async def test_its_history_replays_to_the_same_commands(world: World) -> None:
    world.cases = cases = fakes.Cases(errors={"b": CaseUnanswered("no worker answered")})
    async with world.worker():
        # Up to 38 events come before the clock jumps; a run that continued as new just then would take the jump with it.
        outage = await Outage.begins(world, "replayed", history_limit=60)
        runs = {await outage.run_id()}
        await outage.link("a", "b")
        await outage.tell()
        await outage.until(lambda status: status.view.owed == 1, "the other is told")
        cases.errors.clear()
        await outage.jump(DAY)
        for _ in range(6):
            await outage.tell()
            await outage.settled()
            runs.add(await outage.run_id())
    assert len(runs) > 1
    replayer = Replayer(workflows=[IncidentWorkflow], data_converter=DATA_CONVERTER)
    for run_id in runs:
        history = await world.client.get_workflow_handle(outage.handle.id, run_id=run_id).fetch_history()
        await replayer.replay_workflow(history)


async def test_it_ends_when_it_has_long_been_resolved_and_takes_late_tickets_until_then(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "over")
        await outage.link("a")
        await outage.resolve()
        await outage.settled()
        await outage.link("late")
        await outage.settled()
        assert [command.kind for command in cases.done["late"]] == ["link_incident", "propose_resolution"]
        await outage.jump(LINGERS + DAY)
        ended = await asyncio.wait_for(outage.handle.result(), 20)
        assert (ended.linked, ended.bulletins) == (2, 1)
        with pytest.raises(IncidentEnded, match="the incident `over` has ended"):
            await outage.link("too-late")
        assert (await outage.status()).view.stage is IncidentStage.RESOLVED
        again = await outage.client.open("over", title="Mail is late again", by="zoe")
        assert not again.started


async def test_an_incident_is_opened_once_under_its_name(world: World) -> None:
    world.cases = fakes.Cases()
    client = world.support.incidents
    async with world.worker():
        assert (await client.open("once", title="Mail is late", by="zoe")).started
        assert not (await client.open("once", title="Something else", by="zoe")).started
        assert (await client.status("once")).view.title == "Mail is late"
        described = await world.client.get_workflow_handle(incident_id("once")).describe()
        assert described.raw_description.workflow_execution_info.priority.priority_key == 1
        assert await described.static_summary() == "incident: Mail is late"
        assert await described.static_details() == "Incident **once**: Mail is late"
        with pytest.raises(CommandRefused, match="letters, digits"):
            await client.open("no name", title="x", by="zoe")


async def test_what_makes_no_sense_is_refused_and_leaves_no_trace(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "nonsense")
        await outage.settled()
        before = await outage.events()
        with pytest.raises(CommandRefused, match="`text` is empty"):
            await outage.tell(" ")
        with pytest.raises(CommandRefused, match="not linked to `nonsense`: a"):
            await outage.client.unlink("nonsense", ["a"], by="desk")
        with pytest.raises(CommandRefused, match="`tickets` is empty"):
            await outage.link()
        with pytest.raises(CommandRefused, match="`reopen` is not possible while open"):
            await outage.reopen()
        assert await outage.events() == before
        with pytest.raises(UnknownIncident, match="there is no incident `nothing`; check the name, or open it"):
            await outage.client.status("nothing")
        with pytest.raises(UnknownIncident):
            await outage.client.send("nothing", TellLinked(text="x", by="zoe"))


async def test_an_opening_that_makes_no_sense_fails_and_says_why(world: World) -> None:
    async with world.worker():
        handle = await world.client.start_workflow(
            IncidentWorkflow.run,
            args=[IncidentStart(request=OpenIncident(name="no name", title="x", by="zoe"))],
            id=incident_id("no name"),
            task_queue=world.task_queue,
        )
        with pytest.raises(WorkflowFailureError) as failure:
            await asyncio.wait_for(handle.result(), 20)
    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.type == "InvalidCommand"
