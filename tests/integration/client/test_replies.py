"""What a customer writes after the solution, on a real server: it is recorded, and a person has to answer it."""

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError

from activities.adapters.triage_rules import Rulebook
from escalation.case.commands import (
    Acknowledge,
    AnswerSurvey,
    Cancel,
    Choose,
    OfferOptions,
    Option,
    RecordCustomerReply,
    Reopen,
    Resolve,
    SubmitReview,
    SupportCommand,
)
from escalation.case.events import FrustrationChanged
from escalation.clock_rules import Action
from escalation.compiler.snapshot import checksum
from escalation.vocabulary import CancelCause, ClockName, Outcome, Stage
from starter.client import EscalationClient
from starter.errors import UnknownEscalation
from tests.example_policy import EXAMPLE, rule, share
from tests.integration.client.people import new_ticket, offered, open_case, quick, taken, until
from tests.integration.client.test_process import Shell, environment
from tests.unit.compiler.texts import compiled
from tests.unit.domain.case import CUSTOMER_ANN, opening
from tests.unit.triage.ruling import with_triage
from tests.workflow.world import World, eventually

BROKEN = RecordCustomerReply(text="It is still broken, my lawyer will write")
REVIEW = SubmitReview(by="overseer", root_cause="wrong price list", prevention="check the list")
BRISK = replace(
    EXAMPLE,
    name="brisk",
    clocks={
        **{name: rule for name, rule in EXAMPLE.clocks.items() if name is not ClockName.FOLLOW_UP},
        ClockName.REOPEN_WINDOW: rule(1, share(100, Action.END_REOPEN_WINDOW)),
    },
)
"""Closes a solved case after a second; nothing comes after that."""
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
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "This is terrible, I am furious and disgusted!"), ("de", "Das ist eine Frechheit, völlig inakzeptabel!")],
)
async def test_each_message_is_read_for_its_tone(client: EscalationClient, language: str, text: str) -> None:
    ticket = new_ticket()
    await open_case(client, ticket, customer=replace(CUSTOMER_ANN, language=language))
    await offered(client, ticket)
    await client.send(ticket, RecordCustomerReply(text=text))
    status = await client.status(ticket)
    changed = [event for event in await client.timeline(ticket) if isinstance(event, FrustrationChanged)]
    assert (status.view.frustration, len(changed)) == (changed[0].new, 1)
    assert changed[0].new >= 2
    assert changed[0].why.startswith("the customer's message sounds like")


async def ended(world: World, client: EscalationClient, ticket: str) -> str:
    """Resolved, closed a second later, and nothing is left to wait for; returns its id."""
    await world.policies.store(BRISK, checksum(BRISK))
    await client.open(opening(ticket=ticket), policy=BRISK.name)
    owner = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Acknowledge(by=owner))
    offer = OfferOptions(options=(Option(id="a", title="A refund"), Option(id="b", title="A repair")), by=owner)
    await client.send(ticket, offer)
    await client.send(ticket, Resolve(by=owner, outcome=Outcome.SOLVED, solution="patched"))
    await world.client.get_workflow_handle(f"escalation-{ticket}").result()
    return f"escalation-{ticket}"


async def forget(world: World, ticket: str) -> None:
    """What the retention does to an escalation that has ended."""
    workflow = WorkflowExecution(workflow_id=f"escalation-{ticket}")
    request = DeleteWorkflowExecutionRequest(namespace=world.client.namespace, workflow_execution=workflow)
    await world.client.workflow_service.delete_workflow_execution(request)

    async def is_gone() -> bool:
        try:
            await world.client.get_workflow_handle(f"escalation-{ticket}").describe()
        except RPCError:
            return True
        return False

    await until(is_gone, bool, seconds=90)


@pytest.mark.usefixtures("world")
async def test_thanks_for_a_case_that_has_ended_are_recorded_once_and_open_nothing(
    idle: World, client: EscalationClient
) -> None:
    ticket, command_id = new_ticket(), str(uuid.uuid4())
    escalation = await ended(idle, client, ticket)
    thanks = RecordCustomerReply(text="Thanks!")
    first = await client.send(ticket, thanks, command_id=command_id)
    again = await client.send(ticket, thanks, command_id=command_id)

    assert (first.stage, first.escalation, again) == (Stage.CLOSED, escalation, first)
    await eventually(lambda: said(idle, escalation)[-1:] == ["Thanks!"], "the thanks are in the record")
    assert said(idle, escalation).count("Thanks!") == 1
    assert len(idle.records.lives[ticket]) == 1


@pytest.mark.usefixtures("world")
async def test_a_review_that_comes_after_the_end_is_recorded(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    escalation = await ended(idle, client, ticket)
    await client.send(f"{escalation}~1", REVIEW)
    await eventually(lambda: idle.records.timelines[escalation][-1].kind == "reviewed", "the review is recorded")


@pytest.mark.usefixtures("world")
async def test_a_choice_that_comes_after_the_end_opens_the_next_escalation(
    idle: World, client: EscalationClient
) -> None:
    ticket = new_ticket()
    await ended(idle, client, ticket)
    answer = await client.send(ticket, Choose(option="a"))
    assert answer.escalation == f"escalation-{ticket}~2"
    await eventually(lambda: said(idle, answer.escalation) == ["A refund"], "their choice is in the record")


@pytest.mark.usefixtures("world")
async def test_what_temporal_has_forgotten_is_found_in_the_record(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    escalation = await ended(idle, client, ticket)
    await forget(idle, ticket)
    with pytest.raises(UnknownEscalation):
        await client.status(ticket)

    thanked = await client.send(ticket, RecordCustomerReply(text="Thanks!"))
    assert thanked.escalation == escalation
    answer = await client.send(ticket, BROKEN)
    assert answer.escalation == f"escalation-{ticket}~2"
    assert answer.warnings[0].startswith(f"{escalation} was over")
    await eventually(lambda: said(idle, answer.escalation) == [BROKEN.text], "the words are in the record")


@pytest.mark.usefixtures("world")
async def test_a_ticket_that_the_record_does_not_know_stays_unknown(client: EscalationClient) -> None:
    ticket = new_ticket()
    for _ in range(2):
        with pytest.raises(UnknownEscalation, match="check the ticket number"):
            await client.send(ticket, BROKEN)
    with pytest.raises(UnknownEscalation):
        await client.status(ticket)


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
