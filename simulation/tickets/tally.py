"""Counts what triage said of many tickets."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from escalation.triage.rules import NO_RULES
from escalation.triage.verdict import Verdict

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Totals of a triage. `rules` counts all tickets; the others those that should escalate."""

    tickets: int
    escalate: int
    hard: int
    categories: Mapping[str, int]
    severities: Mapping[str, int]  # by severity, the worst first
    tiers: Mapping[str, int]
    reasons: Mapping[str, int]  # by reason; a ticket may have several
    rules: Mapping[str, int]
    tone_not_judged: int


@dataclass(slots=True)
class Tally:
    """Takes verdicts one at a time."""

    _tickets: int = 0
    _escalate: int = 0
    _hard: int = 0
    _not_judged: int = 0
    _categories: Counter[str] = field(default_factory=Counter)
    _severities: Counter[str] = field(default_factory=Counter)
    _tiers: Counter[str] = field(default_factory=Counter)
    _reasons: Counter[str] = field(default_factory=Counter)
    _rules: Counter[str] = field(default_factory=Counter)

    def add(self, verdict: Verdict, tone: float | None) -> None:
        """Count one ticket."""
        self._tickets += 1
        self._not_judged += tone is None
        self._rules.update(each.rule for each in verdict.findings if each.rule not in NO_RULES)
        if not verdict.escalate:
            return
        self._escalate += 1
        self._hard += verdict.hard
        self._categories[verdict.category or UNKNOWN] += 1
        self._severities[verdict.severity] += 1
        self._tiers[verdict.tier_name] += 1
        self._reasons.update(verdict.reasons)

    def totals(self) -> Totals:
        """Return the totals so far."""
        return Totals(
            tickets=self._tickets,
            escalate=self._escalate,
            hard=self._hard,
            categories=_most_first(self._categories),
            severities=dict(sorted(self._severities.items())),
            tiers=_most_first(self._tiers),
            reasons=_most_first(self._reasons),
            rules=_most_first(self._rules),
            tone_not_judged=self._not_judged,
        )


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda count: (-count[1], count[0])))
