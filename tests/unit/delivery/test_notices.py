"""Notices to the team, in each language that has templates."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from activities.message_values import LONGEST_QUOTE, case_values, message_values
from escalation.business_time import OpenTime
from escalation.case import events
from escalation.clock_rules import Basis
from escalation.guidance import CheckItem
from escalation.message_kinds import MessageKind
from escalation.messages.handover_reading import handover_of
from escalation.messages.notices import Advice, CalledOff, Clock, Corrected, NoLongerNeeded, Notice, NotSatisfied, Words
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CancelCause, ClockName, Reading
from tests.unit.delivery.cases import BREACH, NOON, a_message, a_view, full, notice_of
from tests.unit.delivery.staff_letters import (
    KNOWN,
    LANGUAGES,
    LATE,
    NEW_YORK,
    REFUND,
    STORY,
    about_numbers_and_names_of_ours,
    offered,
    rendered,
    told,
)


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


@pytest.mark.parametrize(
    ("language", "headline"),
    [
        ("en", "SEV1 Reminder: Zoë Müller is waiting for our first answer"),
        ("de", "SEV1 Erinnerung: Zoë Müller wartet auf unsere erste Antwort"),
    ],
)
def test_the_heading_of_a_reminder_says_of_what(language: str, headline: str) -> None:
    reminder = replace(BREACH, kind=NoticeKind.REMINDER, clock=ClockName.FIRST_RESPONSE)
    assert told(language, reminder).partition("\n")[0] == headline


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_leads_to_the_case_where_there_is_a_server_with_pages(language: str) -> None:
    message = a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.CLOSED),))
    for url in ("https://desk.example.com/agent/cases/escalation-T-1", ""):
        values = case_values(a_view(), recipient="Ana", owner="", contact="") | message_values(message, case_url=url)
        text = rendered(MessageKind.NOTICE, language, values, 0)
        assert text.count("https://") == bool(url)
        assert url in text


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


@pytest.mark.parametrize(
    ("is_replaced", "language", "why"),
    [
        (True, "en", "Another request takes its place."),
        (False, "en", "The case is resolved or was cancelled."),
        (True, "de", "Eine andere Anfrage tritt an ihre Stelle."),
        (False, "de", "Der Fall ist gelöst oder wurde beendet."),
    ],
)
def test_a_colleague_reads_why_their_answer_is_no_longer_needed(*, is_replaced: bool, language: str, why: str) -> None:
    assert why in told(language, NoLongerNeeded(approval=REFUND, is_replaced=is_replaced))


@pytest.mark.parametrize("chosen", ["de", "en-GB"])
@pytest.mark.parametrize(
    ("language", "line", "names"),
    [
        ("en", "- The customer chose another language: {}\n", {"de": "German", "en-GB": "English"}),
        (
            "de",
            "- Briefe sind ab jetzt in einer anderen Sprache gewünscht: {}\n",
            {"de": "Deutsch", "en-GB": "Englisch"},
        ),
    ],
)
def test_a_language_that_the_customer_chose_is_named(
    chosen: str, language: str, line: str, names: dict[str, str]
) -> None:
    notice = Corrected(colleague="customer", changed=("customer",))
    text = told(language, notice, customer=replace(a_view().customer, language=chosen))
    assert line.format(names[chosen]) in text
    assert {"en": "Please write to them in that language too.", "de": "auch selbst in dieser Sprache"}[language] in text


WAITING = (
    events.CustomerReplied(at=NOON, text="When will it work?"),
    events.CustomerReplied(at=NOON + timedelta(minutes=1), text="Hello?"),
)


CHOSE = events.CustomerReplied(at=NOON, text="Money back", reading=Reading.CHOICE)


@pytest.mark.parametrize(
    ("language", "title", "header"),
    [
        ("en", "The customer has written again; 2 messages have no answer", "2 messages have no answer yet:"),
        ("de", "Erneut eine Kundennachricht; 2 sind ohne Antwort", "Ohne Antwort sind bisher 2 Nachrichten:"),
    ],
)
def test_who_writes_again_is_said_to_and_every_unanswered_message_is_there(
    language: str, title: str, header: str
) -> None:
    wrote = Words(kind=NoticeKind.CUSTOMER_REPLIED, text="Hello?")
    text = told(language, wrote, known=handover_of(WAITING))
    assert title in text
    assert text.index(header) < text.index("> When will it work?") < text.index("> Hello?")
    answered = (*WAITING[:1], events.CustomerTold(at=NOON, by="ana", text="Soon", next_step=""), WAITING[1])
    once = told(language, wrote, known=handover_of(answered))
    assert title not in once
    assert "> When will it work?" not in once


@pytest.mark.parametrize(("language", "chose"), [("en", "chose"), ("de", "wählte")])
def test_a_late_choice_is_said_to_be_chosen_and_not_written(language: str, chose: str) -> None:
    notice = Words(kind=NoticeKind.CHOSE_LATE, text="Money back")
    text = told(language, notice, known=handover_of([CHOSE]), customer=replace(a_view().customer, name="Ann"))
    assert f"Ann {chose}" in text
    assert {"en": "Ann wrote", "de": "Ann schrieb"}[language] not in text
    assert text.count("Money back") == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "ok; ticked: The refund is booked, tidy"), ("de", "ok; abgehakt: Das Geld ist gebucht, tidy")],
)
def test_a_tick_in_the_packet_is_named_by_its_item(language: str, line: str) -> None:
    ticked = events.Noted(at=NOON, by="ivo", text="ok", tried="", checked=("booked", "tidy"))
    item = CheckItem(
        id="booked", text="The refund is booked", required=True, done=True, words={"de": "Das Geld ist gebucht"}
    )
    assert line in offered(language, known=handover_of([ticked]), checklist=(item,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_that_was_done_before_the_reopening_says_so(language: str) -> None:
    item = CheckItem(id="booked", text="Booked", required=True, done=False, was_done=True)
    text = offered(language, {**full(MessageKind.OFFER), "checklist": (item,)})
    expected = {"en": "done before the case was reopened", "de": "bevor der Fall wieder geöffnet wurde"}[language]
    assert f"- Booked ({'war erledigt, ' if language == 'de' else 'was '}{expected})" in text


WITHDRAWN, DUPLICATE = CancelCause.WITHDRAWN, CancelCause.DUPLICATE


@pytest.mark.parametrize(
    ("notice", "english", "german"),
    [
        (
            CalledOff(text="bought anew", cause=WITHDRAWN, by="Eve"),
            "it was withdrawn; closed by Eve: bought anew",
            "das Anliegen wurde zurückgezogen; beendet von Eve: bought anew",
        ),
        (
            CalledOff(text="bought anew", cause=WITHDRAWN, by="customer"),
            "Zoë Müller withdrew it: bought anew",
            "Zoë Müller hat das Anliegen zurückgezogen: bought anew",
        ),
        (
            CalledOff(text="", cause=DUPLICATE, by="Eve", duplicate_of="T-9"),
            "Eve closed it as a duplicate of T-9",
            "Eve hat ihn als Duplikat von T-9 beendet",
        ),
        (
            CalledOff(text="", cause=DUPLICATE, by="system", duplicate_of="T-9"),
            "it was closed as a duplicate of T-9",
            "er wurde als Duplikat von T-9 beendet",
        ),
        (CalledOff(text="bought anew"), "was cancelled: bought anew", "nicht weiterverfolgt: bought anew"),
    ],
)
def test_the_notice_of_a_cancelled_case_says_why_and_by_whom(notice: CalledOff, english: str, german: str) -> None:
    assert f"{english}\n" in told("en", notice)
    assert f"{german}\n" in told("de", notice)


@pytest.mark.parametrize(
    ("language", "there"),
    [("en", "The customer is answered in the case of T-9."), ("de", "Geantwortet wird im Fall zu T-9.")],
)
def test_the_notice_of_a_duplicate_says_where_the_customer_is_answered(language: str, there: str) -> None:
    notice = CalledOff(text="", cause=DUPLICATE, by="Eve", duplicate_of="T-9")
    assert there in told(language, notice)
    assert there not in told(language, replace(notice, continues=False))


@pytest.mark.parametrize(
    ("language", "author", "owner"),
    [
        ("en", "Please send the next one, with a new time.", "need to give one."),
        ("de", "Bitte die nächste Meldung schreiben, mit einer neuen Zeit.", "hier ist keine zu nennen."),
    ],
)
def test_a_promise_of_an_incident_is_for_the_author_of_its_bulletin(language: str, author: str, owner: str) -> None:
    missed = Clock(kind=NoticeKind.PROMISE_LAPSED, clock=ClockName.PROMISE, incident="mail")
    assert owner in told(language, missed)
    assert author in told(language, replace(missed, is_author=True))


@pytest.mark.parametrize(
    ("language", "not_theirs"), [("en", "Ben has the case. Please ask"), ("de", "Ben hat den Fall. Bitte nachfragen")]
)
def test_who_oversees_a_case_is_not_asked_to_answer_in_place_of_its_owner(language: str, not_theirs: str) -> None:
    late = Clock(kind=NoticeKind.BREACH, clock=ClockName.NEXT_RESPONSE)
    values = case_values(a_view(), recipient="Boss", owner="Ben", contact="")
    message = a_message(MessageKind.NOTICE, to="boss", notices=(late,))
    assert not_theirs in rendered(MessageKind.NOTICE, language, values | message_values(message, {}), 0)
    assert not_theirs not in told(language, late)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("about", "beside"),
    [
        (lambda text: Words(kind=NoticeKind.UNANSWERED, text=text), {}),
        (lambda text: NotSatisfied(score=1, comment=text), {"en": ": 1 of 5\n", "de": ": 1 von 5\n"}),
        (lambda text: Advice(kind=NoticeKind.CONSULT_ANSWERED, colleague="Ben", text=text), {"de": ": Ben\n"}),
    ],
)
def test_the_paragraphs_of_another_person_are_kept_in_a_quote(
    about: Callable[[str], Notice], beside: Mapping[str, str], language: str
) -> None:
    text = told(language, about("It smokes.\n\nAnd it stinks!"))
    assert "\n\n> It smokes.\n>\n> And it stinks!\n\n" in text
    assert beside.get(language, "") in text
    assert len(told(language, about("It smokes.\n\n" + "x" * 5_000))) < len(text) + LONGEST_QUOTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_message_of_several_paragraphs_is_quoted_once(language: str) -> None:
    words = "It smokes.\n\nAnd it stinks!"
    known = handover_of([events.CustomerReplied(at=NOON, text=words)])
    text = told(language, Words(kind=NoticeKind.CUSTOMER_REPLIED, text=words), known=known)
    assert text.count("It smokes.") == 1
    assert "> It smokes.\n>\n> And it stinks!" in text
