"""The incident's workflow with a careless change; see `tests.replay.changed_workflow`."""

from dataclasses import replace

from temporalio import workflow
from temporalio.common import RawValue

from workflows.converter import NO_INPUT
from workflows.incident import IncidentWorkflow
from workflows.options import INCIDENT_TYPE

with workflow.unsafe.imports_passed_through():
    from activities.contracts import ErrandReport
    from escalation.incident.values import Errand
    from workflows.carried import IncidentEnded


@workflow.defn(name=INCIDENT_TYPE)
class RecordsFirst(IncidentWorkflow):
    """Does not wait with the record until everyone is notified."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> IncidentEnded:
        return await super().run(start)

    async def _run_errand(self, errand: Errand) -> ErrandReport:
        await workflow.wait_condition(lambda: not self._live.unrecorded)
        return await super()._run_errand(errand)


@workflow.defn(name=INCIDENT_TYPE)
class AsksOthers(IncidentWorkflow):
    """Gives the same commands as before, with something else in them."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> IncidentEnded:
        return await super().run(start)

    async def _run_errand(self, errand: Errand) -> ErrandReport:
        return await super()._run_errand(replace(errand, page=False))
