"""An open promise ends only in words: kept, taken back, replaced, or ended with its case; or it lapses and a new time is owed."""

from dataclasses import replace

import pytest

from escalation.case import events
from escalation.case.commands import (
    Acknowledge,
    Cancel,
    MakePromise,
    RecordCustomerReply,
    RecordDeliveryFailed,
    SupportCommand,
    TellCustomer,
)
from escalation.errors import InvalidCommand
from escalation.lifecycle.answering import done
from escalation.lifecycle.viewing import situation_of
from escalation.messages import facts
from escalation.messages.effects import Message
from escalation.messages.handover_reading import handover_of
from escalation.sentences import story_of
from escalation.vocabulary import CancelCause, ClockName, PromiseEnd, PromiseFate
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, own_words
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import ASK, PROPER, REOPEN, RESOLVE

PROMISE = MakePromise(what="a corrected export", at=MONDAY + HOURS, by="ana")
KEPT = replace(RESOLVE, promise=PromiseEnd.KEPT)


def promised() -> Case:
    case = Case.working()
    case.do(PROMISE)
    return case


def letters(case: Case) -> list[Message]:
    return [one for one in case.messages if one.to == "customer"]


def fates(case: Case) -> list[PromiseFate]:
    return [one.fate for one in handover_of(case.events).promises]


def lines(case: Case) -> list[str]:
    return [line for _, line in story_of(case.events)]


def test_a_time_needs_what_is_promised_by_then() -> None:
    refusal = Case.working().refused(TellCustomer(by="ana", text="Hello, we looked into it.", next_by=MONDAY + HOURS))
    assert "`next_step` is empty; say what the customer has by the time" in str(refusal)


def test_a_case_is_not_resolved_before_someone_says_what_became_of_its_promise() -> None:
    case = promised()
    with pytest.raises(
        InvalidCommand, match=r'"a corrected export" is promised by .*set `promise` to kept, or to withdrawn'
    ):
        case.do(RESOLVE)
    with pytest.raises(InvalidCommand, match="no promise is open"):
        Case.working().do(KEPT)


def test_a_promise_is_kept_with_the_solution_where_the_person_says_so() -> None:
    case = promised()
    case.do(KEPT)
    assert fates(case) == [PromiseFate.KEPT]
    assert 'ana said that the promise "a corrected export" was kept' in lines(case)


def test_a_promise_taken_back_with_the_solution_is_in_its_letter() -> None:
    case = promised()
    case.do(replace(RESOLVE, promise=PromiseEnd.WITHDRAWN))
    solved = own_words(letters(case)[-1])
    assert isinstance(solved, facts.Resolved)
    assert (solved.dropped, solved.dropped_at) == ("a corrected export", MONDAY + HOURS)
    assert fates(case) == [PromiseFate.WITHDRAWN]


def test_a_promise_past_its_time_is_not_kept_by_a_solution() -> None:
    case = promised()
    case.now += 2 * HOURS
    case.do(KEPT)
    assert fates(case) == [PromiseFate.BROKEN]
    assert ClockName.NEXT_RESPONSE not in case.state.runs


def test_a_promise_ends_with_a_cancelled_case_and_the_letter_says_so() -> None:
    case = promised()
    before = case.state
    case.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    assert own_words(letters(case)[-1]).dropped == "a corrected export"
    assert fates(case) == [PromiseFate.ENDED]
    assert "ends with the case" in done(case.events, before, case.state, EXAMPLE)


def test_a_promise_ends_with_a_case_that_is_paused_without_an_answer() -> None:
    case = Case.working()
    case.do(replace(PROMISE, at=MONDAY + 300 * DAYS))
    case.do(ASK)
    case.wait(100 * DAYS)
    (paused,) = (own_words(one) for one in letters(case) if isinstance(one.facts, facts.NoReply))
    assert paused.dropped == "a corrected export"


@pytest.mark.parametrize("again", [REOPEN, RecordCustomerReply(text="It is still broken.")], ids=["command", "words"])
def test_a_promise_does_not_count_as_kept_once_the_case_is_reopened_unsolved(again: RecordCustomerReply) -> None:
    case = promised()
    case.do(KEPT)
    case.do(again)
    assert fates(case) == [PromiseFate.DISPUTED]
    assert any('the promise "a corrected export" no longer counts as kept' in line for line in lines(case))
    case.do(Acknowledge(by="ana"))
    case.do(RESOLVE)
    case.do(REOPEN)
    assert not any(one.disputed for one in case.events[-12:] if isinstance(one, events.Reopened)), (
        "it was disputed once"
    )


def test_a_promise_kept_before_the_solution_stays_kept_when_the_case_is_reopened() -> None:
    case = promised()
    case.do(TellCustomer(by="ana", text="Here it is", fulfils_promise=True))
    case.do(RESOLVE)
    case.do(REOPEN)
    assert fates(case) == [PromiseFate.KEPT]


def test_the_next_owner_knows_that_the_customer_waits_for_a_new_time_and_a_clock_watches_it() -> None:
    case = promised()
    case.do(TellCustomer(by="ana", text="We are on it"))  # the first response is given
    case.wait(2 * HOURS)
    assert case.due(ClockName.NEXT_RESPONSE)
    case.do(PROPER["escalate"])
    case.do(Acknowledge(by=case.state.offered_to, packet_read=True))
    offer = next(one.facts for one in reversed(case.messages) if isinstance(one.facts, facts.Offer))
    assert offer.answer_by is not None
    assert handover_of(case.events).owed_time == "a corrected export"
    assert situation_of(case.state, EXAMPLE).owed_time == "a corrected export"


@pytest.mark.parametrize("end", ["told", "promised", "resolved", "cancelled"])
def test_a_new_time_is_owed_until_a_person_writes_or_the_case_ends(end: str) -> None:
    case = promised()
    case.wait(2 * HOURS)
    assert case.state.owed_time
    ends: dict[str, SupportCommand] = {
        "told": TellCustomer(by="ana", text="It takes longer"),
        "promised": replace(PROMISE, at=MONDAY + DAYS),
        "resolved": RESOLVE,
        "cancelled": Cancel(by="ana", cause=CancelCause.WITHDRAWN),
    }
    case.do(ends[end])
    assert case.state.owed_time == ""
    assert ClockName.NEXT_RESPONSE not in case.state.runs


def test_what_replaces_a_promise_and_does_not_arrive_leaves_the_one_before() -> None:
    case = promised()
    case.do(replace(PROMISE, what="a call", at=MONDAY + DAYS, replaces=True))
    assert case.state.promise == "a call"
    case.do(RecordDeliveryFailed(key=letters(case)[-1].key, to="customer", error="RecipientRefused"))
    assert case.state.promise == "a corrected export"
