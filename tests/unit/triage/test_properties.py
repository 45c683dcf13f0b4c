"""What holds of every verdict, whatever the ticket and the rules."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.case.codec import from_json, to_json
from escalation.compiler.compile import compile_policy
from escalation.triage.facts import NumberFact, TicketFacts
from escalation.triage.judging import judge
from escalation.triage.rules import Comparison, Conclusion, Condition, Rule, TriageRules
from escalation.triage.verdict import Verdict
from escalation.vocabulary import Category, Reason, Severity
from tests.unit.triage.ruling import NOW

DEFAULT = Path(__file__).parents[3] / "policies" / "default.yaml"
WORDS = (
    *("refund", "lawyer", "Rechnung", "doppelt abgebucht", "printer", "urgent", "manager", "speak to a manager", "VPN"),
    *("unacceptable", "Frechheit", "third time", "no answer", "outage", "warranty", "AGB", "idiot", "GDPR", "."),
)

TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
FACTS = st.builds(
    TicketFacts,
    subject=TEXTS,
    text=TEXTS,
    language=st.sampled_from(["", "en", "de", "fr"]),
    customer_tier=st.sampled_from(["", "gold", "silver"]),
    industry=st.sampled_from(["", "health"]),
    tags=st.lists(st.sampled_from(["abuse", "repeated-complaints", "x", "y"]), unique=True).map(tuple),
    severity=st.none() | st.sampled_from(Severity),
    category=st.none() | st.sampled_from(Category),
    users_affected=st.none() | st.integers(0, 500),
    money_at_stake=st.none() | st.integers(0, 20_000).map(float),
    hours_spent=st.none() | st.integers(0, 30).map(float),
    owners_tried=st.none() | st.integers(0, 8),
    days_open=st.none() | st.integers(0, 40).map(float),
    reopen_count=st.none() | st.integers(0, 4),
    earlier_escalations=st.none() | st.integers(0, 4),
    tone=st.none() | st.integers(-100, 100).map(lambda share: share / 100),
    agent_says_unable=st.booleans(),
    customer_asked_for_superior=st.booleans(),
)
CONCLUSIONS = st.builds(
    Conclusion,
    reason=st.sampled_from(Reason),
    category=st.none() | st.sampled_from(Category),
    severity=st.none() | st.sampled_from(Severity),
    raise_severity=st.integers(0, 3),
    score=st.integers(0, 20),
    tier=st.integers(0, 3),
    frustration=st.integers(0, 4),
)
ALWAYS = Condition(any_of=(Comparison(fact=NumberFact.TIMES_CONTACTED, at_least=0),))


@cache
def default() -> TriageRules:
    text = DEFAULT.read_text(encoding="utf-8")
    found = compile_policy(text, source="default.yaml", years=range(2026, 2028)).triage
    assert found is not None
    return found


@settings(max_examples=60, deadline=None)
@given(FACTS)
def test_the_same_ticket_gets_the_same_verdict_and_it_survives_the_wire(facts: TicketFacts) -> None:
    said = judge(facts, default(), now=NOW)
    assert judge(facts, default(), now=NOW) == said
    assert from_json(Verdict, to_json(said)) == said
    assert from_json(TicketFacts, to_json(facts)) == facts


@settings(max_examples=60, deadline=None)
@given(FACTS, st.randoms(use_true_random=False))
def test_the_order_of_tags_does_not_matter(facts: TicketFacts, chance: Random) -> None:
    shuffled = list(facts.tags)
    chance.shuffle(shuffled)
    assert judge(replace(facts, tags=tuple(shuffled)), default(), now=NOW) == judge(facts, default(), now=NOW)


@settings(max_examples=60, deadline=None)
@given(FACTS, CONCLUSIONS, st.booleans(), st.booleans())
def test_one_more_matching_rule_never_makes_a_ticket_milder_or_calmer(
    facts: TicketFacts, conclusion: Conclusion, hard: bool, first: bool
) -> None:
    known = replace(facts, times_contacted=0)
    rule = Rule(id="one-more", when=ALWAYS, concludes=conclusion, hard=hard)
    rules = default()
    more = replace(rules, rules=(rule, *rules.rules) if first else (*rules.rules, rule))
    before, after = judge(known, rules, now=NOW), judge(known, more, now=NOW)
    assert after.severity <= before.severity
    assert after.score == before.score + conclusion.score
    assert after.escalate >= before.escalate
    assert (after.frustration or 0) >= (before.frustration or 0)
    assert set(before.reasons) <= set(after.reasons)


@settings(max_examples=100, deadline=None)
@given(FACTS)
def test_a_verdict_hangs_together(facts: TicketFacts) -> None:
    said = judge(facts, default(), now=NOW)
    assert said.escalate == (said.hard or said.score >= said.threshold)
    assert said.score == sum(each.concluded.score for each in said.findings)
    assert all(each.evidence for each in said.findings)
    assert said.tier_name == default().ladder.tier(said.tier).name
    assert said.tier >= max((default().ladder.lanes.get(lane, 1) for lane in said.reasons), default=1)
    for finding in said.findings:
        for one in finding.evidence:
            if one.where in {"subject", "text"}:
                assert one.found in getattr(facts, one.where)
