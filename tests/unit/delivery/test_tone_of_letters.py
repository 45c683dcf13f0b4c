"""The tone of letters to the customer: apologies where they belong, no blame, and words for their reader."""

import re

import pytest

from escalation.message_kinds import MessageKind
from escalation.vocabulary import ClimbCause, Outcome, Proficiency, Reason
from tests.unit.delivery.cases import CUSTOMER_KINDS, a_customer, full
from tests.unit.delivery.letters_of_kinds import BLAME, INTERNAL, LANGUAGES, letter


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
@pytest.mark.parametrize("our_fault", [False, True])
def test_no_letter_to_the_customer_blames_them_or_speaks_in_words_of_the_house(
    kind: MessageKind, language: str, our_fault: bool
) -> None:
    facts = {name: fact for name, fact in full(kind).items() if not (kind is MessageKind.REOPENED and name == "why")}
    for frustration in range(5):
        text = letter(kind, language, facts, frustration=frustration, our_fault=our_fault)
        assert not INTERNAL.search(text), INTERNAL.search(text)
        assert not BLAME.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [
        MessageKind.RECEIPT,
        MessageKind.RESOLVED,
        MessageKind.QUESTION,
        MessageKind.DELAY_NOTICE,
        MessageKind.REOPENED,
    ],
)
def test_each_level_of_frustration_has_its_own_tone(kind: MessageKind, language: str) -> None:
    said = {**full(kind), **({"answer_was_due": None} if kind is MessageKind.REOPENED else {})}
    assert len({letter(kind, language, said, frustration=frustration) for frustration in range(5)}) == 5


APOLOGIES = {
    MessageKind.RECEIPT,
    MessageKind.DELAY_NOTICE,
    MessageKind.REOPENED,
    # A refusal is an event of its own.
    MessageKind.APPROVAL_REFUSED,
    # So is a promise that is taken back.
    MessageKind.WITHDRAWN,
}


@pytest.mark.parametrize(("language", "sorry"), [("en", "sorry|apologi"), ("de", "leid|ntschuldig")])
@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_the_apology_belongs_to_its_event_and_is_not_repeated_in_other_letters(
    kind: MessageKind, language: str, sorry: str
) -> None:
    calm = {"why": Reason.LEGAL, "satisfied": True, "outcome": Outcome.SOLVED}
    facts = {name: calm.get(name, fact) for name, fact in full(kind).items()}
    for frustration in range(5):
        text = letter(kind, language, facts, frustration=frustration, our_fault=True)
        assert bool(re.search(sorry, text)) == (kind in APOLOGIES)


@pytest.mark.parametrize(("language", "admission"), [("en", "our mistake"), ("de", "unser Fehler")])
def test_a_fault_is_admitted_exactly_when_it_is_ours(language: str, admission: str) -> None:
    for frustration in range(5):
        assert admission in letter(MessageKind.RECEIPT, language, frustration=frustration, our_fault=True)
        assert admission not in letter(MessageKind.RECEIPT, language, frustration=frustration, our_fault=False)


@pytest.mark.parametrize(("language", "sorry"), [("en", "sorry|apologise"), ("de", "leid|Entschuldigung")])
def test_the_receipt_says_sorry_also_when_it_was_not_our_fault(language: str, sorry: str) -> None:
    for frustration in range(5):
        assert re.search(sorry, letter(MessageKind.RECEIPT, language, frustration=frustration))


@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_a_german_letter_continues_in_lower_case_after_the_comma_but_for_forms_of_address(kind: MessageKind) -> None:
    body = letter(kind, "de").partition("\n")[2]
    greeting, _, first, *_ = body.splitlines()

    assert greeting == "Guten Tag Zoë Müller,"
    assert first[0].islower() or first.startswith(("Ihr", "Sie", "Ana"))


@pytest.mark.parametrize(
    ("language", "sorry", "reason", "final"),
    [
        ("en", "sorry", "The reason", "We cannot change"),
        ("de", "es tut uns leid", "Der Grund", "können wir nichts ändern"),
    ],
)
def test_a_refusal_is_kind_gives_its_reason_and_is_final(language: str, sorry: str, reason: str, final: str) -> None:
    text = letter(MessageKind.APPROVAL_REFUSED, language)
    assert text.index(sorry) < text.index(reason) < text.index(final)
    said_no = letter(MessageKind.RESOLVED, language, {"outcome": Outcome.NOT_POSSIBLE})
    assert {"en": "our final answer", "de": "unsere endgültige Antwort"}[language] in said_no


@pytest.mark.parametrize(("language", "management"), [("en", "our management"), ("de", "unsere Leitung")])
@pytest.mark.parametrize("why", [ClimbCause.NOT_ACKNOWLEDGED, ClimbCause.NOBODY_AVAILABLE, ClimbCause.BREACH])
def test_a_climb_after_waiting_does_not_boast_of_expertise(why: ClimbCause, language: str, management: str) -> None:
    facts = full(MessageKind.ESCALATED) | {"why": why, "tier_words": {language: management}}
    text = letter(MessageKind.ESCALATED, language, facts)
    assert management in text.partition("\n")[0]
    assert not re.search("expertise|Fachwissen", text)
    assert re.search(f"We have asked {management} to take it on|Wir haben {management} gebeten, es zu", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_quote_only_what_the_customer_wrote(language: str) -> None:
    quoted = {kind for kind in CUSTOMER_KINDS if "The printer smokes" in letter(kind, language)}
    assert quoted == {MessageKind.RECEIPT}, "where it says how we noted the case, and asks to be corrected"
    text = letter(MessageKind.REOPENED, language, {"why": "It smokes again."})
    assert "\n> It smokes again.\n" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_technical_readers_are_asked_for_details_and_plain_ones_offered_an_explanation(language: str) -> None:
    technical = a_customer(proficiency=Proficiency.TECHNICAL)
    for kind in (MessageKind.RECEIPT, MessageKind.QUESTION, MessageKind.QUESTION_REMINDER, MessageKind.RESOLVED):
        said = {**full(kind), **({"unanswered": 0} if kind is MessageKind.RESOLVED else {})}
        assert letter(kind, language, said) != letter(kind, language, said, customer=technical)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_letters_quote_the_customer_and_never_the_summary_of_the_team(kind: MessageKind, language: str) -> None:
    text = letter(kind, language, summary="Angry again, wants money", opening_words="I was charged twice.")
    assert "Angry again" not in text
    assert ("> I was charged twice." in text) is (kind is MessageKind.RECEIPT)
