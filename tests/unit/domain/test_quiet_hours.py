"""Quiet hours (T10): messages wait for the end of quiet hours in the reader's zone, and clocks do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation.business_time import Hours
from escalation.case.commands import (
    Acknowledge,
    ChangeFrustration,
    ChangeSeverity,
    Correct,
    MakePromise,
    RecordCustomerReply,
    RequestInformation,
    Resolve,
    TellCustomer,
)
from escalation.case.events import MessagesReleased
from escalation.lifecycle.held_messages import keys_sent, release
from escalation.message_kinds import MessageKind
from escalation.messages import facts
from escalation.messages.authorship import BY_PEOPLE
from escalation.messages.effects import Deliver
from escalation.messages.obsolete import STILL_HOLDS, still_true
from escalation.quiet_hours import AT_ONCE, never_ends, quiet_until, waits_for
from escalation.vocabulary import CUSTOMER, Outcome, Severity, Stage
from tests.unit.delivery.cases import CUSTOMER_KINDS, TYPES, facts_for
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.domain.quiet import ALL_WAIT, HOUR, MORNING, NIGHT, QUIET, Shell, at_night, released


def test_the_night_ends_at_seven_where_the_reader_is() -> None:
    midnight = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert quiet_until(NIGHT, "UTC", midnight) == MORNING
    assert quiet_until(NIGHT, "Europe/Berlin", midnight) == MORNING - HOUR
    assert quiet_until(NIGHT, "America/Los_Angeles", midnight) is None
    assert quiet_until(NIGHT, "Nowhere/At_All", midnight) == MORNING
    assert quiet_until(NIGHT, "UTC", MORNING) is None
    assert quiet_until((), "UTC", midnight) is None


def test_the_night_of_a_clock_change_ends_at_seven_too() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    assert quiet_until(NIGHT, "Europe/Berlin", before) == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def test_who_is_on_shift_hears_at_once_and_offers_find_who_has_no_shifts() -> None:
    now = MORNING - HOUR
    for is_offer in (True, False):
        assert waits_for(MORNING, MORNING, now, is_offer=is_offer) is None
        assert waits_for(MORNING, now, now, is_offer=is_offer) == MORNING
    assert waits_for(MORNING, None, now, is_offer=True) is None
    assert waits_for(MORNING, None, now, is_offer=False) == MORNING


def test_a_quiet_weekend_and_the_night_before_it_are_one_quiet_time() -> None:
    week = (*NIGHT[:5], *((Hours(opens=0, closes=1440),),) * 2)
    friday = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)
    assert quiet_until(week, "UTC", friday) == datetime(2026, 3, 9, 0, 0, tzinfo=UTC)
    assert never_ends(((Hours(opens=0, closes=1440),),) * 7)
    assert not never_ends(week)


def test_what_people_write_and_what_answers_the_customer_goes_out_at_once_by_default() -> None:
    answers = {MessageKind.RECEIPT, MessageKind.THANKS, MessageKind.CONTACT_LIMITED}
    assert set(AT_ONCE) == BY_PEOPLE | answers
    shell = at_night()
    shell.do(TellCustomer(by="ana", text="It works again."))
    assert [message.kind for _, message in shell.sent] == [MessageKind.UPDATE]
    assert shell.case.state.held == ()


def test_automatic_letters_of_a_night_are_one_letter_in_the_morning() -> None:
    shell = at_night()
    shell.wait(MORNING + HOUR)
    (at, letter), *later = shell.sent
    assert (at, letter.kind, later) == (MORNING, MessageKind.HOLDING_UPDATE, [])
    assert shell.case.state.held == ()
    said: Any = letter.facts
    assert said.next_update_at > at


def test_a_held_letter_is_in_the_state_until_it_goes_out() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    (held,) = shell.case.state.held
    assert (held.to, held.message, held.until) == (CUSTOMER, MessageKind.HOLDING_UPDATE, MORNING)
    messages = shell.case.state.messages
    shell.wait(MORNING)
    assert shell.case.state.messages == messages
    assert released(shell).message is MessageKind.HOLDING_UPDATE


def test_a_promised_letter_is_promised_for_the_hour_at_which_it_comes() -> None:
    shell = at_night()
    shell.do(TellCustomer(by="ana", text="We are on it."))  # the next update falls due at 06:00
    ((_, letter),) = shell.sent
    said: Any = letter.facts
    assert said.next_update_at == MORNING


def test_the_worst_cases_wake_people() -> None:
    shell = at_night(severity=Severity.SEV1)
    shell.case.wait(5 * HOUR)
    shell.collect()
    assert [message.kind for _, message in shell.sent] == [MessageKind.HOLDING_UPDATE]
    assert shell.pending == []


def test_a_letter_that_was_overtaken_is_not_sent() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.do(TellCustomer(by="ana", text="We have found the cause."))
    messages = shell.case.state.messages
    shell.wait(MORNING)
    assert [message.kind for _, message in shell.sent] == [MessageKind.UPDATE]
    assert (released(shell).key, released(shell).left_out) == ("", (MessageKind.HOLDING_UPDATE,))
    assert shell.case.state.messages == messages - 1


def test_a_time_that_passed_before_the_letter_arrives_is_not_in_it() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="We replace it.", next_step="It is back", next_by=shell.case.now + 2 * HOUR))
    assert "the customer reads it at 2026-03-03 07:00 UTC, after the time that it names" in shell.case.warnings
    shell.do(MakePromise(by="ana", what="a call", at=shell.case.now + 30 * HOUR, replaces=True))
    assert shell.case.warnings == ()
    shell.wait(MORNING)
    ((at, letter),) = shell.sent
    said: Any = (letter.facts, *letter.also)
    assert {one.kind for one in said} >= {MessageKind.UPDATE}
    update = next(one for one in said if one.kind is MessageKind.UPDATE and one.text == "We replace it.")
    assert update.next_by is None
    for one in said:
        for name in ("next_update_at", "promise_by", "next_by"):
            assert getattr(one, name, None) is None or getattr(one, name) > at


def test_what_is_due_when_the_night_ends_is_in_the_same_letter() -> None:
    shell = at_night()
    shell.do(MakePromise(by="ana", what="a call", at=MORNING))
    shell.case.wait(7 * HOUR)
    shell.collect()
    shell.wait(MORNING)
    assert len({at for at, _ in shell.sent[1:]}) == len(shell.sent[1:]) == 1


def test_letters_join_those_that_still_wait() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    waits = shell.pending[0].not_before
    shell.case.now = MORNING  # the clock fires in the very second in which the night ends
    shell.case.do(MakePromise(by="ana", what="a call", at=MORNING + timedelta(seconds=1)))
    shell.case.wait(timedelta(seconds=1))
    shell.collect()
    assert {one.not_before for one in shell.pending} == {waits}


def test_a_night_in_which_the_case_gets_an_owner_is_one_letter() -> None:
    case = Case(policy=QUIET, now=MONDAY + 13 * HOUR)
    case.do(opening())
    shell = Shell(case)
    shell.collect()
    assert [message.kind for _, message in shell.sent] == [MessageKind.RECEIPT]
    shell.do(Acknowledge(by=case.state.offered_to))
    assert [one.facts.kind for one in shell.pending] == [MessageKind.OWNER_CHANGED]
    shell.wait(MORNING)
    assert [message.kind for _, message in shell.sent[1:]] == [MessageKind.OWNER_CHANGED]


def test_a_letter_that_answers_the_customer_goes_out_at_once() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Done.", root_cause="a retry"))
    shell.do(RecordCustomerReply(text="It is broken again."))
    assert [message.kind for _, message in shell.sent] == [MessageKind.REOPENED]


def test_a_bounced_letter_takes_back_what_all_that_it_carries_had_done() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="One."))
    shell.do(TellCustomer(by="ana", text="Two."))
    shell.wait(MORNING)
    ((_, letter),) = shell.sent
    kept = [one.key for one in shell.case.state.letters]
    assert letter.key in kept
    assert not set(released(shell).keys) - {letter.key} & set(kept)


def test_what_waited_together_goes_out_under_one_key_and_what_is_over_under_none() -> None:
    shell = at_night(ALL_WAIT)
    shell.do(TellCustomer(by="ana", text="One."))
    shell.do(TellCustomer(by="ana", text="Two."))
    keys = {one.key for one in shell.pending}
    assert keys <= keys_sent(shell.case.events)
    shell.wait(MORNING)
    assert keys & keys_sent(shell.case.events) == {released(shell).key}
    over = MessagesReleased(at=MORNING, to=CUSTOMER, keys=(released(shell).key,))
    assert not keys & keys_sent([*shell.case.events, over])


def test_a_letter_whose_keeping_has_ended_is_released_anyway() -> None:
    shell = at_night()
    shell.case.wait(4 * HOUR)
    shell.collect()
    shell.case.current = replace(shell.case.state, letters=())
    shell.case.events = []
    waited, case = shell.pending, shell.case
    decision = release(waited, case.state, case.policy, MORNING)
    assert [one.message.kind for one in decision.effects if isinstance(one, Deliver)] == [MessageKind.HOLDING_UPDATE]
    assert decision.state.letters == ()


@pytest.mark.parametrize("kind", CUSTOMER_KINDS)
def test_every_letter_says_when_it_is_no_longer_true(kind: MessageKind) -> None:
    said: Any = facts_for(kind)
    case = Case.working()
    shown = still_true(said, case.state, MONDAY + HOUR, is_overtaken=False)
    assert shown is None or shown.kind is kind


def test_every_letter_that_may_wait_says_when_it_no_longer_holds() -> None:
    may_wait = {TYPES[kind] for kind in CUSTOMER_KINDS if kind not in AT_ONCE}
    assert may_wait - set(STILL_HOLDS) == set(), "add it to STILL_HOLDS of escalation/messages/obsolete.py"


def test_letters_of_a_life_that_went_on_are_left_out() -> None:
    case = Case.working()
    later = MONDAY + HOUR

    def left(said: Any) -> Any:
        return still_true(said, case.state, later, is_overtaken=False)

    assert left(facts.OwnerChanged(owner="ana")) is not None
    assert left(facts.OwnerChanged(owner="ben")) is None
    assert left(facts.Question(question="Which light is on?")) is None
    assert left(facts.ContactLimited(read_at=MONDAY)) is None
    limited = facts.ContactLimited(read_at=later + HOUR, answered_by=MONDAY)
    assert left(limited).answered_by is None
    assert left(facts.Closed()) is None
    case.do(RequestInformation(by="ana", question="Which light is on?"))
    assert left(facts.QuestionReminder(question="Which light is on?")) is not None
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Done.", root_cause="a retry"))
    assert case.state.stage is Stage.RESOLVED
    assert left(facts.FollowUp(solution="Done.")) is not None
    assert left(facts_for(MessageKind.ESCALATED)) is None


def test_the_zone_of_the_customer_decides_and_may_be_corrected() -> None:
    case = Case.working(policy=QUIET)
    case.wait(4 * HOUR)  # 13:00 in London, 22:00 in Tokyo
    case.messages.clear()
    case.do(Correct(by="ana", why="moved", zone="Asia/Tokyo"))
    case.wait(5 * HOUR)
    (letter,) = (one for one in case.messages if one.to == CUSTOMER)
    assert letter.not_before == datetime(2026, 3, 2, 22, 0, tzinfo=UTC)


def test_commands_that_write_nothing_hold_nothing() -> None:
    shell = at_night()
    shell.do(ChangeFrustration(by="ana", level=2))
    shell.do(ChangeSeverity(by="ana", severity=Severity.SEV3, why="smaller"))
    assert (shell.sent, shell.pending) == ([], [])
