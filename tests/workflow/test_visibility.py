"""What operators see in Temporal: it must say of the case what the case says of itself."""

import re
from collections.abc import Sequence
from datetime import timedelta

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecution

from escalation.case.commands import Acknowledge, AddNote, ChangeSeverity
from escalation.vocabulary import ClockName, Severity, Stage
from starter.listing import Filter
from tests.workflow.lives import offered, owned, solve
from tests.workflow.world import Life, World, kind_of
from workflows.options import BREACHED, CATEGORY, OWNER, SEVERITY, STAGE, TICKET, TIER

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UPSERT = "upsert_workflow_search_attributes"


async def found(world: World, query: str) -> list[WorkflowExecution]:
    return [one async for one in world.client.list_workflows(query)]


async def listed(world: World, life: Life, query: str) -> bool:
    """Whether the list has it, once it has caught up."""
    await life.until(lambda _: True, "it answers")
    for _ in range(200):
        if life.handle.id in [one.id for one in await found(world, query)]:
            return True
        await life.status()
    return False


async def upserts(life: Life) -> int:
    return sum(kind_of(one) == UPSERT for one in await life.history())


async def test_a_case_is_found_by_stage_owner_severity_and_ticket(world: World) -> None:
    async with world.worker():
        life = await owned(world, "FOUND-1")
        query = "EscalationStage='working' AND EscalationOwner='ana' AND EscalationSeverity='SEV2'"
        assert await listed(world, life, f"{query} AND EscalationTicket='FOUND-1'")
        shown = (await life.handle.describe()).typed_search_attributes
    assert shown.get(STAGE) == "working"
    assert shown.get(OWNER) == "ana"
    assert shown.get(SEVERITY) == "SEV2"
    assert shown.get(CATEGORY) == "billing"
    assert shown.get(TICKET) == "FOUND-1"


async def test_a_case_that_continued_as_new_is_listed_once(world: World) -> None:
    client = world.support
    async with world.worker():
        life = await owned(world, "ONCE-1", history_limit=40)
        first = (await life.handle.describe()).run_id
        while (await life.handle.describe()).run_id == first:
            await life.do(AddNote(by="ana", text="still at it"))
        assert await listed(world, life, "EscalationStage='working' AND ExecutionStatus='Running'")
        assert await listed(world, life, "ExecutionStatus='ContinuedAsNew'")
        for wanted in (Filter(stage=Stage.WORKING), Filter(include_over=True), Filter()):
            found = [one for one in await client.list(wanted, limit=1000) if one.ticket == "ONCE-1"]
            assert [(one.stage, one.running) for one in found] == [("working", True)]


async def test_search_attributes_are_written_only_when_they_change(world: World) -> None:
    async with world.worker():
        life = await offered(world, "UPSERT-1")
        assert await upserts(life) == 1  # offered
        await life.do(Acknowledge(by="ana"))
        assert await upserts(life) == 2  # stage and owner in one
        for number in range(5):
            await life.do(AddNote(by="ana", text=str(number)))
        await life.settled()
        assert await upserts(life) == 2
        await life.do(ChangeSeverity(by="ana", severity=Severity.SEV1, why="all customers"))
        assert await upserts(life) == 3


async def test_search_attributes_tell_of_breach_and_tier(world: World) -> None:
    async with world.worker():
        life = await world.open("TIER-1")
        await life.wait(2 * HOUR + MINUTE)
        shown = (await life.handle.describe()).typed_search_attributes
        view = (await life.status()).view
    assert view.breaches == {ClockName.FIRST_RESPONSE: 1}
    assert shown.get(BREACHED) is True
    assert shown.get(TIER) == view.tier


async def test_a_case_without_owner_is_not_found_under_its_former_one(world: World) -> None:
    async with world.worker():
        life = await owned(world, "SILENT-2")
        await life.wait(12 * HOUR)
        shown = (await life.handle.describe()).typed_search_attributes
        assert (await life.status()).view.owner == ""
    assert shown.get(OWNER) is None


async def test_the_current_details_name_the_holder_and_every_clock(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DETAILS-1")
        status = await life.status()
        details = await current_details(life)
    assert "Owner: **ana**" in details
    assert "SEV2 billing" in details
    assert {one.clock for one in status.clocks} == {
        ClockName.FIRST_RESPONSE,
        ClockName.CUSTOMER_UPDATE,
        ClockName.CHECK_IN,
        ClockName.RESOLUTION,
    }
    for clock in status.clocks:
        assert f"**{clock.clock}**" in details
        assert clock.next_at is not None
        assert f"{clock.next_at:%Y-%m-%d %H:%M:%S} UTC" in details


async def test_the_details_say_to_whom_it_is_offered(world: World) -> None:
    async with world.worker():
        life = await offered(world, "DETAILS-2")
        assert "offered to ana" in await current_details(life)


async def test_the_one_timer_names_the_clock_it_stands_for(world: World) -> None:
    async with world.worker():
        life = await owned(world, "TIMER-1")
        await solve(life)
        history = await life.history()
    started = [one for one in history if kind_of(one) == "timer_started"]
    ended = [one for one in history if kind_of(one) in ("timer_canceled", "timer_fired")]
    assert summaries(started) == ["acknowledge 50%", "first_response 75%", "follow_up 1"]
    assert len(started) - len(ended) == 1


async def test_activities_say_what_they_are_for(world: World) -> None:
    async with world.worker():
        life = await offered(world, "SUMMARY-1")
        history = await life.history()
    scheduled = [one for one in history if kind_of(one) == "activity_task_scheduled"]
    recorded = [one for one in summaries(scheduled) if re.fullmatch(r"record \d+ events from \d+", one)]
    assert recorded
    assert sorted({*summaries(scheduled)} - {*recorded}) == [
        "email to customer: receipt",
        "find an owner: a person in tier 1, billing",
        "load the policy",
        "number the escalation",
        "to ana: offer",
    ]


async def test_nothing_personal_is_in_what_the_list_shows(world: World) -> None:
    async with world.worker():
        life = await owned(world, "PRIVATE-1")
        described = await life.handle.describe()
        shown = [
            await described.static_summary() or "",
            await described.static_details() or "",
            str(described.typed_search_attributes),
            await current_details(life),
        ]
    for text in shown:
        assert text
        assert "Ann" not in text
        assert "example.com" not in text
        assert "Invoices" not in text


async def current_details(life: Life) -> str:
    """What the UI shows of a running case."""
    metadata = await life.handle.query("__temporal_workflow_metadata")
    return str(metadata.current_details)


def summaries(events: Sequence[HistoryEvent]) -> list[str]:
    return [one.user_metadata.summary.data.decode().strip('"') for one in events]
