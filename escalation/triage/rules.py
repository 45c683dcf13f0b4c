"""The triage rules of a policy, compiled: plain frozen data that says what to look for and what follows from it.

They accompany the policy but are not part of it: an escalation carries its policy through its whole life, and these
are asked only before it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from escalation.policy import Ladder
from escalation.triage.facts import Flag, NumberFact
from escalation.triage.wording import Phrase
from escalation.vocabulary import Category, Reason, Severity

ANY_LANGUAGE = "any"  # the words under this language apply to tickets of every language


HISTORY_DAYS = 90  # how long earlier escalations of a customer count, where the policy does not say


class Level(StrEnum):
    """The level of impact or urgency."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One of these phrases occurs in the subject or the text."""

    # two-letter language, or `any`, to phrases. A ticket of an unknown language is searched for all
    by_language: Mapping[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """This regular expression fits somewhere in the subject or the text, whatever the case."""

    expression: str  # checked by `check_pattern`


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A number lies between two bounds, both included; a bound that is None does not bound."""

    fact: NumberFact
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IsSo:
    """A person at the desk set this flag."""

    flag: Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """The ticket has one of these tags, folded."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTier:
    """The customer has one of these contract tiers, folded."""

    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfIndustry:
    """The customer is in one of these lines of business, folded."""

    industries: tuple[str, ...]


Matcher: TypeAlias = Words | Pattern | Comparison | IsSo | Tagged | OfTier | OfIndustry


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When something is so; at least one of the first two is not empty."""

    all_of: tuple[Matcher, ...] = ()
    any_of: tuple[Matcher, ...] = ()  # at least one of these matches, if there are any
    none_of: tuple[Matcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The conclusion of a rule that matches; what it does not speak of is None, empty or 0."""

    reason: Reason | None = None  # why it should escalate
    category: Category | None = None  # what kind of concern it is
    subcategory: str = ""  # a finer category, in the team's own words
    severity: Severity | None = None
    raise_severity: int = 0  # number of steps to raise the severity
    score: int = 0  # what it adds towards escalating
    lane: Reason | Category | None = None  # the lane of the ladder in which the case starts
    tier: int = 0  # number of the tier at which it starts at least; 0 for none
    frustration: int = 0  # the customer is at least this frustrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """If this, then that."""

    id: str
    when: Condition
    concludes: Conclusion
    hard: bool = False  # it escalates by itself, whatever the score


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """When something is high or medium; the first that matches counts, and low is the rest."""

    high: Condition
    medium: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityMatrix:
    """Impact and urgency together give a severity."""

    impact: Scale
    urgency: Scale
    # impact to urgency to severity; all nine are there, and more is never milder
    cells: Mapping[Level, Mapping[Level, Severity]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRules:
    """Everything a verdict depends on besides the facts."""

    policy: str
    threshold: int  # the score from which on a ticket should escalate
    rules: tuple[Rule, ...]  # in their order, which decides ties
    ladder: Ladder  # tiers and lanes
    priority: PriorityMatrix | None = None  # the matrix, if there is one
    usual_severity: Severity = Severity.SEV3  # where neither the help desk nor the matrix says one; rules may say worse
    history_days: int = HISTORY_DAYS  # earlier escalations of the customer count for that many days after their opening

    def history_from(self, at: datetime) -> datetime:
        """The earliest opening of an earlier escalation that counts for a ticket judged at this instant."""
        return at - timedelta(days=self.history_days)


AGENT_UNABLE = "agent_unable"
CUSTOMER_ASKED = "customer_asked"
PRIORITY = "priority"
HELP_DESK = "help_desk"
NEW_PART = "new_part"
NO_RULES = frozenset({PRIORITY, HELP_DESK, NEW_PART})  # what findings are called that come from no rule

BUILT_IN: Mapping[str, tuple[Flag, Reason]] = {
    AGENT_UNABLE: (Flag.AGENT_SAYS_UNABLE, Reason.AGENT_UNABLE),
    CUSTOMER_ASKED: (Flag.CUSTOMER_ASKED_FOR_SUPERIOR, Reason.CUSTOMER_ASKED),
}
"""Hard triggers of every policy: the flag alone is enough, without a justification."""

RESERVED = frozenset({*BUILT_IN, *NO_RULES})  # ids in a verdict that are not rules of the file

HARD_REASONS = (
    Reason.FINANCIAL_IMPACT,
    Reason.POLICY_VIOLATION,
    Reason.LEGAL,
    Reason.CUSTOMER_ASKED,
    Reason.AGENT_UNABLE,
)
"""What may escalate a ticket by itself; each needs a lane of its own."""


def built_in_rules() -> tuple[Rule, ...]:
    """The hard triggers of every policy."""
    return tuple(
        Rule(id=name, when=Condition(all_of=(IsSo(flag=flag),)), concludes=Conclusion(reason=reason), hard=True)
        for name, (flag, reason) in BUILT_IN.items()
    )
