"""Promises to the customer: kept, broken, replaced, refused."""

from datetime import timedelta, timezone

import pytest

from escalation.business_time import OpenTime
from escalation.case.commands import (
    AddNote,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    MakePromise,
    OfferOptions,
    Option,
    TellCustomer,
)
from escalation.case.events import PromiseLapsed, PromiseReplaced
from escalation.errors import InvalidCommand
from escalation.messages import facts
from escalation.messages.handover_reading import handover_of
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, PromiseFate, Severity
from tests.unit.domain.case import MONDAY, Case, own_words, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import RESTARTING

A, B = Option(id="a", title="Refund", cons="slow"), Option(id="b", title="Credit")


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
