"""Commands as support tools send them: refused without a trace, repeated without a second effect."""

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateStage
from temporalio.exceptions import ApplicationError

from escalation.case.commands import Acknowledge, AddNote, Escalate, Packet, SupportCommand
from escalation.vocabulary import Stage
from tests.workflow.lives import offered, owned
from tests.workflow.outages import Policies
from tests.workflow.world import PATIENCE, Life, World
from workflows.contract import Answer


async def refusal(life: Life, name: str, *arguments: object) -> ApplicationError:
    """The error that the sender of a refused update gets."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await life.handle.execute_update(name, args=arguments, rpc_timeout=PATIENCE)
    assert isinstance(caught.value.cause, ApplicationError)
    return caught.value.cause


@pytest.mark.parametrize(
    ("command", "kind", "says"),
    [
        pytest.param(Acknowledge(by="ben"), "NotAllowed", "offered to `ana`, not to `ben`", id="by somebody else"),
        pytest.param(AddNote(by="ana", text=" "), "InvalidCommand", "`text` is empty", id="saying nothing"),
        pytest.param(
            Escalate(by="ana", why="", packet=Packet(concern="")), "InvalidCommand", "`packet.concern`", id="in a part"
        ),
    ],
)
async def test_a_refused_command_names_the_reason_and_leaves_no_trace(
    world: World, command: SupportCommand, kind: str, says: str
) -> None:
    async with world.worker():
        life = await offered(world, f"REFUSED-{kind}-{command.kind}")
        before = await life.events()
        error = await refusal(life, command.kind, command)
        assert error.type == kind
        assert says in error.message
        assert await life.events() == before


async def test_a_command_in_the_wrong_stage_is_notified_what_is_possible(world: World) -> None:
    async with world.worker():
        life = await offered(world, "STAGE-1")
        before = await life.events()
        error = await refusal(life, "submit_review", {"by": "ana", "root_cause": "a", "prevention": "b"})
        assert await life.events() == before
    assert error.type == "InvalidTransition"
    assert "`submit_review` is not possible while offered" in error.message
    assert "acknowledge" in error.message


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "says"),
    [
        pytest.param("dance", ({},), "UnknownCommand", "there is no command `dance`", id="unknown name"),
        pytest.param("fire_due_clocks", ({},), "UnknownCommand", "there is no command", id="of the shell"),
        pytest.param("note", ({"text": "x"},), "InvalidCommand", "by: ", id="field missing"),
        pytest.param("note", ({"by": "ana", "text": 5},), "InvalidCommand", "text: ", id="wrong type"),
        pytest.param("note", ("x",), "InvalidCommand", "`note` makes no sense", id="not an object"),
        pytest.param("note", (None,), "InvalidCommand", "`note` makes no sense", id="nothing"),
        pytest.param("note", (b"\xff\x00",), "InvalidCommand", "`note` makes no sense", id="bytes"),
        pytest.param("note", (), "InvalidCommand", "takes one argument, not none", id="no argument"),
        pytest.param("note", ({}, {}), "InvalidCommand", "takes one argument, not several", id="two arguments"),
    ],
)
async def test_what_cannot_be_read_is_refused_without_a_trace(
    world: World, name: str, arguments: tuple[object, ...], kind: str, says: str
) -> None:
    async with world.worker():
        life = await offered(world, "UNREADABLE-1-" + str(abs(hash((name, str(arguments))))))
        before = await life.events()
        error = await refusal(life, name, *arguments)
        assert error.type == kind
        assert says in error.message
        assert error.cause is None, "the Temporal UI shows causes below our words"
        assert await life.events() == before
        # And it takes commands as before.
        await life.do(Acknowledge(by="ana"))


async def test_the_same_command_twice_happens_once_and_is_answered_alike(world: World) -> None:
    async with world.worker():
        life = await owned(world, "TWICE-1")
        first = await life.do(AddNote(by="ana", text="tried a restart"), command_id="note-1")
        await life.do(AddNote(by="ana", text="something else"), command_id="note-2")
        assert await life.do(AddNote(by="ana", text="tried a restart"), command_id="note-1") == first
        await life.settled()
    assert life.kinds().count("noted") == 2


async def test_a_command_that_was_accepted_is_answered_alike_where_it_would_be_refused_now(world: World) -> None:
    async with world.worker():
        life = await offered(world, "TWICE-2")
        first = await life.do(Acknowledge(by="ana"), command_id="ack")
        assert await life.do(Acknowledge(by="ana"), command_id="ack") == first


async def test_a_command_before_the_policy_is_loaded_waits_and_is_answered(world: World) -> None:
    world.policies = store = Policies()
    async with world.worker():
        store.down = True
        life = await world.open("EARLY-1")
        accepted = await life.handle.start_update(
            "note",
            AddNote(by="desk", text="the customer is on the phone"),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Answer,
            rpc_timeout=PATIENCE,
        )
        assert life.timeline() == []
        store.down = False
        answer = await accepted.result()
        await life.settled()
    assert answer == Answer(stage=Stage.UNASSIGNED, seq=4, escalation="escalation-EARLY-1", done="noted")
    assert sorted(life.kinds()[:4]) == ["message_queued", "noted", "opened", "owner_sought"]


async def test_thirty_commands_at_once_are_all_carried_out(world: World) -> None:
    async with world.worker():
        life = await owned(world, "MANY-1")
        slots = asyncio.Semaphore(10)

        async def note(number: int) -> None:
            async with slots:
                await life.do(AddNote(by="ana", text=str(number)))

        await asyncio.gather(*(note(number) for number in range(30)))
        await life.settled()
    assert life.kinds().count("noted") == 30
