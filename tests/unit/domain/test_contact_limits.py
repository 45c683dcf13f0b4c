"""Limits on contacts: how often the team is reached, and what becomes of the rest."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.business_time import BusinessDays, Calendar, OpenTime, parse_hours
from escalation.case.commands import (
    AddNote,
    AdoptPolicy,
    Cancel,
    Decline,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    SetDue,
    TellCustomer,
)
from escalation.case.events import CustomerReplied, MessagesPutForward
from escalation.case.values import PolicyRef
from escalation.clock_rules import CONTACT_LIMIT_RULE
from escalation.clocks.explain import explain
from escalation.errors import InvalidCommand
from escalation.lifecycle.draft import Decision
from escalation.message_kinds import MessageKind
from escalation.messages import facts
from escalation.policy import ContactLimit, Policy
from escalation.vocabulary import CancelCause, Category, ClockName, Outcome, Reason, Stage
from tests.example_policy import EXAMPLE, HOUR
from tests.unit.domain.case import MONDAY, Case, own_words, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES

Limits = Mapping[Reason | Category, ContactLimit]
A_DAY = OpenTime(seconds=24 * HOUR)


def limited(limits: Limits) -> Policy:
    clocks = {**EXAMPLE.clocks, ClockName.CONTACT_LIMIT: CONTACT_LIMIT_RULE}
    return replace(EXAMPLE, contact_limits=limits, clocks=clocks)


def at_most(number: int, within: OpenTime | BusinessDays = A_DAY, calendar: str = "24x7") -> ContactLimit:
    return ContactLimit(at_most=number, within=within, calendar=calendar)


THREE_A_DAY = limited({Category.BEHAVIOUR: at_most(3)})
OTHER = PolicyRef(name="other", version=2, checksum="1" * 64)

ANSWER = TellCustomer(by="fay", text="This is how we go on")
ASK = RequestInformation(by="fay", question="What was said on the phone?")
SOLVED = Resolve(by="fay", outcome=Outcome.SOLVED, solution="We agreed on how to go on")


def behaviour(policy: Policy = THREE_A_DAY) -> Case:
    """A case of behaviour that fay, of the management, took at 09:00 and wrote to the customer in."""
    case = Case.working(policy=policy, category=Category.BEHAVIOUR, reasons=(Reason.POLICY_VIOLATION,))
    case.do(ANSWER)
    return case


def write(case: Case, times: int = 1, *, after: timedelta = MINUTES) -> Decision:
    """The customer writes a number of times, at an interval."""
    for _ in range(times):
        case.now += after
        decision = case.do(RecordCustomerReply(text="You again!"))
    return decision


def over_the_limit(policy: Policy = THREE_A_DAY) -> Case:
    """Three messages reached fay at 09:01, 09:02 and 09:03; the one of 09:04 did not."""
    case = behaviour(policy)
    write(case, 4)
    return case


def work_for(case: Case, duration: timedelta) -> None:
    """Time passes, and fay works on the case: she notes something every few hours."""
    until = case.now + duration
    while case.now < until:
        case.wait(min(5 * HOURS, until - case.now))
        case.do(AddNote(by="fay", text="still on it"))


def set_aside(case: Case) -> list[str]:
    """Of each message of the customer until when it was set aside; empty where it reached the team."""
    replies = [event for event in case.events if isinstance(event, CustomerReplied)]
    return [since(event.set_aside_until) if event.set_aside_until else "" for event in replies]


def put_forward(case: Case) -> list[tuple[int, str]]:
    return [(event.count, since(event.at)) for event in case.events if isinstance(event, MessagesPutForward)]


# What goes over the limit.


def test_three_messages_a_day_reach_the_owner_and_the_fourth_is_kept_until_the_first_is_a_day_old() -> None:
    case = over_the_limit()
    assert case.told("fay") == ["offer", "customer_replied", "customer_replied", "customer_replied"]
    assert set_aside(case) == ["", "", "", "1d 1m"]
    assert [event.text for event in case.events if isinstance(event, CustomerReplied)] == ["You again!"] * 4


def test_without_a_limit_for_its_lane_every_message_reaches_the_owner() -> None:
    for category, policy in ((Category.BEHAVIOUR, EXAMPLE), (Category.BILLING, THREE_A_DAY)):
        case = Case.working(policy=policy, category=category)
        write(case, 20)
        assert case.told(case.state.owner).count("customer_replied") == 20
        assert case.state.contacts == ()


def test_a_message_over_the_limit_moves_no_clock_and_pauses_none() -> None:
    case = behaviour()
    write(case, 3)
    before = case.state
    write(case)
    others = {clock: run for clock, run in case.state.runs.items() if clock is not ClockName.CONTACT_LIMIT}
    assert others == before.runs
    assert case.state.pauses == before.pauses == ()
    assert case.state.stage is before.stage


def test_abuse_does_not_put_off_that_a_silent_owner_is_noticed() -> None:
    case = over_the_limit()
    for _ in range(11):
        write(case, after=HOURS)
    assert case.due(ClockName.CHECK_IN) == "6h 3m", "half of the twelve hours since the third message"


def test_a_limit_notice_is_not_an_update() -> None:
    case = behaviour()
    assert case.due(ClockName.CUSTOMER_UPDATE) == "6h"
    write(case, 4, after=HOURS)
    assert "contact_limited" in case.told_customer()
    assert case.due(ClockName.CUSTOMER_UPDATE) == "6h"


def test_the_customer_is_notified_once_in_a_window_what_becomes_of_their_messages_and_the_overseer_too() -> None:
    case = over_the_limit()
    write(case, 30)
    assert case.told_customer().count("contact_limited") == 1
    assert case.told("overseer") == ["contact_limited"]
    letter = next(message for message in case.messages if message.kind is MessageKind.CONTACT_LIMITED)
    assert letter.key == "contact_limited/1/customer"
    assert own_words(letter) == facts.ContactLimited(
        read_at=MONDAY + DAYS + MINUTES, answered_by=MONDAY + DAYS + MINUTES + 4 * HOURS
    )
    notice = next(message for message in case.messages if message.to == "overseer").notices[0]
    assert (notice.lane, notice.due) == (Category.BEHAVIOUR, MONDAY + DAYS + MINUTES)


def test_the_one_who_records_it_hears_that_it_was_set_aside_and_until_when() -> None:
    warnings = over_the_limit().warnings
    assert len(warnings) == 1
    for said in ("`behaviour`", "2026-03-03T09:01:00+00:00", "no clock is paused"):
        assert said in warnings[0]


def test_where_no_answer_is_promised_the_letter_names_no_time_for_it() -> None:
    unpromised = ClockName.NEXT_RESPONSE
    silent = {clock: one for clock, one in THREE_A_DAY.clocks.items() if clock != unpromised}
    case = over_the_limit(replace(THREE_A_DAY, clocks=silent))
    letter = next(message for message in case.messages if message.kind is MessageKind.CONTACT_LIMITED)
    assert own_words(letter) == facts.ContactLimited(read_at=MONDAY + DAYS + MINUTES)


def test_the_clock_of_the_limit_is_accounted_for_like_any_other() -> None:
    case = over_the_limit()
    account = explain(case.state, case.policy, ClockName.CONTACT_LIMIT, at=case.now)
    assert account is not None
    assert (since(account.started_at), account.due, account.fixed) == ("4m", MONDAY + DAYS + MINUTES, True)
    assert account.pauses == ()


# When there is room again.


def test_what_was_set_aside_is_put_before_the_owner_in_one_notice_and_is_answered_from_then_on() -> None:
    case = over_the_limit()
    case.do(ANSWER)
    write(case, 4)
    work_for(case, DAYS)
    assert put_forward(case) == [(5, "1d 1m")]
    notices = [notice for message in case.messages if message.to == "fay" for notice in message.notices]
    assert [notice.count for notice in notices if notice.kind == "messages_put_forward"] == [5]
    assert case.state.runs[ClockName.NEXT_RESPONSE].started_at == MONDAY + DAYS + MINUTES
    assert ClockName.CONTACT_LIMIT not in case.state.runs
    work_for(case, 4 * HOURS)
    assert case.fired(ClockName.NEXT_RESPONSE)[-1] == ("due", "1d 4h 1m")


def test_an_older_message_that_waits_for_its_answer_keeps_its_own_time() -> None:
    case = over_the_limit()
    assert case.due(ClockName.NEXT_RESPONSE) == "4h 1m"
    case.wait(DAYS)
    assert case.fired(ClockName.NEXT_RESPONSE) == [("due", "4h 1m")]
    assert case.state.runs[ClockName.NEXT_RESPONSE].started_at == MONDAY + MINUTES


def test_what_is_released_counts_as_one_contact() -> None:
    case = over_the_limit()
    work_for(case, DAYS - 3 * MINUTES)
    assert put_forward(case) == [(1, "1d 1m")]
    write(case, after=MINUTES / 2)
    assert set_aside(case)[-1] == "1d 2m", "09:02, 09:03 and what was put forward are three"
    work_for(case, 5 * MINUTES)
    write(case)
    assert set_aside(case)[-1] == "", "what was put forward at 09:01 and at 09:02 are two"


def test_the_customer_who_goes_on_is_notified_again_when_the_window_is_over_and_not_before() -> None:
    case = over_the_limit()
    case.wait(DAYS - 3 * MINUTES)
    write(case, 6, after=10 * timedelta(seconds=1))
    assert case.told_customer().count("contact_limited") == 1
    case.wait(DAYS)
    write(case, 5)
    assert case.told_customer().count("contact_limited") == 2
    assert case.told("overseer").count("contact_limited") == 2


def test_a_window_in_business_days_has_room_again_when_the_office_has_been_open_so_long() -> None:
    office = Calendar(name="office", zone="Europe/London", weekly=((parse_hours("09:00", "17:00"),),) * 5 + ((),) * 2)
    limits: Limits = {Category.BEHAVIOUR: at_most(1, BusinessDays(days=1), "office")}
    case = behaviour(replace(limited(limits), calendars={"office": office}))
    case.now += 4 * DAYS  # Friday
    case.do(AddNote(by="fay", text="still here"))
    write(case, 2)
    assert set_aside(case) == ["", "7d 1m"]


def test_what_is_released_while_no_one_has_the_case_goes_to_the_overseer() -> None:
    case = Case.opened(
        policy=limited({Category.BEHAVIOUR: at_most(1, OpenTime(seconds=HOUR))}), category=Category.BEHAVIOUR
    )
    case.directory_is_slow = True
    write(case, 2)
    case.do(Decline(by="fay", why="on leave"))
    assert case.state.stage is Stage.UNASSIGNED
    case.wait(HOURS)
    assert case.told("overseer")[-1] == "messages_put_forward"


def test_a_late_worker_puts_them_forward_once_and_says_that_it_is_late() -> None:
    case = over_the_limit(limited({Category.BEHAVIOUR: at_most(3, OpenTime(seconds=HOUR))}))
    case.sleep(2 * HOURS)
    assert [count for count, _ in put_forward(case)] == [1]
    notices = [notice for message in case.messages if message.to == "fay" for notice in message.notices]
    assert [notice.late for notice in notices if notice.kind == "messages_put_forward"] == [True]


def test_a_message_that_finds_room_before_the_clock_was_noticed_brings_the_others_along() -> None:
    case = over_the_limit()
    case.now += DAYS
    decision = case.do(RecordCustomerReply(text="Still here"))
    assert put_forward(case) == [(1, "1d 4m")]
    assert [notice.kind for notice in case.messages[-1].notices] == ["messages_put_forward", "customer_replied"]
    assert decision.warnings == ()


# Answers to our questions.


def test_an_answer_to_our_question_always_gets_through_and_never_counts() -> None:
    case = over_the_limit()
    case.do(ASK)
    write(case)
    assert case.state.stage is Stage.WORKING
    assert case.told("fay")[-1] == "customer_replied"
    assert set_aside(case)[-1] == ""
    assert len(case.state.contacts) == 3
    assert case.state.set_aside == 1, "what was set aside before is still to come"
    write(case)
    assert set_aside(case)[-1] == "1d 1m", "the next one answers nothing any more"


def test_many_answers_leave_the_limit_untouched() -> None:
    case = behaviour()
    for _ in range(10):
        case.do(ASK)
        write(case)
    assert case.state.contacts == ()
    write(case, 3)
    assert set_aside(case) == [""] * 13


# Nothing that was set aside is forgotten.


@pytest.mark.parametrize("later", [2 * HOURS, 40 * DAYS])
def test_what_was_set_aside_is_released_also_after_the_case_was_resolved(later: timedelta) -> None:
    case = over_the_limit(limited({Category.BEHAVIOUR: at_most(3, OpenTime(seconds=30 * 24 * HOUR))}))
    case.do(SOLVED)
    case.wait(later)
    write_now = later < DAYS
    assert case.state.stage is (Stage.RESOLVED if write_now else Stage.WORKING)
    if write_now:
        write(case)
        case.wait(40 * DAYS)
    assert [count for count, _ in put_forward(case)] == [2 if write_now else 1]
    assert "messages_put_forward" in " ".join(case.told("fay"))
    assert (case.state.owner, case.state.cycle) == ("overseer", 2), "no one answered them"
    assert "closed" not in case.kinds()


def test_a_reopened_case_keeps_what_was_set_aside_and_how_often_the_team_was_reached() -> None:
    case = over_the_limit()
    case.do(SOLVED)
    case.do(Reopen(by="desk", why="not solved"))
    write(case)
    assert set_aside(case)[-1] == "1d 1m"
    case.acknowledge()
    case.wait(DAYS)
    assert put_forward(case) == [(2, "1d 1m")]


def test_calling_it_off_releases_first() -> None:
    case = over_the_limit()
    case.do(Cancel(cause=CancelCause.WITHDRAWN, by="desk", why="agreed"))
    assert put_forward(case) == [(1, "4m")]
    assert case.told("fay")[-1] == "messages_put_forward, cancelled"


def test_no_due_date_can_be_set_for_the_limit() -> None:
    case = over_the_limit()
    refusal = case.refused(SetDue(clock=ClockName.CONTACT_LIMIT, at=MONDAY + 2 * DAYS, by="fay", why="peace"))
    assert isinstance(refusal, InvalidCommand)
    assert "follows the policy" in str(refusal)


@pytest.mark.parametrize(
    "policy", [EXAMPLE, limited({Category.BEHAVIOUR: at_most(9)}), limited({Reason.LEGAL: at_most(1)})]
)
def test_another_policy_under_which_there_is_room_releases_at_once(policy: Policy) -> None:
    case = over_the_limit()
    case.do(AdoptPolicy(policy=policy, ref=OTHER, by="desk", why="they have calmed down"))
    assert put_forward(case) == [(1, "4m")]
    assert case.told("fay")[-1] == "messages_put_forward"


def test_another_policy_that_is_as_strict_changes_nothing() -> None:
    case = over_the_limit()
    case.do(AdoptPolicy(policy=limited({Category.BEHAVIOUR: at_most(2)}), ref=OTHER, by="desk", why="enough"))
    assert put_forward(case) == []
    write(case)
    assert set_aside(case)[-1] == "1d 1m", "it goes with the one before it"
    case.wait(DAYS)
    assert put_forward(case) == [(2, "1d 1m")]


def test_where_several_limits_hold_each_of_them_is_kept() -> None:
    policy = limited({Category.BEHAVIOUR: at_most(3), Reason.LEGAL: at_most(1, OpenTime(seconds=HOUR))})
    case = Case.working(policy=policy, category=Category.BEHAVIOUR, reasons=(Reason.LEGAL,))
    write(case, 2)
    assert set_aside(case) == ["", "1h 1m"]
    case.wait(59 * MINUTES)
    assert put_forward(case) == [(1, "1h 1m")]
    write(case, 2, after=HOURS)
    assert set_aside(case)[2:] == ["", "1d 1m"], "now the third of the day is used up"


def test_where_several_limits_are_used_up_at_once_the_last_to_have_room_counts() -> None:
    limits: Limits = {Category.BEHAVIOUR: at_most(2), Reason.LEGAL: at_most(2, OpenTime(seconds=HOUR))}
    case = Case.working(policy=limited(limits), category=Category.BEHAVIOUR, reasons=(Reason.LEGAL,))
    write(case, 3)
    assert set_aside(case) == ["", "", "1d 1m"]
