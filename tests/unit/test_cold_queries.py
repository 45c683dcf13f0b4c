"""What a workflow may act on: events of a task that has begun, and nothing else."""

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion

from runtime.cold_queries import ASK_AGAIN, within_begun_tasks


class Instance:
    """Notes what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.activate = within_begun_tasks(self._activate)

    def _activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        self.seen += [str(job.WhichOneof("variant")) for job in act.jobs]
        completion = WorkflowActivationCompletion(run_id=act.run_id)
        completion.successful.SetInParent()
        return completion

    def given(self, *kinds: str, at: int, length: int) -> str:
        """Why it was refused; empty where it was not.

        Args:
            kinds: What happened.
            at: When the task began, in seconds.
            length: Events in the history so far.
        """
        act = WorkflowActivation(run_id="run", timestamp=Timestamp(seconds=at), history_length=length)
        for kind in kinds:
            getattr(act.jobs.add(), kind).SetInParent()
        completion = self.activate(act)
        assert completion.run_id == "run"
        return completion.failed.failure.message


def test_each_task_that_begins_is_acted_on() -> None:
    instance = Instance()
    assert instance.given("initialize_workflow", at=10, length=3) == ""
    assert instance.given("fire_timer", at=20, length=8) == ""
    assert instance.given("do_update", "resolve_activity", at=21, length=14) == ""
    assert instance.seen == ["initialize_workflow", "fire_timer", "do_update", "resolve_activity"]


def test_events_at_the_time_of_the_task_before_are_refused_until_their_own_begins() -> None:
    instance = Instance()
    instance.given("initialize_workflow", at=10, length=3)
    assert instance.given("fire_timer", at=10, length=7) == ASK_AGAIN
    assert instance.given("query_workflow", at=10, length=7) == ""
    assert instance.given("resolve_activity", at=10, length=7) == ASK_AGAIN
    assert instance.given("fire_timer", at=20, length=8) == ""
    assert instance.seen == ["initialize_workflow", "query_workflow", "fire_timer"]


def test_what_else_comes_within_one_task_is_acted_on() -> None:
    instance = Instance()
    instance.given("initialize_workflow", at=10, length=3)
    assert instance.given("resolve_activity", at=10, length=3) == ""


def test_questions_and_the_end_in_the_cache_always_pass() -> None:
    instance = Instance()
    instance.given("initialize_workflow", at=10, length=3)
    assert instance.given("query_workflow", at=10, length=9) == ""
    assert instance.given("remove_from_cache", at=0, length=9) == ""
    assert instance.given("fire_timer", at=20, length=9) == ""
