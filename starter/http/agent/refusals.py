"""Translates refusals of a form into the reader's language; the core words them in English."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from escalation.vocabulary import ClockName
from starter.http.agent.showing import Labels
from starter.http.pages.times import Times

_BACKQUOTED = re.compile(r"`([^`]+)`")
# An item of a checklist: its id, and what is done.
_ITEM = re.compile(r"(?:^|; )`([^`]*)` \((.*?)\)(?=; `|$)")
_FILE = Path(__file__).parent / "words" / "refusals.toml"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal of the core, and its wording on a page."""

    match: re.Pattern[str]  # the whole message; its groups are the facts
    words: Mapping[str, str]


REFUSALS: Sequence[Refusal] = tuple(
    Refusal(re.compile(one.pop("match"), re.S), one)
    for one in tomllib.loads(_FILE.read_text(encoding="utf-8"))["refusals"]
)


def refusal_for(message: str) -> Refusal | None:
    """The first that a message of the core is; None where it is none."""
    return next((one for one in REFUSALS if one.match.fullmatch(message)), None)


def refused(message: str, kind: str, labels: Labels, times: Times, names: Mapping[str, str]) -> str:
    """Return why a form was refused, in the reader's language, with people's names; empty if there are no words for it."""
    if own := labels.refusal(kind, message):
        return own
    if several := _each(message, kind, labels, times, names):
        return several
    known = refusal_for(message)
    found = known.match.fullmatch(message) if known else None
    if known is None or found is None:
        return ""

    def field(name: str) -> str:
        return labels.field(kind, name)

    said: Mapping[str, Callable[[str], str]] = {
        "field": field,
        "at": lambda text: _local(text, times),
        "person": lambda person: names.get(person) or person,
        "value": labels.value,
        **dict.fromkeys(("many", "most", "least"), lambda text: _number(text, labels)),
        "clock": lambda clock: labels.clock(ClockName(clock)) if clock in set(ClockName) else clock,
        "missing": lambda text: "; ".join(
            " / ".join(map(field, _BACKQUOTED.findall(part))) for part in text.split("; ")
        ),
        "items": lambda text: "; ".join(labels.items.get(id_, said) for id_, said in _ITEM.findall(text)) or text,
    }
    facts = {name: said.get(name, str)(text) for name, text in found.groupdict().items()}
    return known.words[labels.language].format(**facts)


def _each(message: str, kind: str, labels: Labels, times: Times, names: Mapping[str, str]) -> str:
    """Several problems of one command, where all of them are known."""
    parts = message.split("; `")
    problems = [parts[0], *(f"`{part}" for part in parts[1:])]
    if len(problems) == 1 or any(refusal_for(one) is None for one in problems):
        return ""
    return " ".join(refused(one, kind, labels, times, names) for one in problems)


def _number(text: str, labels: Labels) -> str:
    digits = text.replace(",", "")
    return labels.number(int(digits)) if digits.isdecimal() else text


def _local(text: str, times: Times) -> str:
    for read in (datetime.fromisoformat, _in_utc):
        try:
            return times.short(read(text))
        except ValueError:
            continue
    return text


def _in_utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
