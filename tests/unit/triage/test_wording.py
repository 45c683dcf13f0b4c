"""Words are found whole, whatever their case and accents, in the ticket's language; evidence is what stood there."""

import pytest

from escalation.triage.facts import LONGEST_TEXT
from escalation.triage.wording import ReadText, phrases_of, short_prefixes
from tests.unit.triage.ruling import evidence, matched, verdict


def found(phrase: str, text: str) -> str | None:
    return next((hit for one in phrases_of(phrase) if (hit := ReadText(text).find(one))), None)


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("refund", "A REFUND, please", "REFUND"),
        ("refund", "refunds", None),
        ("refund", "prerefund", None),
        ("refund*", "Refunded twice", "Refunded"),
        ("refund*", "a refund", "refund"),
        ("money back", "my money\n back!", "money\n back"),
        ("money back", "my money-back guarantee", "money-back"),
        ("money back", "Keep the money. Back to the topic", None),
        ("money back", "money is back", None),
        ("can't work", "I CAN\u2019T work", "CAN\u2019T work"),
        ("cannot work", "cannot", None),
        ("café", "the CAFE closed", "CAFE"),
        ("cafe", "the cafe\u0301", "caf\u00e9"),
        ("straße", "STRASSE 5", "STRASSE"),
        ("rückgabe", "Rueckgabe?", "Rueckgabe"),
        ("rückgabe", "RÜCKGABE!", "RÜCKGABE"),
        ("rückgabe*", "Ruckgaberecht", "Ruckgaberecht"),
        ("24/7", "open 24/7.", "24/7"),
        ("geschäftsführ* sprechen", "Geschäftsführung sprechen", "Geschäftsführung sprechen"),
        ("back", "", None),
        ("ﬁne", "a fine", "fine"),
    ],
)
def test_a_phrase_is_found_whole_and_told_as_it_stands(phrase: str, text: str, hit: str | None) -> None:
    assert found(phrase, text) == hit


def test_the_first_occurrence_is_told() -> None:
    assert found("refund*", "Refunding after a refund") == "Refunding"


@pytest.mark.parametrize("phrase", ["", "?!", "*", " - "])
def test_a_phrase_without_letters_stands_for_nothing(phrase: str) -> None:
    assert phrases_of(phrase) == ()


def test_open_endings_that_would_match_far_too_much_are_named() -> None:
    assert short_prefixes("re* money a*") == ["re*", "a*"]
    assert short_prefixes("ref*") == []


BY_LANGUAGE = "it: {when: {words: {en: [gift], de: [bill], any: [GDPR]}}, category: policy}"


@pytest.mark.parametrize(
    ("language", "text", "matches"),
    [
        ("en", "gift", True),
        ("EN-gb", "gift", True),
        ("de", "gift", False),
        ("de_AT", "Bill", True),
        ("fr", "gift bill", False),
        ("fr", "gdpr", True),
        ("", "gift", True),
        ("", "bill", True),
    ],
)
def test_words_are_looked_for_in_the_tickets_language_or_in_all_when_it_is_unknown(
    language: str, text: str, matches: bool
) -> None:
    assert bool(matched(verdict(BY_LANGUAGE, language=language, text=text))) is matches


def test_subject_and_text_are_searched_apart() -> None:
    rules = "it: {when: {words: money back}, category: billing}"
    assert matched(verdict(rules, subject="money", text="back")) == []
    assert evidence(verdict(rules, subject="Money back"), "it") == [("subject", "Money back")]


def test_tags_tiers_and_industries_are_compared_without_case_and_accents() -> None:
    rules = """
tag: {when: {tags: [Überfällig]}, category: service}
tier: {when: {customer_tier: GOLD}, category: service}
industry: {when: {industry: [santé]}, category: service}
"""
    said = verdict(rules, tags=(" uberfallig ",), customer_tier="Gold", industry="Sante")
    assert matched(said) == ["tag", "tier", "industry"]
    assert evidence(said, "tag") == [("tags", "uberfallig")]


def test_what_is_beyond_the_longest_text_is_not_read() -> None:
    rules = "it: {when: {words: refund}, category: billing}"
    assert matched(verdict(rules, text="x " * (LONGEST_TEXT // 2) + "refund")) == []
    assert matched(verdict(rules, text="x " * (LONGEST_TEXT // 2 - 4) + "refund")) == ["it"]
