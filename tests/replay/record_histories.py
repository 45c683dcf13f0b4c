"""Records the histories that `test_replay.py` replays. Run by hand: `python -m tests.replay.record_histories [NAME …]`.

Record a life when you add one to `tests/replay/lives.py`. Do not record an old one again to make its test pass: its
history stands for escalations that began with the old code and run still (see the message in `test_replay.py`).

Nothing is cut out of a history. What would name this machine is never in it: client and worker have an identity of
their own, and failures carry no stack traces.
"""

import asyncio
import sys
from dataclasses import replace
from typing import Any

from temporalio.api.failure.v1 import Failure
from temporalio.client import WorkflowHistory
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.testing import WorkflowEnvironment

from tests.replay.lives import LIVES
from tests.replay.store import Outcome, save
from tests.workflow.server import start_server
from tests.workflow.world import Life, World
from workflows.converter import DATA_CONVERTER


class WithoutStackTraces(DefaultFailureConverter):
    """Failures as they are, but for the paths in their stack traces."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """See base class."""
        super().to_failure(exception, payload_converter, failure)
        failure.stack_trace = ""


async def record(env: WorkflowEnvironment, name: str) -> int:
    """Live the life once, and keep its histories and what came of it.

    Returns:
        How many runs it had.
    """
    world = World(env, task_queue="recorded")
    async with world.worker():
        life = await LIVES[name](world)
        ended = await life.ended()
        outcome = Outcome(
            ended=ended,
            view=world.records.views[life.handle.id],
            timeline=tuple(life.timeline()),
            messages=tuple(one.key for one in life.timeline() if one.kind == "message_queued"),
        )
        runs = await _runs(life)
    save(name, runs, outcome)
    return len(runs)


async def _runs(life: Life) -> list[WorkflowHistory]:
    """The first run and those that continued it."""
    found = []
    run_id = (await life.handle.describe()).raw_description.workflow_execution_info.first_run_id
    while run_id:
        events = await life.history(run_id)
        found.append(WorkflowHistory(life.handle.id, events))
        run_id = events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


async def main(names: list[str]) -> None:
    """Record the named lives, or all."""
    unknown = sorted(set(names) - set(LIVES))
    if unknown:
        sys.exit(f"there is no life `{unknown[0]}`; there are: {', '.join(LIVES)}")
    converter: Any = replace(DATA_CONVERTER, failure_converter_class=WithoutStackTraces)
    async with await start_server(data_converter=converter) as env:
        for name in names or LIVES:
            runs = await record(env, name)
            sys.stdout.write(f"{name}: {runs} run{'s' if runs > 1 else ''}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
