"""Sentences with facts: `{by} asked {to}[: {why}]`, as an event declares them for the timeline (`Happened.sentences`)."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from escalation.case.events import Event
from escalation.phrasing import minute, words
from escalation.vocabulary import CUSTOMER, SYSTEM

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
_EMPTY = frozenset({"", "0"})


def with_facts(sentence: str, fact: Callable[[str], str]) -> str:
    """The sentence with a text for each field in braces; what is in brackets is left out where one of its fields is empty.

    What people wrote may have brackets and braces of its own, so no text is looked at twice.
    """

    def part(text: str, *, is_optional: bool) -> str:
        is_left_out = is_optional and any(fact(name) in _EMPTY for name in _FIELD.findall(text))
        return "" if is_left_out else _FIELD.sub(lambda found: fact(found[1]), text)

    return "".join(part(text, is_optional=place % 2 == 1) for place, text in enumerate(_OPTIONAL.split(sentence)))


def in_english(event: Event) -> str:
    """The event in the sentence that it declares; empty where it declares none."""
    return with_facts(event.sentences.get("en", ""), lambda name: _said(getattr(event, name)))


def who(by: str) -> str:
    """The person who did it, in English."""
    return {CUSTOMER: "the customer", SYSTEM: "the policy"}.get(by, by)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, datetime):
        return minute(value)
    return words(value) if isinstance(value, StrEnum) else who(str(value or ""))
