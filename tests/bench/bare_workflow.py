"""The yardstick: a workflow that does as many steps as an escalation, and nothing in any of them."""

import asyncio
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.common import SearchAttributeKey

ATTRIBUTE = SearchAttributeKey.for_keyword("EscalationStage")
"""Any registered one will do."""
LIMIT = timedelta(seconds=30)
LONG = timedelta(hours=8)
"""Of timers that are not meant to fire."""


@dataclass(frozen=True)
class Steps:
    """How much there is to do.

    Attributes:
        activities: How many.
        upserts: Of a search attribute.
        updates: That come from outside.
        cancelled: Timers that are started and cancelled.
        waits: Durations of the timers that fire, in seconds.
    """

    activities: int = 0
    upserts: int = 0
    updates: int = 0
    cancelled: int = 0
    waits: tuple[float, ...] = ()


@dataclass(frozen=True)
class BareStart:
    """The bare workflow's only argument.

    Attributes:
        steps: What to do first; the workflow waits for one update after each of `updates` equal parts.
        due: Then wait until this instant, in seconds since 1970; 0 ends at once.
        after: What to do when it has come.
        until: Then stay open, as an escalation does, until this instant; in seconds since 1970.
    """

    steps: Steps
    due: float = 0
    after: Steps = Steps()
    until: float = 0


@workflow.defn(name="Bare")
class BareWorkflow:
    """Does its steps, one after another, as evenly spread as they can be."""

    def __init__(self) -> None:
        self._updates = 0
        self._upserts = 0
        self._spare_timers = 0

    @workflow.run
    async def run(self, start: BareStart) -> float:
        """The steps; answers how late the timer of `due` was, in seconds."""
        await self._do(start.steps)
        if not start.due:
            return 0
        await workflow.sleep(max(0, start.due - workflow.now().timestamp()), summary="due")
        lag = workflow.now().timestamp() - start.due
        await self._do(start.after)
        await workflow.sleep(max(0, start.until - workflow.now().timestamp()), summary="until")
        return lag

    @workflow.update
    def command(self) -> int:
        """Counted, nothing else."""
        self._updates += 1
        return self._updates

    async def _do(self, steps: Steps) -> None:
        parts = steps.updates + 1
        self._spare_timers = max(0, steps.cancelled - steps.updates)
        for part in range(parts):
            waits = steps.waits[part - parts + len(steps.waits) :][:1] if part >= parts - len(steps.waits) else ()
            await self._part(steps, part, waits)

    async def _part(self, steps: Steps, part: int, waits: tuple[float, ...]) -> None:
        parts = steps.updates + 1
        activities = _share(steps.activities, part, parts)
        for _ in range(_share(steps.upserts, part, parts)):
            self._upserts += 1
            workflow.upsert_search_attributes([ATTRIBUTE.value_set(f"bare-{self._upserts}")])
        for _ in range(activities - 2):
            await self._beside_a_timer(_activity(), armed=self._takes_spare_timer())
        is_last = part == steps.updates
        if not is_last:
            await self._sleep(waits)
        if activities > 0:
            await _activity(f"{workflow.info().workflow_id} {part}")
        armed = part < min(steps.updates, steps.cancelled) or (activities > 1 and self._takes_spare_timer())
        await self._beside_a_timer(self._last(activities > 1, 0 if is_last else part + 1), armed=armed)
        if is_last:
            await self._sleep(waits)

    async def _sleep(self, waits: tuple[float, ...]) -> None:
        for seconds in waits:
            await workflow.sleep(seconds, summary="wait")

    async def _last(self, has_activity: bool, updates: int) -> None:
        """What an escalation does while it waits for people: the message to them is still on its way."""
        if has_activity:
            await _activity()
        await workflow.wait_condition(lambda: self._updates >= updates)

    async def _beside_a_timer(self, work: Awaitable[None], *, armed: bool) -> None:
        timer = asyncio.create_task(workflow.sleep(LONG, summary="beside")) if armed else None
        await work
        if timer is not None:
            timer.cancel()

    def _takes_spare_timer(self) -> bool:
        self._spare_timers -= 1
        return self._spare_timers >= 0


@activity.defn
async def nothing_much(say: str) -> None:
    """An activity; one of each part notifies the driver, by one line on standard output."""
    if say:
        sys.stdout.write(f"{say}\n")
        sys.stdout.flush()


async def _activity(say: str = "") -> None:
    await workflow.execute_activity(nothing_much, say, start_to_close_timeout=LIMIT)


def _share(total: int, part: int, parts: int) -> int:
    """How many of `total` fall to this one of `parts`."""
    return (part + 1) * total // parts - part * total // parts
