"""What operators see of incidents in Temporal, and how they find them."""

from datetime import datetime

from escalation.incident.commands import ResolveIncident
from escalation.incident.vocabulary import IncidentStage
from starter.incidents import ListedIncident
from tests import fakes
from tests.integration.client.people import until
from tests.workflow.outage import Outage
from tests.workflow.world import World, kind_of
from workflows.options import INCIDENT_LINKED, INCIDENT_OPENED_AT, INCIDENT_STAGE


async def test_operators_read_how_far_it_is(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "shown")
        await outage.link("a", "b")
        await outage.tell()
        await outage.resolve()
        await outage.settled()
        solved = await outage.handle.query("__temporal_workflow_metadata")
        await outage.reopen()
        await outage.settled()
        metadata = await outage.handle.query("__temporal_workflow_metadata")
    assert "**Mail is late** · open · 2 linked escalations" in metadata.current_details
    assert "Bulletins: 3 · still to hear something: **0**" in metadata.current_details
    assert "Solutions that did not hold: **1**" in metadata.current_details
    assert "Solution proposed at" in solved.current_details
    assert "Solution proposed at" not in metadata.current_details


async def shown(outage: Outage) -> tuple[str | None, int | None, datetime | None]:
    """Stage, number of linked escalations and opening, as the server's search knows them."""
    attributes = (await outage.handle.describe()).typed_search_attributes
    return attributes.get(INCIDENT_STAGE), attributes.get(INCIDENT_LINKED), attributes.get(INCIDENT_OPENED_AT)


async def test_operators_find_it_by_stage_and_by_how_many_are_linked(world: World) -> None:
    world.cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "found", history_limit=40)
        opened_at = (await outage.settled()).view.opened_at
        assert await shown(outage) == ("open", None, opened_at)
        await outage.link("a", "b")
        assert await shown(outage) == ("open", 2, opened_at)
        await outage.resolve()
        assert await shown(outage) == ("resolved", 2, opened_at)
        await outage.client.unlink("found", ["a"], by="desk")
        first = await outage.run_id()
        await outage.reopen()
        await outage.settled()
        for _ in range(9):
            await outage.tell()
            await outage.settled()
        assert await outage.run_id() != first
        assert await shown(outage) == ("open", 1, opened_at)
        history = await outage.handle.fetch_history()
    upserts = [one for one in history.events if kind_of(one) == "upsert_workflow_search_attributes"]
    assert upserts == []  # the run that goes on knows what the one before has said


async def test_the_list_names_what_there_is_in_each_stage_and_each_incident_once(world: World) -> None:
    world.cases = fakes.Cases()
    client = world.support.incidents
    async with world.worker():
        for name in ("list-1", "list-2"):
            await client.open(name, title=f"The {name} is broken", by="zoe")
            await client.link(name, ["a", "b", "c"], by="desk")
        await client.send("list-1", ResolveIncident(solution="A new one", by="zoe"))
        outage = await Outage.begins(world, "list-3", history_limit=20)
        first = await outage.run_id()
        for _ in range(5):
            await outage.tell()
            await outage.settled()
        assert await outage.run_id() != first
        await (second := Outage(world, "list-2")).settled()

        async def listed(stage: IncidentStage | None) -> dict[str, ListedIncident]:
            every = await client.list(stage, limit=1000)
            assert len({one.name for one in every}) == len(every)
            assert [one.opened_at for one in every] == sorted((one.opened_at for one in every), reverse=True)
            return {one.name: one for one in every if one.name.startswith("list-")}

        def is_complete(found: dict[str, ListedIncident]) -> bool:
            stages = {name: (one.stage, one.linked) for name, one in found.items()}
            return stages == {"list-1": ("resolved", 3), "list-2": ("open", 3), "list-3": ("open", 0)}

        everything = await until(lambda: listed(None), is_complete)  # the search may lag behind a little
        assert (await listed(IncidentStage.OPEN)).keys() == {"list-2", "list-3"}
        assert (await listed(IncidentStage.RESOLVED)).keys() == {"list-1"}
        opened_at = (await second.status()).view.opened_at
    assert everything["list-2"] == ListedIncident(
        name="list-2", title="The list-2 is broken", stage="open", opened_at=opened_at, linked=3, running=True
    )


# What is refused.
