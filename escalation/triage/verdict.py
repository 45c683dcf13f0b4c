"""The verdict of triage on a ticket, with its reasons."""

from dataclasses import dataclass

from escalation.triage.matching import Evidence
from escalation.triage.rules import Conclusion, Level
from escalation.vocabulary import Category, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that matched."""

    # its id; `help_desk`, `priority` and `new_part` are not rules: they name what the help desk and the matrix gave,
    # and the parts of the message that were not judged
    rule: str
    hard: bool = False
    concluded: Conclusion  # what followed from it
    evidence: tuple[Evidence, ...]  # the very words and values that matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a ticket should escalate, and as what. Every part follows from the findings."""

    escalate: bool
    hard: bool  # whether a hard trigger says so, whatever the score
    score: int  # what the rules that matched add up to
    threshold: int  # the score from which on it escalates
    # why, those of hard triggers first; empty where only rules without a reason added to the score
    reasons: tuple[Reason, ...]
    category: Category | None  # what kind of concern; None when neither a rule nor the help desk says
    subcategory: str  # a finer category; empty when no rule says
    severity: Severity
    tier: int  # number of the tier where it should start
    tier_name: str
    # the reason or category that puts it there; None for the first tier, or when a rule named the tier
    lane: Reason | Category | None
    frustration: int | None  # 0 to 4, suggested or as a person judged it; None if it was not judged
    impact: Level | None  # on the customer's business; None without a priority matrix
    urgency: Level | None  # as above
    findings: tuple[Finding, ...]  # everything that was found, in the order of the rules
    # a lane that the tone suggests where content decided otherwise; for a person to decide
    proposed_lane: Reason | Category | None = None
