"""The shape of the `triage:` section: which keys a rule may have. Shape only, as in `escalation.compiler.model`."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from escalation.compiler.words import CategoryWord, OneOrMore, ReasonWord, SeverityWord, Text, Texts, by_language
from escalation.documents.shape import Section
from escalation.triage.facts import ANGRIEST, Flag, NumberFact
from escalation.triage.rules import HISTORY_DAYS, Level
from escalation.vocabulary import Severity

FactWord: TypeAlias = Annotated[NumberFact, Field(strict=False)]
FlagWord: TypeAlias = Annotated[Flag, Field(strict=False)]
LevelWord: TypeAlias = Annotated[Level, Field(strict=False)]


WordsByLanguage: TypeAlias = Annotated[
    dict[Text, Texts],
    Field(min_length=1),
    BeforeValidator(by_language, json_schema_input_type=Texts | dict[Text, Texts]),
]


class MatcherSection(Section):
    """One thing to look for in a ticket: exactly one of these, a number with its bounds."""

    words: WordsByLanguage | None = None
    """Words or phrases in the subject or the text, by language (`en`, `de`, or `any`); `*` at the end of a word leaves its ending open."""
    pattern: Text | None = None
    """A regular expression of which every repeat has an upper bound."""
    fact: FactWord | None = None
    """A number, with `at_least`, `at_most` or both."""
    at_least: int | None = None
    """The lowest value of `fact` that matches."""
    at_most: int | None = None
    """The highest value of `fact` that matches."""
    flag: FlagWord | None = None
    """A flag set by a person at the desk."""
    tags: Texts | None = None
    """The ticket has one of these tags."""
    customer_tier: Texts | None = None
    """The customer has one of these contract tiers."""
    industry: Texts | None = None
    """The customer is in one of these lines of business."""


Matchers: TypeAlias = OneOrMore[MatcherSection]


class ConditionSection(MatcherSection):
    """When something is so: one thing to look for, or several under `all`, `any` and `none`."""

    all: Matchers | None = None
    """All of these match."""
    any: Matchers | None = None
    """At least one of these matches."""
    none: Matchers | None = None
    """None of these matches."""


class RuleSection(Section):
    """If this, then that; it must conclude something."""

    when: ConditionSection
    """What must be so."""
    hard: bool = False
    """Whether it escalates by itself, whatever the score."""
    reason: ReasonWord | None = None
    """Why the ticket should escalate."""
    score: int = Field(default=0, ge=0, le=1000)
    """What it adds towards the threshold."""
    category: CategoryWord | None = None
    """What kind of concern it is."""
    subcategory: Text | None = None
    """A finer category, in your own words."""
    severity: SeverityWord | None = None
    """At least this bad."""
    raise_severity: int = Field(default=0, ge=0, le=len(Severity) - 1)
    """Number of steps to raise the severity."""
    lane: ReasonWord | CategoryWord | None = None
    """The lane of the ladder in which such a case starts."""
    tier: Text | None = None
    """The tier at which such a case starts at least."""
    frustration: int = Field(default=0, ge=0, le=ANGRIEST)
    """The customer is at least this frustrated, 1 to 4."""


class ScaleSection(Section):
    """When impact or urgency is high or medium; low is the rest."""

    high: ConditionSection
    """When it is high."""
    medium: ConditionSection | None = None
    """When it is medium."""


class PrioritySection(Section):
    """Impact and urgency together give a severity."""

    impact: ScaleSection
    """How much of the customer's business is hit."""
    urgency: ScaleSection
    """How soon it matters."""
    matrix: dict[LevelWord, dict[LevelWord, SeverityWord]]
    """The severity for each impact, and in it for each urgency: `high`, `medium`, `low`."""


class TriageSection(Section):
    """Whether a ticket should escalate at all, and as what."""

    threshold: int = Field(ge=1, le=1000)
    """The score from which on a ticket should escalate."""
    rules: dict[Text, RuleSection] = Field(min_length=1)
    """The rules by name, in the order that decides ties."""
    priority: PrioritySection | None = None
    """Impact and urgency, and the severity they give."""
    usual_severity: SeverityWord = Severity.SEV3
    """The severity where neither the help desk nor `priority` says one."""
    history_days: int = Field(default=HISTORY_DAYS, ge=1, le=3650)
    """How many days after its opening an earlier escalation of the customer counts."""
