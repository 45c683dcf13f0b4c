"""Offers of a case to a colleague, in each language that has templates."""

import re
from dataclasses import replace

import pytest

from escalation.case import events
from escalation.case.commands import Packet
from escalation.guidance import CheckItem, QuestionSet
from escalation.messages.handover_reading import LATEST, LONGEST, handover_of
from escalation.program_texts import ProgramText
from escalation.vocabulary import Category, ClimbCause, Outcome, PromiseFate, Reason, Severity
from tests.unit.delivery.cases import FRIDAY_AT_THREE, NOON, a_view
from tests.unit.delivery.staff_letters import KNOWN, LANGUAGES, STORY, offered, opened
from tests.unit.domain.case import Case


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_carries_what_the_next_owner_must_know(language: str) -> None:
    text = offered(language, frustration=3, our_fault=True, cycle=2)
    for fact in (
        Severity.SEV1,
        "The printer smokes.",
        {"en": "our specialists", "de": "unsere Fachleute"}[language],
        "Zoë Müller",
        "Nora",
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


def test_a_colleague_learns_in_which_language_the_customer_reads_where_it_is_not_theirs() -> None:
    customer = replace(a_view().customer, language="de-AT")
    assert "(reads German; please write in that language)" in offered("en", customer=customer)
    assert "Sprache" not in offered("de", customer=customer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_offer_has_the_reason_in_the_words_of_who_gave_it(language: str) -> None:
    assert ": They asked_for it, and it is due\n" in offered(language, {"why": "They asked_for it, and it is due"})


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
            "Grund für dieses Angebot: eine Frist ist verstrichen, deshalb ging der Fall eine Stufe höher",
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


@pytest.mark.parametrize(
    ("language", "answer", "solve", "missed"),
    [
        ("en", "Answer the customer by: ", "Solve by: ", "(missed; please as soon as you can)"),
        (
            "de",
            "Antwort an die Kundin oder den Kunden bis: ",
            "Lösen bis: ",
            "(verstrichen; bitte so bald wie möglich)",
        ),
    ],
)
def test_an_offer_says_which_of_its_deadlines_has_been_missed(
    language: str, answer: str, solve: str, missed: str
) -> None:
    text = offered(language, {"answer_by": NOON, "solve_by": FRIDAY_AT_THREE}, known=handover_of(STORY))
    answer_line = next(line for line in text.split("\n") if line.startswith(answer))
    solve_line = next(line for line in text.split("\n") if line.startswith(solve))
    assert answer_line.endswith(missed)
    assert missed not in solve_line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_in_which_a_case_moves_has_words(language: str) -> None:
    climbed = STORY[-1]
    assert isinstance(climbed, events.Climbed)
    moves: list[events.Event] = [
        *(replace(climbed, cause=cause) for cause in ClimbCause),
        replace(climbed, cause=ClimbCause.COMMAND, trigger=Reason.LEGAL, by="Eve", why="a lawyer wrote"),
        events.LadderRestarted(at=NOON, round=2, tier=1),
        events.AcknowledgementDecayed(at=NOON, person="Cleo"),
        events.ShiftEnded(at=NOON, person="Cleo", packet=Packet(concern="c")),
        events.Reassigned(at=NOON, to="ana", why="knows it", by="Eve"),
        events.GivenBack(at=NOON, person="Cleo", why="on leave", by="Eve"),
        events.GivenBack(at=NOON, person="Cleo", why="I am on a train", by="Cleo"),
        events.Reopened(at=NOON, cycle=2, why="it smokes again", by="system"),
        opened(undoes="escalation-T-1", by="Eve"),
        events.Reopened(at=NOON, cycle=2, why="it smokes again", by="customer"),
    ]
    texts = [offered(language, {}, known=handover_of((*STORY, move))) for move in moves]
    assert len({text.split("\n\n")[3] for text in texts}) == len(moves)
    assert "a lawyer wrote" in texts[len(ClimbCause)]
    assert "Zoë Müller" in next(line for line in texts[-1].split("\n") if "it smokes again" in line)


@pytest.mark.parametrize(
    ("language", "again", "had"),
    [
        ("en", "you had this case before: please take it on again, or", "had it until it was cancelled by mistake"),
        ("de", "bitte diesen Fall wieder übernehmen", "hatte den Fall, bis er versehentlich beendet wurde"),
    ],
)
def test_who_had_a_case_that_was_cancelled_by_mistake_reads_that_and_all_that_was_written(
    language: str, again: str, had: str
) -> None:
    taken, undone = events.Acknowledged(at=NOON, person="Ana"), opened(undoes="escalation-T-1", by="Eve")
    known = handover_of((*STORY, taken, undone))
    text = offered(language, {}, known=known)
    assert again in text
    assert f"- Ana: {had}" in text
    assert "You promised me an answer on Monday." in text
    assert "Eve" in text
    assert again not in offered(language, {}, known=replace(known, passed=()))


@pytest.mark.parametrize(
    ("language", "linked"), [("en", "Linked to the incident mail:"), ("de", "Verknüpft mit der Störung mail:")]
)
def test_an_offer_names_the_incident_that_the_case_is_linked_to_and_its_fix(language: str, linked: str) -> None:
    link = events.IncidentLinked(at=NOON, incident="mail", by="zoe")
    fixed = events.ResolutionProposed(at=NOON, incident="mail", number=1, solution="Restarted", root_cause="", by="zoe")
    unlinked = events.IncidentUnlinked(at=NOON, incident="mail", by="zoe")
    assert linked in offered(language, known=handover_of((link,)))
    assert "\n\n> Restarted\n" in offered(language, known=handover_of((link, fixed)))
    assert linked not in offered(language, known=handover_of((link, fixed, unlinked)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_opened_the_case_again_have_their_time(language: str) -> None:
    late = ProgramText.WROTE_AFTER_THE_END.say(said="It smokes again")
    words = {"customer_words": "It smokes again", "life": 2}
    before = {"en": "before the case was opened", "de": "vor der eröffnung"}[language]
    assert before in offered(language, {}, known=handover_of([opened(**words)])).lower()
    assert before not in offered(language, {}, known=handover_of([opened(**words, evidence=(late,))])).lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_gets_a_reopened_case_reads_which_solution_did_not_hold(language: str) -> None:
    solved = events.Resolved(at=NOON, outcome=Outcome.SOLVED, solution="We replaced the fuse", root_cause="", by="Cleo")
    again = events.Reopened(at=NOON, cycle=2, why="it smokes again", by="customer")
    text = offered(language, {}, known=handover_of((*STORY, solved, again)), cycle=2)
    said = {"en": "Solution given before, which did not hold", "de": "Frühere Lösung, die nicht gehalten hat"}[language]
    assert f"{said}: We replaced the fuse" in text


def test_what_was_promised_is_open_until_it_is_kept_broken_or_replaced() -> None:
    promised = events.Promised(at=NOON, what="a call", eta=FRIDAY_AT_THREE, by="Cleo")
    for after, fate in (
        ((), PromiseFate.OPEN),
        ((events.PromiseKept(at=NOON),), PromiseFate.KEPT),
        ((events.PromiseLapsed(at=NOON),), PromiseFate.BROKEN),
        (
            (events.PromiseReplaced(at=NOON, what="a call", eta=FRIDAY_AT_THREE, by="Cleo"), promised),
            PromiseFate.REPLACED,
        ),
        ((events.PromiseDropped(at=NOON, what="a call", eta=FRIDAY_AT_THREE, by="Cleo"),), PromiseFate.ENDED),
    ):
        assert handover_of((promised, *after)).promises[0].fate is fate


def test_a_long_story_is_bounded() -> None:
    many = [events.CustomerReplied(at=NOON, text=f"{number} " + "x" * 10_000) for number in range(100)]
    said = handover_of(many).said
    assert len(said) == LATEST
    assert said[-1].text.startswith("99 ")
    assert {len(one.text) for one in said} == {LONGEST}


@pytest.mark.parametrize(("language", "before"), [("en", "Before the case was opened"), ("de", "Vor der Eröffnung")])
def test_words_from_before_the_opening_have_no_time_that_no_one_knows(language: str, before: str) -> None:
    opened = next(one for one in Case.opened(customer_words="It smokes").events if isinstance(one, events.Opened))
    known = handover_of((opened,))
    assert f"{before}:\n\n> It smokes" in offered(language, {}, known=known)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_question_of_several_lines_keeps_them(language: str) -> None:
    asked = events.InformationRequested(at=NOON, by="Cleo", question="- Which light?\n- Since when?")
    answer = events.CustomerReplied(at=NOON, text="The red one")
    for story in ((asked,), (asked, answer)):
        text = offered(language, {}, known=handover_of(story))
        assert "> - Which light?\n> - Since when?" in text
