"""Automatic updates slow down and end while no person writes; every threshold stays in the timeline."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from escalation.case.commands import AddNote, Command, RecordCustomerReply, TellCustomer
from escalation.case.events import HoldingUpdateWithheld, ThresholdReached
from escalation.clock_rules import Action
from escalation.clocks.cache import DeadlineCache
from escalation.message_kinds import Author, MessageKind
from escalation.messages.authorship import BY_PEOPLE, author_of
from escalation.messages.effects import Message
from escalation.messages.facts import HoldingUpdate
from escalation.notice_kinds import NoticeKind
from escalation.policy import Fatigue, Policy
from escalation.vocabulary import CUSTOMER, ClockName
from tests.example_policy import EXAMPLE, HOUR, rule, share, with_rule
from tests.unit.delivery.cases import CUSTOMER_KINDS, facts_for
from tests.unit.domain.case import Case, opening, said

HOURLY = with_rule(
    EXAMPLE,
    ClockName.CUSTOMER_UPDATE,
    rule(HOUR, share(75, Action.REMIND_OWNER), share(100, Action.HOLDING_UPDATE, Action.TELL_OVERSEER)),
)
A_DAY = timedelta(days=1)


class Unchecked(Case):
    """A case of thousands of events, which other tests check after each of them."""

    def check(self) -> None:
        pass


def untouched(policy: Policy = HOURLY) -> Case:
    """A case that no one takes, so that the overseer holds it."""
    case = Unchecked(policy=policy, staffing=lambda _: None, deadlines_of=DeadlineCache())
    case.do(opening())
    return case


def sent_in(days: int, policy: Policy = HOURLY) -> list[HoldingUpdate]:
    """The holding updates of a case that no one touches for some days."""
    case = untouched(policy)
    case.wait(days * A_DAY)
    return [facts for message in case.messages if isinstance(facts := message.facts, HoldingUpdate)]


def holding_updates(case: Case) -> list[Message]:
    return [message for message in case.messages if isinstance(message.facts, HoldingUpdate)]


def instants(case: Case) -> list[datetime]:
    sent = {message.key for message in holding_updates(case)}
    return [event.at for event in case.events if event.kind == "message_queued" and event.key in sent]


def test_three_go_out_at_the_interval_then_one_in_three_then_one_a_week() -> None:
    case = untouched()
    case.wait(21 * A_DAY)
    sent = instants(case)
    assert [late - early for early, late in pairwise(sent)] == [
        timedelta(hours=1),
        timedelta(hours=1),
        timedelta(hours=3),
        timedelta(hours=3),
        timedelta(hours=3),
        timedelta(days=7),
        timedelta(days=7),
    ]


def test_they_end_and_the_last_one_says_so() -> None:
    letters = sent_in(60)
    assert len(letters) == EXAMPLE.fatigue.ends_after
    assert [one.is_last for one in letters] == [False] * 11 + [True]
    assert letters[-1].next_update_at is None
    assert [number for number, one in enumerate(letters, start=1) if one.is_rarer] == [3, 6]


@pytest.mark.slow
@pytest.mark.core
def test_without_an_end_the_customer_hears_from_us_every_week() -> None:
    endless = replace(HOURLY, fatigue=Fatigue(ends_after=0))
    assert len(sent_in(71, endless)) == 6 + 10


def test_no_threshold_is_lost() -> None:
    case = untouched()
    case.wait(20 * A_DAY)
    reached = [one for one in case.events if isinstance(one, ThresholdReached) and one.clock == "customer_update"]
    withheld = [one for one in case.events if isinstance(one, HoldingUpdateWithheld)]
    assert len(reached) == 2 * 20 * 24
    assert len(withheld) + len(holding_updates(case)) == 20 * 24


@pytest.mark.slow
def test_each_letter_comes_by_the_time_the_one_before_promised() -> None:
    case = untouched()
    case.wait(120 * A_DAY)
    promised = [getattr(message.facts, "next_update_at", None) for message in holding_updates(case)][:-1]
    assert all(by and at <= by for at, by in zip(instants(case)[1:], promised, strict=True))


def test_another_automatic_letter_promises_only_what_the_slowing_leaves() -> None:
    case = untouched()
    case.wait(timedelta(hours=60))  # the resolution is breached meanwhile
    letters = [message for message in case.messages if message.to == CUSTOMER and message.kind != "receipt"]
    at = {event.key: event.at for event in case.events if event.kind == "message_queued"}
    for letter, following in pairwise(letters):
        promised = getattr(letter.facts, "next_update_at", None)
        assert promised is None or at[following.key] <= promised


@pytest.mark.parametrize(
    "sign", [RecordCustomerReply(text="Any news?"), TellCustomer(by="overseer", text="We have found the cause.")]
)
def test_a_message_of_a_person_or_of_the_customer_starts_over(sign: Command) -> None:
    case = untouched()
    case.wait(10 * A_DAY)
    case.do(sign)
    before = len(holding_updates(case))
    case.wait(timedelta(hours=3))
    assert len(holding_updates(case)) == before + 3


def test_a_note_or_an_absence_notice_does_not_start_over() -> None:
    case = untouched()
    case.wait(10 * A_DAY)
    case.do(AddNote(by="overseer", text="Still looking."))
    case.do(RecordCustomerReply(text="I am out of office.", automatic=True))
    before = len(holding_updates(case))
    case.wait(timedelta(hours=3))
    assert len(holding_updates(case)) == before


@pytest.mark.slow
def test_the_overseer_hears_of_each_step_and_once_a_week_after_the_end() -> None:
    case = untouched()
    case.wait(140 * A_DAY)
    steps = [
        (notice.kind, notice.in_a_row)
        for message in case.messages
        for notice in message.notices
        if notice.kind in (NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED)
    ]
    slowed, ended = NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED
    assert steps == [(slowed, 3), (slowed, 6), *[(ended, 12)] * len(steps[2:])]
    assert len(steps[2:]) == (140 - 6 * 7) // 7


def test_reminders_to_staff_slow_down_with_them() -> None:
    case = untouched()
    case.wait(7 * A_DAY)
    reminders = [
        said(notice)
        for message in case.messages
        for notice in message.notices
        if notice.kind is NoticeKind.REMINDER and notice.clock is ClockName.CUSTOMER_UPDATE
    ]
    assert len(reminders) == 6


@pytest.mark.slow
@pytest.mark.core
def test_a_silent_overseer_is_reminded_ever_less_often_that_they_hold_the_case() -> None:
    case = untouched()
    case.wait(100 * A_DAY)
    held = [event for event in case.events if event.kind == "overseer_held"]
    told = [message for message in case.messages if "overseer_holds" in [one.kind for one in message.notices]]
    assert len(held) > 12 > len(told)


def test_the_letters_of_people_are_those_whose_author_is_a_person() -> None:
    def author(kind: MessageKind) -> Author:
        return author_of(facts_for(kind))

    assert {kind for kind in CUSTOMER_KINDS if author(kind) is Author.PERSON} == BY_PEOPLE


def test_after_many_in_one_case_a_new_silence_begins_with_the_last_step() -> None:
    case = untouched()
    for _ in range(10):
        case.wait(timedelta(hours=6))
        case.do(RecordCustomerReply(text="Any news?"))
    assert len(holding_updates(case)) == EXAMPLE.fatigue.in_all
    case.wait(timedelta(days=8))
    assert len(holding_updates(case)) == EXAMPLE.fatigue.in_all + 1
