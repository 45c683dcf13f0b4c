"""Holds a condition against a ticket and keeps what it found as evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import assert_never

from escalation.triage import rules
from escalation.triage.facts import LONGEST_TEXT, TicketFacts
from escalation.triage.wording import ReadText, folded

TEXTS = frozenset({"subject", "text"})  # where evidence comes from that is words of the customer

LONGEST_EVIDENCE = 200  # characters of a finding that are kept


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Evidence:
    """The finding of a rule."""

    where: str  # `subject`, `text`, or the name of a fact
    found: str  # the very words, or the value and what it was held against


class ReadTicket:
    """A ticket whose texts were taken apart once, for all rules."""

    def __init__(self, facts: TicketFacts, now: datetime) -> None:
        self.facts = facts
        self.now = now
        self.language = primary_language(facts.language)
        self.texts = {"subject": ReadText(facts.subject[:LONGEST_TEXT]), "text": ReadText(facts.text[:LONGEST_TEXT])}
        self.tags = {as_compared(tag): tag.strip() for tag in sorted(facts.tags)}

    def evidence(self, condition: rules.Condition) -> tuple[Evidence, ...] | None:
        """Everything that speaks for the condition; None when it is not so."""
        if any(self._found(one) for one in condition.none_of):
            return None
        needed = [self._found(one) for one in condition.all_of]
        offered = [self._found(one) for one in condition.any_of]
        if not all(needed) or (offered and not any(offered)):
            return None
        return tuple(dict.fromkeys(each for found in (*needed, *offered) for each in found))

    def _found(self, matcher: rules.Matcher) -> tuple[Evidence, ...]:
        return tuple(self._search(matcher))

    def _search(self, matcher: rules.Matcher) -> Iterator[Evidence]:
        match matcher:
            case rules.Words():
                yield from self._phrases(matcher)
            case rules.Pattern():
                yield from self._fits(matcher)
            case rules.Comparison():
                yield from self._compared(matcher)
            case rules.IsSo(flag=flag):
                if self.facts.flag(flag):
                    yield Evidence(where=flag.value, found="yes")
            case rules.Tagged(tags=tags):
                yield from (Evidence(where="tags", found=self.tags[tag]) for tag in tags if tag in self.tags)
            case rules.OfTier(tiers=tiers):
                yield from _one_of("customer_tier", self.facts.customer_tier, tiers)
            case rules.OfIndustry(industries=industries):
                yield from _one_of("industry", self.facts.industry, industries)
            case _:
                assert_never(matcher)

    def _phrases(self, matcher: rules.Words) -> Iterator[Evidence]:
        for language, phrases in matcher.by_language.items():
            if self.language and language not in {self.language, rules.ANY_LANGUAGE}:
                continue
            for where, text in self.texts.items():
                found = (text.find(phrase) for phrase in phrases)
                yield from (Evidence(where=where, found=words[:LONGEST_EVIDENCE]) for words in found if words)

    def _fits(self, matcher: rules.Pattern) -> Iterator[Evidence]:
        for where, text in self.texts.items():
            if match := _compiled(matcher.expression).search(text.text):
                yield Evidence(where=where, found=match[0][:LONGEST_EVIDENCE])

    def _compared(self, matcher: rules.Comparison) -> Iterator[Evidence]:
        value = self.facts.number(matcher.fact, self.now)
        if value is None:
            return
        if matcher.at_least is not None and value < matcher.at_least:
            return
        if matcher.at_most is not None and value > matcher.at_most:
            return
        yield Evidence(where=matcher.fact.value, found=f"{shown(value)} ({_bounds(matcher)})")


def as_compared(value: str) -> str:
    """A tag, a tier or an industry as it is compared: without the blanks around it, case and accents."""
    return folded(value.strip())


def primary_language(tag: str) -> str:
    """The language of a tag, without its region: `de` of `de-AT`; empty for none."""
    return re.split(r"[-_]", tag.strip().casefold(), maxsplit=1)[0]


def shown(number: float) -> str:
    """A number as people write it: whole ones without a point."""
    return f"{round(number, 2):g}" if abs(number) < 1_000_000 else f"{number:.0f}"


def _bounds(matcher: rules.Comparison) -> str:
    at_least = "" if matcher.at_least is None else f"at least {matcher.at_least}"
    at_most = "" if matcher.at_most is None else f"at most {matcher.at_most}"
    return ", ".join(filter(None, (at_least, at_most)))


def _one_of(where: str, value: str, allowed: tuple[str, ...]) -> Iterator[Evidence]:
    if value.strip() and as_compared(value) in allowed:
        yield Evidence(where=where, found=value.strip())


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)
