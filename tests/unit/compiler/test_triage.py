"""The `triage:` section: what cannot work is refused in its line, with what to write instead."""

from datetime import timedelta

import pytest

from escalation.triage.rules import Comparison, IsSo, Pattern, Words
from escalation.vocabulary import Severity
from tests.unit.compiler.texts import SOUND, assert_refused, compiled, problems
from tests.unit.triage.ruling import LADDER, NOW, ruled, with_triage

SCORED = "a: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 20}"


def refused(rule: str, *said: str) -> None:
    assert_refused(with_triage(f"{SCORED}\n{rule}"), *said)


def test_a_policy_needs_no_triage_rules() -> None:
    assert compiled(SOUND).triage is None


def test_triage_rules_are_not_part_of_the_snapshot() -> None:
    without, those = compiled(LADDER), compiled(with_triage(SCORED))
    assert (those.policy, those.checksum) == (without.policy, without.checksum)
    assert those.triage is not None
    assert without.triage is None


def test_one_matcher_may_be_without_brackets_and_without_all() -> None:
    short = ruled(f"{SCORED}\nb: {{when: {{words: refund}}, category: billing}}")
    long = ruled(f"{SCORED}\nb: {{when: {{all: [{{words: {{any: [refund]}}}}]}}, category: billing}}")
    assert short.rules == long.rules


def test_rules_keep_their_order_and_their_conditions() -> None:
    rules = ruled("""
b: {when: {all: [{fact: hours_spent, at_least: 8}, {flag: agent_says_unable}]}, reason: unresolved, score: 20}
a: {when: {any: [{pattern: 'INV-\\d{4}'}, {words: {de: [Rechnung]}}]}, category: billing}
""")
    assert [rule.id for rule in rules.rules] == ["b", "a"]
    comparison, flag = rules.rules[0].when.all_of
    assert isinstance(comparison, Comparison)
    assert isinstance(flag, IsSo)
    pattern, words = rules.rules[1].when.any_of
    assert isinstance(pattern, Pattern)
    assert isinstance(words, Words)
    assert set(words.by_language) == {"de"}


# Rules.


def test_a_name_that_is_listed_twice_is_refused_with_both_lines() -> None:
    rule = "two: {when: {words: x}, category: billing}"
    refused(f"{rule}\n{rule} # here", "`two` is here twice, first in line")


@pytest.mark.parametrize("name", ["agent_unable", "customer_asked", "priority", "help_desk"])
def test_a_name_that_is_built_in_is_refused(name: str) -> None:
    refused(f"{name}: {{when: {{words: x}}, category: billing}} # here", f"`{name}`", "built in", "another name")


def test_a_name_with_blanks_is_refused() -> None:
    refused("two words: {when: {words: x}, category: billing} # here", "`two words` is not a name")


def test_a_rule_that_concludes_nothing_is_refused() -> None:
    refused("empty: {when: {words: x}} # here", "`empty` concludes nothing", "`category:` or `score:`")


def test_a_rule_without_a_condition_is_refused() -> None:
    refused("bare: {category: billing} # here", "`bare` has no `when`")


def test_history_counts_for_ninety_days_unless_the_policy_says_otherwise() -> None:
    assert ruled(SCORED).history_from(NOW) == NOW - timedelta(days=90)
    assert ruled(SCORED, "history_days: 30").history_from(NOW) == NOW - timedelta(days=30)


def test_a_subcategory_without_its_category_is_refused() -> None:
    refused("b: {when: {words: x}, subcategory: bug} # here", "needs the category")


@pytest.mark.parametrize(
    ("conclusion", "said"),
    [
        ("reason: legl", "`legl` is not known here; did you mean `legal`?"),
        ("category: bills", "`bills` is not known here; did you mean `billing`?"),
        ("severity: SEV9", "`SEV9` is not known here"),
        ("lane: nowhere", "`nowhere` is not known here"),
        ("lane: too_complex", "the ladder has no lane `too_complex`"),
        ("tier: bakc", "there is no tier `bakc`; did you mean `back`?"),
        ("raise_severity: 4", "`raise_severity` is 4; write at most 3"),
        ("frustration: 5", "`frustration` is 5; write at most 4"),
        ("score: -1", "`score` is -1; write at least 0"),
        ("reasn: legal", "unknown key `reasn`; did you mean `reason`?"),
    ],
)
def test_a_conclusion_that_is_not_known_is_refused(conclusion: str, said: str) -> None:
    refused(f"b:\n  when: {{words: x}}\n  {conclusion} # here", said)


# Hard triggers.


def test_a_hard_trigger_needs_a_reason_that_may_escalate_by_itself() -> None:
    refused("b: {when: {words: x}, hard: true, reason: silence} # here", "escalates by itself", "`legal`")
    refused("b: {when: {words: x}, hard: true, category: billing} # here", "escalates by itself")


def test_a_hard_trigger_needs_a_lane() -> None:
    refused("b: {when: {words: x}, hard: true, reason: policy_violation} # here", "no lane for it", "`lanes`")


@pytest.mark.parametrize("lane", ["agent_unable: middle", "customer_asked: back"])
def test_the_hard_triggers_of_every_policy_need_their_lanes(lane: str) -> None:
    text = with_triage(SCORED).replace(f"    {lane}\n", "").replace("triage:", "triage: # here")
    assert_refused(text, f"`{lane.split(':', maxsplit=1)[0]}` always escalates", "no lane for it")


# Conditions.


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{words: '?!'}", "`?!` has no letter or digit in it, so it never matches"),
        ("{words: []}", "`any` is empty"),
        ("{words: {en: []}}", "`en` is empty"),
        ("{words: {}}", "`words` is empty"),
        ("{words: {en-GB: [x]}}", "`en-GB` is not a language; write its two letters"),
        ("{words: {english: [x]}}", "`english` is not a language"),
        ("{words: 're*'}", "`re*` would match far too much"),
        ("{words: 7}", "`7` where text is expected"),
        ("{pattern: 'a+'}", "`+` has no upper bound"),
        ("{pattern: '(a'}", "`(` is never closed"),
        ("{fact: hours}", "`hours` is not known here; did you mean `hours_spent`?"),
        ("{fact: hours_spent}", "`hours_spent` has no bound"),
        ("{fact: hours_spent, at_least: 5, at_most: 4}", "can never be at least 5 and at most 4"),
        ("{fact: hours_spent, at_most: -1}", "`hours_spent` is never below 0"),
        ("{fact: frustration, at_least: 5}", "`frustration` is never above 4"),
        ("{at_least: 5}", "this looks for nothing"),
        ("{words: x, tags: y}", "this looks for `words` and `tags`; look for one thing"),
        ("{words: x, at_least: 3}", "this has a bound, but no number"),
        ("{flag: agent_unable}", "`agent_unable` is not known here; did you mean `agent_says_unable`?"),
        ("{tags: []}", "`tags` is empty"),
        ("{any: []}", "`any` is empty"),
        ("{any: [{}]}", "this looks for nothing"),
        ("{}", "`when` asks for nothing"),
        ("{none: {words: x}}", "`when` only says what must not be there"),
        ("{all: {words: x}, none: {words: X}}", "what this requires is excluded"),
        ("{any: [{tags: a}, {tags: b}], none: [{tags: a}, {tags: b}]}", "what this requires is excluded"),
        (
            "{all: [{fact: days_open, at_least: 9}, {fact: days_open, at_most: 3}]}",
            "`days_open` must be at least 9 and at most 3, so this never matches",
        ),
        ("{all: [{customer_tier: gold}, {customer_tier: silver}]}", "a customer has one `customer_tier`"),
        ("{all: [{industry: retail}, {industry: health}]}", "a customer has one `industry`"),
    ],
)
def test_a_condition_that_could_never_match_is_refused_in_its_line(when: str, said: str) -> None:
    refused(f"b:\n  category: billing\n  when: {when} # here", said)


def test_a_deadline_may_have_passed() -> None:
    assert (
        problems(with_triage(f"{SCORED}\nb: {{when: {{fact: hours_to_deadline, at_most: -1}}, category: service}}"))
        == ()
    )


def test_ranges_that_meet_are_taken() -> None:
    when = "{all: [{fact: days_open, at_least: 3}, {fact: days_open, at_most: 9}]}"
    assert problems(with_triage(f"{SCORED}\nb: {{when: {when}, category: service}}")) == ()


def test_mistakes_of_several_rules_are_reported_together_in_their_lines() -> None:
    found = problems(
        with_triage(f"{SCORED}\nb: {{when: {{words: '?'}}, category: billing}}\nc: {{when: {{words: x}}}}")
    )
    lines = [int(each.split(":")[1]) for each in found]
    assert len(found) == 2
    assert lines[1] == lines[0] + 1


# Threshold, priority.


def test_a_threshold_that_no_ticket_can_reach_is_refused() -> None:
    text = with_triage(SCORED, threshold=21).replace("threshold: 21", "threshold: 21 # here")
    assert_refused(text, "can ever reach a score of 21: all rules together give 20")


def test_a_section_without_a_threshold_or_rules_is_refused() -> None:
    found = problems(f"{LADDER}triage: {{}}\n")
    assert len(found) == 2
    assert "`triage` has no `threshold`" in found[0] + found[1]
    assert "`triage` has no `rules`" in found[0] + found[1]


PRIORITY = """
priority:
  impact: {high: {fact: users_affected, at_least: 100}}
  urgency: {high: {fact: hours_to_deadline, at_most: 8}}
  matrix:
    high: {high: SEV1, medium: SEV2, low: SEV3}
    medium: {high: SEV2, medium: SEV3, low: SEV4}
    low: {high: SEV3, medium: SEV4, low: SEV4}
"""


def test_a_matrix_with_all_nine_severities_is_taken() -> None:
    rules = ruled(SCORED, PRIORITY)
    assert rules.priority is not None
    assert {cell for row in rules.priority.cells.values() for cell in row.values()} == set(Severity)


def matrix_refused(old: str, new: str, *said: str) -> None:
    assert PRIORITY.count(old) == 1
    assert_refused(with_triage(SCORED, PRIORITY.replace(old, new)), *said)


def test_a_matrix_with_a_hole_is_refused_with_its_place() -> None:
    whole = "  matrix:\n    high: {high: SEV1, medium: SEV2, low: SEV3}"
    holed = "  matrix: # here\n    high: {high: SEV1, medium: SEV2}"
    matrix_refused(whole, holed, "there is no severity for impact/urgency `high/low`", "all nine")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "high: {high: SEV1, medium: SEV2, low: SEV3}",
            "high: {high: SEV3, medium: SEV3, low: SEV3} # here",
            "impact `high` is milder than `medium` where urgency is `high`",
        ),
        (
            "low: {high: SEV3, medium: SEV4, low: SEV4}",
            "low: {high: SEV3, medium: SEV4, low: SEV3} # here",
            "urgency `medium` is milder than `low` where impact is `low`",
        ),
        ("at_least: 100}}", "at_least: 100, at_most: 1}} # here", "can never be at least 100 and at most 1"),
        ("high: SEV1,", "hihg: SEV1,", "`hihg` is not known here; did you mean `high`?"),
    ],
)
def test_a_matrix_that_makes_no_sense_says_which_cell(old: str, new: str, said: str) -> None:
    assert PRIORITY.count(old) == 1
    found = problems(with_triage(SCORED, PRIORITY.replace(old, new)))
    assert any(said in each for each in found), found
