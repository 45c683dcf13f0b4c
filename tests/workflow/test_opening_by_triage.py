"""Openings that triage decides: judged by the workflow, in an activity, and its verdict recorded."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHistory,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.adapters.triage_rules import Rulebook
from activities.errors import DatabaseUnavailable
from activities.triage_contracts import TriageInput
from escalation.case.commands import Acknowledge, AddNote, Cancel, OpenByTriage
from escalation.case.events import Opened, Triaged
from escalation.case.naming import workflow_id
from escalation.compiler.compile import Compiled
from escalation.compiler.snapshot import checksum
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import CancelCause, Category, Reason, Severity, Stage
from starter.errors import CommandRefused
from tests.replay.replaying import intentions_in
from tests.unit.compiler.texts import compiled
from tests.unit.domain.case import CUSTOMER_ANN, opening
from tests.unit.triage.ruling import with_triage
from tests.workflow.world import LOOK_AGAIN, PATIENCE, Life, World, kind_of
from workflows.carried import Start
from workflows.converter import DATA_CONVERTER
from workflows.escalation import EscalationWorkflow
from workflows.options import CATEGORY, SEVERITY, TICKET, TIER

RULES = """
hours: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 6}
again: {when: {fact: earlier_escalations, at_least: 1}, reason: recurrence, score: 4}
law: {hard: true, when: {words: lawyer}, reason: legal, severity: SEV1}
charge: {when: {words: charged}, category: billing, subcategory: charge}
"""
LAWYER = "I was charged twice. I am angry, my lawyer will write. This is terrible!"


def rules() -> Compiled:
    """The triage rules, under the name of the worlds' policy."""
    made = compiled(with_triage(RULES))
    return replace(made, policy=replace(made.policy, name="example"))


@pytest.fixture
def world(world: World) -> World:
    world.rules = Rulebook([rules()])
    return world


def asked(ticket: str, text: str = LAWYER, **changes: Any) -> OpenByTriage:
    facts = TicketFacts(text=text, language="en", hours_spent=9)
    values: dict[str, Any] = {"summary": "Charged twice", "customer": CUSTOMER_ANN, "by": "desk", "facts": facts}
    return OpenByTriage(ticket=ticket, **{**values, **changes})


def life_of(world: World, ticket: str, *, agrees: bool = True) -> Life:
    handle = world.client.get_workflow_handle_for(EscalationWorkflow.run, workflow_id(ticket))
    life = Life(world, handle)
    if agrees:
        world.lives.append(life)
    return life


async def opened(world: World, request: OpenByTriage) -> Life:
    opening = await world.support.open(request, policy=world.policy.name)
    assert (opening.started, opening.judging) == (True, False)
    return life_of(world, request.ticket)


async def triage_in(life: Life) -> list[HistoryEvent]:
    events = [one for one in await life.history() if kind_of(one) == "activity_task_scheduled"]
    names = ("triage",)
    return [one for one in events if one.activity_task_scheduled_event_attributes.activity_type.name in names]


async def test_triage_says_what_no_one_did_and_its_verdict_is_in_the_timeline(world: World) -> None:
    async with world.worker():
        life = await opened(world, asked("BY-TRIAGE-1"))
        view = (await life.settled()).view
    assert (view.severity, view.category, view.reasons) == (
        Severity.SEV1,
        Category.BILLING,
        (Reason.LEGAL, Reason.UNRESOLVED),
    )
    assert view.stage is Stage.OFFERED
    assert view.frustration > 0
    first, second, *_ = life.timeline()
    assert isinstance(first, Opened)
    assert isinstance(second, Triaged)
    verdict = second.verdict
    assert (verdict.score, verdict.threshold, verdict.hard, verdict.subcategory) == (6, 10, True, "charge")
    assert {each.rule: each.evidence for each in verdict.findings} == {
        "hours": ("hours spent: 9 (at least 8)",),
        "law": ("text: lawyer",),
        "charge": ("subject: Charged", "text: charged"),
    }
    found = rules().triage
    assert found is not None
    assert verdict.rules == checksum(found)
    assert verdict.tone is not None
    assert verdict.tone < 0
    assert verdict.earlier == 0
    assert world.keys_to("Ann") == ["receipt/1/customer"]


async def test_operators_find_it_by_what_triage_said(world: World) -> None:
    async with world.worker():
        life = await opened(world, asked("BY-TRIAGE-2"))
        await life.settled()
        described = await life.handle.describe()
        (scheduled,) = await triage_in(life)
    shown = described.typed_search_attributes
    assert (shown.get(SEVERITY), shown.get(CATEGORY), shown.get(TICKET)) == ("SEV1", "billing", "BY-TRIAGE-2")
    assert (shown.get(TIER) or 1) == 3
    assert await described.static_summary() == "by triage: BY-TRIAGE-2"
    assert "as triage says" in (await described.static_details() or "")
    assert scheduled.user_metadata.summary.data == b'"triage"'


async def test_what_is_known_is_shown_from_the_start_and_what_is_not_is_left_out(world: World) -> None:
    request = asked("BY-TRIAGE-3", severity=Severity.SEV2)
    opening = await world.support.open(request, policy=world.policy.name)
    assert (opening.started, opening.judging) == (True, True)  # there is no worker yet
    described = await life_of(world, "BY-TRIAGE-3").handle.describe()
    shown = described.typed_search_attributes
    assert (shown.get(SEVERITY), shown.get(CATEGORY)) == ("SEV2", None)
    assert await described.static_summary() == "SEV2 by triage: BY-TRIAGE-3"
    async with world.worker():
        life = world.lives[-1]
        assert (await life.settled()).view.severity is Severity.SEV1


async def test_a_ticket_that_should_not_escalate_is_refused_and_leaves_nothing(world: World) -> None:
    async with world.worker():
        with pytest.raises(CommandRefused, match=r"should not escalate: score 6 of 10; found: hours \(\+6") as refused:
            await opened(world, asked("BY-TRIAGE-4", "I have a question."))
        life = life_of(world, "BY-TRIAGE-4", agrees=False)
        assert (await life.handle.describe()).status is WorkflowExecutionStatus.FAILED
        assert refused.value.type == "ShouldNotEscalate"
        assert life.timeline() == []
        assert world.email.sent == []
        assert workflow_id("BY-TRIAGE-4") not in world.records.views
        # Later, with other facts, or by a person's word.
        with pytest.raises(CommandRefused):
            await opened(world, asked("BY-TRIAGE-4", "I have a question."))
        assert (await world.support.open(opening(ticket="BY-TRIAGE-4"), policy="example")).started
        assert (await life.settled()).view.stage is Stage.OFFERED
    assert "triaged" not in life.kinds()


async def test_with_other_facts_it_opens_after_all(world: World) -> None:
    async with world.worker():
        with pytest.raises(CommandRefused):
            await opened(world, asked("BY-TRIAGE-5", "I have a question."))
        life = await opened(world, asked("BY-TRIAGE-5"))
        assert (await life.settled()).view.severity is Severity.SEV1


async def test_without_any_category_it_is_refused_with_what_to_do(world: World) -> None:
    async with world.worker():
        with pytest.raises(CommandRefused, match="name one of technical") as refused:
            await opened(world, asked("BY-TRIAGE-6", "My lawyer will write.", summary="Hello"))
    assert refused.value.type == "InvalidCommand"


async def test_a_policy_without_triage_rules_is_named(world: World) -> None:
    world.rules = Rulebook([])
    async with world.worker():
        with pytest.raises(CommandRefused, match="no triage rules for policy `example`") as refused:
            await opened(world, asked("BY-TRIAGE-7"))
    assert refused.value.type == "OpeningFailed"


async def test_the_customers_earlier_escalations_count(world: World) -> None:
    calm = "I was charged twice."
    async with world.worker():
        with pytest.raises(CommandRefused):
            await opened(world, asked("BY-TRIAGE-8", calm))
        before = await world.open("BEFORE-8")
        await before.settled()
        life = await opened(world, asked("BY-TRIAGE-8", calm))
        assert (await life.settled()).view.reasons == (Reason.UNRESOLVED, Reason.RECURRENCE)
    triaged = next(one for one in life.timeline() if isinstance(one, Triaged))
    assert triaged.verdict.earlier == 1


async def test_opening_again_changes_nothing_and_judges_nothing(world: World) -> None:
    async with world.worker():
        life = await opened(world, asked("BY-TRIAGE-9"))
        before = await life.settled()
        again = await world.support.open(asked("BY-TRIAGE-9", "I have a question."), policy="example")
        assert (again.started, again.judging) == (False, False)
        assert (await life.settled()).view == before.view
        assert len(await triage_in(life)) == 1


async def test_an_opening_waits_for_a_record_that_is_down_and_a_repeat_waits_with_it(world: World) -> None:
    world.records.unavailable = DatabaseUnavailable("no answer")
    async with world.worker():
        client = world.support
        first = asyncio.create_task(client.open(asked("BY-TRIAGE-10"), policy="example"))
        life = life_of(world, "BY-TRIAGE-10")
        await _tried_twice(life)
        second = asyncio.create_task(client.open(asked("BY-TRIAGE-10"), policy="example"))
        world.records.unavailable = None
        both = await asyncio.gather(first, second)
        assert [(one.started, one.judging) for one in both] == [(True, False), (False, False)]
        (scheduled,) = await triage_in(life)
        judged_at = _input_of(scheduled).at
        await life.settled()
    assert life.timeline()[0].at == judged_at


async def test_a_repeat_of_what_triage_refuses_is_refused_too(world: World) -> None:
    world.records.unavailable = DatabaseUnavailable("no answer")
    async with world.worker():
        client, request = world.support, asked("BY-TRIAGE-11", "I have a question.")
        first = asyncio.create_task(client.open(request, policy="example"))
        await _tried_twice(life_of(world, "BY-TRIAGE-11", agrees=False))
        second = asyncio.create_task(client.open(request, policy="example"))
        world.records.unavailable = None
        both = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(one) for one in both] == [CommandRefused, CommandRefused]


async def test_a_worker_that_takes_over_comes_to_the_same_case_without_judging_again(world: World) -> None:
    async with world.worker():
        life = await opened(world, asked("BY-TRIAGE-12"))
        await life.settled()
    world.rules = Rulebook([])  # no rule could judge it now
    async with world.worker():
        owner = (await life.settled()).view.offered_to
        await life.do(Acknowledge(by=owner))
        await life.settled()
        meant = await intentions_in([WorkflowHistory(life.handle.id, await life.history())])
    assert meant.timeline == tuple(life.timeline())
    assert len(await triage_in(life)) == 1


async def test_a_command_meanwhile_waits_for_the_verdict(world: World) -> None:
    world.records.unavailable = DatabaseUnavailable("no answer")
    async with world.worker():
        request = asked("BY-TRIAGE-13", "I have a question.")
        opening_ = asyncio.create_task(world.support.open(request, policy="example"))
        life = life_of(world, "BY-TRIAGE-13", agrees=False)
        await _tried_twice(life)
        accepted = await life.handle.start_update(
            "note",
            AddNote(by="desk", text="on the phone"),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            rpc_timeout=PATIENCE,
        )
        world.records.unavailable = None
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await accepted.result()
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == "NeverOpened"
        with pytest.raises(CommandRefused):
            await opening_


async def test_cancelling_in_temporal_before_the_verdict_records_nothing(world: World) -> None:
    world.records.unavailable = DatabaseUnavailable("no answer")
    async with world.worker():
        opening_ = asyncio.create_task(world.support.open(asked("BY-TRIAGE-14"), policy="example"))
        life = life_of(world, "BY-TRIAGE-14", agrees=False)
        await _tried_twice(life)
        await life.handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await life.ended()
        await opening_
    assert life.timeline() == []
    assert world.email.sent == []


async def test_the_customers_text_does_not_get_passed_on_into_the_next_run(world: World) -> None:
    async with world.worker():
        await world.client.start_workflow(
            EscalationWorkflow.run,
            args=[Start(request=asked("BY-TRIAGE-15"), policy="example", history_limit=40)],
            id=workflow_id("BY-TRIAGE-15"),
            task_queue=world.task_queue,
        )
        life = life_of(world, "BY-TRIAGE-15")
        await life.until(lambda _: True, "it is opened")
        first = (await life.handle.describe()).run_id
        while (await life.handle.describe()).run_id == first:
            await life.do(AddNote(by="ana", text="still at it"))
        started = (await life.history())[0].workflow_execution_started_event_attributes
        (handed_over,) = await DATA_CONVERTER.decode(started.input.payloads, [Start])
        await life.do(Cancel(by="desk", cause=CancelCause.WITHDRAWN, why="found it"))
    assert handed_over.request.kind == "open"
    assert handed_over.request.triage.hard
    assert LAWYER not in str(handed_over)


async def _tried_twice(life: Life) -> None:
    """Wait, in real time, until triage was tried, failed, and is tried again."""
    async with asyncio.timeout(PATIENCE.total_seconds()):
        while await _attempts(life) < 2:  # noqa: ASYNC110 (what is waited for happens in a server)
            await asyncio.sleep(LOOK_AGAIN)


async def _attempts(life: Life) -> int:
    try:
        pending = (await life.handle.describe()).raw_description.pending_activities
    except RPCError:  # it is not started yet
        return 0
    return max((one.attempt for one in pending if one.activity_type.name == "triage"), default=0)


def _input_of(scheduled: HistoryEvent) -> TriageInput:
    (payload,) = scheduled.activity_task_scheduled_event_attributes.input.payloads
    found: TriageInput = DATA_CONVERTER.payload_converter.from_payload(payload, TriageInput)
    return found
