"""Reads one row of an export: text or JSON values in, facts or a problem out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from escalation.bounds import CLOCKS_APART
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import Category, Severity
from simulation.exports.instants import utc
from simulation.exports.mapping import ExportMapping
from simulation.exports.spelling import as_compared, usual
from simulation.exports.table import Repeated

Word = TypeVar("Word", bound=StrEnum)

_LONGEST_ID = 200
_WHOLE = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_NO = frozenset({"no", "false", "0"})

TEXTS = ("subject", "text", "language", "customer_tier", "industry")
WHOLE = ("users_affected", "owners_tried", "reopen_count", "times_contacted", "frustration")
DECIMAL = ("money_at_stake", "hours_spent", "days_open")
SEVERAL = ("subject", "text", "tags")
"""What a file may say in several columns of the same name, as Jira does for comments and labels: all of them count."""
FLAGS = ("agent_says_unable", "customer_asked_for_superior")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket of an export."""

    line: int  # the line in the file, from 1
    ticket: str
    customer: str  # whose it is; empty when the file does not say
    facts: TicketFacts


class Row:
    """The cells of one row, texts or JSON values, asked for by our names."""

    def __init__(self, cells: Mapping[str, Any], mapping: ExportMapping, now: datetime) -> None:
        self._cells = cells
        self._mapping = mapping
        self._now = now

    def understood(self, line: int) -> Ticket:
        """The row as a ticket.

        Raises:
            ValueError: It makes no sense; the message says which column, and what is allowed.
        """
        customer = self._text("customer")
        if len(customer) > _LONGEST_ID or not customer.isprintable():
            raise self._wrong("customer", f"an id of at most {_LONGEST_ID} visible characters")
        return Ticket(line=line, ticket=self._number(), customer=customer, facts=self._facts())

    def _facts(self) -> TicketFacts:
        found: dict[str, Any] = {name: self._text(name) for name in TEXTS}
        found |= {name: self._counted(name, _WHOLE, int) for name in WHOLE}
        found |= {name: self._counted(name, _DECIMAL, float) for name in DECIMAL}
        found |= {name: self._so(name) for name in FLAGS}
        found["language"] = found["language"] or self._mapping.usual_language
        found["tags"] = self._tags()
        found["severity"] = self._word("severity", Severity, self._mapping.severities)
        found["category"] = self._word("category", Category, self._mapping.categories)
        found["deadline"] = self._instant("deadline")
        opened_at = self._instant("opened_at")
        if found["days_open"] is None and opened_at is not None:
            if opened_at - self._now > CLOCKS_APART:
                raise ValueError(f"{self._mapping.column('opened_at')} is after {self._now.isoformat()}; it cannot be")
            found["days_open"] = max(0.0, round((self._now - opened_at) / timedelta(days=1), 4))
        return TicketFacts(**found)

    def _value(self, name: str) -> Any:
        value = self._cells.get(name)
        if isinstance(value, Repeated):
            known = [each for each in map(self._known, value) if each is not None]
            return Repeated(known) if name in SEVERAL else self._alike(name, known)
        return self._known(value)

    def _known(self, value: Any) -> Any:
        if isinstance(value, str):
            value = usual(value).strip()
            return None if value in {"", self._mapping.missing} else value
        return value

    def _alike(self, name: str, known: Sequence[Any]) -> Any:
        """The one value that all of a repeated name's places have; None where none has any."""
        if any(each != known[0] for each in known[1:]):
            raise ValueError(
                f"{self._mapping.column(name)} is there {len(known)} times, with different values; write one"
            )
        return known[0] if known else None

    def _wrong(self, name: str, allowed: str) -> ValueError:
        value = self._value(name)
        shown = "missing" if value is None else f"`{str(value)[:60]}`"
        return ValueError(f"{self._mapping.column(name)} is {shown}; write {allowed}")

    def _text(self, name: str) -> str:
        value = self._value(name)
        if value is None:
            return ""
        if isinstance(value, Repeated):
            value = "\n\n".join(map(str, value))
        if isinstance(value, bool | list | dict):
            raise self._wrong(name, "text")
        try:
            str(value).encode()
        except UnicodeEncodeError:
            # JSON can name one half of a character, and nothing can print it.
            raise ValueError(f"{self._mapping.column(name)} has half a character in it; write the whole one") from None
        return str(value)

    def _number(self) -> str:
        number = self._text("ticket")
        if not number or len(number) > _LONGEST_ID or not number.isprintable() or any(map(str.isspace, number)):
            raise self._wrong("ticket", f"a ticket number, 1 to {_LONGEST_ID} characters without blanks")
        return number

    def _counted(self, name: str, shape: re.Pattern[str], read: Callable[[str], Any]) -> Any:
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not shape.fullmatch(str(value)):
            raise self._wrong(name, "a whole number, 0 or more" if read is int else "a number such as 2 or 7.5")
        return read(str(value))

    def _so(self, name: str) -> bool:
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        word = str(value).casefold()
        if word in {each.casefold() for each in self._mapping.yes}:
            return True
        if word not in _NO:
            raise self._wrong(name, f"{', '.join(self._mapping.yes)}, or nothing")
        return False

    def _tags(self) -> tuple[str, ...]:
        value = self._value("tags")
        if isinstance(value, Repeated):
            parts = [tag for each in value for tag in str(each).split(self._mapping.between_tags)]
        elif isinstance(value, list):
            if not all(isinstance(tag, str) for tag in value):
                raise self._wrong("tags", "a list of words")
            parts = value
        else:
            parts = self._text("tags").split(self._mapping.between_tags)
        return tuple(dict.fromkeys(usual(tag).strip() for tag in parts if tag.strip()))

    def _word(self, name: str, words: type[Word], spelled: Mapping[str, Word]) -> Word | None:
        text = as_compared(self._text(name))
        if not text:
            return None
        known = {word.value: word for word in words} | dict(spelled)
        if text not in known:
            raise self._wrong(name, f"one of {', '.join(known)}, or map it")
        return known[text]

    def _instant(self, name: str) -> datetime | None:
        text = self._text(name)
        if not text:
            return None
        mapping = self._mapping
        return utc(text, mapping.column(name), mapping.date_format, mapping.zone)
