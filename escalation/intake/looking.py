"""Looks up, in one body, what a mapping or the rule that holds says where to find."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from escalation.case.naming import check_ticket
from escalation.intake.conditions import holds
from escalation.intake.delivery import LONGEST_ID, Author, EventKind, Words
from escalation.intake.paths import Scope, first_value, value_at
from escalation.intake.source import Paths, Rule, Source
from escalation.intake.values import (
    address_of,
    id_of,
    instant_of,
    line_of,
    tags_of,
    text_of,
    text_within,
    word_of,
    words_of,
)
from escalation.program_texts import ProgramText

T = TypeVar("T")

_WITH_TEXT = frozenset({EventKind.OPENED, EventKind.TAGGED, EventKind.MESSAGE})
_CLEANED, _CLEANED_HTML = 50_000, 100_000
"""Characters of a text in which quotes and signatures are sought; more would take seconds. A log behind them stays."""
_NO_ONE = frozenset({"0", "null", "None", "[]"})


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds, and what it holds of."""

    rule: Rule | None
    scope: Scope
    number: int = 0
    """Of the item, where the rule looks at the items of a list."""


@dataclass(frozen=True, slots=True)
class Look:
    """Looks up what a mapping, or the rule that holds, says where to find."""

    source: Source
    match: Match
    words: Words  # cuts messages down to what their senders wrote

    def paths(self, name: str) -> Paths:
        """The paths of a value of this name."""
        rule = self.match.rule
        paths = rule.fields.get(name) if rule else None
        return self.source.fields.get(name, ()) if paths is None else paths

    def value(self, name: str) -> Any:
        """The value there, of any type; None where there is none."""
        return first_value(self.paths(name), self.match.scope)

    def ticket(self) -> str:
        """The first that can be a ticket's number: a pager's incidents have any text as their key, and are not ours."""
        found = [
            line
            for path in self.paths("ticket")
            if (line := line_of(first_value((path,), self.match.scope), LONGEST_ID + 1))
        ]
        return next((each for each in found if not wrong_with(each)), found[0] if found else "")

    def known(self, name: str, words: Mapping[str, T]) -> T | None:
        """The meaning of the first word that the mapping knows."""
        values = (value_at(path, self.match.scope) for path in self.paths(name))
        found = (
            words.get(word_of(each)) for value in values for each in (value if isinstance(value, list) else [value])
        )
        return next((each for each in found if each is not None), None)

    def tags(self) -> tuple[str, ...]:
        """The tags, without those that were there before."""
        before = set(map(word_of, tags_of(self.value("tags_before"))))
        return tuple(tag for tag in tags_of(self.value("tags")) if word_of(tag) not in before)

    def line(self, name: str) -> str:
        """The value there as one line."""
        return line_of(self.value(name))

    def person(self, name: str) -> str:
        """An id; some products write that no one has it."""
        found = id_of(self.value(name))
        return "" if found in _NO_ONE else found

    def instant(self, name: str) -> datetime | None:
        """The instant, aware UTC; None where none is there."""
        return instant_of(self.value(name), self.source.zone)

    def flag(self, name: str) -> bool:
        """Whether the condition of this name holds."""
        rule = self.match.rule
        condition = rule.flags.get(name) if rule else None
        condition = self.source.flags.get(name, ()) if condition is None else condition
        return holds(condition, self.match.scope)

    def text(self) -> str:
        """The new text, as plain text."""
        rule = self.match.rule
        if rule and rule.kind not in _WITH_TEXT and "text" not in rule.fields:
            return ""  # what the mapping finds is the ticket's own text, not what was written with this change
        value, html = self.value("text"), self.flag("html")
        if value is None and (rule is None or rule.kind is not EventKind.MESSAGE):
            value = self.value("description")
        raw = text_of(value) if isinstance(value, str | int | float) else text_within(value)
        if not raw:
            return ""
        most = _CLEANED_HTML if html else _CLEANED
        new = text_of(self.words(raw[:most], html=html))
        if len(raw) <= most:
            return new or ("" if html else raw)
        return f"{new}\n\n{ProgramText.ASIDE_REST.say(where=self.source.place)}" if html else new + raw[most:]

    def subject(self) -> str:
        """The subject; some products wrap theirs into HTML as they do texts."""
        value = text_of(self.value("subject"))
        if self.flag("html") and value.startswith("<") and value.endswith(">"):
            value = text_of(self.words(value[:_CLEANED], html=True)) or value
        return words_of(value, 1_000)

    def author(self) -> Author:
        """The author of the event."""
        machine = self.flag("machine")
        customer = not machine and self.flag("customer")
        return Author(
            id=id_of(self.value("author_id")),
            name=words_of(self.value("author_name")),
            address=address_of(self.value("author_address")),
            is_machine=machine,
            is_customer=customer,
            is_agent=not machine and not customer and self.flag("agent"),
        )

    def customer(self) -> Author:
        """The customer of the ticket."""
        address = address_of(self.value("customer_address"))
        # An address may be longer than an id.
        id_ = id_of(self.value("customer_id")) or address[:LONGEST_ID]
        return Author(id=id_, name=words_of(self.value("customer_name")), address=address)


def wrong_with(ticket: str) -> str:
    """Why this cannot be a ticket's number, in a sentence; empty where it can."""
    if len(ticket) > LONGEST_ID:
        return f"the ticket's number has more than {LONGEST_ID} characters"
    try:
        check_ticket(ticket)
    except ValueError as error:
        return f"the body names no ticket: {error}" if not ticket else f"the ticket cannot be `{ticket}`: {error}"
    return ""
