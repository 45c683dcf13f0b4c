"""Whatever outside text says, a letter keeps its structure."""

from dataclasses import replace
from enum import Enum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.message_values import case_subject, case_values, message_values
from activities.ports.wording import TemplateFacts
from escalation.case.commands import Option, OutcomeItem
from escalation.guidance import QuestionSet
from escalation.message_kinds import MessageKind
from escalation.messages.shown import Prose, Quote, Shown, marks_of
from escalation.notice_kinds import NoticeKind
from escalation.people import FOR_STAFF
from tests.letters import LETTERS
from tests.unit.delivery.cases import FULL_FACTS, TYPES, a_customer, a_message, a_view, names_of, notice_of
from tests.unit.delivery.hostile import TEXT

pytestmark = pytest.mark.fuzz

# The word in front keeps a text that is nothing but hidden characters from being left out.
ONE_LINE = TEXT.map(lambda text: f"word {text}")


def letter(kind: MessageKind, language: str, about: NoticeKind, line: str, paragraph: str = "word") -> tuple[str, str]:
    """The subject and the body, with `line` wherever there is room for a line from outside."""
    said = {name: fact(TYPES[kind], name, about, line, paragraph) for name in names_of(kind)}
    message = a_message(kind, to="x", **said)
    view = a_view(ticket=line, summary=line, opening_words=paragraph, customer=a_customer(name=line))
    values = case_values(view, recipient=line, owner=line, contact=line) | message_values(message)
    rendered = LETTERS.render(
        TemplateFacts(kind=kind, languages=(language,), frustration=0, zone="Europe/Berlin", values=values)
    )
    assert "\n" not in rendered.headline
    return case_subject(view, to_staff=kind in FOR_STAFF), rendered.body


def fact(type_: Any, name: str, about: NoticeKind, line: str, paragraph: str) -> Any:  # noqa: PLR0911 (one for each kind)
    """A value of the right type, which is the text wherever it can be one."""
    if name == "notices":
        notice = notice_of(about, line)
        quotes = {field: paragraph for field, mark in marks_of(notice).items() if mark is Shown.QUOTE}
        return (replace(notice, **quotes),)
    match FULL_FACTS[name]:
        case (Option(), *_):
            return (Option(id=line, title=line, pros=line, cons=line),)
        case (QuestionSet(), *_):
            return (QuestionSet(name=line, questions={"en": (line,)}),)
        case (OutcomeItem(), *_):
            return (OutcomeItem(what=line, amount="49.90", currency="EUR"),)
        case (str(), *_):
            return (line, line)
        case Enum() as given if get_type_hints(type_)[name] is not str:
            return given
        case str():
            return paragraph if get_type_hints(type_, include_extras=True)[name] in (Prose, Quote) else line
        case given:
            return given


@given(st.sampled_from(MessageKind), st.sampled_from(["en", "de"]), st.sampled_from(NoticeKind), ONE_LINE)
def test_a_line_from_outside_stays_one_line(kind: MessageKind, language: str, about: NoticeKind, line: str) -> None:
    subject, body = letter(kind, language, about, line)
    _, plain = letter(kind, language, about, "word word word")
    assert len(body.splitlines()) == len(plain.splitlines())
    assert subject.splitlines() == [subject]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", MessageKind)
def test_a_break_in_any_line_from_outside_adds_no_line(kind: MessageKind, language: str) -> None:
    for about in NoticeKind:
        _, body = letter(kind, language, about, "word\r\nword\u2028word")
        _, plain = letter(kind, language, about, "word word word")
        assert body == plain


@given(st.sampled_from(MessageKind), st.sampled_from(["en", "de"]), st.sampled_from(NoticeKind), TEXT)
def test_no_letter_holds_what_steers_instead_of_being_shown(
    kind: MessageKind, language: str, about: NoticeKind, text: str
) -> None:
    _, body = letter(kind, language, about, f"word {text}", text)
    assert not set(body) & {*"\r\x00\x0b\x0c\x1b\x85\u2028\u2029\u202e\u2066\ufeff\ud83d\udc80"}
    body.encode()


def test_all_kinds_of_letters_in_all_languages_have_the_subject_of_the_case() -> None:
    view: Any = replace(a_view(), summary="Invoice\r\nBcc: eve@example.com " + "x" * 200)
    subject = case_subject(view, to_staff=True)
    assert subject.startswith("[T-1] Invoice Bcc: eve@example.com xxx")
    assert len(subject) == len("[T-1] ") + 100


def test_the_subject_of_letters_to_the_customer_is_in_their_own_words() -> None:
    view: Any = replace(a_view(), opening_words=" Charged twice\r\nBcc: eve@example.com")
    assert case_subject(view, to_staff=False) == "[T-1] Charged twice"
    for greeting in (
        "Hello,\n\n",
        "Dear Sir or Madam,\n",
        "Hi there, ",
        "Sehr geehrte Damen und Herren,\n\n",
        "Hallo\n",
    ):
        greeted: Any = replace(view, opening_words=f"{greeting}charged twice")
        assert case_subject(greeted, to_staff=False) == "[T-1] charged twice"
    for words in ("Hello", "Hi all our printers are down"):
        assert case_subject(replace(view, opening_words=words), to_staff=False) == f"[T-1] {words}"
    unknown: Any = replace(view, opening_words="")
    assert case_subject(unknown, to_staff=False, about="Your message to us") == "[T-1] Your message to us"
