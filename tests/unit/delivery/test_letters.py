"""The templates that come with the project: every one renders, and says what it has to."""

import re
from dataclasses import replace

import pytest

from activities.adapters.templates import TEMPLATES
from activities.message_values import case_values, message_values
from activities.ports.wording import TemplateFacts
from escalation.lifecycle.decisions.climbing import TRIGGERS
from escalation.message_kinds import MessageKind
from escalation.vocabulary import ApprovalKind, CancelCause, ClimbCause, Outcome, Reason, Stage
from starter.sample_letters import OPTIONS
from tests.letters import LETTERS
from tests.unit.delivery.cases import CUSTOMER_KINDS, FRIDAY_AT_THREE, FULL_FACTS, TYPES, a_message, a_view, full
from tests.unit.delivery.letters_of_kinds import BERLIN, LANGUAGES, NEXT, letter


@pytest.mark.parametrize("our_fault", [False, True])
@pytest.mark.parametrize("frustration", range(5))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_letter_renders_with_all_its_facts_and_with_none(
    kind: MessageKind, language: str, frustration: int, our_fault: bool
) -> None:
    for facts in (full(kind), {}):
        text = letter(kind, language, facts, frustration=frustration, our_fault=our_fault)
        assert text.splitlines()[0]
        assert "T-1" in text
        assert not re.search(r"\{[{%]|None|Undefined|\n\n\n", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_every_letter_to_the_customer_says_who_answers_for_it_and_what_happens_next(
    kind: MessageKind, language: str
) -> None:
    text = letter(kind, language)
    assert NEXT[language] in text
    assert len(text.partition(NEXT[language])[2].splitlines()[0]) > 15
    assert "Front Desk" in text
    if kind is not MessageKind.CANCELLED:
        assert "Ana" in text
    assert "Zoë Müller" in text


IS_OVER = {"en": "case is closed", "de": "ist abgeschlossen"}


ENDINGS = {MessageKind.CLOSED, MessageKind.CANCELLED}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_every_letter_to_the_customer_says_what_happens_next_and_when_or_that_the_case_is_over(
    kind: MessageKind, language: str
) -> None:
    stage = Stage.RESOLVED if kind is MessageKind.THANKS else Stage.WORKING
    text = letter(kind, language, stage=stage)
    _, _, after = text.partition(NEXT[language])
    if kind in ENDINGS:
        assert IS_OVER[language] in text
        assert after
    else:
        assert BERLIN[language] in after


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_has_words_for_every_reason(language: str) -> None:
    plain = letter(MessageKind.RECEIPT, language, reasons=())
    assert all(letter(MessageKind.RECEIPT, language, reasons=(reason,)) != plain for reason in Reason)


@pytest.mark.parametrize(("language", "claim"), [("en", "not been solved"), ("de", "nicht gelöst")])
def test_a_ticket_that_goes_on_after_its_end_is_not_said_to_be_unsolved(language: str, claim: str) -> None:
    texts = [letter(MessageKind.RECEIPT, language, reasons=(Reason.UNRESOLVED,), life=life) for life in (1, 2)]
    assert [claim in text for text in texts] == [True, False]
    assert {"en": "Your case now has our", "de": "Ihr Anliegen hat jetzt"}[language] in texts[1]


def test_two_reasons_with_the_same_words_are_listed_once() -> None:
    text = letter(MessageKind.RECEIPT, reasons=(Reason.LEGAL, Reason.LEGAL, Reason.SILENCE))
    assert text.count("touches on legal questions") == 1
    assert "waited too long" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "fact", "causes"),
    [
        (MessageKind.ESCALATED, "why", ClimbCause),
        (MessageKind.RESOLVED, "outcome", Outcome),
        (MessageKind.CANCELLED, "cause", CancelCause),
    ],
)
def test_every_cause_has_words_of_its_own(
    language: str, kind: MessageKind, fact: str, causes: type[ClimbCause | Outcome | CancelCause]
) -> None:
    texts = {letter(kind, language, {fact: cause}) for cause in causes}
    assert len(texts) == len(causes)


def test_options_are_listed_with_what_speaks_for_and_against_them_and_the_default_is_named() -> None:
    text = letter(MessageKind.OPTIONS)
    assert '- Your money back (answer "refund")\n  In favour: quick\n  Against: you need another printer' in text
    assert '- A repair (answer "repair")\n\n' in text
    assert "Please choose by Friday, 27 March 2026 at 16:00 CET; we start as soon as we know what you want." in text
    assert 'If we do not hear from you by then, we will go ahead with "A repair".' in text


def test_without_a_default_nothing_is_said_about_not_choosing() -> None:
    assert "do not hear" not in letter(MessageKind.OPTIONS, facts={"options": OPTIONS})


@pytest.mark.parametrize(("language", "greeting"), [("en", "Hello,"), ("de", "Guten Tag,")])
def test_an_address_is_not_a_name_to_greet_a_customer_by(language: str, greeting: str) -> None:
    unnamed = replace(a_view().customer, name="sam.p@shop.example")
    assert f"\n{greeting}\n" in letter(MessageKind.RECEIPT, language, customer=unnamed)


@pytest.mark.parametrize("stage", [Stage.UNASSIGNED, Stage.OFFERED])
def test_while_no_one_owns_it_the_customer_is_notified_that_a_person_is_looked_for(stage: Stage) -> None:
    text = letter(MessageKind.RECEIPT, facts={}, owner="", stage=stage)
    assert "We are finding the right colleague for you and will tell you who it is." in text
    text = letter(MessageKind.HOLDING_UPDATE, facts={"known_owner": "Ben"}, owner="", stage=stage)
    assert "So far your case was with Ben. We will tell you who takes it on." in text


def test_a_contact_who_is_also_the_owner_is_named_once() -> None:
    values = case_values(a_view(), recipient="Zoë", owner="Ana", contact="Ana")
    values |= message_values(a_message(MessageKind.UPDATE, text="News"))
    facts = TemplateFacts(kind="update", languages=("en",), frustration=0, zone="UTC", values=values)
    assert "Your contact throughout" not in LETTERS.render(facts).body


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_climb_says_why_who_takes_over_and_when_there_is_word_again(language: str) -> None:
    text = letter(MessageKind.ESCALATED, language)
    assert {"en": "our specialists", "de": "unsere Fachleute"}[language] in text
    assert "the specialists" not in text, "the policy's own name for a tier is not for customers"
    assert BERLIN[language] in text
    assert BERLIN[language] in letter(MessageKind.OWNER_CHANGED, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hard_reason_for_a_climb_has_words_of_its_own(language: str) -> None:
    texts = {letter(MessageKind.ESCALATED, language, {"why": why}) for why in (*TRIGGERS, *ClimbCause)}
    assert len(texts) == len(TRIGGERS) + len(ClimbCause)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [MessageKind.APPROVAL_GRANTED, MessageKind.APPROVAL_REFUSED])
def test_each_kind_of_approval_has_words_of_its_own(language: str, kind: MessageKind) -> None:
    assert len({letter(kind, language, {"approval": what}) for what in ApprovalKind}) == len(ApprovalKind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_explained_to_the_customer(language: str) -> None:
    assert FULL_FACTS["explanation"] in letter(MessageKind.APPROVAL_REFUSED, language)


def test_every_kind_has_a_letter_in_every_language() -> None:
    for language in LANGUAGES:
        assert {path.stem for path in (TEMPLATES / language).glob("[!_]*.txt")} == set(MessageKind), language


def test_every_kind_declares_its_facts() -> None:
    assert set(TYPES) == set(MessageKind)


@pytest.mark.parametrize(
    ("language", "held"), [("en", "whether the solution still works"), ("de", "Lösung gehalten hat")]
)
@pytest.mark.parametrize("outcome", Outcome)
def test_a_follow_up_asks_whether_a_solution_held_only_where_there_was_one(
    outcome: Outcome, language: str, held: str
) -> None:
    facts = full(MessageKind.FOLLOW_UP) | {"outcome": outcome}
    assert (held in letter(MessageKind.FOLLOW_UP, language, facts, stage=Stage.CLOSED)) == (outcome is Outcome.SOLVED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_asks_one_question(language: str) -> None:
    text = letter(MessageKind.FOLLOW_UP_SURVEY, language)
    assert text.partition("\n")[2].count("?") == 1


@pytest.mark.parametrize(("language", "again"), [("en", "We took it up again."), ("de", "noch einmal in die Hand")])
def test_the_solution_of_a_reopened_case_is_not_announced_in_the_words_of_the_first_one(
    language: str, again: str
) -> None:
    assert again not in letter(MessageKind.RESOLVED, language)
    assert again in letter(MessageKind.RESOLVED, language, cycle=2)


@pytest.mark.parametrize(("language", "said"), [("en", "refund you €120.00"), ("de", "Ihnen 120,00\xa0€ erstatten")])
@pytest.mark.parametrize("kind", [MessageKind.APPROVAL_GRANTED, MessageKind.APPROVAL_REFUSED])
def test_a_decision_about_money_names_the_amount(kind: MessageKind, language: str, said: str) -> None:
    assert said in letter(kind, language)
    assert "120" in letter(kind, language, full(kind) | {"currency": ""})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_duplicate_names_the_case_that_continues(language: str) -> None:
    assert FULL_FACTS["duplicate_of"] in letter(MessageKind.CANCELLED, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_default_that_was_taken_is_named_with_its_reason(language: str) -> None:
    why = {"en": "You had not chosen", "de": "keine Lösung gewählt"}[language]
    text = letter(MessageKind.OPTION_CHOSEN, language)
    assert "A repair" in text
    assert why in text
    assert why not in letter(MessageKind.OPTION_CHOSEN, language, {"option": "A repair"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_still_open_is_in_every_letter_that_goes_out_meanwhile(language: str) -> None:
    still_open = {
        "asked": "Which light is on?",
        "closes_at": FRIDAY_AT_THREE,
        "choices": ("Your money back", "A repair"),
        "choice_default": "A repair",
        "choose_by": FRIDAY_AT_THREE,
        "pending": ApprovalKind.REFUND,
        "pending_amount": 75,
        "decided_by": FRIDAY_AT_THREE,
        "promise": "a technician calls you",
        "promise_by": FRIDAY_AT_THREE,
    }
    for kind in (MessageKind.HOLDING_UPDATE, MessageKind.OWNER_CHANGED, MessageKind.UPDATE, MessageKind.ESCALATED):
        text = letter(kind, language, still_open)
        for said in ("Which light is on?", "Your money back", "A repair", "a technician calls you"):
            assert said in text
        assert "75" not in text, "an amount that is not decided raises hopes"
        assert text.count(BERLIN[language]) == 4


@pytest.mark.parametrize(("language", "one", "several"), [("en", "question", "questions"), ("de", "Frage", "Fragen")])
@pytest.mark.parametrize("kind", [MessageKind.QUESTION, MessageKind.QUESTION_REMINDER])
def test_several_questions_are_called_questions(kind: MessageKind, language: str, one: str, several: str) -> None:
    for question, said in (("Which light is on?", one), ("- Which light is on?\n- Since when?", several)):
        headline, _, _ = letter(kind, language, full(kind) | {"question": question}).partition("\n")
        assert said in headline.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_alone_is_called_a_promise_and_said_once(language: str) -> None:
    promised = {"text": "a corrected invoice", "next_step": "a corrected invoice", "next_by": FRIDAY_AT_THREE}
    text = letter(MessageKind.UPDATE, language, promised)
    assert text.count("a corrected invoice") == 1
    promise = {"en": "we promise you: a corrected invoice", "de": "das sagen wir ihnen zu: a corrected invoice"}
    assert promise[language] in text.lower()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "- Refund: €49.90"),
        ("de", "- Refund: 49,90\N{NO-BREAK SPACE}€"),
    ],
)
def test_an_itemised_outcome_is_listed_line_by_line(language: str, line: str) -> None:
    assert line in letter(MessageKind.RESOLVED, language)


def test_an_offer_says_what_is_at_stake_and_what_came_before() -> None:
    english, german = letter(MessageKind.OFFER, "en"), letter(MessageKind.OFFER, "de")
    for line in (
        "People who cannot work: 40",
        "Money at stake: €12,000.00",
        "Their own deadline: Friday, 27 March 2026 at 13:00 CET",
        "Compliance: yes; keep to the duties that apply",
        "Other escalations (this customer): 2, 1 reopened, 1 with a broken promise (T-0)",
        "- Which amount?",
        "- The refund is booked",
    ):
        assert line in english
    for line in (
        "Es geht um: 12.000,00\u00a0€",
        "Compliance: ja;",
        "Weitere Eskalationen derselben Person: 2, davon 1 wieder geöffnet",
        "- Welcher Betrag?",
    ):
        assert line in german
