"""Replays a history with today's code, and takes down what that code meant to tell the world.

A replay compares which commands a workflow gives, not what is in them. So the inputs of its activities and its result
are taken down here, through an interceptor, and compared with what came of the life when it was recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle

from activities.contracts import DeliverInput, IncidentRecordInput, RecordInput
from escalation.case.events import Event
from escalation.incident.events import IncidentEvent
from escalation.incident.values import Errand
from escalation.incident.view import IncidentSummary
from escalation.lifecycle.view import CaseView
from workflows.carried import Ended, IncidentEnded
from workflows.converter import DATA_CONVERTER
from workflows.escalation import EscalationWorkflow


class Listener(Protocol):
    """Takes down what replayed code means to do.

    Attributes:
        ended: The result of the last run.
    """

    ended: Any

    def take_down(self, activity_input: object) -> None:
        """An activity would be started with this."""


@dataclass
class Intentions:
    """What the replayed code meant to tell the world, over all runs of one life."""

    events: dict[int, Event] = field(default_factory=dict)
    views: dict[int, CaseView] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)
    ended: Ended | None = None

    def take_down(self, activity_input: object) -> None:
        if isinstance(activity_input, RecordInput):
            self.events.update(enumerate(activity_input.events, start=activity_input.first_seq))
            self.views[activity_input.view.last_seq] = activity_input.view
        elif isinstance(activity_input, DeliverInput):
            self.messages.add(activity_input.message.key)

    @property
    def timeline(self) -> tuple[Event, ...]:
        return tuple(self.events[seq] for seq in sorted(self.events))

    @property
    def view(self) -> CaseView:
        return self.views[max(self.views)]


@dataclass
class IncidentIntentions:
    """The same of an incident."""

    events: dict[int, IncidentEvent] = field(default_factory=dict)
    summaries: dict[int, IncidentSummary] = field(default_factory=dict)
    errands: list[Errand] = field(default_factory=list)
    ended: IncidentEnded | None = None

    def take_down(self, activity_input: object) -> None:
        if isinstance(activity_input, IncidentRecordInput):
            self.events.update(enumerate(activity_input.events, start=activity_input.first_seq))
            self.summaries[activity_input.first_seq] = activity_input.summary
        elif isinstance(activity_input, Errand):
            self.errands.append(activity_input)

    @property
    def timeline(self) -> tuple[IncidentEvent, ...]:
        return tuple(self.events[seq] for seq in sorted(self.events))

    @property
    def summary(self) -> IncidentSummary:
        return self.summaries[max(self.summaries)]


def replayer(workflow: type = EscalationWorkflow) -> Replayer:
    """As a worker would replay: in the sandbox."""
    return Replayer(workflows=[workflow], data_converter=DATA_CONVERTER)


async def intentions_in(runs: Sequence[WorkflowHistory], workflow: type = EscalationWorkflow) -> Intentions:
    """What this code means to do in these runs."""
    found = Intentions()
    await listen(runs, workflow, found)
    return found


async def listen(runs: Sequence[WorkflowHistory], workflow: type, found: Listener) -> None:
    """Replay these runs, and let `found` take down what the code means to do in them."""
    listening = Replayer(
        workflows=[workflow],
        data_converter=DATA_CONVERTER,
        interceptors=[_Listening(found)],
        # Outside the sandbox, so that what is taken down here is the very object the workflow made.
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    for run in runs:
        await listening.replay_workflow(run)


class _Listening(Interceptor):
    def __init__(self, found: Listener) -> None:
        self._found = found

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 (the base class names it so)
    ) -> type[WorkflowInboundInterceptor]:
        found = self._found

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:  # noqa: A002
                found.take_down(input.args[0])
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
                found.ended = await super().execute_workflow(input)
                return found.ended

        return Inbound
