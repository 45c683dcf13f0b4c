"""What the delivery tests build their cases from."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

from activities.contracts import DeliverInput
from escalation.business_time import BusinessDays
from escalation.case.commands import Customer, Impact
from escalation.case.values import PolicyRef
from escalation.guidance import CheckItem, QuestionSet
from escalation.lifecycle.view import CaseView
from escalation.message_kinds import MessageKind
from escalation.messages import facts, notices
from escalation.messages.effects import Message
from escalation.notice_kinds import NoticeKind
from escalation.roster.members import Member
from escalation.triage.keeping import History
from escalation.vocabulary import (
    CUSTOMER,
    ApprovalKind,
    CancelCause,
    Category,
    Channel,
    ClimbCause,
    ClockName,
    CloseCause,
    Errand,
    LeftBehind,
    Outcome,
    Reason,
    Severity,
    Stage,
    Withdrawable,
)
from starter.sample_letters import SAMPLES

ESCALATION = "escalation-T-1"
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
FRIDAY_AT_THREE = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)

ANA = Member(id="ana", name="Ana", address="ana@example.com", zone="America/New_York")
FRONT_DESK = Member(id="front-desk", name="Front Desk", address="desk@example.com")

CUSTOMER_KINDS = tuple(kind for kind in MessageKind if kind not in {MessageKind.OFFER, MessageKind.NOTICE})

BREACH = notices.Clock(kind=NoticeKind.BREACH, clock=ClockName.RESOLUTION, due=NOON, late=True)


def _of_the_gallery() -> dict[str, Any]:
    """What the samples of the gallery say of each fact: the first that says something, with the one instant of these tests."""
    said: dict[str, Any] = {}
    for sample in SAMPLES:
        for field in fields(sample.said):
            value = getattr(sample.said, field.name)
            said[field.name] = said.get(field.name) or (FRIDAY_AT_THREE if isinstance(value, datetime) else value)
    return said


_NOTHING_OPEN: Mapping[str, Any] = {
    **dict.fromkeys(("known_owner", "promise", "asked", "choice_default"), ""),
    **dict.fromkeys(("promise_by", "pending", "decided_by"), None),
    "choices": (),
    "pending_amount": 0,
}
"""What the samples have of open matters, and these letters have not."""
_OF_THE_CASE: Mapping[str, Any] = {
    **dict.fromkeys(("is_last", "unclear", "undoes_cancel", "only_objections", "satisfied"), False),
    "why": ClimbCause.BREACH,
    "withdrawn": Withdrawable.PROMISE,
    "approval": ApprovalKind.REFUND,
    "outcome": Outcome.SOLVED,
    "cause": CancelCause.DUPLICATE,
}
"""Where several values are possible, the one that these tests are about."""
_FOR_STAFF: Mapping[str, Any] = {
    "tier_name": "specialist",
    "impact": Impact(users_affected=40, money_at_stake=12_000.0, deadline=NOON, industry="health", compliance=True),
    "history": History(total=2, reopened=1, breached=1, related=("escalation-T-0",)),
    "to_ask": (QuestionSet(name="billing", questions={"en": ("Which amount?",), "de": ("Welcher Betrag?",)}),),
    "checklist": (CheckItem(id="booked", text="The refund is booked", required=True, done=False),),
    "acknowledge_by": FRIDAY_AT_THREE,
    "answer_by": FRIDAY_AT_THREE,
    "solve_by": FRIDAY_AT_THREE,
    "concern": "The printer smokes.",
    "tried": ("switched it off and on",),
    "evidence": ("a photograph of the smoke",),
    "no_evidence": "it happened on the phone",
    "proposed": ("Send another printer",),
    "must_confirm": True,
    "notices": (BREACH,),
}
FULL_FACTS: Mapping[str, Any] = {**_of_the_gallery(), **_NOTHING_OPEN, **_OF_THE_CASE, **_FOR_STAFF}
"""A value for every fact that a message can have."""

TYPES: Mapping[MessageKind, Any] = {
    kind: type_
    for type_ in (*get_args(facts.CustomerFacts), *get_args(facts.StaffFacts))
    for kind in get_args(get_type_hints(type_)["kind"])
}

assert set(TYPES) == set(MessageKind), "give every MessageKind a type in escalation/messages/facts/"


def names_of(kind: MessageKind) -> tuple[str, ...]:
    """The facts of a kind of message."""
    return tuple(field.name for field in fields(TYPES[kind]) if field.name != "kind")


NO_VALUE = {name for kind in TYPES for name in names_of(kind)} - set(FULL_FACTS)
assert not NO_VALUE, f"say these facts in a sample of starter/sample_letters.py: {NO_VALUE}"


def full(kind: MessageKind) -> dict[str, Any]:
    """All facts that a message of this kind can have."""
    return {name: FULL_FACTS[name] for name in names_of(kind)}


def facts_for(kind: MessageKind, **said: Any) -> facts.Facts:
    """The facts of a message of this kind that says this, and no more than it must besides."""
    needed = {field.name: FULL_FACTS[field.name] for field in fields(TYPES[kind]) if _is_needed(field)}
    made: facts.Facts = TYPES[kind](kind=kind, **{**needed, **said})
    return made


NOTICE_TYPES: Mapping[NoticeKind, Any] = {
    kind: type_ for type_ in get_args(get_args(notices.Notice)[0]) for kind in get_args(get_type_hints(type_)["kind"])
}
assert set(NOTICE_TYPES) == set(NoticeKind), "give every NoticeKind a type in escalation/messages/notices/"
QUOTING = frozenset({"text", "question", "colleague", "error", "incident", "to", "action", "owner", "instead"})
"""Facts of notices that can be any text."""


def notice_of(kind: NoticeKind, text: str = "the text", **said: Any) -> Any:
    """A notice of a kind, which has this text wherever it can have one, and says this besides."""
    given = {
        "clock": ClockName.RESOLUTION,
        "approval": notices.Approval(what=ApprovalKind.REFUND, amount=120, by=text, why=text),
        "explanation": text,
        "letter": MessageKind.RECEIPT,
        "what": Errand.RECORD if kind is NoticeKind.GAVE_UP else None,
        "score": 2,
        "number": 1,
        "lane": Category.BEHAVIOUR,
        "count": 3,
        "in_a_row": 3,
        "changed": ("category", "our_fault"),
        "tasks": tuple(LeftBehind),
        "old": Severity.SEV4,
        "new": Severity.SEV3,
        "within": BusinessDays(days=20),
        "result": CloseCause.SATISFIED if kind is NoticeKind.CLOSED else Outcome.WORKAROUND,
        **dict.fromkeys(QUOTING, text),
    }
    type_ = NOTICE_TYPES[kind]
    if type_ in (notices.Clock, notices.NoLongerNeeded):
        del given["approval"]
    names = {field.name for field in fields(type_)}
    return type_(kind=kind, **{**{name: fact for name, fact in given.items() if name in names}, **said})


def _is_needed(field: Field[Any]) -> bool:
    return field.name != "kind" and field.default is MISSING


def a_customer(**changes: Any) -> Customer:
    zoe = Customer(id="c-1", name="Zoë Müller", address="zoe@example.org", language="en", zone="Europe/Berlin")
    return replace(zoe, **changes)


def a_view(**changes: Any) -> CaseView:
    view = CaseView(
        ticket="T-1",
        summary="The printer smokes",
        customer=a_customer(),
        contact="front-desk",
        severity=Severity.SEV1,
        category=Category.TECHNICAL,
        reasons=(Reason.SILENCE,),
        frustration=0,
        our_fault=False,
        stage=Stage.WORKING,
        tier=2,
        owner="ana",
        offered_to="",
        overseer="boss",
        policy=PolicyRef(name="default", version=1, checksum="c" * 64),
        opened_at=NOON,
        cycle=1,
        last_seq=3,
        next_due=None,
        next_due_clock=None,
        next_due_threshold="",
        breaches={},
        messages=0,
        outcome=None,
        resolved_at=None,
        closed_at=None,
        score=None,
        opening_words="The printer smokes",
    )
    return replace(view, **changes)


def a_message(kind: MessageKind = MessageKind.UPDATE, *, to: str = CUSTOMER, **said: Any) -> Message:
    return Message(key=f"{kind}/1/{to}", to=to, channels=(Channel.EMAIL,), facts=facts_for(kind, **said))


def a_request(message: Message, channel: Channel = Channel.EMAIL) -> DeliverInput:
    return DeliverInput(escalation=ESCALATION, message=message, channel=channel)
