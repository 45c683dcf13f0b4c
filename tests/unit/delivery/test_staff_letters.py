"""Offers and notices to the team, in each language that has templates."""

import re
from dataclasses import fields, replace
from typing import Any

import pytest

from activities.adapters.templates import TEMPLATES, Templates
from activities.message_values import case_values, message_values
from activities.ports.wording import TemplateFacts
from escalation.business_time import BusinessDays, OpenTime
from escalation.case import events
from escalation.case.commands import Packet
from escalation.clock_rules import Basis
from escalation.guidance import CheckItem, QuestionSet
from escalation.messages.handover import LATEST, LONGEST, Handover, handover_of
from escalation.messages.notices import (
    Advice,
    Approval,
    Bulletin,
    Clock,
    ContactLimited,
    Decision,
    Failure,
    NoLongerNeeded,
    Notice,
    Undelivered,
    Words,
)
from escalation.vocabulary import (
    ApprovalKind,
    Category,
    ClimbCause,
    ClockName,
    CloseCause,
    Errand,
    MessageKind,
    NoticeKind,
    Outcome,
    Reason,
    Severity,
    Stage,
)
from starter.gallery import OPTIONS
from tests.unit.delivery.cases import (
    BREACH,
    FRIDAY_AT_THREE,
    NOON,
    NOTICE_TYPES,
    QUOTING,
    a_message,
    a_view,
    full,
    notice_of,
)

LETTERS = Templates()
LANGUAGES = ("en", "de")
NEW_YORK = {"en": "Due: Friday, 27 March 2026 at 08:00 EDT", "de": "Frist: Freitag, 27. März 2026, 08:00 Uhr EDT"}
LATE = {"en": "(reported late)", "de": "(verspätet gemeldet)"}


def told(language: str, *notices: Notice, known: Handover | None = None, **case: object) -> str:
    view = a_view(**case)
    values = case_values(view, recipient="Ana", owner="Ana" if view.owner else "", contact="")
    message = a_message(MessageKind.NOTICE, to="ana", notices=notices)
    return rendered(MessageKind.NOTICE, language, values | message_values(message, {}, known), view.frustration)


def offered(
    language: str, facts: dict[str, Any] | None = None, *, known: Handover | None = None, **case: object
) -> str:
    view = a_view(**case)
    every = {**full(MessageKind.OFFER), "why": "The customer asked for her."}
    message = a_message(MessageKind.OFFER, to="ana", **(every if facts is None else facts))
    values = case_values(view, recipient="Ana", owner="", contact="Front Desk")
    values |= message_values(message, {}, known)
    return rendered(MessageKind.OFFER, language, values, view.frustration)


def test_an_offer_names_tier_questions_and_checklist_in_the_readers_language() -> None:
    item = CheckItem(
        id="booked",
        text="The refund is booked",
        required=True,
        done=False,
        words={"en": "The refund is booked", "de": "Die Erstattung ist gebucht"},
    )
    asked = QuestionSet(name="billing", questions={"en": ("Which amount?",)}, category=Category.BILLING)
    words = {"en": "our specialists", "de": "unsere Fachleute"}
    facts = {"tier_name": "specialist", "tier_words": words, "to_ask": (asked,), "checklist": (item,)}
    german, english = offered("de", facts), offered("en", facts)
    assert "Stufe: unsere Fachleute\n" in german
    assert "Fragen, die weiterhelfen (Abrechnung):\n- Which amount?" in german
    assert "- Die Erstattung ist gebucht\n" in german
    assert "Tier: our specialists\n" in english
    assert "- The refund is booked\n" in english
    assert "specialist\n" not in german


@pytest.mark.parametrize("kind", [NoticeKind.CLIMBED, NoticeKind.TIER_SKIPPED])
def test_a_notice_names_a_tier_in_the_readers_language(kind: NoticeKind) -> None:
    moved = notice_of(kind, "specialist", words={"de": "unsere Fachleute"})
    assert ": unsere Fachleute\n" in told("de", moved)
    assert ": specialist\n" in told("en", moved)


@pytest.mark.parametrize("lane", [*Category, *Reason])
def test_a_lane_has_words_in_both_languages(lane: Category | Reason) -> None:
    english, german = (told(language, ContactLimited(lane=lane)) for language in LANGUAGES)
    assert lane.value == lane.value.replace("_", "") or (lane.value not in english and lane.value not in german)


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
    notice = notice_of(about, due=NOON)
    headline, _, body = told(language, notice).partition("\n")
    assert headline.removeprefix("SEV1 ") in body
    assert ("the text" in body) == (not about_numbers_and_names_of_ours(notice))
    assert NEW_YORK[language] in body
    assert LATE[language] not in body


def about_numbers_and_names_of_ours(notice: Notice) -> bool:
    has_text = QUOTING.intersection(field.name for field in fields(notice)) or getattr(notice, "approval", None)
    return not has_text or notice.kind in (NoticeKind.APPROVAL_GRANTED, NoticeKind.GAVE_UP)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_notices_say_the_same(language: str) -> None:
    assert len({told(language, notice_of(about)).partition("\n")[0] for about in NoticeKind}) == len(NoticeKind)


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
            "Neue Kundennachricht: It still smokes",
        ),
    ],
)
def test_several_notices_are_one_letter_and_the_late_ones_say_so(
    language: str, several: str, breach: str, reply: str
) -> None:
    text = told(language, BREACH, Words(kind=NoticeKind.CUSTOMER_REPLIED, text="It still smokes"))
    assert several in text
    assert breach in text
    assert reply in text
    assert text.count(LATE[language]) == 1
    assert LATE[language] in told(language, replace(BREACH, due=None))


@pytest.mark.parametrize("clock", ClockName)
def test_what_a_clock_waits_for_is_a_sentence_without_its_name(clock: ClockName) -> None:
    english = told("en", Clock(kind=NoticeKind.WARNING, clock=clock, percent=75))
    assert re.search(r"deadline is approaching: [\w -]+; 75% of the time is used\n", english)
    german = told("de", Clock(kind=NoticeKind.WARNING, clock=clock, percent=75))
    assert re.search(r"Frist rückt näher: \D+; 75 % der Zeit sind verstrichen\n", german)
    assert "_" not in english + german


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["resolution due", "refund 120", "no_reply", "front_line one", "{# 1 #}, for `x`"])
def test_what_a_person_wrote_is_shown_in_their_own_words(language: str, words: str) -> None:
    for about, type_ in NOTICE_TYPES.items():
        if type_ in (Words, Advice, NoLongerNeeded):
            assert f": {words}\n" in told(language, notice_of(about, words)), about


REFUND = Approval(what=ApprovalKind.REFUND, amount=120, by="Ana", why="it, for `x`")
EXCEPTION = Approval(what=ApprovalKind.EXCEPTION, amount=0, by="Ana", why="why not")


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_carries_what_the_next_owner_must_know(language: str) -> None:
    text = offered(language, frustration=3, our_fault=True, cycle=2)
    for fact in (
        Severity.SEV1,
        "The printer smokes.",
        {"en": "our specialists", "de": "unsere Fachleute"}[language],
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
def test_an_offer_has_the_reason_in_the_words_of_who_gave_it(language: str) -> None:
    assert ": They asked_for it, and it is due\n" in offered(language, {"why": "They asked_for it, and it is due"})


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


@pytest.mark.parametrize("reached", [{}, {"percent": 150}, {"basis": Basis.AFTER, "by": OpenTime(7200)}])
@pytest.mark.parametrize(
    ("language", "coming", "past", "advice"),
    [
        ("en", "A deadline is approaching", "A missed deadline is still open", "before the old one passes"),
        ("de", "Eine Frist rückt näher", "Eine verstrichene Frist ist noch offen", "bevor die alte verstreicht"),
    ],
)
def test_a_warning_after_the_deadline_does_not_say_that_it_is_still_to_come(
    language: str, coming: str, past: str, advice: str, reached: dict[str, Any]
) -> None:
    before = told(language, replace(BREACH, kind=NoticeKind.WARNING, percent=90))
    after = told(language, replace(BREACH, kind=NoticeKind.WARNING, **reached))

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


@pytest.mark.parametrize(("language", "words"), [("en", "a message to ben"), ("de", "eine Nachricht an ben")])
def test_a_message_without_a_name_of_its_own_is_called_a_message(language: str, words: str) -> None:
    assert words in told(language, Undelivered(letter=None, to="ben", error="RecipientRefused"))


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


STORY: tuple[events.Event, ...] = (
    events.CustomerReplied(at=NOON, text="You promised me an answer on Monday.\n\nNothing came!"),
    events.Declined(at=NOON, person="Ben", why="on holiday from tomorrow"),
    events.Acknowledged(at=NOON, person="Cleo"),
    events.CustomerTold(at=NOON, by="Cleo", text="We look at it now.", next_step=""),
    events.InformationRequested(at=NOON, by="Cleo", question="Which light is on?"),
    events.CustomerReplied(at=NOON, text="The red one"),
    events.Noted(at=NOON, by="Cleo", text="the fuse is new", tried=""),
    events.Promised(at=NOON, what="a technician calls", eta=FRIDAY_AT_THREE, by="Cleo"),
    events.OptionsOffered(at=NOON, options=OPTIONS, default="repair", by="Cleo"),
    events.OptionChosen(at=NOON, option="refund", by="customer"),
    events.GrantedWithinAuthority(at=NOON, what=ApprovalKind.REFUND, amount=50, why="", by="Cleo"),
    events.Consulted(at=NOON, by="Cleo", to="Dev", question="Seen before?"),
    events.ConsultAnswered(at=NOON, by="Dev", to="Dev", answer="Yes, in May."),
    events.ThresholdReached(
        at=NOON, clock=ClockName.FIRST_RESPONSE, cycle=1, threshold="due", due=NOON, breach=True, late=False
    ),
    events.Climbed(
        at=NOON,
        from_tier=1,
        to_tier=2,
        cause=ClimbCause.BREACH,
        why="first_response due",
        packet=Packet(concern="It smokes"),
        by="system",
    ),
)
KNOWN = handover_of(STORY)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_reads_like_a_colleagues_summary_in_the_readers_language(language: str) -> None:
    text = offered(language, {"answer_by": FRIDAY_AT_THREE, "solve_by": FRIDAY_AT_THREE}, known=KNOWN)
    for line in ("> You promised me an answer on Monday.", "> Nothing came!", "> The red one", "> We look at it now."):
        assert f"\n{line}\n" in text
    for words in ("Which light is on?", "the fuse is new", "a technician calls", "Your money back", "Yes, in May."):
        assert words in text
    said = {
        "en": (
            "Why it comes to you: a deadline was missed, so it moved up",
            "Why it was escalated: the customer heard nothing for too long",
            "Answer the customer by: Friday, 27 March 2026 at 11:00 EDT",
            "Solve by: Friday, 27 March 2026 at 11:00 EDT",
            "(from Cleo): still open",
            "- refund of 50: granted by Cleo",
            "- first response, due Friday",
            "- Ben: declined: on holiday from tomorrow",
            "- Cleo: had it until it moved up",
        ),
        "de": (
            "Grund für dieses Angebot: eine Frist ist verstrichen, deshalb ging er eine Stufe höher",
            "Grund der Eskalation: zu lange ohne Nachricht",
            "Lösen bis: Freitag, 27. März 2026, 11:00 Uhr EDT",
            "(von Cleo): noch offen",
            "- Erstattung von 50: genehmigt von Cleo",
            "- erste Antwort, fällig Freitag",
            "- Ben: abgelehnt: on holiday from tomorrow",
        ),
    }
    for words in said[language]:
        assert words in text
    assert not re.search(r"first_response|\bdue reached\b|_", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_in_which_a_case_moves_has_words(language: str) -> None:
    climbed = STORY[-1]
    assert isinstance(climbed, events.Climbed)
    moves: list[events.Event] = [
        *(replace(climbed, cause=cause) for cause in ClimbCause),
        replace(climbed, cause=ClimbCause.COMMAND, trigger=Reason.LEGAL, by="Eve", why="a lawyer wrote"),
        events.AcknowledgementDecayed(at=NOON, person="Cleo"),
        events.ShiftEnded(at=NOON, person="Cleo", packet=Packet(concern="c")),
        events.Reassigned(at=NOON, to="ana", why="knows it", by="Eve"),
        events.GivenBack(at=NOON, person="Cleo", why="on leave", by="Eve"),
        events.GivenBack(at=NOON, person="Cleo", why="I am on a train", by="Cleo"),
        events.Reopened(at=NOON, cycle=2, why="it smokes again", by="customer"),
    ]
    texts = [offered(language, {}, known=handover_of((*STORY, move))) for move in moves]
    assert len({text.split("\n\n")[3] for text in texts}) == len(moves)
    assert "a lawyer wrote" in texts[len(ClimbCause)]
    assert "Zoë Müller" in next(line for line in texts[-1].split("\n") if "it smokes again" in line)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_carries_what_is_needed_to_act_on_it(language: str) -> None:
    lapsed = told(language, Clock(kind=NoticeKind.PROMISE_LAPSED, clock=ClockName.PROMISE), known=KNOWN)
    assert "a technician calls" in lapsed.split("\n\n")[2]
    warned = told(language, Clock(kind=NoticeKind.WARNING, clock=ClockName.NEXT_RESPONSE, percent=75), known=KNOWN)
    assert "> The red one" in warned
    asked = told(language, Words(kind=NoticeKind.CONSULTED, text="Seen before?"), known=handover_of(STORY[:12]))
    assert {"en": "Asked by: Cleo", "de": "Gefragt von: Cleo"}[language] in asked
    assert "> Nothing came!" in asked, "a colleague from outside has the whole story"
    wrote = told(
        language, Words(kind=NoticeKind.CUSTOMER_REPLIED, text="You promised me an…"), known=handover_of(STORY[:1])
    )
    assert wrote.count("You promised me an") == 1, "their words are below, whole and in their own paragraphs"
    assert "> Nothing came!" in wrote
    ended = told(language, notice_of(NoticeKind.CLOSED), known=KNOWN)
    assert "> The red one" not in ended, "who has nothing to do gets no more than the news"


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_gets_a_reopened_case_reads_which_solution_did_not_hold(language: str) -> None:
    solved = events.Resolved(at=NOON, outcome=Outcome.SOLVED, solution="We replaced the fuse", root_cause="", by="Cleo")
    again = events.Reopened(at=NOON, cycle=2, why="it smokes again", by="customer")
    text = offered(language, {}, known=handover_of((*STORY, solved, again)), cycle=2)
    said = {"en": "Solution given before, which did not hold", "de": "Frühere Lösung, die nicht gehalten hat"}[language]
    assert f"{said}: We replaced the fuse" in text


def test_what_was_promised_is_open_until_it_is_kept_broken_or_replaced() -> None:
    promised = events.Promised(at=NOON, what="a call", eta=FRIDAY_AT_THREE, by="Cleo")
    for after, is_open, is_broken in (
        ((), True, False),
        ((events.PromiseKept(at=NOON),), False, False),
        ((events.PromiseLapsed(at=NOON),), False, True),
        ((promised,), False, False),
    ):
        first = handover_of((promised, *after)).promises[0]
        assert (first.is_open, first.is_broken) == (is_open, is_broken)


def test_a_long_story_is_bounded() -> None:
    many = [events.CustomerReplied(at=NOON, text=f"{number} " + "x" * 10_000) for number in range(100)]
    said = handover_of(many).said
    assert len(said) == LATEST
    assert said[-1].text.startswith("99 ")
    assert {len(one.text) for one in said} == {LONGEST}
