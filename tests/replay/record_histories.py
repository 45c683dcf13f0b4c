"""Records the histories that `test_replay.py` replays. Run by hand: `python -m tests.replay.record_histories [NAME …]`.

Record a life when you add one to `lives.py`, `team_lives.py` or `incident_lives.py`. Do not record an old one again to
make its test pass: its history stands for escalations that began with the old code and run still (see the message in
`test_replay.py`).

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

from escalation.incident.state import fold
from escalation.incident.view import summary_of
from runtime.exiting import leave
from tests.fakes import Cases
from tests.replay.incident_lives import INCIDENT_LIVES
from tests.replay.lives import LIVES
from tests.replay.replaying import IncidentIntentions, listen
from tests.replay.store import CASES, INCIDENTS, IncidentOutcome, Outcome
from tests.replay.team_lives import rulebook
from tests.workflow.server import start_server
from tests.workflow.world import PATIENCE, World
from workflows.converter import DATA_CONVERTER
from workflows.incident import IncidentWorkflow


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
    world = World(env, task_queue="recorded", rules=rulebook())
    async with world.worker():
        life = await LIVES[name](world)
        ended = await life.ended()
        outcome = Outcome(
            ended=ended,
            view=world.records.views[life.handle.id],
            timeline=tuple(life.timeline()),
            messages=tuple(one.key for one in life.timeline() if one.kind == "message_queued"),
        )
        runs = await _runs(world, life.handle.id)
    CASES.save(name, runs, outcome)
    return len(runs)


async def record_incident(env: WorkflowEnvironment, name: str) -> int:
    """The same for an incident."""
    world = World(env, task_queue="recorded", cases=Cases())
    async with world.worker():
        outage = await INCIDENT_LIVES[name](world)
        ended = await asyncio.wait_for(outage.handle.result(), PATIENCE.total_seconds())
        runs = await _runs(world, outage.handle.id)
    meant = IncidentIntentions()
    await listen(runs, IncidentWorkflow, meant)
    timeline = tuple(outage.recorded())
    outcome = IncidentOutcome(
        ended=ended, summary=summary_of(fold(timeline)), timeline=timeline, errands=tuple(meant.errands)
    )
    INCIDENTS.save(name, runs, outcome)
    return len(runs)


async def _runs(world: World, workflow_id: str) -> list[WorkflowHistory]:
    """The first run and those that continued it."""
    found = []
    described = await world.client.get_workflow_handle(workflow_id).describe()
    run_id = described.raw_description.workflow_execution_info.first_run_id
    while run_id:
        handle = world.client.get_workflow_handle(workflow_id, run_id=run_id)
        events = list((await handle.fetch_history()).events)
        found.append(WorkflowHistory(workflow_id, events))
        run_id = events[-1].workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found


async def main(names: list[str]) -> None:
    """Record the named lives, or all."""
    known = {**dict.fromkeys(LIVES, record), **dict.fromkeys(INCIDENT_LIVES, record_incident)}
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit(f"there is no life `{unknown[0]}`; there are: {', '.join(known)}")
    converter: Any = replace(DATA_CONVERTER, failure_converter_class=WithoutStackTraces)
    async with await start_server(data_converter=converter) as env:
        for name in names or known:
            runs = await known[name](env, name)
            sys.stdout.write(f"{name}: {runs} run{'s' if runs > 1 else ''}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
    leave(0)
