"""Another policy, and a due date set by hand, while the escalation runs: its timer follows, and so does everything it shows."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage
from temporalio.exceptions import ApplicationError

from escalation.case.commands import AddNote, ApplyPolicy, MakePromise, Pause, Resume, SetDue, SupportCommand
from escalation.clock_rules import Action
from escalation.clocks.explain import ClockExplanation
from escalation.compiler.snapshot import checksum
from escalation.policy import Policy
from escalation.vocabulary import ClockName
from tests.example_policy import EXAMPLE, HOUR, rule, share, with_rule
from tests.workflow.lives import owned
from tests.workflow.outages import Policies
from tests.workflow.test_continue_as_new import SHORT_RUN, noted_until_it_continues
from tests.workflow.world import Life, World, eventually, kind_of
from workflows.contract import Answer, ClockStatus
from workflows.escalation import EscalationWorkflow

AN_HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RESOLUTION = ClockName.RESOLUTION


def gold(hours: int) -> Policy:
    """The example policy by another name, with a resolution within a number of hours."""
    breach = share(100, Action.BREACH, Action.TELL_OVERSEER)
    policy = with_rule(EXAMPLE, RESOLUTION, rule(hours * HOUR, share(50, Action.WARN_OWNER), breach))
    return replace(policy, name="gold")


async def store(world: World, *policies: Policy) -> None:
    for policy in policies:
        await world.policies.store(policy, checksum(policy))


def apply(policy: str, version: int = 0) -> ApplyPolicy:
    return ApplyPolicy(policy=policy, version=version, by="ana", why="a new contract")


def set_due(at: datetime | None, clock: ClockName = RESOLUTION) -> SetDue:
    return SetDue(clock=clock, at=at, by="ana", why="agreed with the customer")


async def refusal(life: Life, command: SupportCommand) -> ApplicationError:
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await life.do(command)
    assert isinstance(caught.value.cause, ApplicationError)
    return caught.value.cause


async def clock(life: Life, name: ClockName = RESOLUTION) -> ClockStatus:
    return next(one for one in (await life.settled()).clocks if one.clock is name)


async def explained(life: Life, name: ClockName = RESOLUTION) -> ClockExplanation:
    (account,) = await life.handle.query(EscalationWorkflow.explain, name.value)
    return account


async def opened(life: Life) -> datetime:
    """Whole seconds, as deadlines are."""
    return (await life.settled()).view.opened_at.replace(microsecond=0)


async def timers(life: Life) -> list[str]:
    """Names of the timers that were armed, in order."""
    started = [one for one in await life.history() if kind_of(one) == "timer_started"]
    return [one.user_metadata.summary.data.decode().strip('"') for one in started]


def fired(life: Life, name: ClockName = RESOLUTION) -> list[tuple[str, datetime]]:
    reached = [one for one in life.timeline() if one.kind == "threshold_reached" and one.clock is name]
    return [(one.threshold, one.due) for one in reached]


# Another policy


async def test_another_policy_moves_the_targets_of_a_running_case(world: World) -> None:
    await store(world, gold(10))
    async with world.worker():
        life = await owned(world, "POLICY-1")
        start = await opened(life)
        assert (await clock(life)).due == start + 48 * AN_HOUR
        await life.do(apply("gold"))
        moved = await clock(life)
        assert (moved.due, moved.next_threshold, moved.next_at) == (start + 10 * AN_HOUR, "50%", start + 5 * AN_HOUR)
        assert (await explained(life)).due == moved.due
        assert (await life.status()).view.policy.name == "gold"
        await life.wait(5 * AN_HOUR)
    assert fired(life) == [("50%", start + 5 * AN_HOUR)]
    changed = [(one.cause, one.old, one.new) for one in life.timeline() if one.kind == "due_changed"]
    assert changed == [("policy_applied", start + 48 * AN_HOUR, start + 10 * AN_HOUR)]


async def test_a_version_can_be_named_and_the_newest_is_taken_otherwise(world: World) -> None:
    await store(world, gold(10), gold(20))
    async with world.worker():
        life = await owned(world, "POLICY-2")
        start = await opened(life)
        await life.do(apply("gold", version=1))
        assert (await clock(life)).due == start + 10 * AN_HOUR
        await life.do(apply("gold"))
        assert (await clock(life)).due == start + 20 * AN_HOUR
    assert [one.policy.version for one in life.timeline() if one.kind == "policy_applied"] == [1, 2]


@pytest.mark.parametrize(
    ("command", "kind", "says"),
    [
        pytest.param(apply("silver"), "UnknownPolicy", "there is no policy `silver`", id="no such policy"),
        pytest.param(apply("gold", version=7), "UnknownPolicy", "`gold`, version 7", id="no such version"),
        pytest.param(apply("example"), "InvalidCommand", "it follows policy `example`, version 1, already", id="own"),
        pytest.param(apply("mute"), "InvalidCommand", "the case would be forgotten", id="without clocks"),
        pytest.param(apply(" "), "InvalidCommand", "`policy` is empty", id="none"),
    ],
)
async def test_a_policy_that_cannot_hold_is_refused_by_name_and_nothing_changes(
    world: World, command: ApplyPolicy, kind: str, says: str
) -> None:
    await store(world, gold(10), replace(EXAMPLE, name="mute", clocks={}))
    async with world.worker():
        life = await owned(world, f"POLICY-3-{command.policy.strip() or 'none'}-{command.version}")
        before = await life.settled()
        error = await refusal(life, command)
        assert (error.type, says in error.message) == (kind, True)
        assert await life.settled() == before
        # And it goes on as before.
        await life.do(AddNote(by="ana", text="still at it"))


async def test_the_answer_is_remembered_and_the_policy_is_applied_once(world: World) -> None:
    await store(world, gold(10))
    async with world.worker():
        life = await owned(world, "POLICY-4")
        first = await life.do(apply("gold"), command_id="contract")
        await life.do(AddNote(by="ana", text="told them"))
        assert await life.do(apply("gold"), command_id="contract") == first
        await life.settled()
    assert life.kinds().count("policy_applied") == 1


async def test_a_policy_that_cannot_be_loaded_yet_holds_up_nothing(world: World) -> None:
    world.policies = down = Policies()
    await store(world, gold(10))
    async with world.worker():
        life = await owned(world, "POLICY-5")
        down.down, asked = True, down.asked
        waiting = await life.handle.start_update(
            "apply_policy", apply("gold"), wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=Answer
        )
        await eventually(lambda: down.asked > asked + 1, "the policy is asked for again")
        noted = await life.do(AddNote(by="ana", text="still at it"))
        assert (await life.status()).view.policy.name == "example"
        down.down = False
        assert (await waiting.result()).seq > noted.seq
        assert (await life.settled()).view.policy.name == "gold"


async def test_the_policy_is_passed_on_when_the_workflow_continues_as_new(world: World) -> None:
    await store(world, gold(10))
    async with world.worker():
        life = await owned(world, "POLICY-6", history_limit=SHORT_RUN)
        start = await opened(life)
        answer = await life.do(apply("gold"), command_id="contract")
        await noted_until_it_continues(life)
        # Storing another version now changes nothing for a running case.
        await store(world, gold(1))
        assert await life.do(apply("gold"), command_id="contract") == answer
        carried = await clock(life)
        assert (carried.due, carried.next_at) == (start + 10 * AN_HOUR, start + 5 * AN_HOUR)
        policy = (await life.status()).view.policy
        assert (policy.name, policy.version) == ("gold", 1)
        await life.wait(5 * AN_HOUR)
    assert fired(life) == [("50%", start + 5 * AN_HOUR)]


# A due date set by hand


async def test_a_due_date_set_by_hand_arms_the_timer_again_and_fires_then(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DUE-1")
        start = await opened(life)
        due = start + AN_HOUR
        await life.do(set_due(due))
        shown, account = await clock(life), await explained(life)
        assert (shown.due, shown.next_threshold, shown.next_at) == (due, "50%", start + AN_HOUR / 2)
        assert (account.due, account.fixed) == (due, True)
        assert (await life.status()).view.next_due == start + AN_HOUR / 2
        assert (await timers(life))[-1] == "resolution 50%"
        breached = await life.wait(AN_HOUR)
    assert breached.view.breaches == {RESOLUTION: 1}
    assert fired(life)[0] == ("50%", start + AN_HOUR / 2)
    assert fired(life)[-1] == ("due", due)


async def test_a_due_date_set_by_hand_holds_while_the_case_is_paused(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DUE-2")
        due = await opened(life) + 4 * AN_HOUR
        await life.do(set_due(due))
        await life.do(Pause(by="ana", why="the bank has to look"))
        paused = await clock(life)
        assert (paused.due, paused.paused) == (due, False)
        await life.wait(AN_HOUR)
        await life.do(Resume(by="ana"))
        assert (await clock(life)).due == due


async def test_a_due_date_given_back_is_the_policys_again(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DUE-3")
        start = await opened(life)
        await life.do(set_due(start + AN_HOUR))
        await life.do(set_due(None))
        assert (await clock(life)).due == start + 48 * AN_HOUR
        assert (await explained(life)).fixed is False
        assert (await timers(life))[-1] == "first_response 75%"
        await life.wait(AN_HOUR)
    assert fired(life) == []


async def test_a_due_date_set_by_hand_is_passed_on_when_the_workflow_continues_as_new(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DUE-4", history_limit=SHORT_RUN)
        due = await opened(life) + 3 * DAY
        await life.do(set_due(due))
        await noted_until_it_continues(life)
        assert (await clock(life)).due == due
        assert (await explained(life)).fixed is True


async def test_a_due_date_that_cannot_be_is_refused_without_a_trace(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DUE-5")
        start = await opened(life)
        await life.do(MakePromise(what="A corrected invoice", at=start + DAY, by="ana"))
        seen, before = await life.settled(), await life.events()
        for command, says in (
            (set_due(start - AN_HOUR), "has passed"),
            (set_due(start + AN_HOUR, ClockName.REVIEW), "`review` does not run; running clocks: "),
            (set_due(start + AN_HOUR, ClockName.PROMISE), "with the command `promise`"),
        ):
            error = await refusal(life, command)
            assert (error.type, says in error.message) == ("InvalidCommand", True)
        assert await life.events() == before
        assert await life.settled() == seen
