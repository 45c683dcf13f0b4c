"""What was wrong is put right: facts of the case, what was said too soon, an owner who does not keep it."""

from dataclasses import replace
from typing import Any

import pytest

from escalation.case.commands import (
    Correct,
    Escalate,
    GiveBack,
    HoldUpdates,
    MakePromise,
    OfferOptions,
    Option,
    Packet,
    RecordDeliveryFailed,
    TellCustomer,
    Withdraw,
)
from escalation.case.events import Corrected, DueChanged, HoldingUpdateWithheld
from escalation.clock_rules import ClockRule, OnRetarget, Target
from escalation.clocks.deadlines import target_instant
from escalation.lifecycle.answering import done
from escalation.messages import facts
from escalation.messages.handover import Came
from escalation.messages.handover_reading import handover_of
from escalation.vocabulary import Category, ClockName, Severity, Stage, Withdrawable
from tests.example_policy import EXAMPLE, HOUR, open_time, with_rule
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import HOURS, MINUTES
from tests.unit.domain.policies import with_retarget
from tests.unit.domain.stages import ASK, RESOLVE

RESOLUTION = EXAMPLE.clocks[ClockName.RESOLUTION]
TECHNICAL_IN_6H = with_rule(
    EXAMPLE,
    ClockName.RESOLUTION,
    ClockRule(
        targets=(
            Target(within=open_time(6 * HOUR), calendar="24x7", category=(Category.TECHNICAL,)),
            *RESOLUTION.targets,
        ),
        thresholds=RESOLUTION.thresholds,
    ),
)
NEWS = TellCustomer(by="ana", text="We found the cause")


def correct(**right: Any) -> Correct:
    return Correct(by="ana", **right)


def withdraw(what: Withdrawable) -> Withdraw:
    return Withdraw(by="ana", what=what, explanation="The part is not in stock")


# Facts


def test_a_corrected_category_moves_the_deadline_and_the_timeline_says_why() -> None:
    case = Case.working(policy=TECHNICAL_IN_6H)
    case.do(correct(category=Category.TECHNICAL, why="it is no invoice"))
    moved = [event for event in case.events if isinstance(event, DueChanged)]
    assert [(since(event.old), since(event.new), event.cause) for event in moved if event.old and event.new] == [
        ("2d", "6h", "corrected")
    ]
    assert case.state.owner == "ana"
    assert "`give_back` it" in case.warnings[0]


def test_a_correction_restarts_the_clocks_that_the_policy_restarts_when_targets_change() -> None:
    case = Case.working(policy=with_retarget(TECHNICAL_IN_6H, OnRetarget.RESTART))
    case.wait(HOURS)
    case.do(correct(category=Category.TECHNICAL))
    assert since(target_instant(case.state, case.policy, ClockName.RESOLUTION) or MONDAY) == "7h"


def test_another_category_leaves_the_old_subcategory_behind() -> None:
    case = Case.working(subcategory="refund")
    case.do(correct(subcategory="invoice"))
    assert case.state.subcategory == "invoice"
    case.do(correct(category=Category.TECHNICAL))
    assert case.state.subcategory == ""


def test_the_timeline_has_the_facts_before_and_after() -> None:
    case = Case.working()
    case.do(correct(summary="Invoices are missing", language="de", zone="Europe/Berlin", customer_name="Anna"))
    (event,) = (event for event in case.events if isinstance(event, Corrected))
    assert (event.was.summary, event.correct.summary) == ("Invoices are sent twice", "Invoices are missing")
    customer = case.state.customer
    assert (customer.name, customer.language, customer.zone) == ("Anna", "de", "Europe/Berlin")
    assert customer.address == event.was.customer.address


def test_a_case_that_no_one_has_taken_is_offered_to_people_who_know_the_right_category() -> None:
    case = Case.opened()
    case.directory_is_slow = True
    case.do(correct(category=Category.TECHNICAL))
    assert case.state.stage is Stage.UNASSIGNED
    assert [(search.category, search.tier) for search in case.searches] == [(Category.TECHNICAL, 1)]
    assert case.releases == [1]


def test_a_case_moves_up_to_the_lane_of_its_right_category_and_the_customer_learns_of_it() -> None:
    case = Case.working()
    case.do(correct(category=Category.BEHAVIOUR))
    assert (case.state.tier, case.state.offered_to) == (3, "fay")
    assert case.told_customer()[-1] == "escalated"


def test_a_case_that_was_in_a_lane_by_mistake_starts_at_the_front_line_again() -> None:
    case = Case.opened(category=Category.BEHAVIOUR)
    assert case.state.offered_to == "fay"
    case.do(correct(category=Category.BILLING))
    assert (case.state.tier, case.state.start_tier, case.state.offered_to) == (1, 1, "ana")


def test_a_case_that_was_handed_up_stays_up_when_its_category_is_corrected() -> None:
    case = Case.working()
    case.do(Escalate(by="ana", why="too deep", packet=Packet(concern="x", nothing_tried=True)))
    case.do(correct(category=Category.TECHNICAL))
    assert case.state.tier == 2


def test_another_person_who_corrects_a_fact_notifies_the_owner_and_the_new_contact() -> None:
    case = Case.working()
    case.do(replace(correct(contact="cat"), by="desk"))
    assert case.told("ana")[-1] == "corrected"
    assert case.told("cat") == ["corrected"]
    assert case.messages[-1].notices[0].changed == ("contact",)


def test_another_contact_is_named_in_the_next_letter_once_and_the_former_one_learns_of_it() -> None:
    case = Case.working()
    case.do(correct(contact="cat"))
    case.do(replace(correct(contact="dan"), by="desk"))
    assert [case.told(person)[-1] for person in ("ana", "cat", "dan")] == ["corrected"] * 3
    case.do(NEWS)
    case.do(NEWS)
    assert [message.facts.new_contact for message in case.messages if message.kind == "update"] == [True, False]


def test_a_new_address_is_warned_of_because_letters_went_to_the_old_one() -> None:
    case = Case.working()
    case.do(correct(customer_address="ann.new@example.com"))
    assert case.state.customer.address == "ann.new@example.com"
    assert "the old one" in case.warnings[0]


@pytest.mark.parametrize(
    ("right", "why"),
    [
        ({}, "nothing to correct"),
        ({"category": Category.BILLING}, "nothing to correct"),
        ({"our_fault": False}, "nothing to correct"),
        ({"customer_address": "ann"}, "`customer_address` "),
        ({"language": "german"}, "write a language tag"),
        ({"zone": "Europe/Berlim"}, "did you mean Europe/Berlin"),
        ({"contact": "customer"}, "looks like the role"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(right: dict[str, Any], why: str) -> None:
    assert why in str(Case.working().refused(correct(**right)))


def test_the_facts_of_a_resolved_case_can_be_corrected_and_move_no_one() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.do(correct(category=Category.BEHAVIOUR))
    assert (case.state.stage, case.state.tier, case.warnings) == (Stage.RESOLVED, 1, ())


# Our fault


def test_a_fault_that_is_admitted_later_is_apologised_for_in_the_next_letter_once() -> None:
    case = Case.working()
    case.do(correct(our_fault=True))
    case.do(NEWS)
    case.do(NEWS)
    assert [message.admits_fault for message in case.messages if message.kind == "update"] == [True, False]


def test_a_fault_known_from_the_start_is_not_admitted_again() -> None:
    case = Case.working(our_fault=True)
    case.do(correct(summary="Invoices are missing"))
    case.do(NEWS)
    assert not any(message.admits_fault for message in case.messages)


def test_a_fault_that_was_none_after_all_is_not_apologised_for() -> None:
    case = Case.working()
    case.do(correct(our_fault=True))
    case.do(correct(our_fault=False))
    case.do(NEWS)
    assert not case.messages[-1].admits_fault


# What was said too soon


def test_a_withdrawn_promise_does_not_lapse_and_the_customer_reads_why_and_when_to_expect_news() -> None:
    case = Case.working()
    case.do(MakePromise(what="a technician calls", at=MONDAY + 3 * HOURS, by="ana"))
    case.do(withdraw(Withdrawable.PROMISE))
    letter = case.messages[-1].facts
    assert letter == facts.Withdrawn(
        withdrawn=Withdrawable.PROMISE,
        subject="a technician calls",
        promised_at=MONDAY + 3 * HOURS,
        explanation="The part is not in stock",
        next_update_at=MONDAY + 8 * HOURS,
    )
    case.wait(4 * HOURS)
    assert "promise_lapsed" not in case.kinds()
    assert case.state.breaches.get(ClockName.PROMISE) is None


def test_a_withdrawn_question_is_waited_for_no_longer() -> None:
    case = Case.working()
    case.do(ASK)
    case.do(withdraw(Withdrawable.QUESTION))
    assert (case.state.stage, case.state.question) == (Stage.WORKING, "")
    assert ClockName.CUSTOMER_REPLY not in case.state.runs
    assert case.told_customer()[-1] == "withdrawn"


def test_withdrawn_options_are_not_chosen_by_default() -> None:
    case = Case.working()
    options = (Option(id="a", title="Refund"), Option(id="b", title="Repair"))
    case.do(OfferOptions(options=options, by="ana", default="a"))
    case.do(withdraw(Withdrawable.OPTIONS))
    case.wait(25 * HOURS)
    assert "option_chosen" not in case.kinds()
    assert "options_reminder" not in case.told_customer()


@pytest.mark.parametrize("what", Withdrawable)
def test_what_is_not_open_cannot_be_withdrawn(what: Withdrawable) -> None:
    assert "nothing to withdraw" in str(Case.working().refused(withdraw(what)))


def test_a_letter_of_withdrawal_that_comes_back_brings_no_promise_back() -> None:
    case = Case.working()
    case.do(MakePromise(what="a technician calls", at=MONDAY + 3 * HOURS, by="ana"))
    case.do(withdraw(Withdrawable.PROMISE))
    case.do(RecordDeliveryFailed(key=case.messages[-1].key, to="customer", error="RecipientRefused"))
    assert ClockName.PROMISE not in case.state.runs


# Back to the pool


def test_a_case_that_is_given_back_goes_to_another_person_of_the_tier_with_a_packet() -> None:
    case = Case.working()
    case.do(GiveBack(by="ana", why="on leave from tomorrow"))
    assert (case.state.offered_to, case.state.tier) == ("ben", 1)
    assert handover_of(case.events).came == Came(how="given_back", by="ana", why="on leave from tomorrow")
    assert "given_back" not in case.told("ana"), "she did it herself"


def test_an_owner_learns_that_another_person_gave_their_case_back() -> None:
    case = Case.working()
    case.do(GiveBack(by="lead", why="ana is ill"))
    assert case.told("ana")[-1] == "given_back"


# Automatic updates


def test_held_updates_leave_the_customer_alone_and_go_out_again_by_themselves() -> None:
    silent: dict[ClockName, ClockRule] = {
        clock: one for clock, one in EXAMPLE.clocks.items() if clock is not ClockName.CHECK_IN
    }
    case = Case.working(policy=replace(EXAMPLE, clocks=silent))
    case.do(HoldUpdates(until=MONDAY + 20 * HOURS, by="ana", why="Ann is on holiday"))
    assert "expects to hear from us by 2026-03-02T17:00" in case.warnings[0]
    case.wait(20 * HOURS)
    assert "holding_update" not in case.told_customer()
    assert case.fired(ClockName.CUSTOMER_UPDATE) == [("75%", "6h"), ("due", "8h"), ("75%", "14h"), ("due", "16h")]
    assert [event.held for event in case.events if isinstance(event, HoldingUpdateWithheld)] == [True, True]
    assert "holding_update_sent" not in case.told("overseer")
    case.wait(4 * HOURS)
    assert case.told_customer()[-1] == "holding_update"


def test_a_letter_during_a_hold_promises_no_update_that_would_not_come() -> None:
    case = Case.working()
    case.do(HoldUpdates(until=MONDAY + 20 * HOURS, by="ana", why="Ann is on holiday"))
    case.do(NEWS)
    assert case.messages[-1].facts.next_update_at is None


def test_a_hold_into_the_past_is_refused() -> None:
    assert "`until` is " in str(Case.working().refused(HoldUpdates(until=MONDAY, by="ana", why="x")))


def test_the_answer_to_each_command_says_what_it_did() -> None:
    case, said = Case.working(), list[str]()
    hold = HoldUpdates(until=MONDAY + 20 * HOURS, by="ana", why="x")
    for command in (correct(summary="Invoices are missing"), ASK, withdraw(Withdrawable.QUESTION), hold):
        before = case.state
        said.append(done(case.do(command).events, before, case.state, case.policy))
    assert said[0].startswith("the case is corrected; solution due")
    assert said[2].startswith("the question is withdrawn, and Ann reads why")
    assert said[3] == "Ann gets no automatic updates until 2026-03-03 05:00 UTC"


# A lapsed promise


def test_a_promise_that_lapses_counts_as_broken_and_a_time_in_the_past_is_refused_by_its_own_name() -> None:
    case = Case.working(severity=Severity.SEV3)
    assert "`at` is " in str(case.refused(MakePromise(what="a fix", at=MONDAY - HOURS, by="ana")))
    case.do(MakePromise(what="a fix", at=MONDAY + 30 * MINUTES, by="ana"))
    case.wait(HOURS)
    assert case.state.breaches == {ClockName.PROMISE: 1}
