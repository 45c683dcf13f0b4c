"""From facts and rules to a verdict: what counts before what, and what is kept as evidence."""

from datetime import timedelta
from typing import Any

import pytest

from escalation.triage.excerpt import Excerpt
from escalation.triage.rules import Level
from escalation.vocabulary import Category, Reason, Severity
from tests.unit.triage.ruling import NOW, evidence, matched, verdict

MATRIX = """
priority:
  impact:
    high: {fact: users_affected, at_least: 100}
    medium: {fact: users_affected, at_least: 10}
  urgency:
    high: {fact: hours_to_deadline, at_most: 8}
  matrix:
    high: {high: SEV1, medium: SEV2, low: SEV3}
    medium: {high: SEV2, medium: SEV3, low: SEV4}
    low: {high: SEV3, medium: SEV4, low: SEV4}
"""
HOURS = "hours: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 6}"
OWNERS = "owners: {when: {fact: owners_tried, at_least: 3}, reason: passed_around, score: 4}"
BOTH = f"{HOURS}\n{OWNERS}"
LEGAL = "law: {hard: true, when: {words: lawyer}, reason: legal, category: policy}"


def test_a_ticket_of_which_nothing_is_known_does_not_escalate() -> None:
    said = verdict(BOTH)
    assert not said.escalate
    assert (said.score, said.reasons, said.findings) == (0, (), ())
    assert (said.category, said.severity, said.tier, said.tier_name) == (None, Severity.SEV3, 1, "front")
    assert said.frustration is None


@pytest.mark.parametrize(("owners", "escalates"), [(2, False), (3, True)])
def test_scores_add_up_and_escalate_from_the_threshold_on(owners: int, escalates: bool) -> None:
    said = verdict(BOTH, hours_spent=8, owners_tried=owners)
    assert said.escalate is escalates
    assert said.score == (10 if escalates else 6)
    assert not said.hard


def test_every_rule_that_matched_says_what_it_found() -> None:
    said = verdict(BOTH, hours_spent=7.5 + 2, owners_tried=3)
    assert matched(said) == ["hours", "owners"]
    assert evidence(said, "hours") == [("hours_spent", "9.5 (at least 8)")]
    assert evidence(said, "owners") == [("owners_tried", "3 (at least 3)")]
    assert said.reasons == (Reason.UNRESOLVED, Reason.PASSED_AROUND)


def test_a_fact_that_no_one_knows_matches_no_comparison() -> None:
    rules = "few: {when: {fact: times_contacted, at_most: 1}, category: product}"
    assert matched(verdict(rules)) == []
    assert matched(verdict(rules, times_contacted=0)) == ["few"]


# N7: hard triggers.


def test_a_hard_trigger_escalates_whatever_the_score_and_starts_in_its_lane() -> None:
    said = verdict(f"{BOTH}\n{LEGAL}", text="My lawyer will call.")
    assert said.escalate
    assert said.hard
    assert said.score == 0
    assert (said.reasons, said.lane, said.tier_name) == ((Reason.LEGAL,), Reason.LEGAL, "back")
    assert evidence(said, "law") == [("text", "lawyer")]


@pytest.mark.parametrize(
    ("fact", "reason", "tier"),
    [
        ("agent_says_unable", Reason.AGENT_UNABLE, "middle"),
        ("customer_asked_for_superior", Reason.CUSTOMER_ASKED, "back"),
    ],
)
def test_saying_so_is_enough_when_the_agent_is_unable_or_the_customer_asks(
    fact: str, reason: Reason, tier: str
) -> None:
    flagged: dict[str, Any] = {fact: True}
    said = verdict(HOURS, threshold=6, **flagged)
    assert said.escalate
    assert said.hard
    assert (said.reasons, said.lane, said.tier_name) == ((reason,), reason, tier)
    assert evidence(said, reason.value) == [(fact, "yes")]


def test_reasons_of_hard_triggers_come_first() -> None:
    said = verdict(f"{HOURS}\n{OWNERS}\n{LEGAL}", hours_spent=9, text="lawyer")
    assert said.reasons == (Reason.LEGAL, Reason.UNRESOLVED)


def test_the_category_of_a_hard_trigger_counts_before_any_score() -> None:
    billing = "bill: {when: {words: invoice}, category: billing, reason: unresolved, score: 100}"
    said = verdict(f"{billing}\n{LEGAL}", text="The invoice goes to my lawyer")
    assert said.category is Category.POLICY
    assert said.score == 100


# Category.


def test_the_category_is_that_of_the_highest_scores_together() -> None:
    rules = """
a: {when: {words: printer}, category: technical, reason: unresolved, score: 5}
b: {when: {words: refund}, category: billing, reason: unresolved, score: 3}
c: {when: {words: invoice}, category: billing, subcategory: invoice, reason: unresolved, score: 3}
"""
    said = verdict(rules, text="printer, refund, invoice")
    assert (said.category, said.subcategory) == (Category.BILLING, "invoice")
    assert verdict(rules, text="printer, refund").category is Category.TECHNICAL


def test_of_two_categories_alike_the_first_rule_wins() -> None:
    one = "one: {when: {words: printer}, category: technical, subcategory: hardware}"
    two = "two: {when: {words: refund}, category: billing, subcategory: refund}"
    assert verdict(f"{one}\n{two}", text="refund printer").category is Category.TECHNICAL
    assert verdict(f"{two}\n{one}", text="refund printer").category is Category.BILLING


def test_a_rule_without_a_score_counts_one_for_its_category_and_nothing_for_escalating() -> None:
    rules = """
a: {when: {words: printer}, category: technical}
b: {when: {words: [ink]}, category: product}
c: {when: {words: [colour]}, category: product}
"""
    said = verdict(rules, text="printer ink colour", threshold=1)
    assert (said.category, said.score, said.escalate) == (Category.PRODUCT, 0, False)


def test_the_help_desks_category_counts_where_no_rule_says_one() -> None:
    rules = "a: {when: {words: printer}, category: technical}"
    assert verdict(rules, category=Category.BILLING).category is Category.BILLING
    assert verdict(rules, category=Category.BILLING, text="printer").category is Category.TECHNICAL


# Severity.


@pytest.mark.parametrize(
    ("users", "hours", "impact", "urgency", "severity"),
    [
        (100, 8, Level.HIGH, Level.HIGH, Severity.SEV1),
        (100, 9, Level.HIGH, Level.LOW, Severity.SEV3),
        (10, 1, Level.MEDIUM, Level.HIGH, Severity.SEV2),
        (9, 100, Level.LOW, Level.LOW, Severity.SEV4),
        (9, -1, Level.LOW, Level.HIGH, Severity.SEV3),
    ],
)
def test_impact_and_urgency_give_the_severity(
    users: int, hours: int, impact: Level, urgency: Level, severity: Severity
) -> None:
    said = verdict(HOURS, MATRIX, 6, users_affected=users, deadline=NOW + timedelta(hours=hours))
    assert (said.impact, said.urgency, said.severity) == (impact, urgency, severity)
    assert ("impact", impact.value) in evidence(said, "priority")


def test_the_severity_is_the_worst_that_is_said() -> None:
    rules = """
bad: {when: {words: down}, severity: SEV2}
mild: {when: {words: please}, severity: SEV4}
"""
    assert verdict(rules, text="please, it is down").severity is Severity.SEV2
    assert verdict(rules, text="please").severity is Severity.SEV3
    assert verdict(rules, text="it is down", severity=Severity.SEV1).severity is Severity.SEV1
    assert verdict(rules, text="please", severity=Severity.SEV4).severity is Severity.SEV4


def test_ageing_and_recurrence_raise_the_severity_step_by_step_and_never_above_the_worst() -> None:
    rules = """
week: {when: {fact: days_open, at_least: 7}, raise_severity: 1}
again: {when: {fact: reopen_count, at_least: 1}, raise_severity: 1}
"""
    facts: dict[str, Any] = {"severity": Severity.SEV4}
    assert verdict(rules, **facts, days_open=6.9).severity is Severity.SEV4
    assert verdict(rules, **facts, days_open=7).severity is Severity.SEV3
    assert verdict(rules, **facts, days_open=7, reopen_count=1).severity is Severity.SEV2
    assert verdict(rules, severity=Severity.SEV1, days_open=7).severity is Severity.SEV1


# Tier and lane.


def test_the_tier_is_the_highest_of_all_lanes_and_tiers_that_are_named() -> None:
    rules = """
money: {when: {words: loss}, reason: financial_impact}
abuse: {when: {words: idiot}, category: behaviour}
own: {when: {words: ceo}, tier: middle}
lane: {when: {words: press}, lane: legal}
"""
    assert (verdict(rules, text="loss").tier, verdict(rules, text="loss").lane) == (2, Reason.FINANCIAL_IMPACT)
    assert (verdict(rules, text="idiot").tier, verdict(rules, text="idiot").lane) == (3, Category.BEHAVIOUR)
    assert (verdict(rules, text="loss idiot").tier, verdict(rules, text="loss idiot").lane) == (3, Category.BEHAVIOUR)
    assert (verdict(rules, text="ceo").tier, verdict(rules, text="ceo").lane) == (2, None)
    assert (verdict(rules, text="press ceo").tier, verdict(rules, text="press ceo").lane) == (3, Reason.LEGAL)


# Frustration.


@pytest.mark.parametrize(
    ("tone", "level"), [(0.9, 0), (0.0, 0), (-0.05, 1), (-0.3, 2), (-0.5, 3), (-0.7, 4), (-1.0, 4)]
)
def test_the_tone_suggests_a_level(tone: float, level: int) -> None:
    assert verdict(HOURS, threshold=6, tone=tone).frustration == level


def test_what_a_person_judged_counts_before_tone_and_words() -> None:
    rules = "rude: {when: {words: ridiculous}, frustration: 3}"
    assert verdict(rules, tone=-0.9, text="ridiculous", frustration=1).frustration == 1
    assert verdict(rules, tone=-0.1, text="ridiculous").frustration == 3
    assert verdict(rules, tone=-0.9, text="ridiculous").frustration == 4
    assert verdict(rules, text="ridiculous").frustration == 3


def test_rules_may_ask_for_the_frustration_that_the_tone_suggests() -> None:
    rules = "angry: {when: {fact: frustration, at_least: 3}, reason: unmet_expectation, score: 10}"
    assert verdict(rules, tone=-0.6).escalate
    assert not verdict(rules, tone=-0.2).escalate
    assert not verdict(rules).escalate


# Conditions.


def test_all_any_and_none_go_together() -> None:
    rules = """
mixed:
  when:
    all: [{tags: vip}, {fact: hours_spent, at_least: 1}]
    any: [{words: refund}, {customer_tier: gold}]
    none: [{words: thanks}]
  category: billing
"""
    facts: dict[str, Any] = {"tags": ("VIP",), "hours_spent": 2, "text": "refund"}
    assert matched(verdict(rules, **facts)) == ["mixed"]
    assert matched(verdict(rules, **(facts | {"tags": ()}))) == []
    assert matched(verdict(rules, **(facts | {"hours_spent": 0}))) == []
    assert matched(verdict(rules, **(facts | {"text": "?"}))) == []
    assert matched(verdict(rules, **(facts | {"text": "?", "customer_tier": "Gold"}))) == ["mixed"]
    assert matched(verdict(rules, **(facts | {"text": "refund, thanks"}))) == []


def test_all_that_speaks_for_a_rule_is_evidence_not_only_the_first() -> None:
    rules = "it: {when: {any: [{words: [refund, money back]}, {industry: [retail]}, {tags: [vip]}]}, category: billing}"
    said = verdict(rules, subject="Refund", text="I want my Money  back", industry="Retail", tags=("other",))
    assert evidence(said, "it") == [("subject", "Refund"), ("text", "Money  back"), ("industry", "Retail")]


def test_history_counts_where_it_is_known() -> None:
    rules = "before: {when: {fact: earlier_escalations, at_least: 2}, reason: recurrence, score: 10}"
    assert not verdict(rules).escalate
    assert not verdict(rules, earlier_escalations=1).escalate
    assert verdict(rules, earlier_escalations=2).reasons == (Reason.RECURRENCE,)


# Content before tone.

ABOUT = """
charge: {when: {words: charged twice}, category: billing, subcategory: charge, reason: unmet_expectation, score: 5}
rude: {when: {words: [idiot*]}, category: behaviour, reason: policy_violation, score: 10, frustration: 4, tier: back}
told: {when: {tags: abuse}, category: behaviour, reason: policy_violation, score: 10}
"""


def test_one_rude_word_does_not_make_a_case_about_behaviour() -> None:
    said = verdict(ABOUT, text="You idiots charged me. I was charged twice!")
    assert (said.category, said.subcategory) == (Category.BILLING, "charge")
    assert (said.tier, said.lane, said.proposed_lane) == (1, None, Category.BEHAVIOUR)
    assert said.reasons == (Reason.UNMET_EXPECTATION,)
    assert (said.score, said.frustration) == (15, 4)


def test_the_category_of_the_help_desk_comes_before_the_tone_too() -> None:
    said = verdict(ABOUT, text="You idiots!", category=Category.SERVICE)
    assert (said.category, said.proposed_lane, said.reasons) == (Category.SERVICE, Category.BEHAVIOUR, ())
    assert said.escalate


def test_a_text_of_nothing_but_insults_is_about_behaviour() -> None:
    said = verdict(ABOUT, text="You idiots!")
    assert (said.category, said.lane, said.proposed_lane) == (Category.BEHAVIOUR, Category.BEHAVIOUR, None)


def test_what_a_person_marked_as_abuse_counts_like_any_content() -> None:
    said = verdict(ABOUT, text="I was charged twice!", tags=("abuse",))
    assert (said.category, said.proposed_lane) == (Category.BEHAVIOUR, None)


def test_a_rule_may_score_without_claiming_a_reason() -> None:
    said = verdict("before: {when: {fact: earlier_escalations, at_least: 2}, score: 10}", earlier_escalations=2)
    assert (said.escalate, said.reasons) == (True, ())


def test_the_parts_of_a_message_that_were_not_judged_are_evidence() -> None:
    quoted = Excerpt(text="It is broken", left_out=("quote of 12 lines", "signature"))
    assert [(one.where, one.found) for one in quoted.evidence] == [
        ("left out", "quote of 12 lines"),
        ("left out", "signature"),
    ]
