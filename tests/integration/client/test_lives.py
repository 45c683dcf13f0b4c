"""A ticket that escalates again: each escalation is a life of its own, by a real server and the real workflow."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest, ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.service import RPCError

from escalation.case.commands import Acknowledge, AddNote, Cancel, Resolve, SubmitReview, TellCustomer
from escalation.case.events import Opened
from escalation.clock_rules import Action
from escalation.compiler.snapshot import checksum
from escalation.vocabulary import CancelCause, ClockName, Outcome, Severity, Stage
from starter.client import EscalationClient
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation
from starter.listing import Filter
from starter.opening import Opening
from starter.undoing import undo_cancel
from tests.example_policy import EXAMPLE, rule, share, with_rule
from tests.integration.client.people import new_ticket, offered, until
from tests.unit.domain.case import opening
from tests.workflow.world import World, eventually, real_now
from workflows.carried import MakeWay, Start
from workflows.options import WORKFLOW_TYPE

pytestmark = pytest.mark.usefixtures("world")

BRISK = replace(
    with_rule(EXAMPLE, ClockName.REOPEN_WINDOW, rule(1, share(100, Action.END_REOPEN_WINDOW))),
    name="brisk",
    review_severities=tuple(Severity),
)
"""Closes a solved case after a second, and wants a review of each."""

End = Callable[[EscalationClient, Client, str], Awaitable[None]]


@pytest.fixture(autouse=True)
async def brisk(idle: World) -> None:
    await idle.policies.store(BRISK, checksum(BRISK))


async def escalate(client: EscalationClient, ticket: str, **changes: object) -> Opening:
    """Open it, and ask again while a busy machine has not numbered it within the time that an opening waits."""
    answer = await client.open(opening(ticket=ticket, **changes), policy="brisk")
    if answer.life:
        return answer
    status = await offered(client, ticket)
    return replace(answer, escalation=status.escalation, life=status.view.life)


def workflow(client: Client, ticket: str) -> WorkflowHandle[object, object]:
    return client.get_workflow_handle(f"escalation-{ticket}")


async def cancelled(client: EscalationClient, temporal: Client, ticket: str) -> None:
    await client.send(ticket, Cancel(by="overseer", cause=CancelCause.WITHDRAWN))
    await workflow(temporal, ticket).result()


async def cancelled_in_temporal(client: EscalationClient, temporal: Client, ticket: str) -> None:  # noqa: ARG001
    await workflow(temporal, ticket).cancel()
    await workflow(temporal, ticket).result()


async def terminated(client: EscalationClient, temporal: Client, ticket: str) -> None:  # noqa: ARG001
    await workflow(temporal, ticket).terminate(reason="an operator")


async def deleted(client: EscalationClient, temporal: Client, ticket: str) -> None:
    """What the retention does to one that has ended; the server deletes in the background."""
    await terminated(client, temporal, ticket)
    request = DeleteWorkflowExecutionRequest(
        namespace=temporal.namespace, workflow_execution=WorkflowExecution(workflow_id=f"escalation-{ticket}")
    )
    await temporal.workflow_service.delete_workflow_execution(request)
    await until(lambda: _is_forgotten(temporal, ticket), bool, seconds=90)


async def closed(client: EscalationClient, temporal: Client, ticket: str) -> None:  # noqa: ARG001
    """Closed, but its review is not written: its workflow waits for that for days."""
    owner = (await client.status(ticket)).view.owner
    await client.send(ticket, Resolve(by=owner, outcome=Outcome.SOLVED, solution="patched"))
    await until(lambda: client.status(ticket), lambda status: status.view.stage is Stage.CLOSED)


async def _is_forgotten(temporal: Client, ticket: str) -> bool:
    try:
        await workflow(temporal, ticket).describe()
    except RPCError:
        return True
    return False


async def own(client: EscalationClient, ticket: str) -> str:
    """Let the person who is asked take the case that is open now; returns who that is."""
    person = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Acknowledge(by=person))
    return person


def letters(world: World, escalation: str) -> list[str]:
    """Keys of the messages that went out for one life, without the life."""
    ticket, _, life = escalation.partition("~")
    prefix = f"{ticket}/~{life}/" if life else f"{ticket}/"
    keys = [envelope.key for envelope in world.email.sent if envelope.thread == escalation]
    assert all(key.startswith(prefix) for key in keys)
    return [key.removeprefix(prefix) for key in keys]


@pytest.mark.parametrize("end", [cancelled, cancelled_in_temporal, terminated, deleted, closed])
async def test_the_second_escalation_of_a_ticket_inherits_nothing(
    idle: World, client: EscalationClient, end: End
) -> None:
    ticket = new_ticket()
    first = await escalate(client, ticket, summary="first life")
    owner = await own(client, ticket)
    await client.send(ticket, TellCustomer(text="first news", by=owner))
    await eventually(lambda: len(letters(idle, first.escalation)) >= 3, "receipt, offer and update of the first")
    await end(client, idle.client, ticket)
    second = await escalate(client, ticket, summary="second life")
    owner = await own(client, ticket)
    answer = await client.send(ticket, TellCustomer(text="second news", by=owner))
    status = await client.status(ticket)

    assert first == Opening(escalation=f"escalation-{ticket}", started=True, life=1)
    assert second == Opening(escalation=f"escalation-{ticket}~2", started=True, life=2)
    assert answer.escalation == status.escalation == second.escalation
    assert (status.view.summary, status.view.life) == ("second life", 2)
    await eventually(lambda: len(letters(idle, second.escalation)) >= 3, "receipt, offer and update of the second")
    assert "receipt/1/customer" in set(letters(idle, second.escalation)) & set(letters(idle, first.escalation))
    await eventually(lambda: "second news" in str(idle.records.timelines[second.escalation]), "the second is recorded")
    assert "second news" not in str(idle.records.timelines[first.escalation])
    assert "first news" not in str(idle.records.timelines[second.escalation])


async def test_a_closed_case_makes_way_and_still_waits_for_its_review(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    owner = await own(client, ticket)
    await closed(client, idle.client, ticket)
    await escalate(client, ticket)
    first = f"{ticket}~1"

    assert ClockName.REVIEW in {one.clock for one in (await client.status(first)).clocks}
    assert (await client.status(ticket)).view.stage is not Stage.CLOSED
    await client.send(first, SubmitReview(by=owner, root_cause="a race", prevention="a lock"))
    recorded = idle.records.timelines
    await eventually(lambda: "reviewed" in str(recorded[f"escalation-{ticket}"]), "the review is recorded")
    timeline = idle.records.timelines[f"escalation-{ticket}"]
    assert [event.kind for event in timeline if event.kind in {"opened", "closed", "reviewed"}] == [
        *("opened", "closed", "reviewed")
    ]
    assert len(timeline) == idle.records.views[f"escalation-{ticket}"].last_seq


async def test_a_closed_case_stays_where_it_is_while_its_name_is_taken(
    idle: World, client: EscalationClient, caplog: pytest.LogCaptureFixture
) -> None:
    """A workflow of another client is called as the closed case would be."""
    ticket = new_ticket()
    await escalate(client, ticket)
    owner = await own(client, ticket)
    await closed(client, idle.client, ticket)
    foreign = await idle.client.start_workflow(
        "NotOurs", id=f"escalation-{ticket}~1", task_queue=f"not-served-{ticket}"
    )
    with pytest.raises(CommandRefused, match=f"`escalation-{ticket}~1`; another workflow runs under that name"):
        await escalate(client, ticket)

    # Past what our client checks, the case is asked to leave anyway; it cannot, and lives on.
    await workflow(idle.client, ticket).execute_update("make_way", MakeWay())
    await eventually(lambda: "is taken by another workflow" in caplog.text, "it stays")
    await client.send(ticket, SubmitReview(by=owner, root_cause="a race", prevention="a lock"))
    await foreign.terminate()
    assert (await escalate(client, ticket)).life == 2
    assert (await client.status(f"{ticket}~1")).view.stage is Stage.CLOSED


async def test_an_open_case_is_not_opened_again_and_says_which_it_is(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    await terminated(client, idle.client, ticket)
    await escalate(client, ticket, summary="second life")
    again = await escalate(client, ticket, summary="third life")

    assert replace(again, stage="") == Opening(escalation=f"escalation-{ticket}~2", started=False, life=2)
    assert (await client.status(ticket)).view.summary == "second life"


@pytest.mark.parametrize("end", [None, terminated, closed])
async def test_two_clients_that_open_at_once_open_one_escalation(
    idle: World, client: EscalationClient, end: End | None
) -> None:
    ticket = new_ticket()
    if end is not None:
        await escalate(client, ticket)
        await own(client, ticket)
        await end(client, idle.client, ticket)
    answers = await asyncio.gather(*(escalate(client, ticket, summary=f"client {number}") for number in range(6)))
    life = 1 if end is None else 2

    assert [answer.started for answer in answers].count(True) == 1
    assert {answer.life for answer in answers} <= {0, life}
    assert (await offered(client, ticket)).view.life == life
    assert len(idle.records.lives[ticket]) == life


async def test_a_repeat_whose_answer_was_lost_finds_its_own_escalation(idle: World, client: EscalationClient) -> None:
    ticket, request_id = new_ticket(), str(uuid.uuid4())

    async def ask() -> Opening:
        return await client.open(opening(ticket=ticket), policy="brisk", command_id=request_id)

    first, repeat = await ask(), await ask()
    await cancelled(client, idle.client, ticket)
    late = await ask()

    assert first == repeat == late
    assert (await client.status(ticket)).view.stage is Stage.CANCELLED
    assert (await escalate(client, ticket)).life == 2


async def test_an_import_does_not_escalate_a_ticket_again(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    await cancelled(client, idle.client, ticket)
    found = await client.open(opening(ticket=ticket), policy="brisk", again=False)

    assert (found.started, found.life) == (False, 1)


async def test_an_id_reaches_that_life_and_a_ticket_the_newest(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await escalate(client, ticket, summary="first life")
    await own(client, ticket)
    await cancelled(client, idle.client, ticket)
    await escalate(client, ticket, summary="second life")
    owner = await own(client, ticket)

    for name in (ticket, f"escalation-{ticket}", f"{ticket}~2", f"escalation-{ticket}~2"):
        assert (await client.status(name)).view.summary == "second life"
    first = await until(lambda: _found(client, f"escalation-{ticket}~1"), lambda found: found is not None)
    assert first == "first life"
    await client.send(f"{ticket}~2", AddNote(text="by its id", by=owner))
    with pytest.raises(EscalationEnded, match=f"escalation-{ticket}~1"):
        await client.send(f"{ticket}~1", AddNote(text="too late", by=owner))
    for never in (f"{ticket}~3", "never~1"):
        with pytest.raises(UnknownEscalation, match=never):
            await client.status(never)
    rows = await until(
        lambda: client.list(Filter(include_over=True)), lambda rows: sum(row.ticket == ticket for row in rows) == 2
    )
    assert {(row.escalation, row.life) for row in rows if row.ticket == ticket} == {
        (f"escalation-{ticket}", 1),
        (f"escalation-{ticket}~2", 2),
    }


async def _found(client: EscalationClient, name: str) -> str | None:
    """The summary, once the server's search knows the run that has ended."""
    try:
        return (await client.status(name)).view.summary
    except UnknownEscalation:
        return None


async def test_an_id_given_to_open_means_its_ticket(client: EscalationClient) -> None:
    ticket = new_ticket()
    first = await escalate(client, ticket)
    second = await escalate(client, f"escalation-{ticket}")

    assert (second.escalation, second.started) == (first.escalation, False)
    assert (await offered(client, f"escalation-{ticket}")).view.ticket == ticket
    for name in (f"{ticket}~1", f"escalation-{ticket}~2", f"escalation-escalation-{ticket}"):
        with pytest.raises(CommandRefused):
            await escalate(client, name)


async def test_commands_for_a_ticket_that_looks_like_an_id_reach_no_other_ticket(client: EscalationClient) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    before = await offered(client, ticket)

    with pytest.raises(CommandRefused, match="cannot begin with `escalation-`"):
        await client.send(f"escalation-escalation-{ticket}", Acknowledge(by=before.view.offered_to))
    assert (await client.status(ticket)).view.last_seq == before.view.last_seq


async def test_a_workflow_of_another_ticket_is_not_opened(idle: World) -> None:
    """As another client may start one, past everything that ours checks."""
    for ticket, name in (("escalation-X", "escalation-escalation-X"), ("Y", "escalation-Z"), ("X~2", "escalation-X~2")):
        handle = await idle.client.start_workflow(
            WORKFLOW_TYPE,
            Start(request=opening(ticket=ticket), policy="brisk"),
            id=name,
            task_queue=idle.task_queue,
        )
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
        assert "`ticket`" in str(failed.value.__cause__)


@pytest.mark.parametrize("reapply", [False, True])
async def test_a_reset_of_the_workflow_keeps_the_life(idle: World, client: EscalationClient, *, reapply: bool) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    await terminated(client, idle.client, ticket)
    await escalate(client, ticket)
    await own(client, ticket)
    await reset(idle.client, f"escalation-{ticket}", reapply=reapply)
    status = await offered(client, ticket)

    assert (status.escalation, status.view.life) == (f"escalation-{ticket}~2", 2)
    assert len(idle.records.lives[ticket]) == 2
    await own(client, ticket)
    keys = letters(idle, f"escalation-{ticket}~2")
    assert len(keys) == len(set(keys))


async def reset(temporal: Client, workflow: str, *, reapply: bool) -> None:
    """Go back to where nothing was done yet, with or without the commands that came after."""
    request = ResetWorkflowExecutionRequest(
        namespace=temporal.namespace,
        workflow_execution=WorkflowExecution(workflow_id=workflow),
        reason="a test",
        workflow_task_finish_event_id=3,
        request_id=str(uuid.uuid4()),
        reset_reapply_exclude_types=[] if reapply else [ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE],
    )
    await temporal.workflow_service.reset_workflow_execution(request)


async def test_a_cancellation_is_undone_in_a_new_life_that_names_the_cancelled_one(
    client: EscalationClient, idle: World
) -> None:
    ticket = new_ticket()
    await escalate(client, ticket)
    owner = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Acknowledge(by=owner))
    await cancelled(client, idle.client, ticket)
    answer = await undo_cancel(client, ticket, by="desk", why="the wrong ticket", now=real_now())
    assert answer.started
    status = await offered(client, ticket)
    assert (status.view.life, status.view.offered_to, status.view.stage) == (2, owner, Stage.OFFERED)
    opened = (await client.timeline(ticket))[0]
    assert isinstance(opened, Opened)
    assert opened.undoes == f"escalation-{ticket}"
    with pytest.raises(CommandRefused, match="is offered, not cancelled"):
        await undo_cancel(client, ticket, by="desk", why="again", now=real_now())
