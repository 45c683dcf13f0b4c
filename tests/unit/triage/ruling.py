"""Small triage rules for tests, compiled from YAML as those of a policy are."""

from datetime import UTC, datetime
from typing import Any

from escalation.compiler.compile import compile_policy
from escalation.triage.facts import TicketFacts
from escalation.triage.judging import judge
from escalation.triage.rules import TriageRules
from escalation.triage.verdict import Verdict
from tests.unit.compiler.texts import YEARS, edited

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

LANES = """\
    - name: back
  lanes:
    legal: back
    customer_asked: back
    agent_unable: middle
    financial_impact: middle
    behaviour: back
"""

LADDER = edited("    - name: back\n", "    - name: middle\n" + LANES)
"""The sound policy with three tiers and the lanes that hard triggers need."""


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in text.strip("\n").splitlines())


def with_triage(rules: str, more: str = "", threshold: int = 10) -> str:
    """A policy with these rules, written without indentation."""
    return f"{LADDER}triage:\n  threshold: {threshold}\n{indented(more, 2)}  rules:\n{indented(rules, 4)}"


def ruled(rules: str, more: str = "", threshold: int = 10) -> TriageRules:
    compiled = compile_policy(with_triage(rules, more, threshold), source="policy.yaml", years=YEARS)
    assert compiled.triage is not None
    return compiled.triage


def verdict(rules: str, more: str = "", threshold: int = 10, **facts: Any) -> Verdict:
    """What these rules say of a ticket."""
    return judge(TicketFacts(**facts), ruled(rules, more, threshold), now=NOW)


def evidence(said: Verdict, rule: str) -> list[tuple[str, str]]:
    (found,) = (each for each in said.findings if each.rule == rule)
    return [(each.where, each.found) for each in found.evidence]


def matched(said: Verdict) -> list[str]:
    return [each.rule for each in said.findings]
