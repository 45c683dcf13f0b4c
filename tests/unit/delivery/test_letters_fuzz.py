"""Whatever outside text says, a letter keeps its structure."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.adapters.templates import Templates
from activities.message_values import FACTS, case_subject, case_values, message_values
from activities.ports import TemplateFacts
from escalation.messages.effects import Message, Notice
from escalation.vocabulary import MessageKind, NoticeKind
from tests.unit.delivery.cases import FRIDAY_AT_THREE, NOON, a_customer, a_view
from tests.unit.delivery.hostile import TEXT

pytestmark = pytest.mark.fuzz

LETTERS = Templates()
PARAGRAPHS = {"text", "next_step", "question", "solution", "explanation", "concern", "no_evidence"}
LISTS = {"tried", "evidence", "proposed"}
INSTANTS = ("_at", "_by")

# The word in front keeps a text that is nothing but hidden characters from being left out.
ONE_LINE = TEXT.map(lambda text: f"word {text}")


def letter(kind: MessageKind, language: str, about: NoticeKind, line: str, paragraph: str = "word") -> tuple[str, str]:
    """The subject and the body, with `line` wherever there is room for a line from outside."""
    facts = {name: fact(name, line, paragraph) for name in FACTS[kind]}
    notices = (Notice(about=about, text=line, due=NOON),) if kind is MessageKind.NOTICE else ()
    message = Message(key="k", message=kind, to="x", facts=facts, notices=notices)
    view = a_view(ticket=line, summary=line, customer=a_customer(name=line))
    values = case_values(view, recipient=line, owner=line, contact=line) | message_values(message)
    rendered = LETTERS.render(
        TemplateFacts(kind=kind, languages=(language,), frustration=0, zone="Europe/Berlin", values=values)
    )
    assert "\n" not in rendered.headline
    return case_subject(view), rendered.body


def fact(name: str, line: str, paragraph: str) -> str:
    if name in LISTS:
        return json.dumps([line, line])
    if name == "options":
        return json.dumps([{"id": line, "title": line, "pros": line, "cons": line}])
    if name.endswith(INSTANTS):
        return FRIDAY_AT_THREE
    return paragraph if name in PARAGRAPHS else line


@given(st.sampled_from(MessageKind), st.sampled_from(["en", "de"]), st.sampled_from(NoticeKind), ONE_LINE)
def test_a_line_from_outside_stays_one_line(kind: MessageKind, language: str, about: NoticeKind, line: str) -> None:
    subject, body = letter(kind, language, about, line)
    _, plain = letter(kind, language, about, "word word word")
    assert len(body.splitlines()) == len(plain.splitlines())
    assert subject.splitlines() == [subject]


@given(st.sampled_from(MessageKind), st.sampled_from(["en", "de"]), st.sampled_from(NoticeKind), TEXT)
def test_no_letter_holds_what_steers_instead_of_being_shown(
    kind: MessageKind, language: str, about: NoticeKind, text: str
) -> None:
    _, body = letter(kind, language, about, f"word {text}", text)
    assert not set(body) & {*"\r\x00\x0b\x0c\x1b\x85\u2028\u2029\u202e\u2066\ufeff\ud83d\udc80"}
    body.encode()


def test_all_kinds_of_letters_in_all_languages_have_the_subject_of_the_case() -> None:
    view: Any = replace(a_view(), summary="Invoice\r\nBcc: eve@example.com " + "x" * 200)
    subject = case_subject(view)
    assert subject.startswith("[T-1] Invoice Bcc: eve@example.com xxx")
    assert len(subject) == len("[T-1] ") + 100
