"""A thousand escalations, one cause: no storm, no one left out, no one twice, and a short history."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from activities.incidents import AT_ONCE
from escalation.case.commands import ProposeResolution, RelayBulletin, WithdrawProposal
from escalation.incident.vocabulary import Result
from tests import fakes
from tests.workflow.outage import Outage
from tests.workflow.world import World, eventually
from workflows.incident import ERRAND_SIZE

MANY = 1000
TICKETS = [f"T-{number}" for number in range(MANY)]
BULLETINS = 3
EVENTS, BYTES = 220, 100_000
"""Most in the history of these links and bulletins; measured 186 events, up to 78,821 bytes."""
LONG = timedelta(seconds=90)


async def linked(world: World, name: str) -> Outage:
    outage = await Outage.begins(world, name)
    await outage.link(*TICKETS)
    await outage.settled(patience=LONG)
    return outage


def pages_of(cases: fakes.Cases) -> list[RelayBulletin | ProposeResolution]:
    """What pages an overseer."""
    every = [command for done in cases.done.values() for command in done]
    return [command for command in every if isinstance(command, RelayBulletin | ProposeResolution) and command.page]


async def test_a_thousand_get_each_thing_once_a_limited_number_at_a_time(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await linked(world, "many")
        for number in range(1, BULLETINS):
            await outage.tell(f"bulletin {number}")
            await outage.settled(patience=LONG)
        await outage.resolve()
        status = await outage.settled(patience=LONG)
        history = await world.client.get_workflow_handle(outage.handle.id).fetch_history()
    assert Counter(one.result for one in status.view.links) == {Result.TOLD: MANY}
    assert cases.most_at_once == AT_ONCE
    asked = ["link_incident", "relay_bulletin", "relay_bulletin", "propose_resolution"]
    assert all([command.kind for command in cases.done[ticket]] == asked for ticket in TICKETS)
    assert len(cases.asked) == MANY * len(asked)
    pages = pages_of(cases)
    assert [page.number for page in pages] == [1, 2, 3]
    size = sum(event.ByteSize() for event in history.events)
    print(f"{len(history.events)} events, {size} bytes")  # noqa: T201 (the figure of docs/incidents.md)
    assert len(history.events) <= EVENTS
    assert size <= BYTES


async def test_each_of_three_overseers_of_a_thousand_is_paged_once(world: World) -> None:
    world.cases = cases = fakes.Cases()
    overseers = ("olga", "pia", "quin")
    cases.overseers = {ticket: overseers[number % 3] for number, ticket in enumerate(TICKETS)}
    async with world.worker():
        outage = await linked(world, "three-overseers")
        await outage.tell()
        await outage.settled(patience=LONG)
        await outage.resolve()
        await outage.settled(patience=LONG)
        await outage.reopen()
        status = await outage.settled(patience=LONG)
    assert Counter(one.result for one in status.view.links) == {Result.TOLD: MANY}
    assert cases.most_at_once == AT_ONCE
    pages = Counter(
        (command.number, cases.overseers[ticket])
        for ticket, done in cases.done.items()
        for command in done
        if isinstance(command, RelayBulletin | ProposeResolution | WithdrawProposal) and command.page
    )
    assert pages == {(number, overseer): 1 for number in (1, 2, 3) for overseer in overseers}


class Fall:
    """Stops answering at one moment, as a worker does that is killed; the answers of that moment are lost."""

    def __init__(self, cases: fakes.Cases, *, after: int) -> None:
        self._cases = cases
        self._after = after
        self.has_fallen = False
        self.is_repaired = asyncio.Event()

    async def __call__(self) -> None:
        self.has_fallen = self.has_fallen or len(self._cases.asked) >= self._after
        if self.has_fallen and not self.is_repaired.is_set():
            await self.is_repaired.wait()
        await asyncio.sleep(0)


@pytest.mark.parametrize("after", [MANY + 1, MANY + ERRAND_SIZE // 2, MANY + ERRAND_SIZE * 2 + 7])
async def test_a_thousand_are_notified_once_though_the_worker_is_killed_midway(world: World, after: int) -> None:
    world.cases = cases = fakes.Cases()
    cases.pace = fall = Fall(cases, after=after)
    async with world.worker():
        outage = await linked(world, f"killed-{after}")
        await outage.tell()
        await eventually(lambda: fall.has_fallen, "the worker stops in the middle")
    fall.is_repaired.set()
    async with world.worker():
        await outage.settled(patience=LONG)
    assert all(
        [command.kind for command in cases.done[ticket]] == ["link_incident", "relay_bulletin"] for ticket in TICKETS
    )
    assert cases.most_at_once <= AT_ONCE
    repeated = len(cases.asked) - len(set(cases.asked))
    assert repeated <= ERRAND_SIZE
    assert len(pages_of(cases)) == 1


async def test_commands_come_between_while_a_thousand_are_being_notified(world: World) -> None:
    world.cases = cases = fakes.Cases()
    async with world.worker():
        outage = await Outage.begins(world, "between")
        await outage.link(*TICKETS)
        await outage.tell("one")
        await outage.client.unlink("between", TICKETS[-100:], by="desk")
        await outage.tell("two")
        await outage.link("late")
        await outage.settled(patience=LONG)
    numbers = {
        ticket: [command.number for command in cases.done.get(ticket, []) if command.kind == "relay_bulletin"]
        for ticket in [*TICKETS, "late"]
    }
    assert all(numbers[ticket] == [1, 2] for ticket in TICKETS[:-100])
    assert numbers["late"] == [2]
    for ticket in TICKETS[-100:]:
        assert numbers[ticket] in ([], [1])
        kinds = [command.kind for command in cases.done.get(ticket, [])]
        assert "link_incident" not in kinds or kinds[-1] == "unlink_incident"
