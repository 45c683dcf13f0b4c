"""What the delivery tests build their cases from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from activities.contracts import DeliverInput
from escalation.case.commands import Customer
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Message, Notice
from escalation.policy import PolicyRef
from escalation.roster.members import Member
from escalation.vocabulary import CUSTOMER, Category, Channel, MessageKind, NoticeKind, Reason, Severity, Stage

ESCALATION = "escalation-T-1"
NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
FRIDAY_AT_THREE = "2026-03-27T15:00:00+00:00"

ANA = Member(id="ana", name="Ana", address="ana@example.com", zone="America/New_York")
FRONT_DESK = Member(id="front-desk", name="Front Desk", address="desk@example.com")

CUSTOMER_KINDS = tuple(kind for kind in MessageKind if kind not in {MessageKind.OFFER, MessageKind.NOTICE})

OPTIONS = json.dumps(
    [
        {"id": "refund", "title": "Your money back", "pros": "quick", "cons": "you need another printer"},
        {"id": "repair", "title": "A repair", "pros": "", "cons": ""},
    ]
)

FULL_FACTS: Mapping[str, str] = {
    "next_update_at": FRIDAY_AT_THREE,
    "owner": "ana",
    "why": "breach",
    "tier_name": "the specialists",
    "text": "We have found the cause.",
    "next_step": "We replace the part.",
    "next_by": FRIDAY_AT_THREE,
    "what": "a technician calls you",
    "promised_at": FRIDAY_AT_THREE,
    "question": "Which light is on?",
    "closes_at": FRIDAY_AT_THREE,
    "options": OPTIONS,
    "choose_by": FRIDAY_AT_THREE,
    "default": "repair",
    "solution": "We replaced the part.",
    "outcome": "solved",
    "reopen_until_at": FRIDAY_AT_THREE,
    "number": "1",
    "score": "4",
    "cause": "duplicate",
    "acknowledge_by": FRIDAY_AT_THREE,
    "concern": "The printer smokes.",
    "tried": '["switched it off and on"]',
    "evidence": '["a photograph of the smoke"]',
    "no_evidence": "it happened on the phone",
    "proposed": '["Send another printer"]',
    "confirm": "packet",
    "approval": "refund",
    "read_at": FRIDAY_AT_THREE,
    "answered_by": FRIDAY_AT_THREE,
    "explanation": "The printer was used for ten years.",
}


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
    )
    return replace(view, **changes)


def a_message(kind: MessageKind = MessageKind.UPDATE, *, to: str = CUSTOMER, **facts: str) -> Message:
    notices = (Notice(about=NoticeKind.BREACH, text="resolution due", due=NOON, late=True),)
    return Message(
        key=f"{kind}/1/{to}",
        message=kind,
        to=to,
        channels=(Channel.EMAIL,),
        facts=facts,
        notices=notices if kind is MessageKind.NOTICE else (),
    )


def a_request(message: Message, channel: Channel = Channel.EMAIL) -> DeliverInput:
    return DeliverInput(escalation=ESCALATION, message=message, channel=channel)
