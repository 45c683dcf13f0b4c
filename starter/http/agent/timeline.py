"""The timeline in the reader's language: the sentence that each event declares, filled with its facts."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from escalation.case.events import Event
from escalation.message_kinds import MessageKind
from escalation.people import with_names
from escalation.program_texts import in_language
from escalation.sentences import listed, named, sentence_of, with_facts
from escalation.vocabulary import ClockName
from starter.http.agent.showing import Labels
from starter.http.pages.times import Times


def retold(event: Event, names: Mapping[str, str], labels: Labels, times: Times) -> str:
    """The event in a sentence of the reader's language; empty where `escalation.sentences` has it, in English without the case's own words."""
    people: Mapping[str, str] = labels.t["people"]
    is_in_story = labels.language == "en" and not getattr(event, "checked", ())
    sentence = "" if is_in_story else sentence_of(event, labels.language)
    shown = with_names(event, names)

    def fact(name: str) -> str:
        text = _said(name, getattr(shown, name), labels, times)
        return people.get(text, text) if name in ("by", "to") else text

    line = with_facts(sentence, fact)
    return line[:1].upper() + line[1:]


def _said(name: str, value: Any, labels: Labels, times: Times) -> str:  # noqa: PLR0911 (one for each kind of value)
    match value:
        case None:
            return ""
        case tuple():
            return listed(value, lambda one: _said(name, one, labels, times))
        case datetime():
            return times.short(value)
        case ClockName():
            return labels.clock(value)
        case StrEnum():
            return labels.value(value, type(value).__name__)
        case _ if is_dataclass(value):
            return named(value)
        case _ if name == "checked":
            return labels.items.get(value, value)
        case _ if name == "error":
            return labels.value(value, "Error")
        case _ if name == "key":
            return labels.value(value.partition("/")[0], MessageKind.__name__)
        case _:
            return in_language(str(value), labels.language)
