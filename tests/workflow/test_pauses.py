"""A pause costs what its two ends cost, however long it lasts."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from escalation.case.commands import Pause, Resume
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause, Stage
from tests.example_policy import EXAMPLE, paused_by
from tests.workflow.lives import owned, solve
from tests.workflow.world import World, kind_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANY_CAUSE = paused_by(PauseCause.WAITING_ON_CUSTOMER, PauseCause.WAITING_ON_THIRD_PARTY)
OF_TIME_SKIPPING = {"workflow_execution_options_updated", "workflow_execution_time_skipping_transitioned"}
MOST_EVENTS_OF_A_PAUSE = 30


def pausing_all() -> Policy:
    """The example policy, except that a third party stops every clock of a case that is worked on."""
    stopped = (ClockName.FIRST_RESPONSE, ClockName.CUSTOMER_UPDATE, ClockName.CHECK_IN, ClockName.RESOLUTION)
    rules = {clock: replace(EXAMPLE.clocks[clock], paused_by=ANY_CAUSE) for clock in stopped}
    return replace(EXAMPLE, clocks={**EXAMPLE.clocks, **rules})


async def paused_life(world: World, ticket: str, pause: timedelta) -> tuple[Counter[str], int, list[str]]:
    """What it cost in all and for the pause alone, and what was recorded."""
    world.policy = pausing_all()
    async with world.worker():
        life = await owned(world, ticket)
        before = await life.history()
        await life.do(Pause(by="ana", why="the bank has to look"))
        paused = await life.wait(pause)
        assert paused.view.next_due is None
        assert all(one.paused for one in paused.clocks)
        await life.do(Resume(by="ana"))
        assert (await life.settled()).view.next_due is not None
        after = await life.history()
        await solve(life)
        await life.wait(30 * DAY)
        assert (await life.ended()).stage is Stage.CLOSED
        whole = Counter(kind_of(one) for one in await life.history() if kind_of(one) not in OF_TIME_SKIPPING)
    own = [one for one in after[len(before) :] if kind_of(one) not in OF_TIME_SKIPPING]
    return whole, len(own), life.kinds()


async def test_a_pause_of_months_costs_what_a_pause_of_an_hour_costs(world: World, other_world: World) -> None:
    short, cost_of_short, recorded_of_short = await paused_life(world, "PAUSE-1", HOUR)
    long, cost_of_long, recorded_of_long = await paused_life(other_world, "PAUSE-2", 90 * DAY)
    print(f"\npause of an hour: {cost_of_short} events; of 90 days: {cost_of_long} events")  # noqa: T201 (figures)
    assert recorded_of_long == recorded_of_short
    assert effect_of(long) == effect_of(short)
    assert cost_of_long == cost_of_short < MOST_EVENTS_OF_A_PAUSE


def effect_of(events: Counter[str]) -> Counter[str]:
    """Without the turns that a worker took: two activities that end together share one, or do not."""
    return Counter({kind: number for kind, number in events.items() if not kind.startswith("workflow_task_")})
