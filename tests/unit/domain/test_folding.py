"""Folding is total, and everything survives JSON."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from escalation.case import events
from escalation.case.codec import event_from_json, from_json, to_json
from escalation.case.events import EVENTS, Event, Happened
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import Basis, Threshold
from escalation.clocks.deadlines import deadlines, next_due, upcoming
from escalation.lifecycle.evolution import NotOpened, evolve, fold
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.lifecycle.table import LEADS_TO, ByWait
from escalation.messages.effects import AssignOwner, Deliver
from escalation.policy import Policy
from escalation.vocabulary import Category, ClockName, PauseCause, Severity, Stage
from tests.example_policy import EXAMPLE, REF, before, rule, share, with_rule
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.domain.durations import DAYS
from tests.unit.domain.stages import ASK, CANCEL, IN_STAGE, PROPER, waiting

INSTANTS = st.integers(0, 10**7).map(lambda seconds: MONDAY + timedelta(seconds=seconds))
FOLDING = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
STATES = {stage: build().state for stage, build in IN_STAGE.items()}


def any_event(event_type: type[Happened]) -> st.SearchStrategy[Event]:
    """Events of a kind, with any content its types allow."""
    chosen: dict[str, st.SearchStrategy[object]] = {
        field.name: INSTANTS
        for field in fields(event_type)
        if field.type in (datetime, "datetime") or field.name in ("at", "due", "eta", "old", "new")
    }
    if event_type is events.SeverityChanged:
        chosen.update(old=st.sampled_from(Severity), new=st.sampled_from(Severity))
    if event_type is events.FrustrationChanged:
        chosen.update(old=st.integers(0, 4), new=st.integers(0, 4))
    chosen.pop("kind", None)
    return st.builds(cast(Callable[..., Event], event_type), **chosen)


ANY_EVENT = {kind: any_event(event_type) for kind, event_type in EVENTS.items()}


@pytest.mark.parametrize("kind", sorted(EVENTS))
@FOLDING
@given(drawn=st.data(), stage=st.sampled_from(Stage))
def test_any_event_folds_on_any_state(kind: str, drawn: st.DataObject, stage: Stage) -> None:
    event = drawn.draw(ANY_EVENT[kind])
    before = STATES[stage]
    after = evolve(before, event)
    assert after.seq == before.seq + 1
    expected = LEADS_TO.get(type(event), {}).get(stage, stage)
    if isinstance(expected, ByWait):
        assert after.stage in (expected.waiting, expected.otherwise)
    else:
        assert after.stage is expected
    assert evolve(before, event_from_json(to_json(event))) == after


def test_every_kind_of_event_names_itself() -> None:
    assert set(LEADS_TO) < set(EVENTS.values())


def test_a_timeline_begins_with_its_opening() -> None:
    with pytest.raises(NotOpened, match="begins with `opened`, not with `survey_sent`"):
        evolve(None, events.SurveySent(at=MONDAY))
    with pytest.raises(NotOpened, match="empty"):
        fold(())


@pytest.mark.parametrize("stage", Stage)
def test_a_state_reads_back_from_json_as_it_was(stage: Stage) -> None:
    state = STATES[stage]
    assert from_json(State, to_json(state)) == state


@pytest.mark.parametrize("name", sorted(policies.ALL))
def test_a_policy_reads_back_from_json_as_it_was(name: str) -> None:
    policy = policies.ALL[name]
    assert from_json(Policy, to_json(policy)) == policy


def test_effects_read_back_from_json_and_name_themselves_by_business_facts() -> None:
    case = Case(directory_is_slow=True)
    decision = case.do(opening())
    for effect in decision.effects:
        assert from_json(type(effect), to_json(effect)) == effect
    assert [effect.key for effect in decision.effects] == ["receipt/1/customer", "assign/1"]
    released = Case.working().do(CANCEL).effects[0]
    assert released.key == "release/1"
    assert isinstance(decision.effects[0], Deliver)
    assert isinstance(decision.effects[1], AssignOwner)


def test_what_is_not_an_event_is_distinguished() -> None:
    with pytest.raises(ValidationError, match="'forgotten' found using 'kind' does not match"):
        event_from_json('{"kind": "forgotten", "at": "2026-03-02T09:00:00Z"}')


def test_a_wait_that_lasts_is_not_begun_twice() -> None:
    paused = events.Paused(at=MONDAY, cause=PauseCause.WAITING_ON_THIRD_PARTY, why="", by="ana")
    state = evolve(evolve(Case.working().state, paused), replace(paused, at=MONDAY + DAYS))
    assert [pause.start for pause in state.pauses] == [MONDAY]


def test_a_threshold_that_needs_a_duration_and_has_none_is_named() -> None:
    broken = Threshold(name="soon", basis=Basis.AFTER, actions=())
    policy = with_rule(EXAMPLE, ClockName.RESOLUTION, rule(60, broken))
    with pytest.raises(ValueError, match="`soon` has a basis that needs a duration"):
        upcoming(Case.opened().state, policy, ClockName.RESOLUTION)


def test_a_threshold_before_the_target_moves_with_the_pauses_and_never_before_the_start() -> None:
    case = Case.working()
    dues = {}
    for seconds in (3600, 10 * 3600):
        policy = with_rule(EXAMPLE, ClockName.RESOLUTION, rule(5 * 3600, before(seconds), waits=tuple(PauseCause)))
        dues[seconds] = deadlines(case.state, policy)[ClockName.RESOLUTION].at - MONDAY
    assert dues == {3600: timedelta(hours=4), 36000: timedelta(0)}
    case.do(ASK)
    case.now += timedelta(hours=2)
    case.do(PROPER["customer_replied"])
    policy = with_rule(EXAMPLE, ClockName.RESOLUTION, rule(5 * 3600, before(3600), waits=tuple(PauseCause)))
    assert deadlines(case.state, policy)[ClockName.RESOLUTION].at - MONDAY == timedelta(hours=6)


def test_deadlines_leave_out_what_is_paused_and_next_due_is_the_first_of_them() -> None:
    state = waiting().state
    armed = deadlines(state, EXAMPLE)
    assert set(armed) == {ClockName.CUSTOMER_REPLY}
    assert next_due(state, EXAMPLE) == armed[ClockName.CUSTOMER_REPLY]
    assert next_due(STATES[Stage.CANCELLED], EXAMPLE) is None


def test_targets_are_chosen_by_severity_category_and_customer_tier() -> None:
    first = EXAMPLE.clocks[ClockName.NEXT_RESPONSE].targets[0]
    gold = replace(first, customer_tier=("gold",))
    billing = replace(first, category=(Category.BILLING,))
    case = Case.opened()
    for target, armed in ((gold, False), (billing, True), (replace(first, severity=(Severity.SEV4,)), False)):
        policy = with_rule(EXAMPLE, ClockName.RESOLUTION, replace(rule(60, share(100)), targets=(target,)))
        assert (ClockName.RESOLUTION in deadlines(case.state, policy)) is armed


def test_what_is_wrong_with_a_state_is_said_in_sentences() -> None:
    state = STATES[Stage.WORKING]
    assert violations(replace(state, owner="", contact=""), EXAMPLE) == (
        "an open escalation has a contact",
        "who works on it owns it",
    )
    assert violations(replace(state, runs={}, tier=9), EXAMPLE) == (
        "an open escalation has an armed clock",
        "the tier is on the ladder",
    )
    assert violations(replace(state, offered_to="ben"), EXAMPLE) == (
        "an owner and an offer exclude each other",
        "who is asked is named",
    )
    assert violations(replace(STATES[Stage.WAITING_ON_CUSTOMER], stage=Stage.WORKING), EXAMPLE) == (
        "a wait for the customer is a stage",
    )
    assert violations(replace(state, stage=Stage.CANCELLED), EXAMPLE) == ("a cancelled escalation has no clock",)


def test_a_threshold_that_fired_twice_is_found() -> None:
    fired = events.ThresholdReached(
        at=MONDAY, clock=ClockName.CHOICE, cycle=1, threshold="due", due=MONDAY, breach=False, late=False
    )
    assert doubled_thresholds([fired, replace(fired, cycle=2)]) == ()
    assert doubled_thresholds([fired, fired]) == ((ClockName.CHOICE, 1, "due"),)


def test_messages_that_are_held_and_that_nothing_releases_are_found() -> None:
    state = replace(STATES[Stage.WORKING], set_aside=1)
    assert violations(state, EXAMPLE) == ("held messages are released",)


def test_an_event_that_has_nothing_to_change_leaves_the_case_as_it_was() -> None:
    state = STATES[Stage.WORKING]
    assert evolve(state, events.ApproverAsked(at=MONDAY, number=1, person="eli")) == replace(state, seq=state.seq + 1)


def test_an_answer_that_is_owed_after_the_solution_has_a_clock() -> None:
    state = STATES[Stage.RESOLVED]
    runs = {**state.runs, ClockName.NEXT_RESPONSE: ClockRun(cycle=9, started_at=MONDAY)}
    without = with_rule(EXAMPLE, ClockName.NEXT_RESPONSE, replace(rule(60, share(100)), targets=()))
    assert violations(replace(state, runs=runs), without) == (
        "what a customer wrote after the solution has a clock until it is answered",
    )


def test_a_clock_that_begins_again_keeps_the_time_that_people_agreed_on() -> None:
    agreed = ClockRun(cycle=1, started_at=MONDAY, eta=MONDAY + DAYS)
    state = replace(STATES[Stage.CLOSED], runs={ClockName.REVIEW_ACTION: agreed})
    applied = events.PolicyApplied(at=MONDAY, policy=REF, by="ana", why="", restarted=(ClockName.REVIEW_ACTION,))
    assert evolve(state, applied).runs[ClockName.REVIEW_ACTION].eta == agreed.eta


def test_a_case_that_is_given_back_without_a_packet_keeps_the_one_it_has() -> None:
    state = STATES[Stage.WORKING]
    after = evolve(state, events.GivenBack(at=MONDAY, person="ana", by="desk", why="the wrong team"))
    assert (after.owner, after.packet, after.steps_tried) == ("", state.packet, state.steps_tried)


def test_a_second_opening_takes_the_case_from_no_one() -> None:
    state = STATES[Stage.WORKING]
    after = evolve(state, Case.opened().events[0])
    assert (after.stage, after.owner, after.tier) == (state.stage, state.owner, state.tier)
