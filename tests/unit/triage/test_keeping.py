"""What is kept of a verdict: why, within a bounded size."""

from escalation.case.codec import from_json, to_json
from escalation.triage.keeping import LONGEST_WORDS, MOST_EVIDENCE, MOST_FINDINGS, KeptVerdict, kept, kept_findings
from escalation.triage.matching import Evidence
from escalation.triage.rules import Conclusion
from escalation.triage.verdict import Finding, Verdict
from tests.unit.triage.ruling import verdict

HOURS = "hours: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 10}"
LEGAL = "law: {hard: true, when: {words: [lawyer, court, sue, solicitor]}, reason: legal, category: policy}"


def finding(number: int, *, hard: bool = False, score: int = 0, found: str = "x") -> Finding:
    return Finding(
        rule=f"rule-{number}",
        hard=hard,
        concluded=Conclusion(score=score),
        evidence=(Evidence(where="text", found=found),),
    )


def keeping(said: Verdict, *, tone: float | None = None, earlier: int | None = None) -> KeptVerdict:
    return kept(said, rules="0" * 64, tone=tone, earlier=earlier)


def test_the_rules_that_matched_are_kept_with_what_they_found() -> None:
    said = verdict(f"{HOURS}\n{LEGAL}", hours_spent=9, text="My lawyer will call.", subject="Court next")
    got = keeping(said, tone=-0.4, earlier=2)
    assert (got.score, got.threshold, got.hard, got.tier) == (10, 10, True, said.tier)
    assert (got.tone, got.earlier, got.rules, got.left_out) == (-0.4, 2, "0" * 64, 0)
    hours, law = got.findings
    assert (hours.rule, hours.hard, hours.score, hours.evidence) == (
        "hours",
        False,
        10,
        ("hours spent: 9 (at least 8)",),
    )
    assert (law.rule, law.hard, set(law.evidence)) == ("law", True, {"subject: Court", "text: lawyer"})


def test_a_long_finding_is_cut_and_says_so() -> None:
    (cut,) = kept_findings([finding(1, found="w" * 500)])
    (words,) = cut.evidence
    assert words.startswith("text: www")
    assert words.endswith("…")
    assert len(words) == len("text: ") + LONGEST_WORDS


def test_a_rule_that_found_much_keeps_the_first_of_it() -> None:
    (law,) = keeping(verdict(LEGAL, text="lawyer court sue solicitor")).findings
    assert len(law.evidence) == MOST_EVIDENCE


def test_of_too_many_findings_hard_triggers_and_high_scores_stay_in_their_order() -> None:
    many = [finding(number) for number in range(30)]
    many[28] = finding(28, score=5)
    many[29] = finding(29, hard=True)
    rules = [each.rule for each in kept_findings(many)]
    assert len(rules) == MOST_FINDINGS
    assert rules[-2:] == ["rule-28", "rule-29"]
    assert rules[:-2] == [f"rule-{number}" for number in range(MOST_FINDINGS - 2)]


def test_how_many_findings_were_left_out_is_kept() -> None:
    rules = "\n".join(
        f"r{n}: {{when: {{fact: hours_spent, at_least: {n}}}, reason: silence, score: 1}}" for n in range(20)
    )
    got = keeping(verdict(rules, hours_spent=50))
    assert (len(got.findings), got.left_out) == (MOST_FINDINGS, 20 - MOST_FINDINGS)


def test_what_is_kept_stays_small_whatever_was_found() -> None:
    many = [finding(number, found="w" * 20_000) for number in range(300)]
    assert len(to_json(kept_findings(many))) < 16 * 1024 / 2


def test_what_is_kept_reads_back_as_it_was() -> None:
    got = keeping(verdict(LEGAL, text="lawyer"), tone=-0.1)
    assert from_json(KeptVerdict, to_json(got)) == got
