"""Values the tests of ports, fakes and adapters are made of. All instants hang on one Monday morning."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.contracts import AssignInput, RecordInput
from activities.ports.sending import Envelope
from escalation.case.commands import Customer
from escalation.case.events import Event, Noted, Opened
from escalation.case.values import PolicyRef
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import AssignOwner
from escalation.roster.members import Member
from escalation.vocabulary import Category, ClockName, Reason, Severity, Stage

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = "escalation-4711"

CUSTOMER = Customer(id="c-1", name="Ada Example", address="ada@example.com", language="de", zone="Europe/Berlin")
POLICY = PolicyRef(name="default", version=3, checksum="c" * 64)

VIEW = CaseView(
    ticket="4711",
    summary="Printer prints only blanks",
    customer=CUSTOMER,
    contact="front-desk",
    severity=Severity.SEV2,
    category=Category.TECHNICAL,
    reasons=(Reason.SILENCE, Reason.RECURRENCE),
    frustration=2,
    our_fault=True,
    stage=Stage.WORKING,
    tier=1,
    owner="ana",
    offered_to="",
    overseer="olga",
    policy=POLICY,
    opened_at=MONDAY,
    cycle=1,
    last_seq=1,
    next_due=MONDAY + timedelta(hours=1),
    next_due_clock=ClockName.RESOLUTION,
    next_due_threshold="75%",
    breaches={},
    messages=0,
    outcome=None,
    resolved_at=None,
    closed_at=None,
    score=None,
)

OPENED = Opened(
    at=MONDAY,
    ticket="4711",
    summary=VIEW.summary,
    customer=CUSTOMER,
    contact="front-desk",
    severity=Severity.SEV2,
    category=Category.TECHNICAL,
    reasons=VIEW.reasons,
    tier=1,
    policy=POLICY,
    frustration=2,
    our_fault=True,
    by="desk",
)


class Clock:
    """A clock that moves only when it is set."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


def note(text: str, minutes: float = 1) -> Noted:
    return Noted(at=MONDAY + timedelta(minutes=minutes), by="ana", text=text, tried="")


def batch(
    events: Iterable[Event],
    *,
    first: int = 1,
    escalation: str = CASE,
    view: CaseView = VIEW,
    as_of: datetime = MONDAY,
) -> RecordInput:
    listed = tuple(events)
    after = replace(view, last_seq=first - 1 + len(listed))
    return RecordInput(escalation=escalation, first_seq=first, events=listed, view=after, as_of=as_of)


def member(name: str, **changes: Any) -> Member:
    usual = Member(
        id=name,
        name=name.title(),
        address=f"{name}@example.com",
        skills=tuple(Category),
        tiers=(1,),
        authority=100,
        max_open=3,
    )
    return replace(usual, **changes)


def request(offer: int = 1, *, escalation: str = CASE, **changes: Any) -> AssignInput:
    usual = AssignOwner(offer=offer, tier=1, category=Category.TECHNICAL, severity=Severity.SEV2)
    wanted = replace(usual, **changes)
    return AssignInput(escalation=escalation, request=wanted)


def a_letter(body: str = "Good news\n\nDear Ada") -> Envelope:
    """What was sent."""
    return Envelope(
        key="key",
        thread=CASE,
        address=CUSTOMER.address,
        name=CUSTOMER.name,
        subject="[4711] Printer",
        body=body,
        language="en",
        at=MONDAY,
    )
