"""What never reached the customer answers nothing: its clocks run as if it had not been said."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.case import commands
from escalation.case.commands import (
    AddNote,
    ChangeSeverity,
    Choose,
    Command,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RecordBounce,
    RecordCustomerReply,
    RecordDeliveryFailed,
    RecordGaveUp,
    RequestInformation,
    Resume,
    TellCustomer,
)
from escalation.case.events import DeliveryFailed, ThresholdReached
from escalation.case.state_parts import PauseInterval
from escalation.case.values import PolicyRef
from escalation.clock_rules import StopCause
from escalation.errors import Refused
from escalation.lifecycle.viewing import situation_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Errand, PauseCause, Severity, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, nobody
from tests.unit.domain.test_shift_end import on_shift_until

ASK = RequestInformation(by="ana", question="Which invoice?")
TELL = TellCustomer(by="ana", text="We are on it")
OFFER = OfferOptions(by="ana", options=(Option(id="a", title="A"), Option(id="b", title="B")), default="a")
RESPONSES = (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE)
MINUTE = timedelta(minutes=1)


def fail(case: Case, key: str = "") -> DeliveryFailed:
    """The latest letter to the customer, or the one with this key, reached no one."""
    letters = [message.key for message in case.messages if message.to == "customer"]
    case.do(RecordDeliveryFailed(key=key or letters[-1], to="customer", error="RecipientRefused"))
    return next(event for event in reversed(case.events) if isinstance(event, DeliveryFailed))


def test_who_reads_that_a_letter_came_back_reads_the_address_and_sees_it_until_the_next_letter() -> None:
    case = Case.working()
    case.do(TELL)
    fail(case)
    assert case.messages[-1].facts.notices[0].address == case.state.customer.address
    assert situation_of(case.state, case.policy).is_unreached
    case.do(TELL)
    assert not situation_of(case.state, case.policy).is_unreached


@pytest.mark.parametrize("said", [ASK, TELL, OFFER], ids=lambda command: command.kind)
def test_what_was_refused_answers_nothing(said: Command) -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="Hello?"))
    case.wait(2 * MINUTE)
    before = dict(case.state.runs)
    case.do(said)
    assert not any(clock in case.state.runs for clock in RESPONSES)
    failed = fail(case)
    assert {*RESPONSES, ClockName.CUSTOMER_UPDATE} <= set(failed.restarted)
    for clock in (*RESPONSES, ClockName.CUSTOMER_UPDATE, ClockName.RESOLUTION):
        assert case.state.runs[clock] == before[clock]
    assert ClockName.CHOICE not in case.state.runs
    assert case.state.options == ()


def test_the_owner_and_the_overseer_learn_of_it_at_once() -> None:
    case = Case.working()
    case.do(ASK)
    fail(case)
    assert (case.told("ana")[-1], case.told("overseer")[-1]) == ("delivery_failed", "delivery_failed")


def failures_told(case: Case, person: str) -> int:
    return sum("delivery_failed" in one for one in case.told(person))


def test_an_address_that_fails_is_reported_once_and_then_only_to_who_wrote_for_nothing() -> None:
    case = Case.working()
    case.do(TELL)
    fail(case)
    for _ in range(3):
        case.wait(timedelta(days=1))
        if case.messages[-1].kind == "holding_update" or case.told_customer()[-1] == "holding_update":
            fail(case)
    assert "holding_update" in case.told_customer()
    assert "holding_update_sent" not in case.told("overseer")
    assert (failures_told(case, "overseer"), failures_told(case, "ana")) == (1, 1)
    case.do(TellCustomer(by=case.state.holder, text="Still on it"))
    holder = case.state.holder
    before = failures_told(case, holder)
    fail(case)
    assert failures_told(case, holder) == before + 1
    case.do(RecordCustomerReply(text="Write to me here"))
    case.do(TellCustomer(by=holder, text="Thank you"))
    known = failures_told(case, "overseer")
    fail(case)
    assert failures_told(case, "overseer") == known + 1, "the customer had written, so the address seemed to work"


def test_fewer_automatic_updates_to_an_address_that_fails_say_that_nothing_arrives_there() -> None:
    case = Case.working()
    case.do(TELL)
    fail(case)
    case.wait(timedelta(days=30))
    slowed = [one for message in case.messages for one in message.notices if one.kind == "updates_slowed"]
    assert {one.dead_address for one in slowed} == {case.state.customer.address}


def test_a_letter_that_failed_or_came_back_does_not_count_as_sent() -> None:
    case = Case.working()
    sent = case.state.messages
    case.do(TELL)
    fail(case)
    assert case.state.messages == sent
    case.do(ASK)
    case.do(RecordBounce(by="mail"))
    assert case.state.messages == sent


@pytest.mark.slow
def test_no_one_waits_for_an_answer_to_a_question_that_was_never_put() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(5 * MINUTE)
    fail(case)
    assert case.state.stage is Stage.WORKING
    assert case.state.pauses == ()
    assert ClockName.CUSTOMER_REPLY not in case.state.runs
    case.wait(timedelta(days=60))
    assert not any(event.kind == "resolved" for event in case.events)


def test_a_case_that_ended_without_a_reply_goes_on_when_its_question_comes_back() -> None:
    case = Case.working()
    case.do(ASK)
    question = next(message.key for message in case.messages if message.kind == "question")
    while case.state.stage is Stage.WAITING_ON_CUSTOMER:
        case.wait(timedelta(hours=1))
    assert case.state.stage is Stage.RESOLVED
    case.do(RecordBounce(key=question, by="mail"))
    assert (case.state.stage, case.state.offered_to) == (Stage.OFFERED, "ana")


def test_thresholds_that_were_missed_fire_once_and_late() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(timedelta(hours=3))
    assert not any(clock == "first_response" for clock, _ in ((one.split()[0], at) for one, at in case.fired()))
    fail(case)
    case.sleep(timedelta(0))
    missed = [one for one in case.events if isinstance(one, ThresholdReached) and one.clock is ClockName.FIRST_RESPONSE]
    assert missed
    assert all(one.late for one in missed)
    assert len({one.threshold for one in missed}) == len(missed)


def test_a_later_answer_that_arrived_still_answers() -> None:
    case = Case.working()
    case.do(TELL)
    first = case.messages[-1].key
    case.wait(MINUTE)
    case.do(TELL)
    failed = fail(case, first)
    assert failed.restarted == ()
    assert ClockName.FIRST_RESPONSE not in case.state.runs


def test_when_the_later_one_fails_too_the_clock_runs_from_the_first_start() -> None:
    case = Case.working()
    started = case.state.runs[ClockName.FIRST_RESPONSE]
    case.do(TELL)
    first = case.messages[-1].key
    case.wait(MINUTE)
    case.do(TELL)
    second = case.messages[-1].key
    fail(case, first)
    fail(case, second)
    assert case.state.runs[ClockName.FIRST_RESPONSE] == started
    assert case.state.runs[ClockName.CUSTOMER_UPDATE].started_at == MONDAY


def test_what_a_policy_does_not_count_as_an_answer_is_none() -> None:
    rule = replace(EXAMPLE.clocks[ClockName.FIRST_RESPONSE], stopped_by=(StopCause.TOLD,))
    policy: Policy = replace(EXAMPLE, clocks={**EXAMPLE.clocks, ClockName.FIRST_RESPONSE: rule})
    case = Case.working(policy=policy)
    case.do(TELL)
    update = case.messages[-1].key
    case.do(ASK)
    assert ClockName.FIRST_RESPONSE in fail(case, update).restarted


def test_a_promise_that_was_never_heard_is_none_and_the_one_before_holds() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=MONDAY + timedelta(hours=5), by="ana"))
    promised = case.state.runs[ClockName.PROMISE]
    case.do(replace(TELL, next_step="a later fix", next_by=MONDAY + timedelta(hours=9), fulfils_promise=True))
    fail(case)
    assert case.state.runs[ClockName.PROMISE] == promised


def test_a_second_question_that_fails_leaves_the_first_one_open() -> None:
    case = Case.working()
    case.do(ASK)
    first = case.state.runs[ClockName.CUSTOMER_REPLY]
    case.wait(MINUTE)
    case.do(ASK)
    fail(case)
    assert case.state.stage is Stage.WAITING_ON_CUSTOMER
    assert case.state.runs[ClockName.CUSTOMER_REPLY] == first


def test_a_first_question_that_fails_leaves_the_wait_to_the_second() -> None:
    case = Case.working()
    case.do(ASK)
    first = next(message.key for message in case.messages if message.kind == "question")
    case.wait(MINUTE)
    case.do(ASK)
    asked_again = case.now
    fail(case, first)
    wait = PauseInterval(cause=PauseCause.WAITING_ON_CUSTOMER, start=asked_again, end=None, by="ana")
    assert case.state.pauses == (wait,)
    fail(case)
    assert case.state.stage is Stage.WORKING
    assert not case.state.pauses


def test_a_question_that_was_answered_did_arrive() -> None:
    case = Case.working()
    case.do(ASK)
    key = next(message.key for message in case.messages if message.kind == "question")
    case.do(RecordCustomerReply(text="The last one"))
    refusal = case.refused(RecordBounce(key=key, by="mail"))
    assert "was answered" in str(refusal)


def test_options_that_were_chosen_from_did_arrive() -> None:
    case = Case.working()
    case.do(OFFER)
    key = case.messages[-1].key
    case.do(Choose(option="a"))
    assert f"`key` is `{key}`" in str(case.refused(RecordBounce(key=key, by="mail")))


def test_a_bounce_names_the_letter_or_means_the_latest() -> None:
    case = Case.working()
    case.do(TELL)
    case.do(RecordBounce(by="mail"))
    assert ClockName.FIRST_RESPONSE in case.state.runs
    assert [event.error for event in case.events if isinstance(event, DeliveryFailed)] == ["Bounced"]
    assert (
        "`update/1/customer`"
        not in str(case.refused(RecordBounce(key="update/1/customer", by="mail"))).partition(";")[2]
    )


def test_the_same_report_without_a_key_twice_undoes_no_other_letter() -> None:
    case = Case.working()
    case.do(TELL)
    case.do(TELL)
    case.do(RecordBounce(by="mail"))
    before = case.state
    said = str(case.refused(RecordBounce(by="mail")))
    assert "the latest letter, `update/2/customer`, is already known not to have arrived" in said
    assert "can be reported as bounced: `update/1/customer`" in said
    assert case.state == before
    case.do(RecordBounce(key="update/1/customer", by="mail"))
    assert "the latest letter, `update/2/customer`, is already known not to have arrived" in str(
        case.refused(RecordBounce(by="mail"))
    )
    case.do(TELL)
    case.do(RecordBounce(by="mail"))
    failed = [event.key for event in case.events if isinstance(event, DeliveryFailed)]
    assert failed == ["update/2/customer", "update/1/customer", "update/3/customer"]


def test_a_report_without_a_key_means_no_other_letter_than_one_that_the_relay_refused() -> None:
    case = Case.working()
    case.do(TELL)
    case.do(TELL)
    case.do(RecordDeliveryFailed(key="update/2/customer", to="customer", error="RecipientRefused"))
    assert "not to have arrived" in str(case.refused(RecordBounce(by="mail")))


def test_an_older_letter_that_is_lost_leaves_the_latest_to_be_reported() -> None:
    case = Case.working()
    case.do(TELL)
    case.do(TELL)
    case.do(RecordBounce(key="update/1/customer", by="mail"))
    case.do(RecordBounce(by="mail"))
    assert [event.key for event in case.events if isinstance(event, DeliveryFailed)][-1] == "update/2/customer"


def test_letters_are_kept_up_to_a_bound() -> None:
    case = Case.working()
    for _ in range(30):
        case.do(TELL)
    assert len(case.state.letters) == 8


_MEANWHILE = st.sampled_from(
    [
        AddNote(by="ana", text="looked at it"),
        ChangeSeverity(severity=Severity.SEV3, by="ana", why="smaller"),
        RecordCustomerReply(text="Anyone there?"),
        commands.ChangeFrustration(level=2, by="ana"),
        Pause(by="ana", why="the bank"),
        Resume(by="ana"),
        TELL,
        ASK,
    ]
)
_SECONDS = st.integers(1, 20)


def _meanwhile(case: Case, steps: list[tuple[Command, int]]) -> None:
    for command, seconds in steps:
        case.wait(timedelta(seconds=seconds))
        with suppress(Refused):
            case.do(command)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    before=st.lists(st.tuples(_MEANWHILE, _SECONDS), max_size=3),
    lost=st.sampled_from([TELL, replace(TELL, next_step="x", next_by=MONDAY + timedelta(hours=8)), OFFER, ASK]),
    after=st.lists(st.tuples(_MEANWHILE, _SECONDS), max_size=4),
)
def test_clocks_run_as_if_a_lost_letter_had_never_been_written(
    before: list[tuple[Command, int]], lost: Command, after: list[tuple[Command, int]]
) -> None:
    told, untold = Case.working(), Case.working()
    for case in (told, untold):
        _meanwhile(case, before)
    if told.state.stage is not Stage.WORKING:
        return
    told.do(lost)
    key = next(message.key for message in reversed(told.messages) if message.to == "customer")
    if lost is ASK:  # a reply would have answered it, and no one waits for two at a time
        after = [step for step in after if not isinstance(step[0], (RecordCustomerReply, Pause, Resume))]
    _meanwhile(told, after)
    _meanwhile(untold, after)
    fail(told, key)
    assert _clocks(told) == _clocks(untold)


def _clocks(case: Case) -> tuple[object, ...]:
    kept = {
        clock: (run.started_at, run.eta, run.fired)
        for clock, run in case.state.runs.items()
        if clock is not ClockName.CHECK_IN  # the owner showed a sign of life in any case
    }
    return kept, case.state.pauses, case.state.stage


def test_what_is_given_up_beside_the_case_reaches_overseer_and_owner_and_the_case_goes_on() -> None:
    case = Case.working()
    case.do(RecordGaveUp(what=Errand.RELEASE, error="UnstorableValue"))
    assert (case.told("overseer"), case.told("ana")[-1]) == (["gave_up"], "gave_up")
    assert case.state.stage is Stage.WORKING


def test_what_is_given_up_while_the_overseer_holds_the_case_reaches_them_once() -> None:
    case = Case.opened(staffing=nobody)
    heard = len(case.told("overseer"))
    case.do(RecordGaveUp(what=Errand.RELEASE, error="UnstorableValue"))
    assert case.told("overseer")[heard:] == ["gave_up"]


def test_an_end_of_shift_that_a_lost_question_had_put_off_is_due_again() -> None:
    case = on_shift_until(8)
    case.do(ASK)
    assert ClockName.SHIFT_END not in case.state.runs
    assert ClockName.SHIFT_END in fail(case).restarted
    assert case.due(ClockName.SHIFT_END) == "7h 30m"


def test_a_clock_that_the_policy_has_no_longer_does_not_run_again() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="Hello?"))
    case.do(TELL)
    ref = PolicyRef(name="other", version=2, checksum="2" * 64)
    others = dict(EXAMPLE.clocks)
    del others[ClockName.NEXT_RESPONSE]
    policy = replace(EXAMPLE, clocks=others)
    case.do(commands.AdoptPolicy(policy=policy, ref=ref, by="ana", why="a new contract"))
    assert ClockName.NEXT_RESPONSE not in fail(case).restarted


def test_options_that_replaced_others_and_were_lost_leave_no_choice_to_a_letter_of_ours() -> None:
    case = Case.working()
    case.do(OFFER)
    case.do(OFFER)
    lost = case.messages[-1].key
    case.wait(timedelta(hours=12))
    assert case.told_customer()[-1] == "options_reminder"
    fail(case, lost)
    assert ClockName.CHOICE not in case.state.runs
    assert case.state.options == ()


def test_a_question_of_the_overseers_own_that_reached_no_one_is_reported_to_them_once() -> None:
    case = Case.opened(staffing=nobody)
    case.do(commands.Consult(by="overseer", to="cat", question="Seen before?"))
    asked, heard = case.messages[-1].key, len(case.told("overseer"))
    case.do(RecordDeliveryFailed(key=asked, to="cat", error="RecipientRefused"))
    assert case.told("overseer")[heard:] == ["delivery_failed"]


def test_a_message_to_a_colleague_that_came_back_is_the_overseers_to_know() -> None:
    case = Case.working()
    case.do(RecordBounce(by="mail", key="offer/1/ben", to="ben"))
    assert [one.to for one in case.events if isinstance(one, DeliveryFailed)] == ["ben"]
    with pytest.raises(Refused, match="`key` is empty"):
        case.do(RecordBounce(by="mail", to="ben"))
