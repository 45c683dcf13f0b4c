"""Whatever another client sends is refused in words: no workflow task fails, and the case goes on."""

import asyncio
import hashlib
import uuid
import zlib

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import (
    WorkflowContinuedAsNewError,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from escalation.case.codec import to_json
from escalation.case.commands import SUPPORT_COMMANDS, AddNote, Escalate, Packet, Reassign, SetDue
from escalation.case.events import Noted
from escalation.case.naming import workflow_id
from escalation.incident.commands import INCIDENT_COMMANDS, OpenIncident, ResolveIncident, TellLinked
from escalation.vocabulary import ClockName
from starter.addressing import memo_text
from starter.errors import CommandRefused
from starter.incidents import IncidentClient
from tests.unit.domain.case import Case, opening
from tests.workflow.world import PATIENCE, Life, World, real_now
from workflows.carried import Carried, IncidentStart, Start
from workflows.contract import Answer
from workflows.options import INCIDENT_TITLE, INCIDENT_TYPE, OPENED_BY, WORKFLOW_TYPE, incident_id

START = to_json(Start(request=opening(ticket="NONSENSE"))).encode()
INCIDENT_START = to_json(IncidentStart(request=OpenIncident(name="nonsense", title="x", by="zoe"))).encode()


def json(data: bytes, encoding: str = "json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding.encode()}, data=data))


METADATA = "__temporal_workflow_metadata"
NULL = RawValue(Payload(metadata={"encoding": b"binary/null"}))


@pytest.fixture(scope="session")
def unreadable() -> dict[str, RawValue]:
    """What no workflow can read, by name; made before the loop is watched, as a bomb takes a second or two."""
    bomb = zlib.compress(b'{"kind":"note","by":"ana","text":"' + b"x" * 300_000_000 + b'"}', 9)
    return {
        "nothing": NULL,
        "null": json(b"null"),
        "broken": json(b'{"request":'),
        "no object": json(b'"x"'),
        "not UTF-8": json(b'{"request": "\xff"}'),
        "half an emoji": json(b'{"request": "\\ud83d"}'),
        "nested": json(b"[" * 100_000),
        "a long number": json(b'{"policy_version": ' + b"9" * 100_000 + b"}"),
        "unknown encoding": json(START, "json/secret"),
        "odd encoding": RawValue(Payload(metadata={"encoding": b"\xff"}, data=START)),
        "no encoding": RawValue(Payload(data=START)),
        "bytes": json(b"\x00\x01", "binary/plain"),
        "not compressed": json(START, "json/zlib"),
        "cut short": json(zlib.compress(START)[:-5], "json/zlib"),
        "a bomb": json(bomb, "json/zlib"),
        "too long": json(START + b" " * 1_800_000),
    }


async def _why_it_failed(world: World, type_: str, *args: RawValue) -> str:
    handle = await world.client.start_workflow(type_, args=args, id=str(uuid.uuid4()), task_queue=world.task_queue)
    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(handle.result(), PATIENCE.total_seconds())
    assert isinstance(failure.value.cause, ApplicationError)
    return failure.value.cause.message


@pytest.mark.parametrize("type_", [WORKFLOW_TYPE, INCIDENT_TYPE])
async def test_a_start_that_makes_no_sense_fails_the_workflow_in_words(
    world: World, unreadable: dict[str, RawValue], type_: str
) -> None:
    junk = b',"carried":{"state":{"seq":"x"}}}'
    carried = START[:-1] + junk if type_ == WORKFLOW_TYPE else INCIDENT_START[:-1] + junk
    async with world.worker():
        told = {name: await _why_it_failed(world, type_, raw) for name, raw in unreadable.items()}
        told["no input"] = await _why_it_failed(world, type_)
        told["two"] = await _why_it_failed(world, type_, json(START), json(START))
        told["junk carried"] = await _why_it_failed(world, type_, json(carried))
    assert all(said.startswith("the start makes no sense: ") for said in told.values())
    assert "without an argument" in told["no input"]
    assert "several arguments" in told["two"]
    assert "carried" in told["junk carried"]
    assert "longer than 1,800,000 bytes" in told["a bomb"]


async def test_only_an_earlier_run_can_hand_something_over(world: World) -> None:
    case = Case.working()
    carried = Carried(state=case.state, policy=case.policy)
    start = Start(request=opening(ticket="HANDED-OVER"), carried=carried)
    async with world.worker():
        said = await _why_it_failed(world, WORKFLOW_TYPE, json(to_json(start).encode()))
    assert "only an earlier run of the same workflow can hand that over" in said


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (Start(request=opening(ticket="T\x00")), "`ticket` must be 1 to 200 visible characters"),
        (Start(request=opening(summary="x" * 1_001)), "`summary` has 1,001 characters"),
        (Start(request=opening(), policy="p" * 130_000), "`policy` has 130,000 characters"),
        (Start(request=opening(), policy="p\x00"), "`policy` has control characters"),
        (Start(request=opening(), policy_version=10**12), "`policy_version` is out of range"),
    ],
)
async def test_a_start_out_of_bounds_fails_the_workflow_in_words(world: World, start: Start, said: str) -> None:
    async with world.worker():
        assert said in await _why_it_failed(world, WORKFLOW_TYPE, json(to_json(start).encode()))


async def _refused(life: Life, name: str, *args: RawValue) -> str:
    with pytest.raises(WorkflowUpdateFailedError) as refusal:
        await life.handle.execute_update(name, args=args, result_type=Answer, rpc_timeout=PATIENCE)
    assert isinstance(refusal.value.cause, ApplicationError)
    return refusal.value.cause.message


def _raw(command: object) -> RawValue:
    return json(to_json(command).encode())


async def test_an_update_that_makes_no_sense_is_refused_and_writes_nothing(
    world: World, unreadable: dict[str, RawValue]
) -> None:
    async with world.worker():
        life = await world.open("NONSENSE-1")
        await life.settled()
        before = await life.events()
        told = {name: await _refused(life, "note", raw) for name, raw in unreadable.items()}
        steps = tuple(f"step {number}" for number in range(5_000))
        told["many steps"] = await _refused(
            life, "escalate", _raw(Escalate(by="ana", why="x", packet=Packet(concern="x", tried=steps)))
        )
        told["a NUL"] = await _refused(life, "reassign", _raw(Reassign(to="b\x00", by="ana", why="x")))
        told["long"] = await _refused(life, "note", _raw(AddNote(by="ana", text="x" * 900_000)))
        told["a long name"] = await _refused(life, "x" * 900, _raw(AddNote(by="ana", text="x")))
        far = b'{"kind":"set_due","clock":"resolution","at":"9999-12-31T23:59:59-09:00","by":"ana","why":"x"}'
        told["far"] = await _refused(life, "set_due", json(far))
        assert await life.events() == before
        await life.do(AddNote(by="ana", text="still alive"))
    assert all(told.values())
    assert "`packet.tried` has 5,000 items" in told["many steps"]
    assert "`to` has control characters" in told["a NUL"]
    assert "`text` has 900,000 characters" in told["long"]
    assert "longer than 1,800,000 bytes" in told["a bomb"]
    assert "`at`" in told["far"] or "at:" in told["far"]
    assert all(len(said) < 2_000 for said in told.values())


async def test_every_command_refuses_what_it_cannot_read_by_its_own_name(world: World) -> None:
    async with world.worker():
        life = await world.open("NONSENSE-5")
        await life.settled()
        before = await life.events()
        told = {name: await _refused(life, name, NULL) for name in SUPPORT_COMMANDS}
        told_nothing = [await _refused(life, name) for name in ("note", "no_command")]
        assert await life.events() == before
    assert [name for name, said in told.items() if f"`{name}` makes no sense" not in said] == []
    assert told_nothing[0] == "`note` takes one argument, not none"
    assert "there is no command `no_command`" in told_nothing[1]


async def test_an_incident_refuses_what_it_cannot_read_and_goes_on(
    world: World, unreadable: dict[str, RawValue]
) -> None:
    client = world.support.incidents
    async with world.worker():
        await client.open("junk", title="x", by="zoe")
        incident = world.client.get_workflow_handle(incident_id("junk"))
        for name in INCIDENT_COMMANDS:
            for sent in ((), (NULL, NULL), (json(b"\xff"),)):
                with pytest.raises(WorkflowUpdateFailedError) as refusal:
                    await incident.execute_update(name, args=sent, rpc_timeout=PATIENCE)
                assert f"`{name}` " in str(refusal.value.cause)
        for raw in unreadable.values():
            with pytest.raises(WorkflowUpdateFailedError):
                await incident.execute_update("tell", raw, rpc_timeout=PATIENCE)
        kinds = [event.event_type for event in (await incident.fetch_history()).events]
        assert EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED not in kinds
        assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds
        await client.send("junk", ResolveIncident(solution="It works again.", by="zoe"))


async def test_the_temporal_ui_is_given_every_command_with_what_it_does_and_takes(world: World) -> None:
    client = world.support.incidents
    async with world.worker():
        case = (await world.open("NONSENSE-6")).handle
        await client.open("listing", title="x", by="zoe")
        for handle, commands in (
            (case, SUPPORT_COMMANDS),
            (world.client.get_workflow_handle(incident_id("listing")), INCIDENT_COMMANDS),
        ):
            known = await handle.query(METADATA, result_type=WorkflowMetadata, rpc_timeout=PATIENCE)
            said = {update.name: update.description for update in known.definition.update_definitions}
            assert set(commands) <= set(said)
            assert [name for name in commands if ". JSON: " not in said[name] or "\n" in said[name]] == []


async def test_half_an_emoji_and_controls_are_kept_as_replacement_characters(world: World) -> None:
    async with world.worker():
        life = await world.open("NONSENSE-2")
        await life.settled()
        await life.do(AddNote(by="ana", text="a\x00b\x1bc"))
    assert [event.text for event in life.timeline() if isinstance(event, Noted)] == ["a\ufffdb\ufffdc"]


async def test_a_nonsense_date_is_refused_also_while_the_opening_waits_for_the_policy(world: World) -> None:
    async with world.worker():
        world.policies.down = True
        life = await world.open("NONSENSE-3")
        year_one = b'{"kind":"promise","what":"x","at":"0001-01-01T00:00:00+09:00","by":"ana"}'
        said = await _refused(life, "promise", json(year_one))
        assert "write an instant from 2000-01-01" in said
        due = SetDue(clock=ClockName.RESOLUTION, at=real_now().replace(year=real_now().year + 9), by="ana", why="x")
        waits = await life.handle.start_update(
            "set_due", _raw(due), wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=Answer
        )
        world.policies.down = False
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await waits.result()
        await life.settled()
    assert "more than 5 years ahead" in str(refusal.value.cause)


@pytest.mark.parametrize(("type_", "start"), [(WORKFLOW_TYPE, START), (INCIDENT_TYPE, INCIDENT_START)])
async def test_no_case_runs_on_a_schedule(world: World, type_: str, start: bytes) -> None:
    # Its second run would read the start as what an earlier run handed over.
    async with world.worker():
        handle = await world.client.start_workflow(
            type_, json(start), id=str(uuid.uuid4()), task_queue=world.task_queue, cron_schedule="@every 1s"
        )
        first = world.client.get_workflow_handle(handle.id, run_id=handle.first_execution_run_id)
        with pytest.raises(WorkflowContinuedAsNewError):  # so the client calls the next run of a schedule
            await asyncio.wait_for(first.result(follow_runs=False), PATIENCE.total_seconds())
        last = (await first.fetch_history()).events[-1]
        await handle.terminate()
    assert "start it without `cron_schedule`" in last.workflow_execution_failed_event_attributes.failure.message


async def test_an_incident_runs_under_its_own_name(world: World) -> None:
    async with world.worker():
        said = await _why_it_failed(world, INCIDENT_TYPE, json(INCIDENT_START))
    assert "start it as `incident/nonsense`" in said


async def test_a_run_is_long_enough_to_get_on(world: World) -> None:
    async with world.worker():
        life = await world.open("NONSENSE-4", history_limit=1)
        await life.settled()
        first = (await life.handle.describe()).run_id
        await life.do(AddNote(by="ana", text="still alive"))
        await life.settled()
        assert (await life.handle.describe()).run_id == first


async def test_a_memo_of_another_client_stops_no_list_and_no_opening(world: World) -> None:
    client = world.support
    for number, junk in enumerate((json(b"\xff", "json/secret"), json(b"5"), json(b"\xff"))):
        request = opening(ticket=f"NONSENSE-MEMO-{number}")
        handle = await world.client.start_workflow(
            WORKFLOW_TYPE,
            Start(request=request),
            id=workflow_id(request.ticket),
            task_queue=world.task_queue,
            memo={INCIDENT_TITLE: junk, OPENED_BY: junk},
        )
        assert await memo_text(await handle.describe(), INCIDENT_TITLE) == ""
        assert not (await client.open(request)).started
        await handle.terminate()


async def _many_long_updates(client: IncidentClient, incident: str) -> None:
    for number in range(40):
        drawn = hashlib.shake_256(str(number).encode()).digest(40_000)
        pairs = zip(drawn[::2], drawn[1::2], strict=True)
        text = "".join(chr(0x20000 + (high & 0x7F) * 256 + low) for high, low in pairs)
        await client.send(incident, TellLinked(text=text, by="zoe"))


async def test_an_incident_with_many_long_updates_goes_on(world: World) -> None:
    client = world.support.incidents
    start = IncidentStart(request=OpenIncident(name="long-updates", title="x", by="zoe"), history_limit=30)
    async with world.worker():
        await world.client.start_workflow(
            INCIDENT_TYPE, start, id=incident_id("long-updates"), task_queue=world.task_queue
        )
        with pytest.raises(CommandRefused, match="open a second incident"):
            await _many_long_updates(client, "long-updates")
        await client.send("long-updates", ResolveIncident(solution="It works again.", by="zoe"))
        assert (await client.status("long-updates")).view.stage == "resolved"
