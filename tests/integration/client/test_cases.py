"""Escalations opened and steered through the client, by a real server and the real workflow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerSurvey,
    ApplyPolicy,
    Cancel,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    Decline,
    Escalate,
    MakePromise,
    OfferOptions,
    Option,
    Packet,
    Pause,
    Reassign,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SetDue,
    SubmitReview,
    TellCustomer,
)
from escalation.clock_rules import Action
from escalation.compiler.snapshot import checksum
from escalation.vocabulary import CancelCause, Category, ClockName, Outcome, PromiseEnd, Severity, Stage
from starter.client import EscalationClient
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation
from starter.listing import Filter
from tests.example_policy import EXAMPLE, rule, share, with_rule
from tests.integration.client.people import new_ticket, offered, open_case, taken, until
from tests.unit.domain.case import CUSTOMER_ANN, opening
from tests.workflow.world import World
from workflows.options import CATEGORY, SEVERITY, STAGE, TICKET, WORKFLOW_TYPE

pytestmark = pytest.mark.usefixtures("world")


async def test_a_ticket_is_opened_once(client: EscalationClient) -> None:
    ticket = new_ticket()
    first = await open_case(client, ticket)
    second = await open_case(client, ticket, summary="again")

    assert (first.escalation, first.started) == (f"escalation-{ticket}", True)
    assert (second.escalation, second.started) == (first.escalation, False)
    assert (await offered(client, ticket)).view.summary != "again"


async def test_a_new_escalation_can_be_found_before_any_worker_saw_it(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await open_case(client, ticket, severity=Severity.SEV1)
    seen = await idle.client.get_workflow_handle(f"escalation-{ticket}").describe()
    attributes = seen.typed_search_attributes

    assert seen.workflow_type == WORKFLOW_TYPE
    assert (attributes[TICKET], attributes[SEVERITY], attributes[CATEGORY]) == (ticket, "SEV1", "billing")
    assert attributes[STAGE] in {"unassigned", "offered"}
    assert seen.raw_description.workflow_execution_info.priority.priority_key == 1


async def test_the_ui_reads_the_case_and_nothing_personal(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    await open_case(client, ticket)
    seen = await idle.client.get_workflow_handle(f"escalation-{ticket}").describe()
    summary, details = await seen.static_summary(), await seen.static_details()

    assert summary == f"SEV2 billing: {ticket}"
    assert details is not None
    assert "why: unresolved" in details
    for private in (CUSTOMER_ANN.name, CUSTOMER_ANN.address, opening().summary):
        assert private not in f"{summary}{details}"


async def test_a_case_is_worked_on_and_solved(client: EscalationClient) -> None:
    ticket = new_ticket()
    person = await taken(client, ticket)
    await client.send(ticket, AddNote(text="looked at the job", by=person, tried="restart"))
    await client.send(ticket, TellCustomer(text="we found it", by=person, next_step="a fix"))
    asked = await client.send(ticket, RequestInformation(question="which invoice?", by=person))
    replied = await client.send(ticket, RecordCustomerReply(text="number 7"))
    await client.send(ticket, ChangeSeverity(severity=Severity.SEV1, by=person, why="all customers"))
    await client.send(ticket, ChangeFrustration(level=3, by=person))
    await client.send(ticket, MakePromise(what="a fix", at=datetime.now(UTC) + timedelta(hours=2), by=person))  # noqa: TID251 (the server's clock runs)
    await client.send(
        ticket, OfferOptions(options=(Option(id="a", title="Refund"), Option(id="b", title="Repair")), by=person)
    )
    await client.send(ticket, Choose(option="b"))
    await client.send(ticket, Pause(by=person, why="vendor"))
    await client.send(ticket, Resume(by=person))
    solved = await client.send(
        ticket,
        Resolve(by=person, outcome=Outcome.SOLVED, solution="patched", root_cause="a race", promise=PromiseEnd.KEPT),
    )
    view = (await client.status(ticket)).view

    assert (asked.stage, replied.stage, solved.stage) == (Stage.WAITING_ON_CUSTOMER, Stage.WORKING, Stage.RESOLVED)
    assert (view.severity, view.frustration, view.outcome) == (Severity.SEV1, 3, Outcome.SOLVED)
    kinds = [event.kind for event in await client.timeline(ticket)]
    assert kinds[0] == "opened"
    in_order = ("acknowledged", "noted", "customer_replied", "option_chosen", "resumed", "resolved")
    assert [kind for kind in kinds if kind in in_order] == list(in_order)


async def test_a_case_moves_between_people_and_back(client: EscalationClient) -> None:
    ticket = new_ticket()
    await open_case(client, ticket)
    first = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Decline(by=first, why="on leave"))
    status = await until(lambda: client.status(ticket), lambda found: found.view.offered_to not in {"", first})
    second = status.view.offered_to
    await client.send(ticket, Acknowledge(by=second))
    await client.send(
        ticket, Escalate(packet=Packet(concern="invoices twice", tried=("restart",)), by=second, why="too hard")
    )
    assert (await offered(client, ticket)).view.tier == 2

    await client.send(ticket, Reassign(to="fay", by="overseer", why="knows it"))
    named = await until(lambda: client.status(ticket), lambda found: found.view.offered_to == "fay")
    assert named.view.stage is Stage.OFFERED
    await client.send(ticket, Acknowledge(by="fay"))
    await client.send(ticket, Resolve(by="fay", outcome=Outcome.WORKAROUND, solution="sent by hand"))
    await client.send(ticket, Reopen(by="customer", why="it is back"))
    assert (await client.status(ticket)).view.cycle == 2


async def test_a_command_that_is_not_possible_is_refused_and_changes_nothing(client: EscalationClient) -> None:
    ticket = new_ticket()
    person = await taken(client, ticket)
    before = await client.status(ticket)

    with pytest.raises(CommandRefused, match="`reopen` is not possible while working") as refused:
        await client.send(ticket, Reopen(by=person, why="x"))
    assert refused.value.type == "InvalidTransition"
    with pytest.raises(CommandRefused) as senseless:
        await client.send(ticket, ChangeFrustration(level=9, by=person))
    assert senseless.value.type == "InvalidCommand"
    with pytest.raises(CommandRefused):
        await client.send(ticket, AnswerSurvey(score=5))
    with pytest.raises(CommandRefused):
        await client.send(ticket, SubmitReview(by=person, root_cause="x", prevention="y"))
    assert (await client.status(ticket)).view.last_seq == before.view.last_seq


async def test_a_request_that_makes_no_sense_is_refused_before_anything_starts(client: EscalationClient) -> None:
    ticket = new_ticket()
    with pytest.raises(CommandRefused, match="reasons"):
        await open_case(client, ticket, reasons=())

    assert (await open_case(client, ticket)).started


async def test_a_far_too_long_ticket_is_refused(client: EscalationClient) -> None:
    with pytest.raises(CommandRefused) as refused:
        await open_case(client, "x" * 2000)
    assert refused.value.type == "InvalidCommand"


async def test_a_ticket_that_never_escalated_is_unknown(client: EscalationClient) -> None:
    with pytest.raises(UnknownEscalation, match="escalation-never"):
        await client.send("never", Acknowledge(by="ana"))
    with pytest.raises(UnknownEscalation):
        await client.status("never")


async def test_an_ended_escalation_takes_no_commands_but_still_answers(idle: World, client: EscalationClient) -> None:
    ticket = new_ticket()
    person = await taken(client, ticket)
    await client.send(ticket, Cancel(by=person, cause=CancelCause.WITHDRAWN))
    await idle.client.get_workflow_handle(f"escalation-{ticket}").result()

    with pytest.raises(EscalationEnded) as ended:
        await client.send(ticket, AddNote(text="x", by=person))
    assert ended.value.stage == "cancelled"
    assert (await client.status(ticket)).view.stage is Stage.CANCELLED


async def test_an_opening_that_failed_says_why_and_can_be_fixed(client: EscalationClient) -> None:
    ticket = new_ticket()
    with pytest.raises(CommandRefused, match="exampel"):
        await client.open(opening(ticket=ticket), policy="exampel")

    with pytest.raises(EscalationEnded, match="exampel") as ended:
        await until(lambda: client.status(ticket), lambda _: False)
    assert ended.value.failure
    with pytest.raises(EscalationEnded, match="open the ticket again"):
        await client.send(ticket, AddNote(text="x", by="ana"))
    assert (await open_case(client, ticket)).started
    assert (await offered(client, ticket)).view.policy.name == "example"


async def test_a_clock_is_given_another_due_date_and_given_back(client: EscalationClient) -> None:
    ticket = new_ticket()
    person = await taken(client, ticket)
    due = (await client.status(ticket)).view.opened_at + timedelta(hours=5)
    await client.send(ticket, SetDue(clock=ClockName.RESOLUTION, at=due, by=person, why="agreed"))
    (named,) = await client.explain(ticket, ClockName.RESOLUTION)
    await client.send(ticket, SetDue(clock=ClockName.RESOLUTION, at=None, by=person, why="a mistake"))
    (given_back,) = await client.explain(ticket, ClockName.RESOLUTION)

    assert (named.due, named.fixed) == (due, True)
    assert (given_back.due, given_back.fixed) != (due, True)
    with pytest.raises(CommandRefused, match="`review` does not run"):
        await client.send(ticket, SetDue(clock=ClockName.REVIEW, at=due, by=person, why="x"))


async def test_a_case_follows_another_policy(idle: World, client: EscalationClient) -> None:
    gold = replace(with_rule(EXAMPLE, ClockName.RESOLUTION, rule(3600, share(100, Action.BREACH))), name="gold")
    await idle.policies.store(gold, checksum(gold))
    ticket = new_ticket()
    person = await taken(client, ticket)
    first = await client.send(
        ticket, ApplyPolicy(policy="gold", by=person, why="a new contract"), command_id="contract"
    )
    status = await client.status(ticket)

    assert (status.view.policy.name, status.view.policy.version) == ("gold", 1)
    assert (
        await client.send(ticket, ApplyPolicy(policy="gold", by=person, why="a new contract"), command_id="contract")
        == first
    )
    with pytest.raises(CommandRefused, match="there is no policy `silver`") as refused:
        await client.send(ticket, ApplyPolicy(policy="silver", by=person, why="misspelt"))
    assert refused.value.type == "UnknownPolicy"
    assert (await client.status(ticket)).view == status.view


async def test_a_clock_is_explained(client: EscalationClient) -> None:
    ticket = new_ticket()
    await taken(client, ticket)
    (before,) = await client.explain(ticket, ClockName.RESOLUTION)
    (never_earlier,) = await client.explain(ticket, ClockName.RESOLUTION, at=before.started_at - timedelta(hours=5))
    asked = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 (a client asks at an instant of its own)
    (account,) = await client.explain(ticket, ClockName.RESOLUTION)
    (later,) = await client.explain(ticket, ClockName.RESOLUTION, at=account.started_at + timedelta(hours=5))

    assert account.until >= asked
    assert (later.counted_seconds, later.remaining_seconds) == (5 * 3600, 43 * 3600)
    assert account.started_at.replace(microsecond=0) <= never_earlier.until <= account.until
    assert (account.clock, account.calendar, account.cycle) == (ClockName.RESOLUTION, "24x7", 1)
    assert account.due == account.started_at.replace(microsecond=0) + timedelta(hours=48)
    clocks = {one.clock for one in await client.explain(ticket)}
    assert clocks == {clock.clock for clock in (await client.status(ticket)).clocks}


async def test_a_list_finds_what_is_asked_for(client: EscalationClient) -> None:
    ours, theirs = new_ticket(), new_ticket()
    person = await taken(client, ours)
    await open_case(client, theirs, category=Category.BEHAVIOUR, severity=Severity.SEV4)
    await offered(client, theirs)

    wanted = Filter(
        owner=person, severity=Severity.SEV2, category=Category.BILLING, stage=Stage.WORKING, breached=False
    )
    found = await until(lambda: client.list(wanted), lambda rows: ours in {row.ticket for row in rows})
    row = next(row for row in found if row.ticket == ours)
    assert (row.owner, row.stage, row.tier, row.breached, row.running) == (person, "working", 1, False, True)
    assert theirs not in {row.ticket for row in found}
    behaviour = Filter(category=Category.BEHAVIOUR)
    await until(lambda: client.list(behaviour), lambda rows: theirs in {row.ticket for row in rows})


async def test_a_list_leaves_out_what_is_over_unless_asked(client: EscalationClient) -> None:
    ticket, other = new_ticket(), new_ticket()
    person = await taken(client, ticket)
    await open_case(client, other)
    await client.send(ticket, Cancel(by=person, cause=CancelCause.DUPLICATE, duplicate_of=other))
    over = Filter(include_over=True)

    found = await until(
        lambda: client.list(over),
        lambda rows: any(row.ticket == ticket and row.stage == "cancelled" and not row.running for row in rows),
    )
    assert found
    assert ticket not in {row.ticket for row in await client.list()}


async def test_a_list_has_a_limit(client: EscalationClient) -> None:
    for _ in range(2):
        await open_case(client, new_ticket())

    assert len(await until(lambda: client.list(limit=1), bool)) == 1
