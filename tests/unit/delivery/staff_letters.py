"""Offers and notices to the team, as tests let them be written."""

import re
from dataclasses import fields, replace
from typing import Any

from activities.message_values import case_values, message_values
from activities.ports.wording import TemplateFacts
from escalation.case import events
from escalation.case.commands import Packet
from escalation.message_kinds import MessageKind
from escalation.messages.handover import Handover
from escalation.messages.handover_reading import handover_of
from escalation.messages.notices import Approval, Notice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, ClimbCause, ClockName
from starter.sample_letters import OPTIONS
from tests.letters import LETTERS
from tests.unit.delivery.cases import FRIDAY_AT_THREE, NOON, QUOTING, a_message, a_view, full
from tests.unit.domain.case import Case, opening


def opened(**said: Any) -> events.Opened:
    """An opening that says this."""
    begun = Case()
    begun.do(opening())
    first = begun.events[0]
    assert isinstance(first, events.Opened)
    return replace(first, **said)


LANGUAGES = ("en", "de")
NEW_YORK = {"en": "Due: Friday, 27 March 2026 at 08:00 EDT", "de": "Frist: Freitag, 27. März 2026, 08:00 Uhr EDT"}
LATE = {"en": "(reported late)", "de": "(verspätet gemeldet)"}


def told(language: str, *notices: Notice, known: Handover | None = None, **case: object) -> str:
    view = a_view(**case)
    values = case_values(view, recipient="Ana", owner="Ana" if view.owner else "", contact="")
    message = a_message(MessageKind.NOTICE, to="ana", notices=notices)
    return rendered(MessageKind.NOTICE, language, values | message_values(message, {}, known), view.frustration)


def offered(
    language: str, facts: dict[str, Any] | None = None, *, known: Handover | None = None, **case: object
) -> str:
    view = a_view(**case)
    every = {**full(MessageKind.OFFER), "why": "The customer asked for her."}
    message = a_message(MessageKind.OFFER, to="ana", **(every if facts is None else facts))
    values = case_values(view, recipient="Ana", owner="", contact="Nora")
    values |= message_values(message, {}, known)
    return rendered(MessageKind.OFFER, language, values, view.frustration)


def rendered(kind: MessageKind, language: str, values: dict[str, object], frustration: int) -> str:
    facts = TemplateFacts(
        kind=kind, languages=(language,), frustration=frustration, zone="America/New_York", values=values
    )
    letter = LETTERS.render(facts)
    assert letter.language == language
    assert not re.search(r"\{[{%]|None|Undefined|\n\n\n", letter.body)
    return f"{letter.headline}\n{letter.body}"


def about_numbers_and_names_of_ours(notice: Notice) -> bool:
    has_text = QUOTING.intersection(field.name for field in fields(notice)) or getattr(notice, "approval", None)
    return not has_text or notice.kind in (NoticeKind.APPROVAL_GRANTED, NoticeKind.GAVE_UP)


REFUND = Approval(what=ApprovalKind.REFUND, amount=120, by="Ana", why="it, for `x`")
EXCEPTION = Approval(what=ApprovalKind.EXCEPTION, amount=0, by="Ana", why="why not")


STORY: tuple[events.Event, ...] = (
    events.CustomerReplied(at=NOON, text="You promised me an answer on Monday.\n\nNothing came!"),
    events.Declined(at=NOON, person="Ben", why="on holiday from tomorrow"),
    events.Acknowledged(at=NOON, person="Cleo"),
    events.CustomerTold(at=NOON, by="Cleo", text="We look at it now.", next_step=""),
    events.InformationRequested(at=NOON, by="Cleo", question="Which light is on?"),
    events.CustomerReplied(at=NOON, text="The red one"),
    events.Noted(at=NOON, by="Cleo", text="the fuse is new", tried=""),
    events.Promised(at=NOON, what="a technician calls", eta=FRIDAY_AT_THREE, by="Cleo"),
    events.OptionsOffered(at=NOON, options=OPTIONS, default="repair", by="Cleo"),
    events.OptionChosen(at=NOON, option="refund", by="customer"),
    events.GrantedWithinAuthority(at=NOON, what=ApprovalKind.REFUND, amount=50, why="", by="Cleo"),
    events.Consulted(at=NOON, by="Cleo", to="Dev", question="Seen before?"),
    events.ConsultAnswered(at=NOON, by="Dev", to="Dev", answer="Yes, in May."),
    events.ThresholdReached(
        at=NOON, clock=ClockName.FIRST_RESPONSE, cycle=1, threshold="due", due=NOON, breach=True, late=False
    ),
    events.Climbed(
        at=NOON,
        from_tier=1,
        to_tier=2,
        cause=ClimbCause.BREACH,
        why="first_response due",
        packet=Packet(concern="It smokes"),
        by="system",
    ),
)
KNOWN = handover_of(STORY)
