"""A workflow that looks at the time whenever it wakes, as an escalation does for its clocks."""

from datetime import datetime, timedelta

from temporalio import workflow

NAP = timedelta(seconds=1)
NAPS = 2


@workflow.defn
class Napping:
    """Sleeps until an instant, and again if it wakes too early."""

    def __init__(self) -> None:
        self._woke: list[bool] = []

    @workflow.run
    async def run(self) -> list[bool]:
        """Whether each sleep was long enough."""
        for _ in range(NAPS):
            until = workflow.now() + NAP
            await self._sleep(until)
        return self._woke

    async def _sleep(self, until: datetime) -> None:
        await workflow.sleep(until - workflow.now())
        self._woke.append(workflow.now() >= until)

    @workflow.query
    def naps(self) -> int:
        """How many are over."""
        return len(self._woke)
