"""Continue-as-new: one long life in short runs, invisible from outside."""

import asyncio
from datetime import timedelta

from temporalio.client import WorkflowExecutionDescription

from activities.errors import ChannelUnavailable, DatabaseUnavailable
from escalation.case.commands import AddNote, TellCustomer
from escalation.vocabulary import Stage
from tests.integration.client.people import until
from tests.workflow.lives import owned, solve
from tests.workflow.world import Life, World, eventually, kind_of
from workflows.options import SEARCH_ATTRIBUTES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_ONCE = 30
IN_FLIGHT = 10
"""As many updates of one workflow the server takes at a time."""
SHORT_RUN = 40


async def run_of(life: Life) -> str:
    return (await life.handle.describe()).run_id


def shown(described: WorkflowExecutionDescription) -> dict[str, object]:
    """Our own search attributes."""
    found = described.typed_search_attributes
    return {pair.key.name: pair.value for pair in found if pair.key.name in SEARCH_ATTRIBUTES}


async def noted_until_it_continues(life: Life) -> int:
    """Notes, one after the other, until another run has taken over; how many."""
    first = await run_of(life)
    for number in range(1, SHORT_RUN):
        await life.do(AddNote(by="ana", text=f"note {number}"), command_id=f"note-{number}")
        if await run_of(life) != first:
            return number
    raise AssertionError("it never continued as new")


async def test_state_clocks_and_answers_survive(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-1", history_limit=SHORT_RUN)
        answer = await life.do(AddNote(by="ana", text="first"), command_id="first")
        await noted_until_it_continues(life)
        status = await life.settled()
        assert (status.view.stage, status.view.owner) == (Stage.WORKING, "ana")
        assert await life.do(AddNote(by="ana", text="first"), command_id="first") == answer
        assert (await life.settled()).view.last_seq == status.view.last_seq
        opened = status.view.opened_at
        assert {one.clock.value: one.started_at for one in status.clocks}["resolution"] == opened
        await solve(life)
        await life.wait(30 * DAY)
        ended = await life.ended()
    assert ended.stage is Stage.CLOSED
    assert ended.events == len(life.timeline())


async def test_a_timer_armed_before_fires_at_its_instant_after(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-2", history_limit=SHORT_RUN)
        due = (await life.status()).view.next_due
        assert due is not None
        await noted_until_it_continues(life)
        await life.wait(2 * HOUR)
    fired = [one for one in life.timeline() if one.kind == "threshold_reached"]
    assert [(one.clock, one.threshold) for one in fired] == [("first_response", "75%"), ("first_response", "due")]
    assert fired[0].due == due
    assert fired[0].at - due < timedelta(seconds=1)


async def test_what_is_under_way_is_passed_on(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-3", history_limit=SHORT_RUN)
        world.email.errors = [ChannelUnavailable("the relay is down", after=0.2)] * 1000
        await life.do(TellCustomer(by="ana", text="We found it."))
        await eventually(lambda: "customer_told" in life.kinds(), "the update is recorded")
        world.records.unavailable = DatabaseUnavailable("no answer")
        notes = await noted_until_it_continues(life)
        status = await life.status()
        assert status.sending == 1
        assert status.unrecorded >= 1
        world.records.unavailable = None
        world.email.errors.clear()
        await life.settled()
    texts = [one.text for one in life.timeline() if one.kind == "noted"]
    assert texts == [f"note {number}" for number in range(1, notes + 1)]
    assert world.keys_to("Ann") == ["receipt/1/customer", "owner_changed/1/customer", "update/1/customer"]


async def test_no_command_is_lost_while_it_continues(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-4", history_limit=SHORT_RUN)
        first = await run_of(life)
        slots = asyncio.Semaphore(IN_FLIGHT)

        async def note(number: int) -> int:
            async with slots:
                answer = await life.do(AddNote(by="ana", text=str(number)), command_id=f"note-{number}")
            return answer.seq

        answered = await asyncio.gather(*(note(number) for number in range(AT_ONCE)))
        await life.settled()
        assert await run_of(life) != first
    texts = [one.text for one in life.timeline() if one.kind == "noted"]
    assert sorted(texts, key=int) == [str(number) for number in range(AT_ONCE)]
    assert len(set(answered)) == AT_ONCE


async def test_a_run_ends_by_continuing_and_the_next_begins_small(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-5", history_limit=SHORT_RUN)
        first = await run_of(life)
        await noted_until_it_continues(life)
        await life.settled()
        ended = await life.history(first)
        begun = await life.history()
    assert kind_of(ended[-1]) == "workflow_execution_continued_as_new"
    assert len(begun) < SHORT_RUN
    # The opening and the policy are not fetched again: they were passed on.
    assert "opened" not in [kind_of(one) for one in begun]
    assert life.kinds().count("opened") == 1


async def test_signals_do_nothing_and_still_let_it_continue(world: World) -> None:
    """Another client sends them; a run whose history they alone make long must not go on until the server ends it."""
    async with world.worker():
        life = await owned(world, "CONTINUED-7", history_limit=SHORT_RUN)
        await life.settled()
        first = await run_of(life)
        before = (await life.status()).view
        for number in range(SHORT_RUN):
            await life.handle.signal("poke", args=[number, "twice"])
        await life.handle.signal("poke")
        await until(lambda: run_of(life), lambda run: run != first)
        assert (await life.settled()).view == before


async def test_what_operators_see_survives(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONTINUED-6", history_limit=SHORT_RUN)
        before = await life.handle.describe()
        await noted_until_it_continues(life)
        after = await life.handle.describe()
        metadata = await life.handle.query("__temporal_workflow_metadata")
    assert shown(after) == shown(before)
    assert "Owner: **ana**" in metadata.current_details
    # Temporal drops summary and details that were given at the start; these say the same.
    assert "SEV2 billing" in metadata.current_details
