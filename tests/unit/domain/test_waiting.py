"""Waiting on the customer or a third party: what is paused, for how long, and what never is."""

from datetime import timedelta

import pytest

from escalation.case.commands import AddNote, ChangeSeverity, Escalate, Pause, Reassign, RecordCustomerReply, Resume
from escalation.case.events import DueChanged, Resolved
from escalation.clocks.deadlines import target_instant
from escalation.messages import facts
from escalation.vocabulary import ClockName, Outcome, Severity, Stage
from tests.unit.domain.case import MONDAY, Case, own_words, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES, SECONDS
from tests.unit.domain.policies import IN_OFFICE_HOURS
from tests.unit.domain.stages import ASK, REOPEN, SENT_TWICE

REPLY = RecordCustomerReply(text="The last one")
PAUSE, RESUME = Pause(by="ana", why="the bank"), Resume(by="ana")
NOTE = AddNote(by="ana", text="still here")


def due_of_resolution(case: Case) -> str:
    at = target_instant(case.state, case.policy, ClockName.RESOLUTION)
    return since(at) if at else ""


def test_a_question_stops_the_clocks_that_wait_and_the_answer_lets_them_go_on() -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(ASK)
    assert case.state.stage is Stage.WAITING_ON_CUSTOMER
    assert (due_of_resolution(case), case.due(ClockName.CUSTOMER_UPDATE), case.due(ClockName.CHECK_IN)) == ("", "", "")
    case.wait(10 * HOURS)
    case.do(REPLY)
    assert case.state.owner == "ana"
    assert due_of_resolution(case) == "2d 10h"
    moved = [event for event in case.events if isinstance(event, DueChanged) and event.clock is ClockName.RESOLUTION]
    assert [(event.cause, event.old, event.new) for event in moved] == [
        ("information_requested", MONDAY + 48 * HOURS, None),
        ("customer_replied", None, MONDAY + 58 * HOURS),
    ]


def test_a_customer_who_never_answers_is_reminded_and_then_the_case_is_resolved_with_a_way_back() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(5 * DAYS)
    assert case.fired(ClockName.CUSTOMER_REPLY) == [("1", "2d"), ("due", "5d")]
    assert case.told_customer() == ["receipt", "owner_changed", "question", "question_reminder", "no_reply"]
    reminder, no_reply = case.messages[-2:]
    assert own_words(reminder) == facts.QuestionReminder(question="Which invoice?")
    assert reminder.facts.closes_at == MONDAY + 5 * DAYS
    assert own_words(no_reply) == facts.NoReply(question="Which invoice?")
    assert no_reply.facts.reopen_until_at == MONDAY + 19 * DAYS
    assert no_reply.facts.check_back_at is None
    assert [event.outcome for event in case.events if isinstance(event, Resolved)] == [Outcome.NO_REPLY]
    assert ClockName.FOLLOW_UP not in case.state.runs, "nothing was solved; there is nothing to follow up"
    case.do(REOPEN)
    assert case.state.offered_to == "ana"


def test_asking_again_gives_the_customer_the_whole_time_again() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(3 * DAYS)
    case.do(ASK)
    assert case.due(ClockName.CUSTOMER_REPLY) == "5d"
    assert len(case.state.pauses) == 1, "it is one wait"


def test_a_third_party_stops_only_what_the_policy_says() -> None:
    case = Case.working()
    case.do(PAUSE)
    assert due_of_resolution(case) == ""
    assert (case.due(ClockName.CUSTOMER_UPDATE), case.due(ClockName.CHECK_IN)) == ("6h", "6h")
    assert "already" in str(case.refused(PAUSE))
    case.do(RESUME)
    assert "nothing to resume" in str(case.refused(RESUME))


def test_overlapping_waits_are_subtracted_once() -> None:
    case = Case.working()
    case.wait(1 * HOURS)
    case.do(PAUSE)
    case.wait(1 * HOURS)
    case.do(ASK)
    case.wait(2 * HOURS)
    case.do(RESUME)
    assert due_of_resolution(case) == "", "the customer is still waited for"
    case.wait(1 * HOURS)
    case.do(REPLY)
    assert due_of_resolution(case) == "2d 4h"


def test_a_clock_may_start_inside_a_pause_and_counts_from_its_end() -> None:
    case = Case.working()
    case.do(PAUSE)
    case.wait(1 * HOURS)
    case.do(ASK)
    case.wait(1 * HOURS)
    case.do(REPLY)
    assert due_of_resolution(case) == ""
    case.do(RESUME)
    assert due_of_resolution(case) == "2d 2h"
    assert case.due(ClockName.CUSTOMER_UPDATE) == "8h", "the question, sent while waiting, counts from the answer"


def test_a_pause_that_begins_exactly_when_a_threshold_is_due_does_not_swallow_it() -> None:
    case = Case.working()
    for _ in range(2):
        case.wait(11 * HOURS)
        case.do(NOTE)
    case.wait(2 * HOURS - 1 * SECONDS)
    case.now += 1 * SECONDS
    case.do(PAUSE)
    assert case.due(ClockName.RESOLUTION) == "1d"
    case.wait(timedelta(0))
    assert case.fired(ClockName.RESOLUTION) == [("50%", "1d")]
    assert case.due(ClockName.RESOLUTION) == ""


def test_a_pause_one_second_earlier_holds_the_threshold_back() -> None:
    case = Case.working()
    for _ in range(2):
        case.wait(11 * HOURS)
        case.do(NOTE)
    case.wait(2 * HOURS - 1 * SECONDS)
    case.do(PAUSE)
    case.wait(HOURS)
    case.do(RESUME)
    assert case.fired(ClockName.RESOLUTION) == []
    assert case.due(ClockName.RESOLUTION) == "1d 1h"


def test_a_wait_of_months_costs_no_more_events_than_one_of_an_hour() -> None:
    kinds = []
    for duration in (HOURS, 100 * DAYS):
        case = Case.working(policy=IN_OFFICE_HOURS)
        case.do(PAUSE)
        begun = len(case.events)
        case.now += duration
        case.do(RESUME)
        kinds.append(case.kinds()[begun:])
        due = target_instant(case.state, case.policy, ClockName.RESOLUTION)
        assert due is not None
        assert due > case.now
    assert kinds == [["resumed", "due_changed"]] * 2


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (Reassign(to="zoe", by="desk", why="knows it"), "offered"),
        (Escalate(by="ana", why="too deep", packet=SENT_TWICE), "owner_sought"),
    ],
)
def test_a_case_that_moves_on_stops_waiting_and_the_timeline_says_what_moved(
    command: Reassign | Escalate, event: str
) -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(HOURS)
    case.do(command)
    moved = [one for one in case.events if isinstance(one, DueChanged) and one.clock is ClockName.RESOLUTION]
    assert (moved[-1].old, moved[-1].new, moved[-1].cause) == (None, MONDAY + 49 * HOURS, event)
    assert case.state.open_pauses == ()


def test_a_worse_severity_during_a_pause_fires_only_what_had_passed_before_it() -> None:
    case = Case.working(severity=Severity.SEV4)
    case.wait(8 * HOURS - MINUTES)
    case.do(NOTE)
    case.wait(5 * HOURS)
    case.do(PAUSE)
    case.do(ChangeSeverity(severity=Severity.SEV1, by="ana", why="payday"))
    case.wait(MINUTES)
    assert case.fired(ClockName.RESOLUTION) == [("50%", "12h 59m")]
    assert case.due(ClockName.RESOLUTION) == "", "75 % lies beyond the pause"
