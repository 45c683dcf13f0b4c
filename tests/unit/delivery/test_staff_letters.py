"""Offers and notices to the team, in each language that has templates."""

import re

import pytest

from activities.adapters.templates import TEMPLATES, Templates
from activities.message_values import FACTS, case_values, message_values
from activities.ports import TemplateFacts
from escalation.messages.effects import Notice
from escalation.vocabulary import (
    ApprovalKind,
    Category,
    ClockName,
    CloseCause,
    MessageKind,
    NoticeKind,
    Outcome,
    Severity,
    Stage,
)
from tests.unit.delivery.cases import FULL_FACTS, NOON, a_message, a_view

LETTERS = Templates()
LANGUAGES = ("en", "de")
NEW_YORK = {"en": "Due: Friday, 27 March 2026 at 08:00 EDT", "de": "Zeitpunkt: Freitag, 27. März 2026, 08:00 Uhr EDT"}
LATE = {"en": "(reported late)", "de": "(verspätet gemeldet)"}
QUOTED = {
    NoticeKind.CUSTOMER_REPLIED,
    NoticeKind.OPTION_CHOSEN,
    NoticeKind.TIER_SKIPPED,
    NoticeKind.DELIVERY_FAILED,
    NoticeKind.CANCELLED,
    NoticeKind.RESOLUTION_PROPOSED,
    NoticeKind.CONSULTED,
    NoticeKind.CONSULT_ANSWERED,
    NoticeKind.CONSULT_OVERDUE,
    NoticeKind.CLIMBED,
}
"""Notices whose text a person wrote, or is a name."""


def told(language: str, *notices: Notice, **case: object) -> str:
    view = a_view(**case)
    values = case_values(view, recipient="Ana", owner="Ana" if view.owner else "", contact="")
    values["notices"] = [{"about": str(n.about), "text": n.text, "due": n.due, "late": n.late} for n in notices]
    return rendered(MessageKind.NOTICE, language, values, view.frustration)


def offered(language: str, facts: dict[str, str] | None = None, **case: object) -> str:
    view = a_view(**case)
    every = {name: FULL_FACTS[name] for name in FACTS[MessageKind.OFFER]}
    message = a_message(MessageKind.OFFER, to="ana", **(every if facts is None else facts))
    values = case_values(view, recipient="Ana", owner="", contact="Front Desk") | message_values(message)
    return rendered(MessageKind.OFFER, language, values, view.frustration)


def rendered(kind: MessageKind, language: str, values: dict[str, object], frustration: int) -> str:
    facts = TemplateFacts(
        kind=kind, languages=(language,), frustration=frustration, zone="America/New_York", values=values
    )
    letter = LETTERS.render(facts)
    assert letter.language == language
    assert not re.search(r"\{[{%]|None|Undefined|\n\n\n", letter.body)
    return f"{letter.headline}\n{letter.body}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customers_words_cannot_pass_for_the_letters_own(language: str) -> None:
    concern = "It smokes.\n\nTake it: `escalations acknowledge T-2`"
    message = a_message(MessageKind.OFFER, to="ana", concern=concern)
    values = case_values(a_view(), recipient="Ana", owner="", contact="") | message_values(message)
    lines = rendered(MessageKind.OFFER, language, values, 0).splitlines()
    assert "> Take it: `escalations acknowledge T-2`" in lines
    assert "Take it: `escalations acknowledge T-2`" not in lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", NoticeKind)
def test_a_notice_has_words_for_everything_it_can_be_about(about: NoticeKind, language: str) -> None:
    text = told(language, Notice(about=about, text="the text", due=NOON))
    headline, _, body = text.partition("\n")
    assert headline.removeprefix("SEV1 ") in body
    assert "the text" in body
    assert NEW_YORK[language] in body
    assert LATE[language] not in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_notices_say_the_same(language: str) -> None:
    assert len({told(language, Notice(about=about)).partition("\n")[0] for about in NoticeKind}) == len(NoticeKind)


@pytest.mark.parametrize(
    ("language", "several", "breach", "reply"),
    [
        (
            "en",
            "2 notices, first: A deadline was missed",
            "A deadline was missed",
            "New message from the customer: It still smokes",
        ),
        (
            "de",
            "2 Hinweise, zuerst: Eine Frist ist verstrichen",
            "Eine Frist ist verstrichen",
            "Neue Nachricht von Kundenseite: It still smokes",
        ),
    ],
)
def test_several_notices_are_one_letter_and_the_late_ones_say_so(
    language: str, several: str, breach: str, reply: str
) -> None:
    late = Notice(about=NoticeKind.BREACH, text="resolution due", due=NOON, late=True)
    text = told(language, late, Notice(about=NoticeKind.CUSTOMER_REPLIED, text="It still smokes"))
    assert several in text
    assert breach in text
    assert reply in text
    assert text.count(LATE[language]) == 1
    assert LATE[language] in told(language, Notice(about=NoticeKind.BREACH, late=True))


@pytest.mark.parametrize("clock", ClockName)
def test_every_clock_has_a_german_name_and_an_english_one_without_underscores(clock: ClockName) -> None:
    english = told("en", Notice(about=NoticeKind.WARNING, text=f"{clock} 75%"))
    assert re.search(r"deadline is approaching: [a-z -]+, 75% of the time used\n", english)
    german = told("de", Notice(about=NoticeKind.WARNING, text=f"{clock} 75%"))
    assert re.search(r"Frist rückt näher: \D+, 75 % der Zeit verstrichen\n", german)
    assert f": {clock}" not in german


def test_a_target_that_was_reached_is_told_as_due_in_german() -> None:
    assert "verstrichen: Lösung, fällig" in told("de", Notice(about=NoticeKind.BREACH, text="resolution due"))
    assert "Lösung: Lösung, fällig" not in told("de", Notice(about=NoticeKind.BREACH, text="resolution due"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", sorted(QUOTED))
@pytest.mark.parametrize("words", ["resolution due", "refund 120", "no_reply", "front_line one", "{{ 1 }}, for `x`"])
def test_what_a_person_wrote_is_told_in_their_own_words(about: NoticeKind, language: str, words: str) -> None:
    values = told_values(about, words)
    assert (
        f": {words}\n"
        in LETTERS.render(
            TemplateFacts(kind="notice", languages=(language,), frustration=0, zone="UTC", values=values)
        ).body
    )


def told_values(about: NoticeKind, words: str) -> dict[str, object]:
    notices = [{"about": str(about), "text": words, "due": None, "late": False}]
    return case_values(a_view(), recipient="Ana", owner="Ana", contact="") | {"notices": notices}


@pytest.mark.parametrize(
    ("about", "text", "german"),
    [
        (NoticeKind.APPROVAL_ASKED, "refund 120, for `ana`: it, for `x`", "Erstattung 120, für `ana`: it, for `x`"),
        (NoticeKind.APPROVAL_ASKED, "exception, for `ana`: why not", "Ausnahme, für `ana`: why not"),
        (NoticeKind.APPROVAL_OVERDUE, "refund 120, for `ana`: broken", "Erstattung 120, für `ana`: broken"),
        (NoticeKind.REMINDER, "refund 120, for `ana`: broken", "Erstattung 120, für `ana`: broken"),
        (NoticeKind.APPROVAL_GRANTED, "exception", "Ausnahme"),
        (NoticeKind.APPROVAL_REFUSED, "exception: too late", "Ausnahme: too late"),
        (NoticeKind.APPROVAL_REFUSED, "refund 120: too late", "Erstattung 120: too late"),
        (NoticeKind.NO_LONGER_NEEDED, "refund 120", "Erstattung 120"),
        (NoticeKind.NO_LONGER_NEEDED, "exception for whom?", "exception for whom?"),
        (NoticeKind.BULLETIN, "outage-1, bulletin 2", "outage-1, Meldung 2"),
    ],
)
def test_what_the_program_wrote_is_told_in_german_and_the_rest_is_left(
    about: NoticeKind, text: str, german: str
) -> None:
    assert f": {german}\n" in told("de", Notice(about=about, text=text))
    assert f": {text}\n" in told("en", Notice(about=about, text=text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("about", "results"), [(NoticeKind.RESOLVED, tuple(Outcome)), (NoticeKind.CLOSED, tuple(CloseCause))]
)
def test_how_a_case_ended_is_told_in_words(
    language: str, about: NoticeKind, results: tuple[Outcome | CloseCause, ...]
) -> None:
    texts = [told(language, Notice(about=about, text=str(result))) for result in results]
    assert len(set(texts)) == len(results)
    for result, text in zip(results, texts, strict=True):
        assert str(result) not in text or (language == "en" and "_" not in result)


def test_every_kind_of_approval_every_category_and_every_stage_has_a_german_name() -> None:
    for approval in ApprovalKind:
        assert f": {approval}" not in told("de", Notice(about=NoticeKind.APPROVAL_GRANTED, text=str(approval)))
    for category in Category:
        assert f"(SEV1, {category})" not in told("de", Notice(about=NoticeKind.WARNING), category=category)
        assert f"Kategorie: {category}\n" not in offered("de", category=category)
    for stage in Stage:
        assert f"Stand: {stage}\n" not in told("de", Notice(about=NoticeKind.WARNING), stage=stage)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_carries_what_the_next_owner_must_know(language: str) -> None:
    text = offered(language, frustration=3, our_fault=True, cycle=2)
    for fact in (
        Severity.SEV1,
        "The printer smokes.",
        "the specialists",
        "Zoë Müller",
        "Front Desk",
        {"en": "confirm that you have read it", "de": "bestätigen, dass sie gelesen sind"}[language],
    ):
        assert fact in text
    for line in ("- switched it off and on", "- a photograph of the smoke", "- Send another printer"):
        assert line in text
    words = {
        "en": ("(reopened)", "3 of 4", "Our fault: yes", "at 11:00 EDT"),
        "de": ("(wieder geöffnet)", "3 von 4", "Fehler auf unserer Seite: ja", "11:00 Uhr EDT"),
    }
    assert all(word in text for word in words[language])
    assert "happened on the phone" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_says_why_there_is_no_evidence_and_asks_for_no_confirmation_where_none_is_wanted(
    language: str,
) -> None:
    text = offered(language, {"no_evidence": "it happened on the phone"})
    assert "it happened on the phone" in text
    assert {"en": "hand-off packet", "de": "Übergabeunterlagen"}[language] not in text
    assert ("as soon as you can" if language == "en" else "so bald wie möglich") in text


@pytest.mark.parametrize(
    ("why", "english", "german"),
    [
        ("first_response due", "first response, due", "erste Antwort, fällig"),
        ("resolution 150%", "solution, 150% of the time used", "Lösung, 150 % der Zeit verstrichen"),
        ("resolution +2h", "solution, +2h after the deadline", "Lösung, +2h nach der Frist"),
        ("promise broken", "promise broken", "promise broken"),
        ("They asked_for it, and it is due", "They asked_for it, and it is due", "They asked_for it, and it is due"),
    ],
)
def test_an_offer_puts_a_clock_into_words_and_leaves_a_persons_reason_as_it_is(
    why: str, english: str, german: str
) -> None:
    assert f"Why it comes to you: {english}\n" in offered("en", {"why": why})
    assert f"Grund für dieses Angebot: {german}\n" in offered("de", {"why": why})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_asks_its_reader_to_type_a_command(language: str) -> None:
    for source in (TEMPLATES / language).glob("*.txt"):
        words = re.sub(r"\{#.*?#\}", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"`(?!\")|\bescalations\b|--[a-z]", words), source


def test_german_for_colleagues_neither_commands_nor_blames_nor_addresses_by_pronoun() -> None:
    everything = "\n".join(
        [*(told("de", Notice(about=about), our_fault=True) for about in NoticeKind), offered("de", our_fault=True)]
    )
    assert not re.search(r"\b(Sie|Ihnen|Ihre?[mnrs]?|du|dein\w*|dir|dich)\b", everything)
    assert not re.search(r"\b(versäumt|vergessen|Schuld|verschuldet|müssen|musst)\b", everything)


@pytest.mark.parametrize("reached", ["due", "150%", "+2h"])
@pytest.mark.parametrize(
    ("language", "coming", "past", "advice"),
    [
        ("en", "A deadline is approaching", "A missed deadline is still open", "before the old one passes"),
        ("de", "Eine Frist rückt näher", "Eine verstrichene Frist ist noch offen", "bevor die alte verstreicht"),
    ],
)
def test_a_warning_after_the_deadline_does_not_say_that_it_is_still_to_come(
    language: str, coming: str, past: str, advice: str, reached: str
) -> None:
    before = told(language, Notice(about=NoticeKind.WARNING, text="resolution 90%"))
    after = told(language, Notice(about=NoticeKind.WARNING, text=f"resolution {reached}"))

    assert coming in before.partition("\n")[0]
    assert past in after.partition("\n")[0]
    assert past not in before
    assert coming not in after
    assert advice not in after


@pytest.mark.parametrize(
    ("language", "customer", "colleague"),
    [
        (
            "en",
            "the receipt to the customer; the address was refused",
            "the offer to ana; this person is not in the roster",
        ),
        (
            "de",
            "die Eingangsbestätigung an die Kundenseite; die Adresse wurde abgelehnt",
            "das Angebot an ana; die Person steht nicht im Dienstplan",
        ),
    ],
)
def test_the_overseer_reads_in_words_what_did_not_reach_whom_and_why(
    language: str, customer: str, colleague: str
) -> None:
    failed = NoticeKind.DELIVERY_FAILED

    assert customer in told(language, Notice(about=failed, text="receipt/1/customer: RecipientRefused"))
    assert colleague in told(language, Notice(about=failed, text="offer/4/ana: UnknownPerson"))
    assert "offer/4/ana: Odd" in told(language, Notice(about=failed, text="offer/4/ana: Odd"))


@pytest.mark.parametrize(("language", "words"), [("en", "a message to ben"), ("de", "eine Nachricht an ben")])
def test_a_message_without_a_name_of_its_own_is_told_without_its_key(language: str, words: str) -> None:
    text = told(
        language, Notice(about=NoticeKind.DELIVERY_FAILED, text="bounced/question/1/customer/ben: RecipientRefused")
    )

    assert words in text
    assert "question/1" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_says_how_to_take_it_and_how_to_give_it_back(language: str) -> None:
    text = offered(language)
    assert {"en": "Acknowledge or decline in your support tool.", "de": "Annehmen oder ablehnen im Support-Werkzeug"}[
        language
    ] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_an_offer_of_a_reopened_case_speaks_of_cycles(language: str) -> None:
    word = {"en": "Cycle", "de": "Zyklus"}[language]
    assert word not in offered(language, cycle=1)
    assert f"{word}: 2 (" in offered(language, cycle=2)
