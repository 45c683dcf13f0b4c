"""An example of each command's body: what must be given, in words that could be a real case."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from escalation.bounds import Within

_LATER = "2029-03-27T16:00:00+01:00"
# By field.
_WORDS: Mapping[str, Any] = {
    "ticket": "4711",
    "id": "c-1",
    "address": "ann@example.com",
    "owner": "ana",
    "to": "ben",
    "name": "Ann Lee",
    "title": "Invoices are sent twice",
    "summary": "Invoices are sent twice",
    "solution": "We removed the second invoice and refunded the charge.",
    "root_cause": "A job ran twice after the restart.",
    "prevention": "The job takes a lock before it runs.",
    "question": "Which of the two invoices did you pay?",
    "answer": "Ask accounting to void the second one.",
    "explanation": "We promised too early; the supplier needs another day.",
    "why": "The invoice run needs someone who knows the job.",
    "what": "a corrected invoice",
    "text": "We found the second invoice and are correcting it.",
    "concern": "The customer was charged twice and wants the money back.",
    "policy": "default",
    "incident": "mail-0302",
    "tickets": ["4711", "4712"],
}
# By command, where the words by field do not fit or nothing has to be given.
_CHOSEN: Mapping[str, Mapping[str, Any]] = {
    "Correct": {"summary": "Invoices and reminders are sent twice"},
    "OpenIncident": {"name": "mail-0302", "title": "Mail is late"},
    "RequestInformation": {"question": _WORDS["question"]},
    "AnswerSurvey": {"score": 5},
    "SetDue": {"clock": "resolution"},
    "Option": {"id": "refund", "title": "A refund of the second charge"},
    "Escalate": {"packet": {"concern": _WORDS["concern"], "nothing_tried": True, "no_evidence": "none yet"}},
}


def example_of(type_: type[Any]) -> dict[str, Any]:
    """A body for this command: its required fields."""
    hints = get_type_hints(type_, include_extras=True)
    needed = [
        each.name
        for each in fields(type_)
        if each.default is MISSING and each.default_factory is MISSING and each.name != "by"
    ]
    chosen = _CHOSEN.get(type_.__name__, {})
    return {name: _value(name, hints[name]) for name in needed if name not in chosen} | dict(chosen)


def _value(name: str, hint: Any) -> Any:
    least = 1
    if get_origin(hint) is Annotated:
        hint, *markers = get_args(hint)
        least = next((each.least for each in markers if isinstance(each, Within) and each.least is not None), least)
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return _WORDS[name] if name in _WORDS else [_value(name, get_args(hint)[0])]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint)).value
    if isinstance(hint, type) and is_dataclass(hint):
        return example_of(hint)
    plain = {datetime: _LATER, bool: True, int: least, float: least}
    return plain.get(hint, _WORDS.get(name, name.replace("_", " ")))
