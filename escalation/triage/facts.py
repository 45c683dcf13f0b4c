"""The facts about a ticket before the decision whether it escalates."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from escalation.bounds import TAGS, Amount, Measure, Name, Number, ReadText, Tag
from escalation.vocabulary import Category, Severity

CALMEST, ANGRIEST = 0, 4  # the levels of frustration, from none to the worst

LONGEST_TEXT = 20_000  # characters of a subject or a text that are read; a pasted log file would exceed them


class NumberFact(StrEnum):
    """A fact that is a number. A missing one matches no comparison."""

    USERS_AFFECTED = "users_affected"
    MONEY_AT_STAKE = "money_at_stake"
    HOURS_TO_DEADLINE = "hours_to_deadline"
    HOURS_SPENT = "hours_spent"
    OWNERS_TRIED = "owners_tried"
    DAYS_OPEN = "days_open"
    REOPEN_COUNT = "reopen_count"
    TIMES_CONTACTED = "times_contacted"
    EARLIER_ESCALATIONS = "earlier_escalations"
    EARLIER_REOPENED = "earlier_reopened"
    EARLIER_BREACHED = "earlier_breached"
    FRUSTRATION = "frustration"


class Flag(StrEnum):
    """A yes-or-no fact, as a person at the desk set it."""

    AGENT_SAYS_UNABLE = "agent_says_unable"
    CUSTOMER_ASKED_FOR_SUPERIOR = "customer_asked_for_superior"


class InvalidFacts(ValueError):
    """The facts of a ticket make no sense; the message names each that does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFacts:
    """One ticket, as its help desk and the record know it. Unknown facts are None or empty.

    Attributes:
        text: What the customer wrote.
        language: Tag of the language both are in, such as `en` or `de-AT`; empty when unknown.
        customer_tier: The customer's contract tier.
        industry: The customer's line of business, such as `health`.
        tags: Words the help desk put on it, in no particular order.
        severity: The help desk's severity; the verdict is never lower.
        category: The help desk's category; used if no rule gives one.
        users_affected: Number of people who cannot work.
        money_at_stake: Money at stake, in the policy's currency units.
        deadline: The customer's own, aware.
        hours_spent: Hours of work so far.
        owners_tried: Number of people or groups who had the ticket.
        days_open: Days since the ticket was opened.
        reopen_count: Number of reopenings.
        times_contacted: Number of times the customer had to ask.
        earlier_escalations: Of this customer, in the record; None when it was not asked.
        earlier_reopened: How many of those were reopened.
        earlier_breached: How many of those broke a promise.
        frustration: 0 to 4, as a person judged it; counts before what the wording suggests.
        tone: -1 (worst) to 1 (best), how the wording sounds; None when it was not judged.
        agent_says_unable: The agent who has the ticket feels unable to solve it.
        customer_asked_for_superior: The customer asked for a superior.

    Raises:
        InvalidFacts: A number is negative, not finite or out of its bounds, or the deadline has no zone.
    """

    subject: ReadText = ""
    text: ReadText = ""
    language: Tag = ""
    customer_tier: Tag = ""
    industry: Tag = ""
    tags: Annotated[tuple[Name, ...], TAGS] = ()
    severity: Severity | None = None
    category: Category | None = None
    users_affected: Amount | None = None
    money_at_stake: Measure | None = None
    deadline: datetime | None = None
    hours_spent: Measure | None = None
    owners_tried: Number | None = None
    days_open: Measure | None = None
    reopen_count: Number | None = None
    times_contacted: Number | None = None
    earlier_escalations: Number | None = None
    earlier_reopened: Number | None = None
    earlier_breached: Number | None = None
    frustration: Number | None = None
    tone: Measure | None = None
    agent_says_unable: bool = False
    customer_asked_for_superior: bool = False

    def __post_init__(self) -> None:
        if problems := tuple(_problems(self)):
            raise InvalidFacts("; ".join(problems))

    def number(self, fact: NumberFact, now: datetime) -> float | None:
        """The value of a fact; None if unknown. Only the time to the deadline depends on the present instant."""
        match fact:
            case NumberFact.HOURS_TO_DEADLINE:
                return None if self.deadline is None else (self.deadline - now) / timedelta(hours=1)
            case NumberFact.FRUSTRATION:
                return self.felt
            case _:
                value: float | None = getattr(self, fact.value)
                return value

    @property
    def felt(self) -> int | None:
        """The customer's frustration: as a person judged it, else as the tone suggests."""
        return frustration_of(self.tone) if self.frustration is None else self.frustration

    def flag(self, flag: Flag) -> bool:
        """Whether it is so."""
        value: bool = getattr(self, flag.value)
        return value


FRUSTRATION_FROM = (-0.05, -0.3, -0.5, -0.7)  # the tone from which down each level, 1 to 4, is suggested


def frustration_of(tone: float | None) -> int | None:
    """The level of frustration that a tone suggests; None for a tone that was not judged."""
    return None if tone is None else sum(tone <= step for step in FRUSTRATION_FROM)


def _problems(facts: TicketFacts) -> Iterator[str]:
    for fact in NumberFact:
        if fact is NumberFact.HOURS_TO_DEADLINE:
            continue
        value = getattr(facts, fact.value)
        if value is not None and not (math.isfinite(value) and value >= 0):
            yield f"{fact.value} is {value}; write a number from 0 up"
    if facts.frustration is not None and facts.frustration > ANGRIEST:
        yield f"frustration is {facts.frustration}; write {CALMEST} to {ANGRIEST}"
    if facts.tone is not None and not -1 <= facts.tone <= 1:
        yield f"tone is {facts.tone}; write -1 to 1"
    if facts.deadline is not None and facts.deadline.tzinfo is None:
        yield "deadline does not say in which zone it is; add an offset, or Z for UTC"
