"""What the template of a message may use: the case, and the facts that the message brings, as values in place of text."""

import json
from collections.abc import Mapping
from datetime import datetime

from activities.errors import UnrenderableMessage
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Message
from escalation.plain import only_shown
from escalation.vocabulary import MessageKind

FACTS: Mapping[MessageKind, Mapping[str, str]] = {
    MessageKind.RECEIPT: {"next_update_at": ""},
    MessageKind.ESCALATED: {"why": "", "tier_name": "", "next_update_at": ""},
    MessageKind.OWNER_CHANGED: {"next_update_at": "", "owner": ""},
    MessageKind.UPDATE: {"text": "", "next_step": "", "next_by": ""},
    MessageKind.HOLDING_UPDATE: {"next_update_at": ""},
    MessageKind.DELAY_NOTICE: {"what": "", "promised_at": ""},
    MessageKind.QUESTION: {"question": ""},
    MessageKind.QUESTION_REMINDER: {"question": "", "closes_at": ""},
    MessageKind.OPTIONS: {"options": "[]", "choose_by": "", "default": ""},
    MessageKind.OPTIONS_REMINDER: {"options": "[]", "choose_by": "", "default": ""},
    MessageKind.RESOLVED: {"solution": "", "outcome": "", "reopen_until_at": ""},
    MessageKind.NO_REPLY: {"question": "", "reopen_until_at": ""},
    MessageKind.FOLLOW_UP: {"solution": "", "number": ""},
    MessageKind.FOLLOW_UP_SURVEY: {"solution": "", "number": ""},
    MessageKind.THANKS: {"score": ""},
    MessageKind.REOPENED: {"why": ""},
    MessageKind.CLOSED: {},
    MessageKind.CANCELLED: {"cause": ""},
    MessageKind.APPROVAL_GRANTED: {"approval": ""},
    MessageKind.APPROVAL_REFUSED: {"approval": "", "explanation": ""},
    MessageKind.CONTACT_LIMITED: {"read_at": "", "answered_by": ""},
    MessageKind.OFFER: {
        "tier_name": "",
        "acknowledge_by": "",
        "concern": "",
        "tried": "[]",
        "evidence": "[]",
        "no_evidence": "",
        "proposed": "[]",
        "confirm": "",
        "why": "",
    },
    MessageKind.NOTICE: {},
}
"""What the template of each kind is given beyond the case, with what stands in for a fact that was not sent.

Names ending in `_at` or `_by` are instants in ISO 8601; `options`, `tried`, `evidence` and `proposed` are lists in JSON.
"""

LONGEST_SUBJECT = 100
"""Characters of a summary that go into the subject."""

_LISTS = frozenset({"options", "tried", "evidence", "proposed"})
_INSTANTS = ("_at", "_by")
_SEVERAL_LINES = frozenset({"text", "next_step", "question", "solution", "explanation", "concern", "no_evidence"})
"""Facts that may have paragraphs. Every other text is one line, so that it cannot look like a part of the letter."""
_OPTION = {"id": "", "title": "", "pros": "", "cons": ""}


def case_values(view: CaseView, *, recipient: str, owner: str, contact: str) -> dict[str, object]:
    """What every template may use of the case: nothing of it is unfit for the customer's eyes."""
    return {
        "ticket": _line(view.ticket),
        "summary": _line(view.summary),
        "severity": str(view.severity),
        "category": str(view.category),
        "reasons": [str(reason) for reason in view.reasons],
        "customer_name": _line(view.customer.name),
        "recipient_name": _line(recipient),
        "owner_name": _line(owner),
        "contact_name": _line(contact),
        "stage": str(view.stage),
        "our_fault": view.our_fault,
        "cycle": view.cycle,
    }


def case_subject(view: CaseView) -> str:
    """The subject of every message about the case: mail programs keep together what has one subject.

    It holds nothing that changes while the case lives, and no words of a language.
    """
    summary = _line(view.summary)
    short = summary if len(summary) <= LONGEST_SUBJECT else f"{summary[: LONGEST_SUBJECT - 1].rstrip()}…"
    return f"[{_line(view.ticket)}] {short}".strip()


def message_values(message: Message) -> dict[str, object]:
    """What the template of this kind may use besides: the facts, parsed, and the notices.

    Raises:
        UnrenderableMessage: A fact is not what its name says.
    """
    facts = {**FACTS[message.message], **message.facts}
    values = {name: _parse(name, text) for name, text in facts.items()}
    if message.message is MessageKind.NOTICE:
        values["notices"] = [
            {"about": str(notice.about), "text": _line(notice.text), "due": notice.due, "late": notice.late}
            for notice in message.notices
        ]
    return values


def _parse(name: str, text: str) -> object:
    try:
        if name in _LISTS:
            items = json.loads(text)
            return [_option(item) for item in items] if name == "options" else [_line(str(item)) for item in items]
        if name.endswith(_INSTANTS) and text:
            return _aware(datetime.fromisoformat(text))
    except (TypeError, ValueError):
        # Not chained: the cause quotes the text, and Temporal writes causes into the history.
        expected = "a JSON list" if name in _LISTS else "an instant in ISO 8601 with its offset"
        raise UnrenderableMessage(f"fact `{name}` is not {expected}") from None
    return text if name in _SEVERAL_LINES else _line(text)


def _option(item: Mapping[str, object]) -> dict[str, str]:
    return {name: _line(str(value)) for name, value in {**_OPTION, **item}.items()}


def _line(text: str) -> str:
    return " ".join(only_shown(text).split())


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("no offset")
    return at
