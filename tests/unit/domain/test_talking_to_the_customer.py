"""First and next response, and regular updates: what the customer may count on."""

import pytest

from escalation.case.commands import (
    AddNote,
    ChangeFrustration,
    HoldUpdates,
    MakePromise,
    OfferOptions,
    Option,
    Reassign,
    RecordCustomerReply,
    TellCustomer,
)
from escalation.clocks.deadlines import target_instant
from escalation.message_kinds import MessageKind
from escalation.messages import facts
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName
from tests.unit.domain.case import MONDAY, Case, opening, since
from tests.unit.domain.durations import HOURS
from tests.unit.domain.policies import WITHOUT_RESPONSE_TARGETS
from tests.unit.domain.stages import ASK

UPDATE = TellCustomer(by="ana", text="We found the cause")
REPLY = RecordCustomerReply(text="When will it be fixed?")
A, B = Option(id="a", title="Refund", cons="slow"), Option(id="b", title="Credit")
OFFER = OfferOptions(options=(A, B), by="ana", default="b")


def test_the_receipt_goes_out_at_once_and_names_the_next_update() -> None:
    case = Case.opened()
    receipt = case.messages[0]
    assert (receipt.key, receipt.to) == ("receipt/1/customer", "customer")
    assert receipt.facts == facts.Receipt(next_update_at=MONDAY + 8 * HOURS)


def test_an_automatic_receipt_is_not_a_first_response() -> None:
    case = Case.working()
    case.wait(2 * HOURS)
    assert case.fired(ClockName.FIRST_RESPONSE) == [("75%", "1h 30m"), ("due", "2h")]
    assert case.told("ana")[-2:] == ["warning", "breach"]
    assert case.told("overseer") == ["breach"]
    assert case.state.breaches == {ClockName.FIRST_RESPONSE: 1}


@pytest.mark.parametrize("command", [UPDATE, ASK, OFFER], ids=lambda command: command.kind)
def test_the_first_word_of_a_person_meets_the_first_response(command: TellCustomer) -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(command)
    case.wait(2 * HOURS)
    assert case.fired(ClockName.FIRST_RESPONSE) == []
    assert ClockName.FIRST_RESPONSE not in case.state.runs


def test_a_note_is_not_a_response() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="looked at it"))
    assert case.due(ClockName.FIRST_RESPONSE) == "1h 30m"


def test_a_reply_is_answered_counting_from_the_oldest_unanswered_message() -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(UPDATE)
    case.do(REPLY)
    assert case.told("ana")[-1] == "customer_replied"
    case.wait(3 * HOURS)
    case.do(REPLY)
    assert case.due(ClockName.NEXT_RESPONSE) == "5h"
    case.wait(HOURS)
    assert case.fired(ClockName.NEXT_RESPONSE) == [("due", "5h")]
    case.do(UPDATE)
    case.do(REPLY)
    assert case.due(ClockName.NEXT_RESPONSE) == "9h", "the next message is a new promise"


def answer_due(case: Case) -> str:
    """The time in the newest notice about a message of the customer."""
    notice = next(one for one in reversed(case.messages) if one.kind == "notice").notices[0]
    assert notice.kind == "customer_replied"
    return since(notice.due) if notice.due else ""


def test_an_answer_is_asked_for_by_the_first_time_that_the_customer_was_given() -> None:
    case = Case.working()
    case.do(REPLY)
    assert answer_due(case) == "2h", "the first response, though the next one has four hours"
    case.do(UPDATE)
    case.wait(HOURS)
    case.do(REPLY)
    assert answer_due(case) == since(case.state.runs[ClockName.NEXT_RESPONSE].started_at + 4 * HOURS)
    case.do(MakePromise(by="ana", what="a corrected invoice", at=case.now + HOURS))
    case.do(REPLY)
    assert answer_due(case) == since(case.now + HOURS), "the customer was promised to hear from us by then"


def test_an_answer_is_asked_for_by_the_update_that_the_customer_expects_before_it() -> None:
    case = Case.working()
    case.do(UPDATE)
    case.wait(5 * HOURS)
    case.do(REPLY)
    update = target_instant(case.state, case.policy, ClockName.CUSTOMER_UPDATE)
    assert update is not None
    assert update < case.now + 4 * HOURS
    assert answer_due(case) == since(update)
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    offer = next(one for one in case.messages if one.to == "zoe")
    assert offer.facts.answer_by == update
    case = Case.working()
    case.do(UPDATE)
    case.do(HoldUpdates(until=case.now + 20 * HOURS, by="ana", why="on holiday"))
    case.wait(5 * HOURS)
    case.do(REPLY)
    assert answer_due(case) == since(case.now + 4 * HOURS), "an update that is held was promised to no one"


def test_an_answer_is_asked_for_by_the_next_update_where_no_response_is_promised() -> None:
    case = Case.working(policy=WITHOUT_RESPONSE_TARGETS)
    case.do(REPLY)
    assert answer_due(case) == "8h"


def test_words_that_opened_the_case_a_moment_ago_bring_no_notice_besides_the_offer() -> None:
    case = Case()
    case.do(opening(customer_words="It smokes again"))
    case.do(RecordCustomerReply(text="It smokes again"))
    assert [message.kind for message in case.messages if message.to == "ana"] == [MessageKind.OFFER]
    case.do(RecordCustomerReply(text="And it stinks"))
    assert [notice.kind for notice in case.messages[-1].notices] == [NoticeKind.CUSTOMER_REPLIED]


def test_the_words_of_the_customer_are_quoted_short() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="a" * 5000))
    assert len(case.messages[-1].notices[0].text) == 200


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("word " * 39 + "word", "word " * 39 + "word"),
        ("word " * 41, "word " * 38 + "word…"),
        ("word " * 39 + "unfinished business", "word " * 38 + "word…"),
        ("  " + "word\n" * 60, "word\n" * 38 + "word…"),
        (" " * 300, ""),
    ],
)
def test_a_quote_ends_between_two_words_and_shows_that_it_was_cut(text: str, quoted: str) -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text=text))
    assert case.messages[-1].notices[0].text == quoted


def test_a_customer_who_hears_nothing_gets_a_holding_update_that_says_when_the_next_comes() -> None:
    case = Case.working()
    case.wait(8 * HOURS)
    assert case.fired(ClockName.CUSTOMER_UPDATE) == [("75%", "6h"), ("due", "8h")]
    holding = next(message for message in case.messages if message.kind == "holding_update")
    assert holding.key == "customer_update/3/due/customer", "receipt and first owner began the cycles before"
    assert holding.facts.next_update_at == MONDAY + 16 * HOURS
    assert case.told("overseer")[-1] == "holding_update_sent"
    case.wait(4 * HOURS)
    assert case.due(ClockName.CUSTOMER_UPDATE) == "14h"


def test_any_message_to_the_customer_starts_the_update_clock_again_and_a_note_never_does() -> None:
    case = Case.working()
    case.wait(5 * HOURS)
    case.do(AddNote(by="ana", text="looked at it"))
    assert case.due(ClockName.CUSTOMER_UPDATE) == "6h"
    case.do(UPDATE)
    assert case.due(ClockName.CUSTOMER_UPDATE) == "11h"


def test_frustration_is_corrected_and_the_same_level_is_not_an_event() -> None:
    case = Case.working()
    case.do(ChangeFrustration(level=3, by="ana"))
    assert case.state.frustration == 3
    assert case.do(ChangeFrustration(level=3, by="ana")).events == ()
