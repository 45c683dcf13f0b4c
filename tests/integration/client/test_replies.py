"""What a customer writes after the solution, on a real server: it is recorded, and a person has to answer it."""

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from activities.adapters.rulebook import Rulebook
from escalation.case.commands import AnswerSurvey, Cancel, RecordCustomerReply, Reopen, Resolve, SupportCommand
from escalation.vocabulary import CancelCause, ClockName, Outcome, Stage
from starter.client import EscalationClient
from starter.errors import EscalationEnded
from tests.integration.client.people import new_ticket, offered, quick, taken
from tests.integration.client.test_process import Shell, environment
from tests.unit.compiler.texts import compiled
from tests.unit.triage.ruling import with_triage
from tests.workflow.world import World, eventually

BROKEN = RecordCustomerReply(text="It is still broken, my lawyer will write")
RULES = "law: {hard: true, when: {words: lawyer}, reason: legal, severity: SEV1}\n"


@pytest.fixture
def judging(idle: World) -> World:
    """A world whose worker, which a test starts, has triage rules."""
    made = compiled(with_triage(RULES))
    idle.rules = Rulebook([replace(made, policy=replace(made.policy, name="example"))])
    return idle


async def resolved(client: EscalationClient, ticket: str) -> str:
    owner = await taken(client, ticket)
    await client.send(ticket, Resolve(by=owner, outcome=Outcome.SOLVED, solution="patched"))
    return owner


async def cancelled(world: World, client: EscalationClient, ticket: str) -> None:
    await taken(client, ticket)
    await client.send(ticket, Cancel(by="desk", cause=CancelCause.WITHDRAWN))
    await world.client.get_workflow_handle(f"escalation-{ticket}").result()


def said(world: World, escalation: str) -> list[str]:
    """What the customer wrote, as the record has it."""
    timeline = world.records.timelines.get(escalation, [])
    return [getattr(event, "text", "") for event in timeline if event.kind == "customer_replied"]


@pytest.mark.usefixtures("world")
async def test_an_objection_reopens_a_resolved_case_and_it_works_closes_it(
    client: EscalationClient,
) -> None:
    ticket = new_ticket()
    owner = await resolved(client, ticket)
    answer = await client.send(ticket, BROKEN)
    status = await offered(client, ticket)

    assert (answer.stage, status.view.offered_to, status.view.cycle) == (Stage.OFFERED, owner, 2)
    assert ClockName.NEXT_RESPONSE in {one.clock for one in status.clocks}
    other = new_ticket()
    await resolved(client, other)
    assert (await client.send(other, RecordCustomerReply(text="Danke!"))).stage is Stage.RESOLVED
    assert (await client.send(other, RecordCustomerReply(text="Funktioniert wieder, danke!"))).stage is Stage.CLOSED


async def test_what_reaches_a_case_that_is_over_opens_the_next_one_through_triage(judging: World) -> None:
    client, ticket = quick(judging), new_ticket()
    async with judging.worker():
        await cancelled(judging, client, ticket)
        answer = await client.send(ticket, BROKEN)
        status = await offered(client, ticket)

        assert answer.escalation == status.escalation == f"escalation-{ticket}~2"
        assert answer.warnings[0].startswith(f"escalation-{ticket} was over; the message is in escalation-{ticket}~2")
        assert (status.view.severity, status.view.life, "legal" in status.view.reasons) == ("SEV1", 2, True)
        assert ClockName.NEXT_RESPONSE in {one.clock for one in status.clocks}
        await eventually(lambda: said(judging, answer.escalation) == [BROKEN.text], "the words are in the record")


@pytest.mark.parametrize(
    "words",
    [
        RecordCustomerReply(text="Where do I send the parcel?"),
        Reopen(by="customer", why="Where do I send the parcel?"),
        AnswerSurvey(score=2, comment="Where do I send the parcel?"),
    ],
)
async def test_where_triage_says_no_the_overseer_gets_it(judging: World, words: SupportCommand) -> None:
    client, ticket = quick(judging), new_ticket()
    async with judging.worker():
        await cancelled(judging, client, ticket)
        answer = await client.send(ticket, words)
        status = await client.status(ticket)

    assert (status.view.owner, status.view.stage, answer.stage) == ("overseer", Stage.WORKING, Stage.WORKING)
    assert {ClockName.NEXT_RESPONSE, ClockName.CHECK_IN} <= {one.clock for one in status.clocks}


@pytest.mark.usefixtures("world")
async def test_the_same_message_sent_again_is_taken_once(idle: World, client: EscalationClient) -> None:
    ticket, command_id = new_ticket(), str(uuid.uuid4())
    await cancelled(idle, client, ticket)
    answers = await asyncio.gather(*(client.send(ticket, BROKEN, command_id=command_id) for _ in range(3)))
    again = await client.send(f"{ticket}~1", BROKEN, command_id=command_id)

    assert {one.escalation for one in (*answers, again)} == {f"escalation-{ticket}~2"}
    await eventually(lambda: bool(said(idle, f"escalation-{ticket}~2")), "it is recorded")
    assert said(idle, f"escalation-{ticket}~2") == [BROKEN.text]
    assert len(idle.records.lives[ticket]) == 2


@pytest.mark.usefixtures("world")
async def test_two_messages_after_the_end_open_one_escalation(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await cancelled(idle, client, ticket)
    texts = ["Still broken!", "And my invoice is missing"]
    await asyncio.gather(*(client.send(ticket, RecordCustomerReply(text=text)) for text in texts))

    second = f"escalation-{ticket}~2"
    await eventually(lambda: len(said(idle, second)) == 2, "both are recorded")
    assert sorted(said(idle, second)) == sorted(texts)
    assert len(idle.records.lives[ticket]) == 2


async def test_the_command_line_says_which_escalation_took_it(idle: World, tmp_path: Path) -> None:
    address = idle.client.service_client.config.target_host
    shell = Shell(environment(address, tmp_path, ESCALATIONS_TASK_QUEUE=idle.task_queue))
    client, ticket = quick(idle), new_ticket()
    async with idle.worker():
        await cancelled(idle, client, ticket)
        done = await shell("customer-replied", ticket, "Still broken!")
        assert (done.code, done.err) == (0, "")
        assert f"escalation-{ticket}~2" in " ".join(done.out.split())
        opened = await shell("open", ticket, *_OPEN)
    assert "is open already (second escalation of this ticket)" in " ".join(opened.out.split())


@pytest.mark.usefixtures("world")
async def test_a_reopening_of_an_open_case_is_a_message_to_it(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await taken(client, ticket)
    answer = await client.send(ticket, Reopen(by="customer", why="It is back"))
    status = await client.status(ticket)

    assert (answer.stage, ClockName.NEXT_RESPONSE in {one.clock for one in status.clocks}) == (Stage.WORKING, True)
    await eventually(lambda: said(idle, answer.escalation) == ["It is back"], "it is recorded")


@pytest.mark.usefixtures("world")
async def test_thanks_for_a_case_that_has_ended_open_nothing(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await cancelled(idle, client, ticket)
    answer = await client.send(ticket, RecordCustomerReply(text="Thanks!"))
    assert (answer.stage, "needs no answer" in answer.warnings[0]) == (Stage.CANCELLED, True)
    with pytest.raises(EscalationEnded):
        await client.send(ticket, AnswerSurvey(score=5))
    assert len(idle.records.lives[ticket]) == 1


_OPEN = (
    *(
        "--policy",
        "example",
        "--summary",
        "Charged twice",
        "--by",
        "desk",
        "--severity",
        "SEV2",
        "--category",
        "billing",
    ),
    *(
        "--reason",
        "unresolved",
        "--customer-id",
        "c-1",
        "--customer-name",
        "Ann",
        "--customer-address",
        "ann@example.com",
    ),
)
