"""Frustration shortens the interval of updates, eases when nothing bad happens, and both are explained."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.business_time import BusinessDays, OpenTime
from escalation.case.commands import AddNote, ChangeFrustration, RecordCustomerReply, TellCustomer
from escalation.case.events import DueChanged, FrustrationChanged
from escalation.clock_rules import ClockRule, Target
from escalation.clocks.explain import explain
from escalation.policy import FrustrationRule
from escalation.vocabulary import SYSTEM, ClockName, Stage
from tests.example_policy import EXAMPLE, HOUR, with_rule
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.policies import IN_OFFICE_HOURS, OFFICE
from tests.unit.domain.stages import RESOLVE

QUICKER = replace(
    EXAMPLE,
    frustration=FrustrationRule(cadence=(100, 100, 100, 75, 50), eases_after=OpenTime(seconds=24 * HOUR)),
)


@pytest.mark.parametrize(("level", "due"), [(0, "8h"), (2, "8h"), (3, "6h"), (4, "4h")])
def test_the_update_comes_sooner_the_angrier_the_customer_is(level: int, due: str) -> None:
    case = Case.working(policy=QUICKER, frustration=level)
    update = explain(case.state, case.policy, ClockName.CUSTOMER_UPDATE, at=case.now)
    assert update is not None
    assert update.due is not None
    assert (since(update.due), update.percent) == (due, {3: 75, 4: 50}.get(level, 100))


def test_business_days_are_shortened_by_their_open_time() -> None:
    clock = ClockName.CUSTOMER_UPDATE
    targets = (Target(within=BusinessDays(days=1), calendar="office"),)
    daily = ClockRule(targets=targets, thresholds=EXAMPLE.clocks[clock].thresholds)
    policy = replace(
        with_rule(IN_OFFICE_HOURS, clock, daily), calendars={"office": OFFICE}, frustration=QUICKER.frustration
    )
    calm, furious = (Case.working(policy=policy, frustration=level) for level in (0, 4))
    due = [explain(case.state, policy, clock, at=case.now) for case in (calm, furious)]
    assert [one and one.due for one in due] == [MONDAY + timedelta(days=1), MONDAY + timedelta(hours=4)]


def test_a_change_moves_the_running_clock_and_the_timeline_says_why() -> None:
    case = Case.working(policy=QUICKER)
    case.wait(timedelta(hours=1))
    case.do(ChangeFrustration(level=4, by="ana"))
    moved = [event for event in case.events if isinstance(event, DueChanged)]
    assert [(one.clock, one.cause) for one in moved] == [("customer_update", "frustration_changed")]


def worked_on(hours: int, case: Case) -> int:
    """The frustration after some hours in which the owner notes progress, and nothing is broken but the first response."""
    for _ in range(hours // 5):
        case.wait(timedelta(hours=5))
        case.do(AddNote(by="ana", text="Still on it."))
    return case.state.frustration


def test_it_eases_a_level_at_a_time_while_nothing_bad_happens() -> None:
    case = Case.working(policy=QUICKER, frustration=2)
    case.do(TellCustomer(by="ana", text="We have found the cause."))
    assert worked_on(20, case) == 2
    assert worked_on(15, case) == 1
    eased = [event for event in case.events if isinstance(event, FrustrationChanged)]
    assert [(one.old, one.new, one.by, bool(one.why)) for one in eased] == [(2, 1, SYSTEM, True)]


def test_a_broken_promise_puts_the_easing_off() -> None:
    kept, broken = (Case.working(policy=QUICKER, frustration=2) for _ in range(2))
    kept.do(TellCustomer(by="ana", text="We have found the cause."))
    assert (worked_on(25, kept), worked_on(25, broken)) == (1, 2), "the first response was due after two hours"
    assert worked_on(10, broken) == 1


def test_a_policy_that_says_nothing_changes_nothing() -> None:
    case = Case.working(frustration=4)
    case.wait(timedelta(days=10))
    assert case.state.frustration == 4


def test_a_message_that_sounds_worse_raises_the_frustration_and_the_timeline_says_why() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="This is a disgrace!", sounds=3))
    changed = next(event for event in case.events if isinstance(event, FrustrationChanged))
    assert (changed.old, changed.new, changed.by) == (0, 3, SYSTEM)
    assert changed.why == "the customer's message sounds like 3 of 4"
    for level in (2, 0, None):
        case.do(RecordCustomerReply(text="Any news?", sounds=level))
    assert case.state.frustration == 3


def test_what_is_written_to_a_case_that_stays_resolved_or_by_a_machine_changes_no_frustration() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="I am away, you fools", sounds=4, automatic=True))
    case.do(RESOLVE)
    case.do(RecordCustomerReply(text="Thanks!", sounds=0))
    assert case.state.frustration == 0
    case.do(RecordCustomerReply(text="It is still broken, this is a disgrace", sounds=3))
    assert (case.state.stage, case.state.frustration) == (Stage.OFFERED, 3)


def test_an_answer_to_an_angry_message_is_asked_for_by_the_update_that_comes_sooner_now() -> None:
    case = Case.working(policy=QUICKER)
    case.do(TellCustomer(by="ana", text="We found the cause"))
    case.wait(timedelta(hours=3))
    case.do(RecordCustomerReply(text="This is a disgrace!", sounds=4))
    assert case.messages[-1].notices[0].due == MONDAY + timedelta(hours=4)


@pytest.mark.parametrize("level", [-1, 5])
def test_how_a_message_sounds_goes_from_calm_to_furious(level: int) -> None:
    refusal = Case.working().refused(RecordCustomerReply(text="Hm", sounds=level))
    assert str(refusal) == f"`sounds` is {level}; it goes from 0 (calm) to 4 (furious)"
