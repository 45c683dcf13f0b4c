"""How long things took: each measured clock says it in both times when it ends, and what counts as an answer."""

from dataclasses import replace

import pytest

from escalation.case.commands import (
    Decline,
    FireDueClocks,
    OfferOptions,
    Option,
    Pause,
    RecordCustomerReply,
    Resume,
    TellCustomer,
)
from escalation.case.events import ClockStopped, ThresholdReached
from escalation.clock_rules import StopCause
from escalation.lifecycle.decide import decide_in_order
from escalation.policy import Policy
from escalation.vocabulary import ClockName
from tests.example_policy import EXAMPLE, with_rule
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import IN_OFFICE_HOURS
from tests.unit.domain.stages import ASK, REOPEN, RESOLVE

TOLD = TellCustomer(by="ana", text="We found it")
OPTIONS = OfferOptions(options=(Option(id="a", title="A"), Option(id="b", title="B")), by="ana")


def measured(case: Case, clock: ClockName) -> list[tuple[str, int, int]]:
    """(cause, business seconds, wall seconds) of each end of a clock."""
    return [
        (event.cause, event.business_seconds, event.wall_seconds)
        for event in case.events
        if isinstance(event, ClockStopped) and event.clock is clock
    ]


def answered_by(*causes: StopCause, clock: ClockName = ClockName.FIRST_RESPONSE) -> Policy:
    return with_rule(EXAMPLE, clock, replace(EXAMPLE.clocks[clock], stopped_by=causes))


def test_the_time_until_a_person_took_it_is_measured() -> None:
    case = Case.opened()
    case.wait(5 * MINUTES)
    case.acknowledge()
    assert measured(case, ClockName.ACKNOWLEDGE) == [("acknowledged", 300, 300)]


def test_an_offer_given_back_is_measured_too_and_the_next_one_again() -> None:
    case = Case.opened()
    case.wait(2 * MINUTES)
    case.do(Decline(by="ana", why="on leave"))
    case.wait(3 * MINUTES)
    case.acknowledge()
    assert measured(case, ClockName.ACKNOWLEDGE) == [("declined", 120, 120), ("acknowledged", 180, 180)]


def test_a_resolution_is_measured_without_its_pauses_and_with_them() -> None:
    case = Case.working()
    case.wait(1 * HOURS)
    case.do(Pause(by="ana", why="the bank"))
    case.wait(10 * HOURS)
    case.do(Resume(by="ana"))
    case.wait(2 * HOURS)
    case.do(RESOLVE)
    assert measured(case, ClockName.RESOLUTION) == [("resolved", 3 * 3600, 13 * 3600)]


def test_what_is_resolved_while_it_waits_counts_only_up_to_the_wait() -> None:
    case = Case.working()
    case.wait(1 * HOURS)
    case.do(ASK)
    case.wait(5 * HOURS)
    case.do(RESOLVE)
    assert measured(case, ClockName.RESOLUTION) == [("resolved", 3600, 6 * 3600)]


def test_each_cycle_is_measured_by_itself_and_closed_time_is_not_counted() -> None:
    case = Case.working()
    case.wait(3 * HOURS)
    case.do(RESOLVE)
    case.wait(1 * DAYS)
    case.do(REOPEN)
    case.acknowledge()
    case.wait(2 * HOURS)
    case.do(RESOLVE)
    assert measured(case, ClockName.RESOLUTION) == [("resolved", 3 * 3600, 3 * 3600), ("resolved", 2 * 3600, 2 * 3600)]


def test_nights_and_weekends_are_in_the_wall_time_only() -> None:
    case = Case.working(policy=IN_OFFICE_HOURS)
    case.wait(23 * HOURS)
    case.do(TOLD)
    ((cause, business, wall),) = measured(case, ClockName.FIRST_RESPONSE)
    assert (cause, wall) == ("customer_told", 23 * 3600)
    assert 0 < business < wall


def test_a_broken_promise_is_marked_where_its_time_is_shown() -> None:
    case = Case.working()
    case.wait(3 * HOURS)
    case.do(TOLD)
    stopped = [event for event in case.events if isinstance(event, ClockStopped)]
    assert [(event.clock, event.breached) for event in stopped] == [
        (ClockName.ACKNOWLEDGE, False),
        (ClockName.FIRST_RESPONSE, True),
    ]


@pytest.mark.parametrize("answer", [TOLD, ASK, OPTIONS])
def test_any_message_of_a_person_is_the_first_response_unless_the_policy_says_otherwise(answer: TellCustomer) -> None:
    case = Case.working()
    assert ClockName.FIRST_RESPONSE in case.state.runs, "taking it is no answer"
    case.do(answer)
    assert ClockName.FIRST_RESPONSE not in case.state.runs
    strict = Case.working(policy=answered_by(StopCause.ACKNOWLEDGED))
    assert ClockName.FIRST_RESPONSE not in strict.state.runs, "taking it was the answer"


def test_a_policy_can_count_only_an_answer_as_an_answer() -> None:
    case = Case.working(policy=answered_by(StopCause.TOLD))
    case.do(ASK)
    case.do(RecordCustomerReply(text="The last one"))
    case.do(OPTIONS)
    assert ClockName.FIRST_RESPONSE in case.state.runs
    case.do(TOLD)
    assert [cause for cause, _, _ in measured(case, ClockName.FIRST_RESPONSE)] == ["customer_told"]


def test_a_clock_that_promises_nothing_is_not_measured() -> None:
    silent = replace(EXAMPLE, clocks={k: v for k, v in EXAMPLE.clocks.items() if k is not ClockName.FIRST_RESPONSE})
    case = Case.working(policy=silent)
    case.do(TOLD)
    case.do(RESOLVE)
    assert measured(case, ClockName.FIRST_RESPONSE) == []


def test_what_was_due_before_a_command_comes_first() -> None:
    case = Case.working()
    case.now = MONDAY + 3 * HOURS
    decision = decide_in_order(case.state, TOLD, policy=case.policy, now=case.now)
    kinds = [event.kind for event in decision.events]
    assert kinds.index("threshold_reached") < kinds.index("customer_told")
    assert decision.state.breaches == {ClockName.FIRST_RESPONSE: 1}, "the answer came too late to undo the breach"
    fired = decide_in_order(case.state, FireDueClocks(), policy=case.policy, now=case.now)
    reached = [event for event in fired.events if isinstance(event, ThresholdReached)]
    assert list(decision.events[: len(reached)]) == reached
