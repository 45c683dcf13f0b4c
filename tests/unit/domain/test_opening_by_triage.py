"""Opening by triage: the facts that the rules judge, and the `Open` that follows from their verdict."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from escalation.case.codec import event_from_json, from_json, to_json
from escalation.case.commands import Customer, Open, OpenByTriage, RecordCustomerReply
from escalation.case.events import Opened, Triaged
from escalation.errors import InvalidCommand, ShouldNotEscalate
from escalation.lifecycle.decisions.opening import check_opening
from escalation.lifecycle.decisions.opening_by_triage import facts_of, opened_by, unjudged
from escalation.lifecycle.evolution import fold
from escalation.program_texts import ProgramText
from escalation.triage.facts import LONGEST_TEXT, TicketFacts
from escalation.triage.judging import judge
from escalation.triage.verdict import Verdict
from escalation.vocabulary import Category, PauseCause, Reason, Severity, Stage
from tests.unit.domain.case import CUSTOMER_ANN, MONDAY, Case, opening
from tests.unit.triage.ruling import NOW, ruled

RULES = """
hours: {when: {fact: hours_spent, at_least: 8}, reason: unresolved, score: 6}
owners: {when: {fact: owners_tried, at_least: 3}, reason: passed_around, score: 4}
law: {hard: true, when: {words: lawyer}, reason: legal, severity: SEV2}
charge: {when: {words: charged}, category: billing, subcategory: charge}
angry: {when: {words: furious}, frustration: 3}
gold: {when: {customer_tier: gold}, severity: SEV3}
second: {when: {words: firmware}, tier: middle, category: technical}
"""
CHECKSUM = "5" * 64


def asked(**changes: Any) -> OpenByTriage:
    values: dict[str, Any] = {
        "ticket": "T-1",
        "summary": "Charged twice",
        "customer": CUSTOMER_ANN,
        "by": "desk",
        "facts": TicketFacts(text="My lawyer will write."),
    }
    return OpenByTriage(**{**values, **changes})


def verdict_on(request: OpenByTriage) -> Verdict:
    return judge(facts_of(request), ruled(RULES), now=NOW)


def opened(request: OpenByTriage, **more: Any) -> Open:
    return opened_by(request, verdict_on(request), rules=CHECKSUM, **more)


# What the rules are asked.


def test_what_was_said_counts_as_the_help_desks_word() -> None:
    request = asked(severity=Severity.SEV2, category=Category.PRODUCT, frustration=2)
    facts = facts_of(request)
    assert (facts.severity, facts.category, facts.frustration) == (Severity.SEV2, Category.PRODUCT, 2)
    assert (facts.subject, facts.text) == ("Charged twice", "My lawyer will write.")


def test_facts_that_say_more_than_the_request_are_kept() -> None:
    given = TicketFacts(subject="Re: invoice", customer_tier="gold", severity=Severity.SEV1, frustration=4)
    facts = facts_of(asked(customer=Customer(id="c", name="C", address="c@example.com", tier="basic"), facts=given))
    assert facts == given


def test_the_customers_tier_counts_where_the_facts_name_none() -> None:
    gold = Customer(id="c", name="C", address="c@example.com", tier="gold")
    assert "gold" in [each.rule for each in verdict_on(asked(customer=gold)).findings]


def test_a_calm_customer_is_a_word_too_and_no_missing_one() -> None:
    assert facts_of(asked(frustration=0, facts=TicketFacts(frustration=3))).frustration == 0


@pytest.mark.parametrize("reason", [Reason.CUSTOMER_ASKED, Reason.AGENT_UNABLE])
def test_saying_one_of_the_two_reasons_that_need_no_justification_is_enough(reason: Reason) -> None:
    case = opened(asked(reasons=(reason,), category=Category.PRODUCT, facts=TicketFacts()))
    assert case.reasons == (reason,)
    assert case.triage is not None
    assert case.triage.hard


def test_no_text_goes_further_than_the_rules_read() -> None:
    facts = facts_of(asked(facts=TicketFacts(subject="s" * 50_000, text="t" * 50_000)))
    assert (len(facts.subject), len(facts.text)) == (LONGEST_TEXT, LONGEST_TEXT)


# What the request becomes.


def test_triage_says_what_no_one_did() -> None:
    request = asked(summary="Charged twice, furious", contact="cat", our_fault=True, since=MONDAY, question="?")
    case = opened(request, tone=-0.2, earlier=3)
    assert (case.severity, case.category, case.reasons) == (Severity.SEV2, Category.BILLING, (Reason.LEGAL,))
    assert case.frustration == 3
    same = ("ticket", "summary", "customer", "by", "contact", "our_fault", "since", "waiting_on", "question")
    assert [getattr(case, name) for name in same] == [getattr(request, name) for name in same]
    assert case.triage is not None
    assert (case.triage.rules, case.triage.tone, case.triage.earlier) == (CHECKSUM, -0.2, 3)
    assert (case.triage.hard, case.triage.subcategory) == (True, "charge")
    assert [each.rule for each in case.triage.findings] == ["law", "charge", "angry"]


@pytest.mark.parametrize(
    ("given", "becomes"),
    [(Severity.SEV1, Severity.SEV1), (Severity.SEV2, Severity.SEV2), (Severity.SEV4, Severity.SEV2)],
)
def test_the_severity_may_get_worse_and_never_milder(given: Severity, becomes: Severity) -> None:
    assert opened(asked(severity=given)).severity is becomes


def test_a_verdict_that_is_milder_than_what_was_given_changes_nothing() -> None:
    request = asked(severity=Severity.SEV1)
    mild = replace(verdict_on(request), severity=Severity.SEV4)
    assert opened_by(request, mild, rules=CHECKSUM).severity is Severity.SEV1


def test_the_category_that_was_given_stays() -> None:
    request = asked(category=Category.PRODUCT)
    assert verdict_on(request).category is Category.BILLING
    assert opened(request).category is Category.PRODUCT


def test_the_reasons_that_were_given_come_first_and_none_is_listed_twice() -> None:
    request = asked(
        reasons=(Reason.SILENCE, Reason.UNRESOLVED), facts=TicketFacts(text="lawyer", hours_spent=9, owners_tried=4)
    )
    assert opened(request).reasons == (Reason.SILENCE, Reason.UNRESOLVED, Reason.LEGAL, Reason.PASSED_AROUND)


def test_how_frustrated_a_person_found_the_customer_counts_before_the_rules() -> None:
    assert opened(asked(summary="charged, furious", frustration=1)).frustration == 1


def test_no_one_judged_is_calm() -> None:
    assert opened(asked()).frustration == 0


def test_a_ticket_that_should_not_escalate_is_refused_with_score_and_rules() -> None:
    request = asked(facts=TicketFacts(hours_spent=9), reasons=(Reason.LEGAL,), severity=Severity.SEV2)
    with pytest.raises(ShouldNotEscalate) as refused:
        opened(request)
    said = str(refused.value)
    assert "T-1 should not escalate: score 6 of 10" in said
    assert "hours (+6; hours spent: 9 (at least 8))" in said
    assert "charge (subject: Charged)" in said
    assert "help_desk" not in said
    assert "without triage if you know better" in said


def test_where_nothing_was_found_the_refusal_says_so() -> None:
    with pytest.raises(ShouldNotEscalate, match="score 0 of 10; found: nothing; give further facts"):
        opened(asked(summary="A question", facts=TicketFacts()))


def test_the_refusal_stays_short_whatever_the_customer_wrote() -> None:
    with pytest.raises(ShouldNotEscalate) as refused:
        opened(asked(facts=TicketFacts(text="charged " * 5000, hours_spent=9)))
    assert len(str(refused.value)) < 500


def test_without_any_category_it_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidCommand, match=r"`category` is missing: .* name one of technical, service, billing"):
        opened(asked(summary="Hello"))


def test_the_usual_category_counts_only_where_nothing_else_says_one() -> None:
    usual = Category.SERVICE
    hello, charged = (opened(asked(summary=said, or_category=usual)) for said in ("Hello", "Charged twice"))
    assert (hello.category, charged.category) == (usual, Category.BILLING)
    because = ProgramText.USUAL_CATEGORY.say()
    assert hello.evidence[0] == because
    assert because not in charged.evidence


# What makes sense at all.


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ticket": ""}, "`ticket` is empty"),
        ({"summary": " "}, "`summary` is empty"),
        ({"frustration": 5}, "`frustration` is 5"),
        ({"since": MONDAY.replace(tzinfo=None)}, "`since` has no time zone"),
    ],
)
def test_a_request_that_lacks_something_is_refused_before_anyone_judges(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidCommand, match=complaint):
        check_opening(asked(**changes))


def test_severity_category_and_reasons_may_be_left_out() -> None:
    check_opening(asked())
    with pytest.raises(InvalidCommand, match="`reasons` is empty"):
        check_opening(opening(reasons=()))


def test_a_request_reads_back_as_it_was() -> None:
    request = asked(severity=Severity.SEV2, waiting_on=PauseCause.WAITING_ON_CUSTOMER)
    assert from_json(OpenByTriage, to_json(request)) == request
    case = opened(request)
    assert from_json(Open, to_json(case)) == case


# What the timeline says.


def triaged_case(**changes: object) -> Case:
    case = Case()
    case.do(opened(asked(**changes), tone=-0.3, earlier=1))
    return case


def test_the_verdict_comes_right_after_the_opening_and_changes_nothing() -> None:
    case = triaged_case()
    first, second, *rest = case.events
    assert isinstance(first, Opened)
    assert isinstance(second, Triaged)
    assert (second.at, second.verdict.tone, second.verdict.earlier) == (first.at, -0.3, 1)
    assert second.verdict.findings[0].evidence == ("text: lawyer",)
    assert event_from_json(to_json(second)) == second
    assert fold(case.events) == case.state
    without = fold([first, *rest])
    assert replace(without, seq=without.seq + 1) == case.state


def test_a_case_that_no_one_triaged_has_no_verdict() -> None:
    assert not any(isinstance(event, Triaged) for event in Case.opened().events)


def test_the_case_starts_where_triage_puts_it_or_further_up() -> None:
    by_rule = triaged_case(summary="Charged for firmware", facts=TicketFacts(hours_spent=9, owners_tried=3))
    assert (by_rule.state.tier, by_rule.state.stage) == (2, Stage.OFFERED)
    assert by_rule.state.offered_to == "dev"
    by_lane = triaged_case(category=Category.BEHAVIOUR, facts=TicketFacts(hours_spent=9, owners_tried=3))
    assert by_lane.state.tier == by_lane.policy.ladder.lanes.get(Category.BEHAVIOUR, 1)


def test_a_tier_that_the_ladder_does_not_have_is_its_last() -> None:
    case = opened(asked())
    assert case.triage is not None
    beyond = replace(case, triage=replace(case.triage, tier=99))
    opened_there = Case()
    opened_there.do(beyond)
    assert opened_there.state.tier == len(opened_there.policy.ladder.tiers)


def test_without_rules_the_request_goes_to_the_overseer_with_the_severity_it_says() -> None:
    asked = OpenByTriage(ticket="T-1", summary="It smokes", customer=CUSTOMER_ANN, by="desk")
    with pytest.raises(InvalidCommand, match="`severity` is missing"):
        unjudged(asked)
    with pytest.raises(InvalidCommand, match="`category` is missing"):
        unjudged(replace(asked, severity=Severity.SEV2))
    request = unjudged(replace(asked, severity=Severity.SEV2, category=Category.BILLING, reasons=(Reason.SILENCE,)))
    case = Case()
    case.do(request)
    assert (case.state.owner, case.told("overseer")[-1]) == ("overseer", "for_overseer")


def test_the_message_that_opened_a_case_for_the_overseer_makes_one_notice_and_a_later_one_another() -> None:
    words = "It is broken again, please help."
    asked = OpenByTriage(ticket="T-1", summary="It smokes", customer=CUSTOMER_ANN, by="desk", customer_words=words)
    case = Case()
    case.do(unjudged(replace(asked, severity=Severity.SEV2, category=Category.BILLING, reasons=(Reason.SILENCE,))))
    case.do(RecordCustomerReply(text=words))
    assert case.state.unanswered, "it is recorded"
    assert case.told("overseer") == ["for_overseer"]
    case.wait(timedelta(minutes=2))
    case.do(RecordCustomerReply(text=words))
    assert case.told("overseer")[-1] == "customer_replied"


def test_what_a_person_asked_for_escalates_as_usual_whatever_triage_says() -> None:
    calm = asked(summary="A question", severity=Severity.SEV3, category=Category.SERVICE, facts=TicketFacts())
    with pytest.raises(ShouldNotEscalate):
        opened(calm)
    for request in (opened(replace(calm, regardless=True)), unjudged(replace(calm, regardless=True))):
        case = Case()
        case.do(request)
        assert (case.state.offered_to, case.told("overseer")) == ("ana", [])


def test_triage_reads_what_the_customer_wrote_where_the_facts_have_no_text() -> None:
    request = asked(customer_words="My lawyer will call you.", facts=TicketFacts())
    assert facts_of(request).text == "My lawyer will call you."
    assert facts_of(asked(customer_words="x", facts=TicketFacts(text="y"))).text == "y"
