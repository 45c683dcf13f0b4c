"""The verdict of triage on a ticket, with its reasons."""

from dataclasses import dataclass

from escalation.triage.matching import Evidence
from escalation.triage.rules import Conclusion, Level
from escalation.vocabulary import Category, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that matched.

    Attributes:
        rule: Its id; `help_desk`, `priority` and `new_part` are not rules: they name what the help desk and the matrix
            gave, and the parts of the message that were not judged.
        concluded: What followed from it.
        evidence: The very words and values that matched.
    """

    rule: str
    hard: bool = False
    concluded: Conclusion
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a ticket should escalate, and as what. Every part follows from the findings.

    Attributes:
        hard: Whether a hard trigger says so, whatever the score.
        score: What the rules that matched add up to.
        threshold: The score from which on it escalates.
        reasons: Why, those of hard triggers first; empty where only rules without a reason added to the score.
        category: What kind of concern; None when neither a rule nor the help desk says.
        subcategory: A finer category; empty when no rule says.
        tier: Number of the tier where it should start.
        lane: The reason or category that puts it there; None for the first tier, or when a rule named the tier.
        proposed_lane: A lane that the tone suggests where content decided otherwise; for a person to decide.
        frustration: 0 to 4, suggested or as a person judged it; None if it was not judged.
        impact: On the customer's business; None without a priority matrix.
        urgency: As above.
        findings: Everything that was found, in the order of the rules.
    """

    escalate: bool
    hard: bool
    score: int
    threshold: int
    reasons: tuple[Reason, ...]
    category: Category | None
    subcategory: str
    severity: Severity
    tier: int
    tier_name: str
    lane: Reason | Category | None
    frustration: int | None
    impact: Level | None
    urgency: Level | None
    findings: tuple[Finding, ...]
    proposed_lane: Reason | Category | None = None
