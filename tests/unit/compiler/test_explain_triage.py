"""The criteria of triage, a line for each rule."""

import pytest

from escalation.compiler.explain_triage import RuleRow, explain_triage
from tests.unit.compiler.texts import compiled, edited

LANES = edited("    - name: back", "    - name: back\n  lanes: {legal: back, agent_unable: back, customer_asked: back}")


def explained(when: str, then: str = "score: 5") -> tuple[RuleRow, ...]:
    text = (
        f"{LANES}triage:\n  threshold: 1\n  rules:\n    other: {{when: {{fact: days_open, at_least: 7}}, score: 5}}\n"
    )
    triage = compiled(f"{text}    mine:\n      when: {when}\n      {then}\n").triage
    assert triage is not None
    return explain_triage(triage)


def test_the_rules_of_every_policy_come_first() -> None:
    assert explained("{tags: [vip]}") == (
        RuleRow(rule="agent_unable", when="agent says unable", then="escalates, reason agent unable"),
        RuleRow(rule="customer_asked", when="customer asked for superior", then="escalates, reason customer asked"),
        RuleRow(rule="other", when="days open at least 7", then="score +5"),
        RuleRow(rule="mine", when="tag vip", then="score +5"),
    )


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{words: {de: [anwalt*], en: [legal action, lawyer*]}}", "words such as legal action, lawyer*, anwalt*"),
        ("{words: [one, two, three, four]}", "words such as one, two, three, …"),
        ("{pattern: 'INV-[0-9]{1,5}'}", "text like INV-[0-9]{1,5}"),
        ("{fact: hours_spent, at_most: 8}", "hours spent at most 8"),
        ("{fact: hours_spent, at_least: 2, at_most: 8}", "hours spent at least 2 and at most 8"),
        ("{customer_tier: [gold, silver]}", "customer tier gold, silver"),
        ("{industry: health}", "industry health"),
        ("{any: [{tags: a}, {tags: b}]}", "tag a or tag b"),
        ("{all: [{tags: a}, {tags: b}], none: {tags: c}}", "tag a and tag b and not tag c"),
        ("{all: {tags: a}, any: [{tags: b}, {tags: c}]}", "tag a and (tag b or tag c)"),
        ("{all: {tags: a}, any: {tags: b}}", "tag a and tag b"),
    ],
)
def test_a_line_says_in_short_what_must_be_so(when: str, said: str) -> None:
    assert explained(when)[-1].when == said


def test_a_line_says_everything_that_follows() -> None:
    conclusions = (
        "{hard: true, reason: legal, score: 2, category: billing, subcategory: Refund, severity: SEV2, raise_severity: 1,"
        " lane: legal, tier: back, frustration: 3}"
    )
    fields = conclusions.strip("{}").split(", ")
    assert explained("{tags: [a]}", "\n      ".join(each.strip() for each in fields))[-1].then == (
        "escalates, score +2, reason legal, category billing, subcategory Refund, SEV2 or worse, severity up by 1, "
        "lane legal, from tier 2, back, frustration 3 or more"
    )
