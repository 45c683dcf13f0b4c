"""What is different between the triage rules of two policies."""

from escalation.compiler.diff_triage import diff_triage
from escalation.compiler.diff_values import Fact
from tests.unit.compiler.texts import SOUND, compiled, edited

LANES = edited("    - name: back", "    - name: back\n  lanes: {legal: back, agent_unable: back, customer_asked: back}")
TRIAGE = """\
triage:
  threshold: 3
  rules:
    twice-billed:
      when: {words: [charged twice]}
      category: billing
      reason: unresolved
      score: 3
    lawyers:
      when: {words: [lawyer]}
      hard: true
      reason: legal
"""
RULED = LANES + TRIAGE


def diff(old: str, new: str) -> list[tuple[str, Fact, Fact]]:
    return [(each.path, each.old, each.new) for each in diff_triage(compiled(old).triage, compiled(new).triage)]


def test_rules_are_not_different_from_themselves_however_they_are_written() -> None:
    assert diff(SOUND, SOUND) == []
    assert diff(RULED, RULED) == []
    assert diff(RULED, edited("{words: [charged twice]}", "{all: [{words: charged twice}]}", RULED)) == []


def test_the_score_from_which_on_a_ticket_should_escalate() -> None:
    assert diff(RULED, edited("threshold: 3", "threshold: 2", RULED)) == [("triage.threshold", 3, 2)]


def test_a_rule_is_shown_by_its_id_with_what_it_concludes() -> None:
    assert diff(RULED, edited("score: 3", "score: 4", RULED)) == [("triage.rules.twice-billed.concludes.score", 3, 4)]


def test_what_a_rule_looks_for_is_compared_too() -> None:
    ((path, old, new),) = diff(RULED, edited("[charged twice]", "[charged twice, double charge]", RULED))
    assert path.startswith("triage.rules.twice-billed.when")
    assert "double" not in str(old)
    assert "double" in str(new)


def test_a_new_rule_is_shown_in_full_and_changes_the_order() -> None:
    rule = "    rude:\n      when: {words: [rude]}\n      category: behaviour\n      reason: silence\n      score: 2\n"
    found = diff(RULED, edited("  rules:\n", f"  rules:\n{rule}", RULED))
    assert ("triage.order", "twice-billed, lawyers", "rude, twice-billed, lawyers") in found
    assert ("triage.rules.rude.concludes.category", None, "behaviour") in found
    assert all(path.startswith("triage.rules.rude.") for path, _, _ in found if path != "triage.order")


def test_the_order_of_rules_is_a_difference_because_it_decides_ties() -> None:
    head, first, rest = RULED.partition("    twice-billed:\n")
    body, second, tail = rest.partition("    lawyers:\n")
    assert diff(RULED, head + second + tail + first + body) == [
        ("triage.order", "twice-billed, lawyers", "lawyers, twice-billed")
    ]


def test_rules_that_one_policy_does_not_have_at_all_are_shown_in_full() -> None:
    found = diff(LANES, RULED)
    assert ("triage.threshold", None, 3) in found
    assert ("triage.rules.lawyers.hard", None, True) in found
    assert {(path, new, old) for path, old, new in diff(RULED, LANES)} == set(found)


def test_the_ladder_is_shown_with_the_policy_and_not_twice() -> None:
    assert diff(RULED, edited("overseer: boss", "overseer: other", RULED)) == []
