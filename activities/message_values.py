"""The values that a message template may use: the case, and the facts of the message."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any

from activities.ports.sending import BEST_SCORE, ActionLink, CustomerLink
from escalation.business_time import BusinessDays, OpenTime
from escalation.customer_words import topic
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Message
from escalation.messages.handover import Handover
from escalation.messages.shown import Shown, marks_of
from escalation.people import FOR_STAFF, shown_name
from escalation.plain import only_shown
from escalation.vocabulary import ClockName

LONGEST_SUBJECT = 100  # characters of a summary that go into the subject
LONGEST_QUOTE = 500  # characters of the customer's words that a letter quotes to them


def case_values(view: CaseView, *, recipient: str, owner: str, contact: str) -> dict[str, object]:
    """Return the values of the case for every template; the summary is for the team only."""
    return {
        "ticket": _line(view.ticket),
        "summary": _line(view.summary),
        "customer_words": _excerpt(view.opening_words),
        "severity": str(view.severity),
        "category": str(view.category),
        "reasons": [str(reason) for reason in view.reasons],
        "customer_name": _line(view.customer.name),
        "customer_language": _line(view.customer.language),
        "recipient_name": _line(recipient),
        "owner_name": _line(owner),
        "contact_name": _line(contact),
        "stage": str(view.stage),
        "our_fault": view.our_fault,
        "proficiency": str(view.customer.proficiency),
        "cycle": view.cycle,
        "life": view.life,
        "promises_broken": view.breaches.get(ClockName.PROMISE, 0),
        "check_items": {item.id: {"text": item.text, "words": item.words} for item in view.checklist},
    }


def case_subject(view: CaseView, *, to_staff: bool, about: str = "") -> str:
    """The subject of every message about the case: mail programs keep together what has one subject.

    It holds nothing that changes while the case lives. The customer reads how their own words begin, after a greeting;
    the summary is the team's.

    Args:
        to_staff: Whether the team reads it.
        about: What the customer reads where their words are not known, in their language.
    """
    summary = _line(view.summary if to_staff else topic(view.opening_words) or about)
    short = summary if len(summary) <= LONGEST_SUBJECT else f"{summary[: LONGEST_SUBJECT - 1].rstrip()}…"
    return f"[{_line(view.ticket)}] {short}".strip()


def _excerpt(words: str) -> str:
    """The part of a customer's words that letters quote, with their line breaks."""
    begins = only_shown(words.strip())
    return begins if len(begins) <= LONGEST_QUOTE else f"{begins[: LONGEST_QUOTE - 1].rstrip()}…"


def people_in(*facts: object) -> frozenset[str]:
    """Ids of the people whose names these facts show."""
    return frozenset(person for each in facts for person in _people(each))


def message_values(
    message: Message,
    names: Mapping[str, str] = MappingProxyType({}),
    handover: Handover | None = None,
    link: ActionLink | None = None,
    *,
    page: CustomerLink | None = None,
    buttons: bool = False,
    case_url: str = "",
) -> dict[str, object]:
    """Return what the template of this kind may use besides: the facts, with texts that cannot pass for the letter's own.

    Args:
        names: Of the people in it, by id; a person without a name is shown by their id.
        handover: What a colleague has to know of the case; only for messages to the team.
        buttons: Whether the message has buttons below it.
        case_url: Where the colleague sees the case, once they are logged in; empty for nowhere.
    """
    values = shown(message.facts, names) | {"admits_fault": message.admits_fault}
    if message.kind in FOR_STAFF:
        values["case"] = shown(handover or Handover(), names)
        values["links"] = [{"act": act.value, "url": link.url(act)} for act in link.ask.acts] if link else []
        values |= {"buttons": buttons, "case_url": case_url}
    else:
        values["page_url"] = page.url if page else ""
        scores = range(1, BEST_SCORE + 1) if page else ()
        values["stars"] = [{"score": score, "url": page.rating(score)} for score in scores if page]
    return values


def _people(facts: Any) -> Iterator[str]:
    for name, value in _fields(facts):
        if marks_of(facts).get(name) is Shown.NAME and value:
            yield str(value)
        for inner in value if isinstance(value, tuple) else (value,):
            yield from _people(inner)


def shown(facts: Any, names: Mapping[str, str]) -> dict[str, object]:
    """The fields of a value, with texts that cannot pass for the letter's own, and the names of people."""
    marks = marks_of(facts)
    return {name: _value(value, marks.get(name), names) for name, value in _fields(facts)}


def _value(value: object, mark: Shown | None, names: Mapping[str, str]) -> object:
    match value:
        case Enum() | OpenTime() | BusinessDays():
            return value
        case str() if mark in (Shown.PARAGRAPHS, Shown.QUOTE):
            return _excerpt(value) if mark is Shown.QUOTE else value
        case str():
            return _line(shown_name(value, names, and_ids=False) if mark is Shown.NAME else value)
        case tuple():
            return [_value(one, mark, names) for one in value]
        case Mapping():
            return {key: _value(one, mark, names) for key, one in value.items()}
        case _:
            return shown(value, names) if is_dataclass(value) else value


def _fields(value: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))


def _line(text: str) -> str:
    return " ".join(only_shown(text).split())
