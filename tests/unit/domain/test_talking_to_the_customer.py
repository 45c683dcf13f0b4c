"""First and next response, regular updates, promises, options: what the customer may count on."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from escalation.business_time import OpenTime
from escalation.case.commands import (
    AddNote,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    HoldUpdates,
    MakePromise,
    OfferOptions,
    Option,
    Reassign,
    RecordCustomerReply,
    TellCustomer,
)
from escalation.case.events import ChoiceLapsed, OptionChosen, PromiseLapsed, PromiseReplaced
from escalation.clocks.deadlines import deadlines, target_instant
from escalation.errors import InvalidCommand
from escalation.messages import facts
from escalation.messages.handover_reading import handover_of
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import SYSTEM, ClockName, PromiseEnd, PromiseFate, Severity, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, own_words, said, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import RESTARTING, WITHOUT_RESPONSE_TARGETS
from tests.unit.domain.stages import ASK, REOPEN, RESOLVE

UPDATE = TellCustomer(by="ana", text="We found the cause")
REPLY = RecordCustomerReply(text="When will it be fixed?")
A, B = Option(id="a", title="Refund", cons="slow"), Option(id="b", title="Credit")
PASS_ON = Reassign(to="zoe", by="desk", why="knows it")
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


def test_a_promise_is_brought_to_mind_before_it_is_due_and_kept_when_the_thing_comes() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + 3 * HOURS, by="ana"))
    case.wait(3 * HOURS - MINUTES)
    assert case.fired(ClockName.PROMISE) == [("-900s", "2h 45m")]
    case.do(TellCustomer(by="ana", text="Here it is", fulfils_promise=True))
    assert "promise_kept" in case.kinds()
    case.wait(2 * HOURS)
    assert "promise_lapsed" not in case.kinds()


def test_what_is_promised_is_shown_as_what_comes_next() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + 3 * HOURS, by="ana"))
    said = case.messages[-1].facts
    assert (said.text, said.next_step) == ("a fix", "a fix")
    case.do(TellCustomer(by="ana", text="We are on it", next_step="a call"))
    said = case.messages[-1].facts
    assert (said.text, said.next_step) == ("We are on it", "a call")


def test_a_promise_that_lapses_is_owned_up_to() -> None:
    case = Case.working()
    case.do(TellCustomer(by="ana", text="We are on it", next_step="a fix", next_by=MONDAY + 3 * HOURS))
    case.wait(3 * HOURS)
    assert case.fired(ClockName.PROMISE) == [("-900s", "2h 45m"), ("due", "3h")]
    notice = next(message for message in case.messages if message.kind == "delay_notice")
    assert own_words(notice) == facts.DelayNotice(what="a fix", promised_at=MONDAY + 3 * HOURS)
    assert notice.facts.next_update_at == MONDAY + 11 * HOURS
    assert case.told("ana")[-1] == "promise_lapsed"
    assert ClockName.PROMISE not in case.state.runs
    case.do(TellCustomer(by="ana", text="Here it is", fulfils_promise=True))
    assert "promise_kept" not in case.kinds()


def test_a_second_promise_is_refused_while_one_is_open() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    for second in (
        MakePromise(what="a refund", at=MONDAY + 2 * HOURS, by="ana"),
        TellCustomer(text="Soon", next_step="a refund", next_by=MONDAY + 2 * HOURS, by="ana"),
    ):
        with pytest.raises(InvalidCommand, match=r'"a fix" is promised by .*`fulfils_promise`.*`withdraw`.*`replaces`'):
            case.do(second)
    assert case.state.promise == "a fix"


@pytest.mark.parametrize(
    "senseless",
    [
        MakePromise(what="a fix", at=MONDAY + HOURS, by="ana", replaces=True),
        TellCustomer(text="Soon", by="ana", replaces=True),
        MakePromise(what="a fix", at=MONDAY + HOURS, by="ana", why="it takes longer"),
    ],
)
def test_what_replaces_no_promise_is_refused(senseless: MakePromise | TellCustomer) -> None:
    with pytest.raises(InvalidCommand, match=r"leave it out|needs the new time"):
        Case.working().do(senseless)


def test_the_customer_reads_which_promise_a_new_one_replaces_and_why() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    case.do(MakePromise(what="a refund", at=MONDAY + 2 * HOURS, by="ana", replaces=True, why="It cannot be fixed."))
    letter = own_words(next(one for one in reversed(case.messages) if one.to == "customer"))
    assert isinstance(letter, facts.Update)
    assert (letter.replaces, letter.replaces_at, letter.replaced_because) == (
        "a fix",
        MONDAY + HOURS,
        "It cannot be fixed.",
    )
    assert [one.what for one in case.events if isinstance(one, PromiseReplaced)] == ["a fix"]
    assert [one.fate for one in handover_of(case.events).promises] == [PromiseFate.REPLACED, PromiseFate.OPEN]
    assert case.state.promise == "a refund"


def test_a_promise_can_be_kept_and_followed_by_the_next_one() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    case.do(TellCustomer(text="Here", next_step="a refund", next_by=MONDAY + DAYS, by="ana", fulfils_promise=True))
    assert [one.fate for one in handover_of(case.events).promises] == [PromiseFate.KEPT, PromiseFate.OPEN]


def test_a_promise_replaced_after_its_time_is_broken_though_no_clock_has_noticed_yet() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    case.now += 2 * HOURS
    case.do(MakePromise(what="a refund", at=case.now + HOURS, by="ana", replaces=True))
    assert [one.fate for one in handover_of(case.events).promises] == [PromiseFate.BROKEN, PromiseFate.OPEN]
    assert case.state.owed_time == "", "the letter has just named a new time"


def test_a_replaced_promise_brings_its_clock_to_the_new_time() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    case.do(MakePromise(what="a fix", at=MONDAY + 2 * HOURS, by="ana", replaces=True))
    case.wait(90 * MINUTES)
    assert case.fired(ClockName.PROMISE) == []
    assert case.due(ClockName.PROMISE) == "1h 45m"


def test_a_promise_closer_than_its_reminder_is_brought_to_mind_at_once() -> None:
    case = Case.working()
    case.do(MakePromise(what="a call", at=MONDAY + 5 * MINUTES, by="ana"))
    case.wait(5 * MINUTES)
    assert case.fired(ClockName.PROMISE) == [("-900s", "0"), ("due", "5m")]
    reminder = next(one for message in case.messages for one in message.notices if one.kind is NoticeKind.REMINDER)
    assert reminder.by == OpenTime(300), "not the 15 minutes of the policy: no more than 5 are left"


def test_what_comes_after_its_time_is_not_a_promise_kept_though_no_clock_has_noticed_yet() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + HOURS, by="ana"))
    case.now += 2 * HOURS
    case.do(TellCustomer(by="ana", text="Here it is", fulfils_promise=True))
    assert [event.at for event in case.events if isinstance(event, PromiseLapsed)] == [case.now]
    assert "promise_kept" not in case.kinds()


def test_a_promise_survives_that_clocks_start_again() -> None:
    case = Case.working(policy=RESTARTING)
    case.do(MakePromise(what="a fix", at=MONDAY + 3 * HOURS, by="ana"))
    case.do(ChangeSeverity(severity=Severity.SEV1, by="ana", why="payday"))
    assert case.due(ClockName.PROMISE) == "2h 45m"


def test_a_promise_in_another_zone_is_kept_in_utc() -> None:
    case = Case.working()
    there = timezone(timedelta(hours=5, minutes=30))
    case.do(MakePromise(what="a fix", at=(MONDAY + HOURS).astimezone(there), by="ana"))
    eta = case.state.runs[ClockName.PROMISE].eta
    assert eta is not None
    assert (since(eta), eta.utcoffset()) == ("1h", timedelta(0))


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (MakePromise(what="a fix", at=MONDAY, by="ana"), "has passed"),
        (MakePromise(what="a fix", at=(MONDAY + HOURS).replace(tzinfo=None), by="ana"), "no time zone"),
        (MakePromise(what=" ", at=MONDAY + HOURS, by="ana"), "`what` is empty"),
        (TellCustomer(by="ana", text="", fulfils_promise=True), "`text` is empty"),
        (AddNote(by="ana", text=""), "`text` is empty"),
        (ChangeFrustration(level=5, by="ana"), "0 (calm) to 4 (furious)"),
        (OfferOptions(options=(A,), by="ana"), "at least two"),
        (OfferOptions(options=(A, A), by="ana"), "different ids"),
        (OfferOptions(options=(A, B), by="ana", default="c"), "must be one of a, b"),
        (Choose(option="a"), "nothing to choose from"),
        (ChangeSeverity(severity=Severity.SEV2, by="ana", why=""), "SEV2 already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_part_that_does_not(command: MakePromise, complaint: str) -> None:
    refusal = Case.working().refused(command)
    assert isinstance(refusal, InvalidCommand)
    assert complaint in str(refusal)


def test_the_customer_chooses_and_the_owner_reads_which_option() -> None:
    case = Case.working()
    case.do(OFFER)
    letter = case.messages[-1]
    assert own_words(letter) == facts.Options(options=(A, B), default="b")
    assert letter.facts.choose_by == MONDAY + 24 * HOURS
    assert "open options: a, b" in str(case.refused(Choose(option="c")))
    case.do(Choose(option="a"))
    confirmed = next(message for message in case.messages if message.kind == "option_chosen")
    assert own_words(confirmed) == facts.OptionChosen(option="Refund")
    assert [notice.text for notice in case.messages[-1].notices if notice.kind == "option_chosen"] == ["Refund"]
    assert (case.state.options, ClockName.CHOICE in case.state.runs) == ((), False)


def test_a_customer_who_does_not_choose_is_reminded_and_then_gets_the_default() -> None:
    case = Case.working()
    case.do(OFFER)
    case.wait(10 * HOURS)
    case.do(AddNote(by="ana", text="still here"))
    case.wait(14 * HOURS)
    assert case.fired(ClockName.CHOICE) == [("50%", "12h"), ("due", "1d")]
    assert "options_reminder" in case.told_customer()
    chosen = next(event for event in case.events if isinstance(event, OptionChosen))
    assert (chosen.option, chosen.by) == ("b", SYSTEM)
    confirmed = next(message for message in case.messages if message.kind == "option_chosen")
    assert own_words(confirmed) == facts.OptionChosen(option=B.title, by_default=True)


def test_without_a_default_the_choice_goes_back_to_the_owner() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(A, B), by="ana"))
    for _ in range(3):
        case.wait(8 * HOURS - MINUTES)
        case.do(AddNote(by="ana", text="still here"))
    case.wait(3 * MINUTES)
    assert any(isinstance(event, ChoiceLapsed) for event in case.events)
    assert case.told("ana")[-1] == "warning, reminder"
    assert case.state.options == ()


def test_a_choice_that_lapses_while_the_case_is_offered_goes_to_who_is_asked() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(A, B), by="ana"))
    case.now += 24 * HOURS - MINUTES
    case.do(PASS_ON)
    case.wait(MINUTES)
    notices = [said(notice) for message in case.messages if message.to == "zoe" for notice in message.notices]
    assert "choice due" in notices


def test_new_options_replace_the_old_and_their_time() -> None:
    case = Case.working()
    case.do(OFFER)
    case.wait(HOURS)
    case.do(OfferOptions(options=(A, Option(id="c", title="Both")), by="ana"))
    assert [option.id for option in case.state.options] == ["a", "c"]
    assert case.due(ClockName.CHOICE) == "13h"


def test_frustration_is_corrected_and_the_same_level_is_not_an_event() -> None:
    case = Case.working()
    case.do(ChangeFrustration(level=3, by="ana"))
    assert case.state.frustration == 3
    assert case.do(ChangeFrustration(level=3, by="ana")).events == ()


def test_options_and_promises_end_with_the_cycle() -> None:
    case = Case.working()
    case.do(OFFER)
    case.do(MakePromise(what="a fix", at=MONDAY + DAYS, by="ana"))
    case.do(replace(RESOLVE, promise=PromiseEnd.KEPT))
    assert not {ClockName.CHOICE, ClockName.PROMISE} & set(deadlines(case.state, EXAMPLE))
    assert (case.state.options, case.state.default_option) == ((), "")
    case.do(REOPEN)
    assert "nothing to choose from" in str(case.refused(Choose(option="c")))
    assert case.state.stage is Stage.OFFERED
