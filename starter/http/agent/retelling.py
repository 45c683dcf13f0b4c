"""The timeline in other languages than English: a sentence for each kind of event, filled with its facts."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from escalation.case.events import Event
from escalation.people import with_names
from escalation.sentences import with_facts
from escalation.vocabulary import ClockName, MessageKind
from starter.http.agent.showing import Labels
from starter.http.pages.times import Times

_FOLDER = Path(__file__).parent / "words"
SENTENCES: Mapping[str, Mapping[str, Any]] = {
    file.stem.removeprefix("story_"): tomllib.loads(file.read_text(encoding="utf-8"))
    for file in _FOLDER.glob("story_*.toml")
}
"""Sentences by language; English ones are those of `escalation.story`."""


def retold(event: Event, names: Mapping[str, str], labels: Labels, times: Times) -> str:
    """The event in a sentence of the reader's language; empty where there is none for it."""
    known = SENTENCES.get(labels.language, {})
    sentences: Mapping[str, str] = known.get("events", {})
    declared = event.sentences.get(labels.language, "")
    named = with_names(event, names)

    def fact(name: str) -> str:
        text = _said(name, getattr(named, name), labels, times)
        return str(known.get(text, text)) if name == "by" else text

    line = with_facts(next((sentences[kind] for kind in _kinds(event) if kind in sentences), declared), fact)
    return line[:1].upper() + line[1:]


def _kinds(event: Event) -> Iterator[str]:
    """Names of the sentences that fit, the closest first."""
    for each in fields(event):
        value = getattr(event, each.name)
        if value is True:
            yield f"{event.kind}.{each.name}"
        elif isinstance(value, StrEnum):
            yield f"{event.kind}.{value}"
    yield event.kind


def _said(name: str, value: Any, labels: Labels, times: Times) -> str:
    if value is None or isinstance(value, tuple):
        return ", ".join(_said(name, each, labels, times) for each in value or ())
    if isinstance(value, datetime):
        return times.short(value)
    if isinstance(value, StrEnum):
        return labels.clock(value) if isinstance(value, ClockName) else labels.value(value, type(value).__name__)
    if is_dataclass(value):
        return str(getattr(value, "title", "") or getattr(value, "name", ""))
    return labels.value(value.partition("/")[0], MessageKind.__name__) if name == "key" else str(value)
