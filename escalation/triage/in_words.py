"""Why triage judged a ticket as it did, in lines for people."""

from escalation.phrasing import words
from escalation.triage.keeping import KeptFinding, KeptVerdict


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
