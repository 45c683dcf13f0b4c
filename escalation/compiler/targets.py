"""Compiles targets: from the short forms to rules of which the first that matches counts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from escalation.business_time import Calendar, Duration
from escalation.clock_rules import Target, subcategory_key
from escalation.compiler.calendars import Calendars
from escalation.compiler.clock_model import TargetSection
from escalation.compiler.durations import read_duration
from escalation.compiler.sections import require_category
from escalation.documents.problems import Problems, listed
from escalation.documents.yaml import Path
from escalation.vocabulary import Category, Severity

Written: TypeAlias = str | dict[Severity, str] | list[TargetSection]  # targets as written in a file

OTHER = ""  # a customer tier or a subcategory that no rule names


class Kind(NamedTuple):
    """A kind of escalation, as the conditions of targets and pauses tell them apart."""

    severity: Severity
    category: Category
    customer_tier: str = OTHER
    subcategory: str = OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One written target."""

    path: Path
    within: str  # the time allowed, as text
    calendar: str | None = None  # the calendar named for it; None for that of the severity
    severity: tuple[Severity, ...] = ()
    category: tuple[Category, ...] = ()
    subcategory: tuple[str, ...] = ()
    customer_tier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A compiled target, the calendar it is counted in, and where it was written."""

    target: Target
    calendar: Calendar
    path: Path


class Conditions(Protocol):
    """The conditions of a target or a pause; empty ones match every escalation."""

    @property
    def severity(self) -> tuple[Severity, ...]:
        """Severities it holds for."""

    @property
    def category(self) -> tuple[Category, ...]:
        """Categories it holds for."""

    @property
    def subcategory(self) -> tuple[str, ...]:
        """Subcategories it holds for."""

    @property
    def customer_tier(self) -> tuple[str, ...]:
        """Customer tiers it holds for."""


C = TypeVar("C", bound=Conditions)


def matches(conditions: Conditions, kind: Kind) -> bool:
    """Whether a target or a pause, written or compiled, holds for this kind of escalation."""
    return (
        (not conditions.severity or kind.severity in conditions.severity)
        and (not conditions.category or kind.category in conditions.category)
        and (not conditions.subcategory or kind.subcategory in conditions.subcategory)
        and (not conditions.customer_tier or kind.customer_tier in conditions.customer_tier)
    )


def first_match(conditions: Iterable[C], kind: Kind) -> C | None:
    """The first target that holds for this kind of escalation, which is the one that counts; None where none does."""
    return next((each for each in conditions if matches(each, kind)), None)


def rules_of(written: Written, path: Path, calendar: str | None) -> tuple[Rule, ...]:
    """All three ways of writing targets, as rules."""
    if isinstance(written, str):
        return (Rule(path=path, within=written, calendar=calendar),)
    if isinstance(written, dict):
        return tuple(
            Rule(path=(*path, severity.value), within=within, calendar=calendar, severity=(severity,))
            for severity, within in written.items()
        )
    return tuple(
        Rule(
            path=(*path, index),
            within=each.within,
            calendar=each.calendar or calendar,
            severity=tuple(each.severity or ()),
            category=tuple(each.category or ()),
            subcategory=tuple(map(subcategory_key, each.subcategory or ())),
            customer_tier=tuple(each.customer_tier or ()),
        )
        for index, each in enumerate(written)
    )


def place_targets(rules: Sequence[Rule], calendars: Calendars, problems: Problems) -> tuple[Placed, ...]:
    """Compile rules, in order; a rule whose severities count in different calendars becomes one target for each."""
    _refuse_shadowed(rules, problems)
    _refuse_subcategory_alone(rules, problems)
    return tuple(placed for rule in rules for placed in _placed(rule, calendars, problems))


def _placed(rule: Rule, calendars: Calendars, problems: Problems) -> Iterator[Placed]:
    groups: dict[str, list[Severity]] = {}
    for severity in rule.severity or Severity:
        groups.setdefault(rule.calendar or calendars.by_severity[severity], []).append(severity)
    for name, severities in groups.items():
        # Names in `calendar_by_severity` were looked up there already.
        calendar = calendars.find(name, rule.path, problems) if rule.calendar else calendars.by_name.get(name)
        within = None if calendar is None else read_duration(rule.within, (calendar,), _within_path(rule), problems)
        if calendar is not None and within is not None:
            conditions = rule.severity if len(groups) == 1 else tuple(severities)
            yield Placed(target=_target(rule, within, name, conditions), calendar=calendar, path=rule.path)


def _within_path(rule: Rule) -> Path:
    # Passed over where the rule is a single line.
    return (*rule.path, "within")


def _target(rule: Rule, within: Duration, calendar: str, severity: tuple[Severity, ...]) -> Target:
    return Target(
        within=within,
        calendar=calendar,
        severity=severity,
        category=rule.category,
        subcategory=rule.subcategory,
        customer_tier=rule.customer_tier,
    )


def merged(placed: Iterable[Placed]) -> tuple[Target, ...]:
    """The targets with neighbours joined that differ in nothing but their severities: snapshots are carried around."""
    targets = (each.target for each in placed)
    return tuple(_joined(tuple(group)) for _, group in groupby(targets, key=_but_severity))


def _but_severity(target: Target) -> tuple[object, ...]:
    return (
        target.within,
        target.calendar,
        target.category,
        target.subcategory,
        target.customer_tier,
        bool(target.severity),
    )


def _joined(targets: Sequence[Target]) -> Target:
    named = {severity for target in targets for severity in target.severity}
    severities = tuple(severity for severity in Severity if severity in named)
    return replace(targets[0], severity=severities if len(severities) < len(Severity) else ())


def kinds_of(rules: Iterable[Conditions]) -> tuple[Kind, ...]:
    """Every kind of escalation that the rules can tell apart, the worst severity first."""
    known = tuple(rules)
    tiers = sorted({tier for rule in known for tier in rule.customer_tier})
    subcategories = sorted({name for rule in known for name in rule.subcategory})
    return tuple(map(Kind._make, product(Severity, Category, (OTHER, *tiers), (OTHER, *subcategories))))


def _refuse_shadowed(rules: Sequence[Rule], problems: Problems) -> None:
    left = set(kinds_of(rules))
    for rule in rules:
        wanted = {kind for kind in kinds_of(rules) if matches(rule, kind)}
        if not wanted & left:
            problems.add(
                rule.path,
                "this target can never match, because the ones before it match all that it does",
                "move it before them, or leave it out",
            )
        left -= wanted


def _refuse_subcategory_alone(rules: Sequence[Rule], problems: Problems) -> None:
    for rule in rules:
        if rule.subcategory and not rule.category:
            require_category(rule.path, problems)


def require_all(clock: str, rules: Sequence[Rule], path: Path, problems: Problems) -> None:
    """Refuse a clock that must always run and leaves out some escalations."""
    missing = {
        severity: [category for category in Category if not _covered(rules, Kind(severity, category))]
        for severity in Severity
    }
    for severity, categories in missing.items():
        if len(categories) == len(Category):
            problems.add(path, f"`{clock}` has no target for {severity}", f"add one, such as `{severity}: 4h`")
        elif categories:
            problems.add(
                path,
                f"`{clock}` has no target for {severity} with {listed(categories)}",
                "add a last rule without `category`, `subcategory` and `customer_tier`",
            )


def _covered(rules: Iterable[Rule], kind: Kind) -> bool:
    return any(matches(rule, kind) for rule in rules)
