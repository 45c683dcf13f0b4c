"""Whose words a message brings: a person's own words never call themselves automatic."""

import pytest

from escalation.message_kinds import Author, MessageKind
from escalation.messages import facts
from escalation.messages.authorship import author_of
from escalation.messages.shown import Shown, marks_of
from tests.unit.delivery.cases import facts_for


def author(kind: MessageKind, **said: str) -> Author:
    return author_of(facts_for(kind, **said))


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_of_message_has_an_author(kind: MessageKind) -> None:
    assert author(kind) in Author


@pytest.mark.parametrize(
    "kind",
    [MessageKind.UPDATE, MessageKind.QUESTION, MessageKind.OPTIONS, MessageKind.RESOLVED, MessageKind.APPROVAL_REFUSED],
)
def test_what_a_person_wrote_is_theirs(kind: MessageKind) -> None:
    assert author(kind) is Author.PERSON


@pytest.mark.parametrize(
    "kind",
    [
        MessageKind.RECEIPT,
        MessageKind.HOLDING_UPDATE,
        MessageKind.QUESTION_REMINDER,
        MessageKind.OPTIONS_REMINDER,
        MessageKind.OFFER,
        MessageKind.NOTICE,
    ],
)
def test_what_a_clock_or_a_rule_sends_is_the_programs(kind: MessageKind) -> None:
    assert author(kind) is Author.PROGRAM


def test_an_answer_to_what_the_customer_just_wrote_is_called_so() -> None:
    assert author(MessageKind.CONTACT_LIMITED) is Author.PROGRAM_IN_ANSWER
    assert author(MessageKind.REOPENED, why="It is back") is Author.PROGRAM_IN_ANSWER
    assert author(MessageKind.REOPENED) is Author.PROGRAM


def test_each_text_of_a_letter_says_how_it_may_be_shown() -> None:
    assert marks_of(facts.Question(question="Which invoice?"))["question"] is Shown.PARAGRAPHS
    assert marks_of("no facts") == {}
