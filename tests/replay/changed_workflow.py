"""The workflow with a careless change."""

from dataclasses import replace

from temporalio import workflow
from temporalio.common import RawValue

from workflows.converter import NO_INPUT
from workflows.escalation import EscalationWorkflow
from workflows.options import WORKFLOW_TYPE

with workflow.unsafe.imports_passed_through():
    from escalation.case.commands import Command, TellCustomer
    from escalation.lifecycle.draft import Decision
    from escalation.messages.effects import Deliver, Effect
    from workflows.carried import Ended
    from workflows.escalation_run import EscalationRun


@workflow.defn(name=WORKFLOW_TYPE)
class OtherOrder(EscalationWorkflow):
    """Seeks an owner before the receipt is sent."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        super().__init__(start)
        self._held_back: Effect | None = None
        self._is_done = False

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> Ended:
        return await super().run(start)

    def _begin(self, effect: Effect) -> None:
        if not self._is_done and self._held_back is None and isinstance(effect, Deliver):
            self._held_back = effect
            return
        super()._begin(effect)
        if self._held_back is not None:
            held_back, self._held_back, self._is_done = self._held_back, None, True
            super()._begin(held_back)


@workflow.defn(name=WORKFLOW_TYPE)
class OtherWords(EscalationWorkflow):
    """Gives the same commands as before, with something else in them."""

    @workflow.init
    def __init__(self, start: RawValue = NO_INPUT) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: RawValue = NO_INPUT) -> Ended:
        return await super().run(start)

    def _decided(self, case: EscalationRun, command: Command) -> Decision:
        if isinstance(command, TellCustomer):
            command = replace(command, text=command.text.upper())
        return super()._decided(case, command)
