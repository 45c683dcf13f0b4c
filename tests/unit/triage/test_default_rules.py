"""The rules that come with the project: each category of N9 in English and German, hard triggers, and calm tickets."""

from typing import Any

import pytest

from escalation.triage.facts import TicketFacts
from escalation.triage.judging import judge
from escalation.triage.verdict import Verdict
from escalation.vocabulary import Category, Reason, Severity
from tests.unit.triage.ruling import NOW
from tests.unit.triage.test_properties import default


def said(**facts: Any) -> Verdict:
    return judge(TicketFacts(**facts), default(), now=NOW)


@pytest.mark.parametrize(
    ("language", "text", "category", "subcategory"),
    [
        ("en", "The application crashes with an error", Category.TECHNICAL, "bug"),
        ("de", "Das Programm stürzt ab", Category.TECHNICAL, "bug"),
        ("en", "The printer jams", Category.TECHNICAL, "hardware"),
        ("de", "Der Drucker klemmt", Category.TECHNICAL, "hardware"),
        ("en", "No connection to the VPN", Category.TECHNICAL, "network"),
        ("de", "WLAN ohne Verbindung", Category.TECHNICAL, "network"),
        ("en", "Your portal is down", Category.SERVICE, "outage"),
        ("de", "Das Portal ist nicht erreichbar", Category.SERVICE, "outage"),
        ("en", "The technician did not come", Category.SERVICE, "unmet SLA"),
        ("de", "Der Techniker kam nicht", Category.SERVICE, "unmet SLA"),
        ("en", "I was charged twice", Category.BILLING, "charge"),
        ("de", "Es wurde doppelt abgebucht", Category.BILLING, "charge"),
        ("en", "I want my money back", Category.BILLING, "refund"),
        ("de", "Bitte um Rueckerstattung", Category.BILLING, "refund"),
        ("en", "Where is my invoice", Category.BILLING, "invoice"),
        ("de", "Die Rechnung fehlt", Category.BILLING, "invoice"),
        ("en", "It arrived broken", Category.PRODUCT, "defect"),
        ("de", "Das Gehäuse ist beschädigt", Category.PRODUCT, "defect"),
        ("en", "The menu is confusing", Category.PRODUCT, "usability"),
        ("de", "Das Menü ist verwirrend", Category.PRODUCT, "usability"),
        ("en", "It is not as described", Category.PRODUCT, "expectation"),
        ("de", "Es ist anders als beworben", Category.PRODUCT, "expectation"),
        ("en", "How do I return it", Category.POLICY, "returns"),
        ("en", "Your returns policy", Category.POLICY, "returns"),
        ("de", "Ich möchte es zurückschicken", Category.POLICY, "returns"),
        ("en", "Is it under warranty", Category.POLICY, "warranty"),
        ("de", "Gilt die Gewährleistung", Category.POLICY, "warranty"),
        ("en", "Your terms and conditions", Category.POLICY, "terms"),
        ("de", "Die AGB", Category.POLICY, "terms"),
        ("en", "You idiots", Category.BEHAVIOUR, "abuse"),
        ("de", "Ihr Vollidioten", Category.BEHAVIOUR, "abuse"),
    ],
)
def test_each_category_is_known_by_its_words(language: str, text: str, category: Category, subcategory: str) -> None:
    found = said(language=language, text=text)
    assert (found.category, found.subcategory) == (category, subcategory)


@pytest.mark.parametrize(
    ("language", "text", "reason", "tier"),
    [
        ("en", "My lawyer will write to you", Reason.LEGAL, "management"),
        ("de", "Mein Rechtsanwalt meldet sich", Reason.LEGAL, "management"),
        ("fr", "selon le GDPR", Reason.LEGAL, "management"),
        ("en", "We are losing money", Reason.FINANCIAL_IMPACT, "specialist"),
        ("de", "Wir verlieren Geld", Reason.FINANCIAL_IMPACT, "specialist"),
        ("en", "This is a breach of contract", Reason.POLICY_VIOLATION, "management"),
        ("de", "Das ist Vertragsbruch", Reason.POLICY_VIOLATION, "management"),
        ("en", "Let me speak to your manager", Reason.CUSTOMER_ASKED, "management"),
        ("de", "Ich will Ihren Vorgesetzten sprechen", Reason.CUSTOMER_ASKED, "management"),
    ],
)
def test_a_hard_trigger_is_known_by_its_words(language: str, text: str, reason: Reason, tier: str) -> None:
    found = said(language=language, text=text)
    assert found.hard
    assert (found.reasons[0], found.tier_name) == (reason, tier)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Could you tell me where to find the setting? Thank you."),
        ("de", "Wo finde ich die Einstellung? Vielen Dank."),
        ("en", "The printer shows an error."),
        ("de", "Bitte schicken Sie mir die Rechnung noch einmal."),
    ],
)
def test_a_calm_first_question_stays_where_it_is(language: str, text: str) -> None:
    found = said(language=language, text=text, owners_tried=1, days_open=0.5, hours_spent=0.5, tone=0.0)
    assert not found.escalate
    assert found.tier == 1


def test_time_and_people_already_spent_escalate_together() -> None:
    assert not said(hours_spent=8).escalate
    assert not said(owners_tried=3).escalate
    found = said(hours_spent=8, owners_tried=3)
    assert found.escalate
    assert found.reasons == (Reason.UNRESOLVED, Reason.PASSED_AROUND)


def test_a_small_problem_that_waits_and_returns_becomes_worse() -> None:
    young, old = said(days_open=1), said(days_open=8, reopen_count=2)
    assert (young.severity, old.severity) == (Severity.SEV4, Severity.SEV2)
    assert old.escalate


def test_a_whole_company_that_cannot_work_now_is_the_worst() -> None:
    assert said(language="en", text="Nobody can log in. This is urgent.").severity is Severity.SEV1
    assert said(language="de", text="Totalausfall, bitte sofort melden").severity is Severity.SEV1


def test_a_customer_who_was_let_down_before_needs_less_to_escalate() -> None:
    now: dict[str, Any] = {"language": "en", "text": "Still waiting."}
    assert not said(**now).escalate
    assert said(**now, earlier_escalations=2, earlier_breached=1).escalate


def test_a_rude_word_leaves_a_billing_case_a_billing_case() -> None:
    for language, text in (("en", "You idiots charged me twice"), ("de", "Ihr Idioten habt doppelt abgebucht")):
        found = said(language=language, text=text)
        assert (found.category, found.tier_name, found.proposed_lane) == (
            Category.BILLING,
            "front line",
            Category.BEHAVIOUR,
        )


def test_what_earlier_cases_were_like_is_not_a_reason_given_for_this_one() -> None:
    found = said(earlier_escalations=2, earlier_breached=1, earlier_reopened=1)
    assert (found.escalate, found.reasons) == (True, ())


def test_an_error_that_a_program_returns_is_not_about_goods() -> None:
    assert said(language="en", text="Your API returns 500").category is not Category.POLICY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I want a manager to call me back"),
        ("en", "Give me a manager, please"),
        ("en", "I need a manager now"),
        ("de", "Ich möchte einen Vorgesetzten sprechen"),
        ("de", "Verbinden Sie mich mit Ihrer Chefin"),
    ],
)
def test_a_wish_for_a_superior_escalates_however_it_is_put(language: str, text: str) -> None:
    found = said(language=language, text=text)
    assert (found.escalate, Reason.CUSTOMER_ASKED in found.reasons) == (True, True)


def test_a_manager_who_writes_does_not_ask_for_one() -> None:
    assert not said(language="en", text="I am a manager at Acme and our account manager is Jo").escalate
