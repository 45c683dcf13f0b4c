"""Recorded lives in which more than one person has a part: triage, colleagues, shifts, limits on contacts, incidents."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from activities.adapters.triage_rules import Rulebook
from escalation.business_time import OpenTime
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerConsult,
    Approve,
    Consult,
    LinkIncident,
    OpenByTriage,
    ProposeResolution,
    RecordCustomerReply,
    RefuseApproval,
    RelayBulletin,
    RequestApproval,
    TellCustomer,
    UnlinkIncident,
    WithdrawProposal,
)
from escalation.case.naming import workflow_id
from escalation.clock_rules import CONTACT_LIMIT_RULE
from escalation.policy import ContactLimit
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import ApprovalKind, Category, ClockName
from tests.example_policy import EXAMPLE
from tests.replay.endings import close, withdraw
from tests.unit.compiler.texts import compiled
from tests.unit.domain.case import CUSTOMER_ANN
from tests.unit.domain.policies import HANDING_OVER
from tests.unit.triage.ruling import with_triage
from tests.workflow.lives import owned, solve
from tests.workflow.world import Life, World, member, real_now
from workflows.carried import Start
from workflows.escalation import EscalationWorkflow

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHORT_RUN = 80
RULES = """
law: {hard: true, when: {words: lawyer}, reason: legal, severity: SEV1}
charge: {when: {words: charged}, category: billing, subcategory: charge, reason: unresolved, score: 10}
"""
AGAIN = RecordCustomerReply(text="You again! Do something!")


def rulebook() -> Rulebook:
    """The triage rules that the worker of recorded lives knows, under the name of their policy."""
    rules = compiled(with_triage(RULES))
    return Rulebook([replace(rules, policy=replace(rules.policy, name=EXAMPLE.name))])


async def opened_by_triage(world: World) -> Life:
    """Triage says that it should escalate, and as what; the verdict is passed to the next run."""
    asked = OpenByTriage(
        ticket="R-19",
        summary="Charged twice",
        customer=CUSTOMER_ANN,
        by="desk",
        facts=TicketFacts(text="I was charged twice. My lawyer will write. This is terrible!", language="en"),
    )
    life = await _started(world, asked)
    await life.do(Acknowledge(by="fay"))
    await life.do(TellCustomer(by="fay", text="We found the duplicate charge."))
    await life.settled()
    first = (await life.handle.describe()).run_id
    while (await life.handle.describe()).run_id == first:
        await life.do(AddNote(by="fay", text="still at it"))
    await close(life, by="fay")
    return life


async def contact_limits(world: World) -> Life:
    """A case about behaviour: messages over the limit are held back and released together, twice."""
    limit = ContactLimit(at_most=2, within=OpenTime(seconds=8 * 3600), calendar="24x7")
    world.policy = replace(
        EXAMPLE,
        contact_limits={Category.BEHAVIOUR: limit},
        clocks={**EXAMPLE.clocks, ClockName.CONTACT_LIMIT: CONTACT_LIMIT_RULE},
    )
    life = await world.open("R-20", category=Category.BEHAVIOUR)
    await life.settled()
    await life.do(Acknowledge(by="fay"))
    for _ in range(5):
        await life.do(AGAIN)
    await life.settled()
    await life.do(TellCustomer(by="fay", text="We have read you."))
    await life.wait(9 * HOUR)
    await life.do(AGAIN)
    await life.do(AGAIN)
    await solve(life, by="fay")
    await life.wait(24 * HOUR)  # what was set aside is released and reopens the case, and the overseer has it
    await close(life, by="overseer")
    return life


async def consult_and_approval(world: World) -> Life:
    """Advice is asked for and given; a refund is refused, another granted."""
    life = await owned(world, "R-21")
    await life.do(Consult(by="ana", to="dev", question="Seen before?"))
    await life.wait(HOUR + MINUTE)
    await life.do(AnswerConsult(by="dev", answer="Last May"))
    await life.do(_refund(120))
    await life.settled()
    await life.do(RefuseApproval(by="dev", explanation="The goods were used for a year"))
    await life.do(_refund(40))
    await life.settled()
    await life.do(Approve(by="dev", tell_customer=True))
    await life.settled()
    await close(life)
    return life


async def handed_over_at_shift_end(world: World) -> Life:
    """Ana's shift ends: Ben gets the case with a packet, and confirms that."""
    world.policy = HANDING_OVER
    shift = (real_now() - HOUR, real_now() + 3 * HOUR)
    world.directory.members["ana"] = replace(member("ana", 1), shifts=(shift,))
    life = await owned(world, "R-22")
    await life.do(AddNote(by="ana", text="no change", tried="Restarted it"))
    await life.wait(3 * HOUR)
    await life.do(Acknowledge(by="ben", packet_read=True))
    await life.settled()
    await close(life, by="ben")
    return life


async def linked_to_an_incident(world: World) -> Life:
    """What an incident sends to one of its cases: a bulletin, a solution, that it did not hold, and that it is not its own."""
    life = await owned(world, "R-23")
    await life.do(LinkIncident(incident="outage", by="zoe"))
    await life.do(RelayBulletin(incident="outage", number=1, text="We are on it.", page=True, by="zoe"))
    await life.settled()
    await life.do(ProposeResolution(incident="outage", number=2, solution="A new disk.", by="zoe"))
    await life.do(WithdrawProposal(incident="outage", number=3, why="It is back.", heard=("overseer",), by="zoe"))
    await life.settled()
    await life.do(UnlinkIncident(incident="outage", by="zoe"))
    await withdraw(life)
    return life


async def _started(world: World, asked: OpenByTriage) -> Life:
    await world.client.start_workflow(
        EscalationWorkflow.run,
        args=[Start(request=asked, policy=world.policy.name, history_limit=SHORT_RUN)],
        id=workflow_id(asked.ticket),
        task_queue=world.task_queue,
    )
    life = Life(world, world.client.get_workflow_handle_for(EscalationWorkflow.run, workflow_id(asked.ticket)))
    world.lives.append(life)
    await life.settled()
    return life


def _refund(amount: int) -> RequestApproval:
    return RequestApproval(what=ApprovalKind.REFUND, amount=amount, by="ana", why="charged twice")


TEAM_LIVES: Mapping[str, Callable[[World], Awaitable[Life]]] = {
    one.__name__: one
    for one in (
        opened_by_triage,
        contact_limits,
        consult_and_approval,
        handed_over_at_shift_end,
        linked_to_an_incident,
    )
}
"""Every one of them by name."""
