"""What a typical life costs on the server: history events, bytes, billable actions.

Lived in real time, with the shipped policy shrunk to seconds: skipping time would add events of its own.
"""

import re
import urllib.request
from collections import Counter
from dataclasses import dataclass

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.contracts import LoadedPolicy
from escalation.case.commands import Acknowledge, AnswerSurvey, Resolve, TellCustomer
from escalation.policy import Policy
from escalation.vocabulary import Outcome, Severity, Stage
from tests.example_policy import REF
from tests.workflow.conftest import COUNTED
from tests.workflow.real_policy import in_seconds, shipped
from tests.workflow.world import IDENTITY, Life, World, eventually, kind_of
from workflows.converter import DATA_CONVERTER

MOST_EVENTS, MOST_BYTES, MOST_ACTIONS = 88, 33 * 1024, 36
"""Without the workflow's tasks: how many causes share one depends on how fast the machine is."""
OF_THANKS = (4, 1200, 2)
"""What one more message may cost, of each."""
TASK = ("workflow_task_scheduled", "workflow_task_started", "workflow_task_completed")
WAKES_IT = (
    "workflow_execution_started",
    "workflow_execution_update_accepted",
    "activity_task_completed",
    "timer_fired",
)


@dataclass(frozen=True)
class Figures:
    """What one life cost."""

    actions: int
    events: Counter[str]
    sizes: Counter[str]

    @property
    def tasks(self) -> int:
        return self.events["workflow_task_completed"]

    def __str__(self) -> str:
        lines = [f"{self.events.total()} events, {self.sizes.total()} bytes, {self.actions} actions"]
        lines += [f"  {kind:42} {self.events[kind]:3} {size:6}" for kind, size in self.sizes.most_common()]
        return "\n".join(lines)


async def test_a_typical_life_stays_within_its_budget(env: WorkflowEnvironment, metrics_port: int) -> None:
    spent = await cost_of_a_life(env, metrics_port, COUNTED[0], thanks=False)
    print(f"\n5 messages to the customer: {spent}")  # noqa: T201 (the figures are wanted; pytest -s shows them)
    assert without_tasks(spent.events) < MOST_EVENTS
    assert without_tasks(spent.sizes) < MOST_BYTES
    assert 0 < spent.actions < MOST_ACTIONS
    assert spent.tasks <= sum(spent.events[kind] for kind in WAKES_IT)


async def test_thanking_for_the_answer_costs_one_message_more(env: WorkflowEnvironment, metrics_port: int) -> None:
    spent = await cost_of_a_life(env, metrics_port, COUNTED[1], thanks=True)
    print(f"\n6 messages to the customer: {spent}")  # noqa: T201 (the figures are wanted; pytest -s shows them)
    events, size, actions = OF_THANKS
    assert without_tasks(spent.events) < MOST_EVENTS + events
    assert without_tasks(spent.sizes) < MOST_BYTES + size
    assert 0 < spent.actions < MOST_ACTIONS + actions


def without_tasks(counted: Counter[str]) -> int:
    return counted.total() - sum(counted[kind] for kind in TASK)


def test_the_shrunk_policy_is_as_long_on_the_wire_as_the_shipped_one() -> None:
    assert wire_length(in_seconds(shipped(), thanks=False)) == pytest.approx(wire_length(shipped()), rel=0.05)


def wire_length(policy: Policy) -> int:
    loaded = LoadedPolicy(ref=REF, policy=policy)
    return DATA_CONVERTER.payload_converter.to_payload(loaded).ByteSize()


async def cost_of_a_life(env: WorkflowEnvironment, metrics_port: int, namespace: str, *, thanks: bool) -> Figures:
    client = await Client.connect(
        env.client.service_client.config.target_host,
        namespace=namespace,
        data_converter=DATA_CONVERTER,
        identity=IDENTITY,
    )
    world = World(env, policy=in_seconds(shipped(), thanks=thanks), own_client=client)
    async with world.worker():
        life = await typical_life(world)
        spent = billable_actions(metrics_port, namespace)
        history = await life.history()
    assert len(world.keys_to("Ann")) == (6 if thanks else 5)
    events, sizes = Counter[str](), Counter[str]()
    for event in history:
        events[kind_of(event)] += 1
        sizes[kind_of(event)] += event.ByteSize()
    return Figures(actions=spent, events=events, sizes=sizes)


async def typical_life(world: World) -> Life:
    """Opened, assigned, acknowledged, one update, resolved, one follow-up, survey, closed.

    What is waited for is seen in the world, never asked of the workflow: each question is billed as an action.
    """
    sent = world.email.sent
    life = await world.open(
        "4711", severity=Severity.SEV3, summary="Every invoice since the March release was sent twice"
    )
    await eventually(lambda: len(sent) == 2, "the receipt and the offer are sent")
    owner = world.records.views[life.handle.id].offered_to
    await life.do(Acknowledge(by=owner))
    await eventually(lambda: len(sent) == 3, "the first owner is announced")
    await life.do(TellCustomer(by=owner, text="We found the duplicate run and are testing the correction now."))
    await eventually(lambda: len(sent) == 4, "the update is sent")
    solution = "The second run is disabled; the surplus invoices of March have been cancelled."
    await life.do(Resolve(by=owner, outcome=Outcome.SOLVED, solution=solution))
    await eventually(lambda: len(sent) == 7, "the solution, the survey and the check-back are sent")
    await life.do(AnswerSurvey(score=5))
    assert (await life.ended()).stage is Stage.CLOSED
    return life


def billable_actions(metrics_port: int, namespace: str) -> int:
    """What the server itself has counted as billable in this namespace so far."""
    with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    wanted = [one for one in lines if re.match(r"action\{", one) and f'namespace="{namespace}"' in one]
    return round(sum(float(one.rsplit(" ", 1)[1]) for one in wanted))
