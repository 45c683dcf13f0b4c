"""A life in which every internal text, id and address is one of a kind, so that a page that shows one is found out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from escalation.case import commands
from escalation.case.commands import Customer, Impact, Option, OutcomeItem, Packet
from escalation.case.events import Event
from escalation.customer_page import READ, Page, page_of
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.messages.letters import outlook_of
from escalation.vocabulary import (
    ApprovalKind,
    CancelCause,
    Category,
    ClockName,
    Outcome,
    Reason,
    Severity,
    Withdrawable,
)
from tests.unit.domain.case import Case

NAMES = {"staff-id-1": "Ana Kovač", "dev": "Dev Patel", "fay": "Fay Lindt", "overseer": "Olu Ade"}
INTERNAL = (
    *("planted-summary", "planted-evidence", "planted-note", "planted-step", "planted-why", "planted-packet"),
    *("planted-consult", "planted-advice", "planted-approval-why", "planted-cause", "planted-pause", "planted-due"),
    *(
        "planted-decline",
        "planted-cancel",
        "planted-prevention",
        "planted-action",
        "planted-correction",
        "planted-hold",
    ),
    *("planted-proposal", "planted-reopening", "planted-industry", "planted-subcategory", "planted-bulletin-cause"),
    *("staff-id-1", "staff-id-2", "desk-id", "contact-id", "incident-id", "@staff.example.com", "zoe@example.org"),
    *("SEV1", "SEV2", "SEV3", "billing", "unresolved", "legal", "customer_asked", "tier"),
)
"""None of these may be on any page, in any state."""
CUSTOMER = Customer(id="c-planted-id", name="Zoë Müller", address="zoe@example.org", zone="Europe/Berlin")
_HOUR = timedelta(hours=1)
_PACKET = Packet(
    concern="planted-packet concern",
    tried=("planted-packet step",),
    evidence=("planted-packet log",),
    proposed=("planted-proposal",),
)


@dataclass(frozen=True)
class Seen:
    """A moment of the life."""

    name: str
    page: Page
    view: CaseView


class Planted:
    """Lives through it; each step is a moment."""

    def __init__(self, language: str = "en") -> None:
        self.case = Case.opened(
            staffing=lambda wanted: wanted.person or {1: "staff-id-1", 2: "dev", 3: "fay"}[wanted.tier],
            ticket="4711",
            summary="planted-summary",
            customer=replace(CUSTOMER, language=language),
            severity=Severity.SEV2,
            category=Category.BILLING,
            subcategory="planted-subcategory",
            reasons=(Reason.UNRESOLVED, Reason.LEGAL),
            by="desk-id",
            contact="contact-id",
            evidence=("planted-evidence",),
            impact=Impact(industry="planted-industry", compliance=True),
            customer_words="The invoice came twice, and no one answers the phone.\nPlease help.",
        )

    def seen(self, name: str) -> Seen:
        case = self.case
        view = view_of(case.state, case.policy)
        read: list[Event] = [one for one in case.events if one.kind in READ]
        return Seen(name, page_of(view, read, NAMES, outlook_of(case.state, case.policy), case.now), view)

    def moments(self) -> Iterator[Seen]:
        case, do, owner = self.case, self.case.do, "staff-id-1"
        yield self.seen("opened")
        do(commands.Decline(by=owner, why="planted-decline"))
        case.acknowledge()
        owner = case.state.owner
        do(commands.AddNote(by=owner, text="planted-note", tried="planted-step"))
        do(commands.SetDue(clock=ClockName.RESOLUTION, at=case.now + 90 * _HOUR, by=owner, why="planted-due"))
        do(commands.Correct(by="desk-id", customer_name="Zoë Müller-Lind", why="planted-correction"))
        yield self.seen("working")
        do(commands.TellCustomer(by=owner, text="We found the second invoice.", next_step="A corrected one"))
        do(commands.MakePromise(what="A corrected invoice", at=case.now + 6 * _HOUR, by=owner))
        do(commands.HoldUpdates(until=case.now + 2 * _HOUR, by=owner, why="planted-hold"))
        do(commands.Consult(by=owner, to="staff-id-2", question="planted-consult"))
        yield self.seen("promised")
        do(commands.AnswerConsult(by="staff-id-2", answer="planted-advice"))
        asked = commands.RequestApproval(
            what=ApprovalKind.REFUND, amount=5_000_000, by=owner, why="planted-approval-why"
        )
        do(asked)
        yield self.seen("approval asked")
        do(commands.RefuseApproval(by="overseer", explanation="The contract allows half of it."))
        do(commands.RequestInformation(by=owner, question="Please tell us:\n\n- Which number?\n- Which day?"))
        yield self.seen("asked")
        case.wait(_HOUR)
        do(commands.RecordCustomerReply(text="Number 12, of Monday."))
        do(commands.Pause(by=owner, why="planted-pause"))
        do(commands.Resume(by=owner))
        do(commands.Withdraw(what=Withdrawable.PROMISE, by=owner, explanation="The printer is down."))
        do(commands.OfferOptions(options=OPTIONS, default="again", by=owner))
        yield self.seen("choice")
        do(commands.Choose(option="money"))
        do(commands.LinkIncident(incident="incident-id", by="desk-id"))
        do(
            commands.ProposeResolution(
                incident="incident-id",
                number=1,
                solution="planted-proposal",
                root_cause="planted-bulletin-cause",
                by="desk-id",
            )
        )
        do(commands.Escalate(by=owner, why="planted-why", packet=_PACKET, trigger=Reason.LEGAL))
        yield self.seen("moved up")
        yield from self._afterwards()

    def _afterwards(self) -> Iterator[Seen]:
        case, do = self.case, self.case.do
        case.acknowledge()
        owner = case.state.owner
        done = OutcomeItem(what="Refund", amount="49.90", currency="EUR")
        do(
            commands.Resolve(
                by=owner, outcome=Outcome.SOLVED, solution="Paid back.", root_cause="planted-cause", items=(done,)
            )
        )
        yield self.seen("resolved")
        do(commands.Reopen(by="desk-id", why="planted-reopening"))
        yield self.seen("reopened")
        case.acknowledge()
        owner = case.state.owner
        do(
            commands.Resolve(
                by=owner, outcome=Outcome.WORKAROUND, solution="Use the portal.", root_cause="planted-cause"
            )
        )
        case.wait(7 * 24 * _HOUR)
        yield self.seen("surveyed")
        do(commands.AnswerSurvey(score=5, comment="Quick in the end"))
        do(commands.SubmitReview(by=owner, root_cause="planted-cause", prevention="planted-prevention"))
        action = commands.AgreeAction(by=owner, owner="staff-id-2", what="planted-action", due_by=case.now + 9 * _HOUR)
        do(action)
        case.wait(40 * 24 * _HOUR)
        yield self.seen("closed")

    def cancelled(self) -> Seen:
        self.case.do(commands.Cancel(by="desk-id", cause=CancelCause.WITHDRAWN, why="planted-cancel"))
        return self.seen("cancelled")


OPTIONS = (
    Option(id="money", title="Your money back", pros="Within a day", cons="The order ends"),
    Option(id="again", title="A new invoice", pros="The order stays", cons="Takes until Friday"),
)
