"""The stored part of a verdict: enough to explain it in lines for people, within a fixed size.

The evidence of a rule is words of the customer, and a rule may have found many; a timeline stays for good, and every
run of a workflow carries the latest of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from escalation.bounds import FEW, Id, Line, Measure, Number, Tag
from escalation.phrasing import words

if TYPE_CHECKING:
    # Every command imports this module, and only triage itself needs the rules behind a verdict.
    from escalation.triage.matching import Evidence
    from escalation.triage.verdict import Finding, Verdict

MOST_FINDINGS = 15
MOST_EVIDENCE = 3  # of each finding
LONGEST_WORDS = 60  # characters of a piece of evidence, or of the name of a rule


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """A rule that matched.

    Attributes:
        rule: Its id, as in `Finding`.
        score: What it added.
        evidence: What it found, such as `text: lawyer`; the first few, cut.
    """

    rule: Tag
    hard: bool = False
    score: Number = 0
    evidence: Annotated[tuple[Line, ...], FEW] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The customer's earlier escalations, as the record knew them when the case was opened.

    Attributes:
        total: How many other escalations they had, within the horizon of the policy.
        reopened: How many of those were reopened.
        breached: How many of those broke a promise.
        related: Their ids, newest first, at most ten.
    """

    total: Number
    reopened: Number = 0
    breached: Number = 0
    related: Annotated[tuple[Id, ...], FEW] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVerdict:
    """A verdict that a ticket should escalate, less what the case itself says.

    Attributes:
        rules: SHA-256 of the compiled triage rules, hex.
        score: What the rules that matched add up to.
        threshold: The score from which on a ticket should escalate.
        hard: Whether a hard trigger said so, whatever the score.
        tier: Number of the tier where it should start.
        subcategory: A finer category; empty when no rule says.
        findings: What was found, in the order of the rules; hard triggers and high scores if there are too many.
        left_out: How many findings are not among them.
        tone: -1 to 1, how the wording sounds; None when it was not judged.
        earlier: How many escalations the customer had before; None when the record was not asked.
        history: Those escalations; None when the record was not asked.
        proposed_lane: A lane that the customer's tone suggests; nothing followed from it. Empty for none.
    """

    rules: Tag
    score: Number
    threshold: Number
    hard: bool
    tier: Number
    subcategory: Tag = ""
    findings: Annotated[tuple[KeptFinding, ...], FEW] = ()
    left_out: Number = 0
    tone: Measure | None = None
    earlier: Number | None = None
    proposed_lane: Tag = ""
    history: History | None = None


def kept(
    verdict: "Verdict", *, rules: str, tone: float | None, earlier: int | None, history: History | None = None
) -> KeptVerdict:
    """The stored part of a verdict.

    Args:
        rules: Checksum of the rules that said it.
        tone: How the wording sounds.
        earlier: How many escalations the customer had before.
        history: Those escalations.
    """
    findings = kept_findings(verdict.findings)
    return KeptVerdict(
        rules=rules,
        score=verdict.score,
        threshold=verdict.threshold,
        hard=verdict.hard,
        tier=verdict.tier,
        subcategory=_cut(verdict.subcategory),
        findings=findings,
        left_out=len(verdict.findings) - len(findings),
        tone=tone,
        earlier=earlier,
        history=history,
        proposed_lane=verdict.proposed_lane or "",
    )


def kept_findings(findings: "Sequence[Finding]") -> tuple[KeptFinding, ...]:
    """The findings that say most, in the order in which they were; each cut to size."""
    by_weight = sorted(range(len(findings)), key=lambda n: (not findings[n].hard, -findings[n].concluded.score))
    return tuple(_kept_finding(findings[n]) for n in sorted(by_weight[:MOST_FINDINGS]))


def _kept_finding(finding: "Finding") -> KeptFinding:
    return KeptFinding(
        rule=_cut(finding.rule),
        hard=finding.hard,
        score=finding.concluded.score,
        evidence=tuple(_words(each) for each in finding.evidence[:MOST_EVIDENCE]),
    )


def _words(evidence: "Evidence") -> str:
    return f"{evidence.where.replace('_', ' ')}: {_cut(evidence.found)}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"


def verdict_lines(verdict: KeptVerdict) -> list[str]:
    """Why, in the words of the rules: the score, then a line for each finding."""
    why = f"{'a hard trigger, ' if verdict.hard else ''}score {verdict.score} of {verdict.threshold}"
    more = [f"and {verdict.left_out} more"] if verdict.left_out else []
    lane = verdict.proposed_lane
    tone = [f"the tone suggests the lane {words(lane)}; `escalate` the case if you agree"] if lane else []
    return [f"why: {why}", *map(_finding, verdict.findings), *more, *tone]


def _finding(finding: KeptFinding) -> str:
    score = f" +{finding.score}" if finding.score else ""
    return f"{finding.rule}{score}: {'; '.join(finding.evidence)}"
