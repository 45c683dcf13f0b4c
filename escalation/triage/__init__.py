"""Triage: should this ticket escalate at all, and as what? Answered with reasons, without opening anything.

Pure: facts and rules in, verdict out. `escalation.compiler` makes the rules from the policy's `triage:` section.
"""

from escalation.triage.excerpt import Excerpt
from escalation.triage.facts import Flag, InvalidFacts, NumberFact, TicketFacts
from escalation.triage.judging import judge
from escalation.triage.keeping import KeptFinding, KeptVerdict
from escalation.triage.matching import Evidence
from escalation.triage.rules import Conclusion, Level, Rule, TriageRules
from escalation.triage.verdict import Finding, Verdict

__all__ = [
    "Conclusion",
    "Evidence",
    "Excerpt",
    "Finding",
    "Flag",
    "InvalidFacts",
    "KeptFinding",
    "KeptVerdict",
    "Level",
    "NumberFact",
    "Rule",
    "TicketFacts",
    "TriageRules",
    "Verdict",
    "judge",
]
