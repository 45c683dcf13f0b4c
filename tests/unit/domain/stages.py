"""A case in each stage, and one proper command of each kind."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from escalation.case import commands
from escalation.case.commands import Command, Option, Packet, Reopen, RequestInformation, Resolve
from escalation.case.values import PolicyRef
from escalation.vocabulary import (
    ApprovalKind,
    CancelCause,
    Category,
    ClockName,
    Errand,
    Outcome,
    Severity,
    Stage,
    TicketNews,
    Withdrawable,
)
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.policies import HASTY

HASTY_REF = PolicyRef(name="hasty", version=7, checksum="7" * 64)

RESOLVE = Resolve(by="ana", outcome=Outcome.SOLVED, solution="Switched it off")
REOPEN = Reopen(by="customer", why="It is back")
ASK = RequestInformation(by="ana", question="Which invoice?")
CANCEL = commands.Cancel(by="desk", cause=CancelCause.DUPLICATE, duplicate_of="T-0", why="see T-0")
SENT_TWICE = Packet(concern="Invoices are sent twice", nothing_tried=True)

PROPER: Mapping[str, Command] = {
    one.kind: one
    for one in (
        opening(),
        commands.Acknowledge(by="ana"),
        commands.Decline(by="ana", why="on leave"),
        commands.AddNote(by="ana", text="read the log"),
        commands.TellCustomer(by="ana", text="We found it"),
        ASK,
        commands.RecordCustomerReply(text="The last one"),
        commands.RecordBounce(by="desk"),
        commands.ChangeSeverity(severity=Severity.SEV1, by="ana", why="payday"),
        commands.SetDue(clock=ClockName.RESOLUTION, at=MONDAY + 1000 * DAYS, by="ana", why="agreed"),
        commands.ApplyPolicy(policy="stricter", by="ana", why="a new contract"),
        commands.AdoptPolicy(policy=HASTY, ref=HASTY_REF, by="ana", why="a new contract"),
        commands.ChangeFrustration(level=3, by="ana"),
        commands.MakePromise(what="a fix", at=MONDAY + 1000 * DAYS, by="ana"),
        commands.OfferOptions(options=(Option(id="a", title="A"), Option(id="b", title="B")), by="ana"),
        commands.Choose(option="a"),
        commands.Escalate(by="ana", why="too deep", packet=SENT_TWICE),
        commands.Consult(by="ana", to="cat", question="Seen before?"),
        commands.AnswerConsult(by="cat", answer="Last May"),
        commands.RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice"),
        commands.Approve(by="overseer"),
        commands.RefuseApproval(by="overseer", explanation="The contract does not allow it"),
        commands.RecordApprover(approval=1, person="eli"),
        commands.Reassign(to="zoe", by="desk", why="knows it"),
        commands.HoldUpdates(until=MONDAY + 1000 * DAYS, by="ana", why="on holiday"),
        commands.Pause(by="ana", why="the bank"),
        commands.Resume(by="ana"),
        commands.Correct(by="ana", category=Category.TECHNICAL),
        commands.Withdraw(by="ana", what=Withdrawable.QUESTION, explanation="We found it ourselves"),
        commands.GiveBack(by="ana", why="on leave"),
        commands.HandOn(person="front-desk", to="ben", by="lead"),
        RESOLVE,
        REOPEN,
        commands.AnswerSurvey(score=5),
        CANCEL,
        commands.SubmitReview(by="ana", root_cause="a retry", prevention="a key"),
        commands.AgreeAction(by="ana", owner="ben", what="Write a key", due_by=MONDAY + timedelta(days=60)),
        commands.CompleteAction(by="ben", number=1),
        commands.LinkIncident(incident="mail", by="desk"),
        commands.UnlinkIncident(incident="mail", by="desk"),
        commands.RelayBulletin(incident="mail", number=1, text="We found it", by="desk"),
        commands.ProposeResolution(incident="mail", number=2, solution="Restarted", by="desk"),
        commands.WithdrawProposal(incident="mail", number=3, why="It is late again", by="desk"),
        commands.RecordUpdate(by="desk", text="We are on it"),
        commands.RecordTicketNews(by="desk", news=TicketNews.SOLVED),
        commands.FireDueClocks(),
        commands.RecordAssignment(offer=1, person="ana"),
        commands.RecordNobodyAvailable(offer=1),
        commands.RecordAssignmentDelayed(offer=1, error="unreachable"),
        commands.RecordGaveUp(what=Errand.RELEASE, error="UnstorableValue"),
        commands.RecordDeliveryFailed(key="receipt/1/customer", to="customer", error="refused"),
    )
}


def unassigned() -> Case:
    case = Case(directory_is_slow=True)
    case.do(opening())
    return case


def waiting() -> Case:
    case = Case.working()
    case.do(ASK)
    return case


def resolved() -> Case:
    case = Case.working()
    case.do(RESOLVE)
    return case


def closed() -> Case:
    case = resolved()
    case.wait(14 * DAYS + HOURS)
    return case


def cancelled() -> Case:
    case = Case.working()
    case.do(CANCEL)
    return case


IN_STAGE: Mapping[Stage, Callable[[], Case]] = {
    Stage.UNASSIGNED: unassigned,
    Stage.OFFERED: Case.opened,
    Stage.WORKING: Case.working,
    Stage.WAITING_ON_CUSTOMER: waiting,
    Stage.RESOLVED: resolved,
    Stage.CLOSED: closed,
    Stage.CANCELLED: cancelled,
}
