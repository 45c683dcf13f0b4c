"""What a customer says where no case can take it is a message, and opens the ticket's next escalation."""

import pytest

from escalation.case.commands import AnswerSurvey, Choose, RecordCustomerReply, Reopen, SupportCommand
from escalation.lifecycle.late_words import next_request, words_in
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Reading
from tests.unit.domain.stages import closed

BROKEN = RecordCustomerReply(text="It is broken again")


@pytest.mark.parametrize(
    "nothing",
    [
        RecordCustomerReply(text="Thanks!"),
        RecordCustomerReply(text="Out of office", automatic=True),
        Reopen(by="ana", why="It is back"),
        AnswerSurvey(score=5, comment="Great"),
    ],
)
def test_what_needs_no_answer_is_not_a_message(nothing: SupportCommand) -> None:
    assert words_in(nothing, {}) is None


def test_a_message_a_request_to_reopen_and_a_low_score_are_messages() -> None:
    assert words_in(BROKEN, {}) is BROKEN
    reopened = words_in(Reopen(by="customer", why="It is back"), {})
    assert reopened is not None
    assert (reopened.text, reopened.as_) == ("It is back", Reading.OBJECTION)
    chosen = words_in(Choose(option="a"), {"a": "Refund"})
    assert chosen is not None
    assert (chosen.text, chosen.as_) == ("Refund", Reading.CHOICE)
    unhappy = words_in(AnswerSurvey(score=2), {})
    assert unhappy is not None
    assert (unhappy.text, unhappy.as_) == ("2/5.", Reading.OBJECTION)


def test_the_next_escalation_has_what_the_customer_wrote_as_evidence() -> None:
    case = closed()
    view = view_of(case.state, case.policy)
    request = next_request(view, BROKEN)
    assert (request.ticket, request.by, request.or_overseer) == ("T-1", view.contact, True)
    assert request.evidence == ("The customer wrote when the case was over: It is broken again",)
