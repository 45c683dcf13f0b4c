"""Sentences with facts: `{by} asked {to}[: {why}]`, as an event declares them for the timeline (`Happened.sentences`).

With them the timeline reads as a story: one line for each thing that people did, wrote, promised or missed; the machinery is
left out.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from escalation.case import events
from escalation.case.events import Event, Opened
from escalation.people import source_of, with_names
from escalation.phrasing import minute, words
from escalation.plain import one_line
from escalation.triage.keeping import KeptVerdict, verdict_lines
from escalation.vocabulary import CUSTOMER, SYSTEM

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
_EMPTY = frozenset({"", "0"})
_ROLES = {CUSTOMER: "the customer", SYSTEM: "the policy"}
_NOTHING = (None, "", 0, ())


def sentence_of(event: Event, language: str) -> str:
    """The sentence that an event declares for what it is about; empty where it declares none."""
    fitting = (by_language for case, by_language in event.sentences.items() if not case or _fits(event, case))
    return next(fitting, {}).get(language, "")


def _fits(event: Event, case: str) -> bool:
    if case.startswith("no_") and hasattr(event, case.removeprefix("no_")):
        return getattr(event, case.removeprefix("no_")) in _NOTHING
    values = (getattr(event, one.name) for one in fields(event))
    return getattr(event, case, False) is True or any(isinstance(one, StrEnum) and one == case for one in values)


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
    return with_facts(sentence_of(event, "en"), lambda name: _said(name, getattr(event, name)))


def told(event: Event) -> str:
    """The same; empty for one that the story leaves out."""
    return "" if event.is_machinery else in_english(event)


def names_of_outsiders(happened: Iterable[Event], language: str) -> Mapping[str, str]:
    """The names of those who acted from another product (`mail:ann@example.com`), by their id in the story."""
    phrases, customers, found = OUTSIDERS.get(language, OUTSIDERS["en"]), set[str](), dict[str, str]()
    for event in happened:
        if isinstance(event, Opened):
            customers |= {event.customer.id.casefold(), event.customer.address.casefold()} - {""}
        by = getattr(event, "by", "")
        if source := source_of(by):
            kind = "mail" if by.startswith(f"{_MAIL}:") else "source"
            user = by.partition(":")[2]
            whose = "customer_" if user.casefold() in customers else "" if user else "no_"
            found[by] = phrases[f"{whose}{kind}"].format(source=source, user=one_line(user))
    return found


_MAIL = "mail"
OUTSIDERS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "customer_mail": "a mail from the customer",
        "mail": "a mail",
        "customer_source": "the customer, in {source},",
        "source": "someone in {source} (user {user})",
        "no_mail": "a mail",
        "no_source": "someone in {source}",
    },
    "de": {
        "customer_mail": "eine Mail der Kundin oder des Kunden",
        "mail": "eine Mail",
        "customer_source": "die Kundin oder der Kunde, in {source},",
        "source": "jemand in {source} (Konto {user})",
        "no_mail": "eine Mail",
        "no_source": "jemand in {source}",
    },
}
"""Who acted, as the subject of a sentence."""


def listed(values: tuple[Any, ...], say: Callable[[Any], str]) -> str:
    """Several values in a row: words of ours with commas, texts of people with semicolons, for they have commas of their own."""
    return (", " if all(isinstance(one, StrEnum) for one in values) else "; ").join(map(say, values))


def named(value: Any) -> str:
    """The name of a thing that has one: an option, a customer, a version of a policy."""
    name = getattr(value, "title", "") or getattr(value, "name", "") or getattr(value, "id", "")
    return f"{name} version {value.version}" if hasattr(value, "version") else str(name)


def _said(name: str, value: Any) -> str:  # noqa: PLR0911 (one for each kind of value)
    match value:
        case tuple():
            return listed(value, lambda one: _said(name, one))
        case datetime():
            return minute(value)
        case StrEnum():
            return words(value)
        case KeptVerdict():
            return "; ".join(verdict_lines(value)).removeprefix("why: ")
        case _ if is_dataclass(value):
            return named(value)
        case _ if name == "key":
            return words(value.partition("/")[0])
        case _ if name in ("by", "to"):
            return _ROLES.get(value, str(value))
        case _:
            return "" if value is None else str(value)


_NO_NAMES: Mapping[str, str] = {}


def story_of(
    happened: Sequence[Event], names: Mapping[str, str] = _NO_NAMES, *, everything: bool = False
) -> Iterator[tuple[Event, str]]:
    """The events that people would tell of, in order, each with its line; options are named by their titles.

    Args:
        names: Name of each person by id; who has none here keeps their id.
        everything: Whether the machinery has its lines too.
    """
    names = {**names_of_outsiders(happened, "en"), **names}
    titles: dict[str, str] = {}
    agreed: dict[int, str] = {}
    for event in happened:
        if isinstance(event, events.OptionsOffered):
            titles |= {option.id: option.title for option in event.options}
            event = replace(event, default=titles.get(event.default, ""))  # noqa: PLW2901 (in words)
        if isinstance(event, events.OptionChosen):
            event = replace(event, option=titles.get(event.option, event.option))  # noqa: PLW2901 (in words)
        if isinstance(event, events.ActionAgreed):
            agreed[event.number] = event.what
        named = with_names(event, names)
        line = in_english(named) if everything else told(named)
        if line and isinstance(event, events.ActionCompleted | events.ActionLapsed) and event.number in agreed:
            line = f"{line}: {agreed[event.number]}"
        if line:
            yield event, line
