"""What notices to the team say in words: facts, clocks, names of ours, and nothing to type."""

import re
from dataclasses import replace
from typing import Any

import pytest

from activities.adapters.templates import TEMPLATES
from escalation.business_time import BusinessDays, OpenTime
from escalation.clock_rules import Basis
from escalation.message_kinds import MessageKind
from escalation.messages.notices import (
    Advice,
    Bulletin,
    Clock,
    ContactLimited,
    Decision,
    Failure,
    NoLongerNeeded,
    Notice,
    OverseerHolds,
    Undelivered,
    Words,
)
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, Category, ClockName, CloseCause, Errand, Outcome, Reason, Stage
from tests.unit.delivery.cases import BREACH, NOTICE_TYPES, notice_of
from tests.unit.delivery.staff_letters import EXCEPTION, LANGUAGES, REFUND, offered, told


@pytest.mark.parametrize("kind", [NoticeKind.CLIMBED, NoticeKind.TIER_SKIPPED])
def test_a_notice_names_a_tier_in_the_readers_language(kind: NoticeKind) -> None:
    moved = notice_of(kind, "specialist", words={"de": "unsere Fachleute"})
    assert ": unsere Fachleute\n" in told("de", moved)
    assert ": specialist\n" in told("en", moved)


@pytest.mark.parametrize(
    ("language", "asks_to_solve", "looks_for_an_owner"),
    [
        ("en", "Please solve it, move it up", "No one has the case at the moment"),
        ("de", "Bitte lösen, an die nächste Stufe geben", "Zurzeit ist niemand zuständig"),
    ],
)
def test_who_no_longer_has_the_case_is_not_asked_to_solve_it_or_to_move_it_up(
    language: str, asks_to_solve: str, looks_for_an_owner: str
) -> None:
    missed = replace(BREACH, clock=ClockName.RESOLUTION)
    for stage, owner, expected, absent in (
        (Stage.WORKING, "ana", asks_to_solve, looks_for_an_owner),
        (Stage.UNASSIGNED, "", looks_for_an_owner, asks_to_solve),
    ):
        text = told(language, missed, stage=stage, owner=owner)
        assert expected in text
        assert absent not in text


@pytest.mark.parametrize(
    ("language", "first", "reminder"),
    [("en", "it is yours now", "it is still yours"), ("de", "er liegt jetzt bei", "er liegt weiter bei")],
)
def test_the_overseer_is_reminded_in_other_words_of_a_case_that_they_have(
    language: str, first: str, reminder: str
) -> None:
    texts = [told(language, OverseerHolds(again=again)) for again in (False, True)]
    assert first in texts[0].replace("so it is yours", "it is yours")
    assert first not in texts[1]
    assert reminder in texts[1]


@pytest.mark.parametrize("lane", [*Category, *Reason])
def test_a_lane_has_words_in_both_languages(lane: Category | Reason) -> None:
    english, german = (told(language, ContactLimited(lane=lane)) for language in LANGUAGES)
    assert lane.value == lane.value.replace("_", "") or (lane.value not in english and lane.value not in german)


@pytest.mark.parametrize("clock", ClockName)
def test_what_a_clock_waits_for_is_a_sentence_without_its_name(clock: ClockName) -> None:
    english = told("en", Clock(kind=NoticeKind.WARNING, clock=clock, percent=75))
    assert re.search(r"deadline is approaching: [\w' -]+; 75% of the time is used\n", english)
    german = told("de", Clock(kind=NoticeKind.WARNING, clock=clock, percent=75))
    assert re.search(r"Frist rückt näher: \D+; 75 % der Zeit sind verstrichen\n", german)
    assert "_" not in english + german


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["resolution due", "refund 120", "no_reply", "front_line one", "{# 1 #}, for `x`"])
def test_what_a_person_wrote_is_shown_in_their_own_words(language: str, words: str) -> None:
    for about, type_ in NOTICE_TYPES.items():
        if type_ in (Words, Advice, NoLongerNeeded):
            assert f": {words}\n" in told(language, notice_of(about, words)), about


@pytest.mark.parametrize(
    ("notice", "english", "german"),
    [
        (
            Decision(kind=NoticeKind.APPROVAL_ASKED, approval=REFUND),
            "refund of 120, requested by Ana: it, for `x`",
            "Erstattung von 120, Anfrage von Ana: it, for `x`",
        ),
        (
            Decision(kind=NoticeKind.APPROVAL_OVERDUE, approval=EXCEPTION),
            "exception, requested by Ana: why not",
            "Ausnahme, Anfrage von Ana: why not",
        ),
        (
            Clock(kind=NoticeKind.REMINDER, clock=ClockName.APPROVAL, approval=REFUND),
            "refund of 120, requested by Ana: it, for `x`",
            "Erstattung von 120, Anfrage von Ana: it, for `x`",
        ),
        (Decision(kind=NoticeKind.APPROVAL_GRANTED, approval=EXCEPTION), "exception", "Ausnahme"),
        (
            Decision(kind=NoticeKind.APPROVAL_REFUSED, approval=replace(EXCEPTION, amount=50), explanation="too late"),
            "exception worth 50: too late",
            "Ausnahme im Wert von 50: too late",
        ),
        (NoLongerNeeded(approval=REFUND), "refund of 120", "Erstattung von 120"),
        (
            NoLongerNeeded(approval=replace(REFUND, currency="EUR")),
            "refund of €120.00",
            "Erstattung von 120,00\N{NO-BREAK SPACE}€",
        ),
        (NoLongerNeeded(question="exception for whom?"), "exception for whom?", "exception for whom?"),
        (Bulletin(incident="outage-1", number=2), "outage-1, bulletin 2", "outage-1, Meldung 2"),
        (ContactLimited(lane=Category.BEHAVIOUR), "behaviour", "Verhalten"),
        (ContactLimited(lane=Reason.TOO_COMPLEX), "too complex for the first team", "zu komplex für das erste Team"),
        (
            Failure(kind=NoticeKind.GAVE_UP, what=Errand.RELEASE, error="Odd"),
            "releasing a booking",
            "eine Buchung freigeben",
        ),
    ],
)
def test_what_the_program_wrote_is_shown_in_words_and_the_rest_is_left(
    notice: Notice, english: str, german: str
) -> None:
    assert f": {german}\n" in told("de", notice)
    assert f": {english}\n" in told("en", notice)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("about", "results"), [(NoticeKind.RESOLVED, tuple(Outcome)), (NoticeKind.CLOSED, tuple(CloseCause))]
)
def test_how_a_case_ended_is_shown_in_words(
    language: str, about: NoticeKind, results: tuple[Outcome | CloseCause, ...]
) -> None:
    texts = [told(language, notice_of(about, result=result)) for result in results]
    assert len(set(texts)) == len(results)
    for result, text in zip(results, texts, strict=True):
        assert str(result) not in text or (language == "en" and "_" not in result)


def test_every_kind_of_approval_every_category_and_every_stage_has_a_german_name() -> None:
    for approval in ApprovalKind:
        granted = Decision(kind=NoticeKind.APPROVAL_GRANTED, approval=replace(EXCEPTION, what=approval))
        assert f": {approval}" not in told("de", granted)
    for category in Category:
        assert f"(SEV1, {category})" not in told("de", notice_of(NoticeKind.WARNING), category=category)
        assert f"Kategorie: {category}\n" not in offered("de", category=category)
    for stage in Stage:
        assert f"Stand: {stage}\n" not in told("de", notice_of(NoticeKind.WARNING), stage=stage)


@pytest.mark.parametrize(
    ("reached", "english", "german"),
    [
        ({}, "the time is up", "die Zeit ist abgelaufen"),
        ({"percent": 150}, "150% of the time is used", "150 % der Zeit sind verstrichen"),
        (
            {"basis": Basis.AFTER, "by": OpenTime(5400)},
            "1 hour 30 minutes after the deadline",
            "1 Stunde 30 Minuten nach der Frist",
        ),
        (
            {"basis": Basis.BEFORE, "by": BusinessDays(2)},
            "2 business days before the deadline",
            "2 Werktage vor der Frist",
        ),
        ({"basis": Basis.ELAPSED, "by": OpenTime(172_800)}, "2 days after it began", "2 Tage nach Beginn"),
    ],
)
def test_a_notice_says_in_words_how_far_a_clock_has_run(reached: dict[str, Any], english: str, german: str) -> None:
    notice = replace(BREACH, **reached)
    assert f": Zoë Müller is waiting for a solution; {english}\n" in told("en", notice)
    assert f": Zoë Müller wartet auf eine Lösung; {german}\n" in told("de", notice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_asks_its_reader_to_type_a_command(language: str) -> None:
    for source in (TEMPLATES / language).glob("*.txt"):
        words = re.sub(r"\{#.*?#\}", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"`(?!\")|\bescalations [a-z-]|--[a-z]", words), source


def test_german_for_colleagues_neither_commands_nor_blames_nor_addresses_by_pronoun() -> None:
    everything = "\n".join(
        [*(told("de", notice_of(about), our_fault=True) for about in NoticeKind), offered("de", our_fault=True)]
    )
    assert not re.search(r"\b(Sie|Ihnen|Ihre?[mnrs]?|du|dein\w*|dir|dich)\b", everything)
    assert not re.search(r"\b(versäumt|vergessen|Schuld|verschuldet|müssen|musst)\b", everything)


@pytest.mark.parametrize(
    ("language", "customer", "colleague"),
    [
        (
            "en",
            "the receipt (to the customer); the address was refused",
            "the offer (to ana); this person is not in the roster",
        ),
        (
            "de",
            "die Eingangsbestätigung an die Kundin oder den Kunden; die Adresse wurde abgelehnt",
            "das Angebot an ana; die Person steht nicht im Dienstplan",
        ),
    ],
)
def test_the_overseer_reads_in_words_what_did_not_reach_whom_and_why(
    language: str, customer: str, colleague: str
) -> None:
    receipt = Undelivered(letter=MessageKind.RECEIPT, to="", error="RecipientRefused")

    assert customer in told(language, receipt)
    assert colleague in told(language, Undelivered(letter=MessageKind.OFFER, to="ana", error="UnknownPerson"))
    lost = told(language, replace(receipt, address="zoe@example.com"))
    assert "zoe@example.com" in lost
    assert ("Correct facts" if language == "en" else "Angaben berichtigen") in lost


@pytest.mark.parametrize(("language", "words"), [("en", "a message (to ben)"), ("de", "eine Nachricht an ben")])
def test_a_message_without_a_name_of_its_own_is_called_a_message(language: str, words: str) -> None:
    assert words in told(language, Undelivered(letter=None, to="ben", error="RecipientRefused"))
