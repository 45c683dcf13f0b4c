"""Another severity, another policy, a due date set by hand: what a running clock keeps, and what it takes on."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from escalation.case.commands import (
    AddNote,
    AdoptPolicy,
    ApplyPolicy,
    ChangeSeverity,
    Pause,
    RecordCustomerReply,
    Resume,
    SetDue,
    TellCustomer,
)
from escalation.case.events import DueChanged, DueSet, PolicyApplied, ThresholdReached
from escalation.case.values import PolicyRef
from escalation.clock_rules import Action
from escalation.clocks.deadlines import target_instant
from escalation.errors import InvalidCommand
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Severity, Stage
from tests.example_policy import EXAMPLE, HOUR, rule, share, with_rule
from tests.unit.domain.case import MONDAY, Case, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import HASTY, RESTARTING
from tests.unit.domain.stages import ASK, RESOLVE

REF = PolicyRef(name="other", version=2, checksum="2" * 64)


def due_of(case: Case, clock: ClockName = ClockName.RESOLUTION) -> str:
    at = target_instant(case.state, case.policy, clock)
    return since(at) if at else ""


def set_due(at: datetime | None, clock: ClockName = ClockName.RESOLUTION) -> SetDue:
    return SetDue(clock=clock, at=at, by="ana", why="agreed with the customer")


def adopt(case: Case, policy: Policy) -> None:
    """What the workflow does once it has loaded the policy."""
    case.do(AdoptPolicy(policy=policy, ref=REF, by="ana", why="a new contract"))


def moves(case: Case, clock: ClockName = ClockName.RESOLUTION) -> list[tuple[str, str, str]]:
    """(cause, old due, new due) of a clock."""
    return [
        (event.cause, since(event.old) if event.old else "", since(event.new) if event.new else "")
        for event in case.events
        if isinstance(event, DueChanged) and event.clock is clock
    ]


# A due date set by hand


def test_a_due_date_set_by_hand_takes_the_place_of_the_target_and_says_so() -> None:
    case = Case.working()
    case.do(set_due(MONDAY + 6 * HOURS))
    assert due_of(case) == "6h"
    assert moves(case) == [("due_set", "2d", "6h")]
    assert [(event.clock, event.by, event.why) for event in case.events if isinstance(event, DueSet)] == [
        (ClockName.RESOLUTION, "ana", "agreed with the customer")
    ]
    case.wait(6 * HOURS)
    assert case.fired(ClockName.RESOLUTION) == [("50%", "3h"), ("75%", "4h 30m"), ("90%", "5h 24m"), ("due", "6h")]


def test_a_due_date_set_by_hand_sticks_through_severity_pause_and_policy() -> None:
    case = Case.working()
    case.do(set_due(MONDAY + 10 * DAYS))
    case.do(ChangeSeverity(severity=Severity.SEV1, by="ana", why="payday"))
    case.do(Pause(by="ana", why="the bank"))
    assert due_of(case) == "10d"
    case.wait(2 * HOURS)
    case.do(Resume(by="ana"))
    adopt(case, HASTY)
    assert due_of(case) == "10d"
    assert [cause for cause, _, _ in moves(case)] == ["due_set"]


def test_a_due_date_set_by_hand_also_holds_while_the_customer_is_waited_for() -> None:
    case = Case.working()
    case.do(set_due(MONDAY + 5 * HOURS))
    case.do(ASK)
    case.wait(5 * HOURS)
    assert case.fired(ClockName.RESOLUTION)[-1] == ("due", "5h")


def test_taking_a_due_date_back_gives_the_clock_to_the_policy_again() -> None:
    case = Case.working()
    case.do(set_due(MONDAY + 6 * HOURS))
    case.do(set_due(None))
    assert due_of(case) == "2d"
    assert moves(case)[-1] == ("due_set", "6h", "2d")


def test_a_due_date_set_by_hand_after_the_breach_does_not_breach_again() -> None:
    case = Case.working()
    case.wait(2 * DAYS)
    assert case.state.breaches[ClockName.RESOLUTION] == 1
    case.do(set_due(case.now + 1 * HOURS))
    case.wait(2 * HOURS)
    assert case.state.breaches[ClockName.RESOLUTION] == 1


def test_a_due_date_set_by_hand_ends_with_its_cycle() -> None:
    case = Case.working()
    case.do(set_due(MONDAY + 3 * HOURS, ClockName.CUSTOMER_UPDATE))
    case.wait(1 * HOURS)
    case.do(TellCustomer(by="ana", text="We are on it"))
    assert due_of(case, ClockName.CUSTOMER_UPDATE) == "9h", "the next update is the policy's again"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (set_due(MONDAY), "has passed"),
        (set_due((MONDAY + HOURS).replace(tzinfo=None)), "has no time zone"),
        (set_due(MONDAY + HOURS, ClockName.CONSULT), "`consult` does not run; running clocks: "),
        (set_due(MONDAY + HOURS, ClockName.FOLLOW_UP), "`follow_up` has a time for each letter"),
        (set_due(MONDAY + HOURS, ClockName.PROMISE), "give them another with the command `promise`"),
    ],
)
def test_a_due_date_that_makes_no_sense_is_refused(command: SetDue, why: str) -> None:
    refusal = Case.working().refused(command)
    assert isinstance(refusal, InvalidCommand)
    assert why in str(refusal)


def test_a_due_date_is_kept_in_utc_whatever_zone_it_was_given_in() -> None:
    case = Case.working()
    case.do(set_due((MONDAY + 6 * HOURS).astimezone(timezone(timedelta(hours=5, minutes=30)))))
    assert case.state.runs[ClockName.RESOLUTION].eta == MONDAY + 6 * HOURS
    assert str(case.state.runs[ClockName.RESOLUTION].eta).endswith("+00:00")


# Another policy


def stricter(hours: int, name: str = "due") -> Policy:
    """Resolution within a number of hours, and the breach called by another name."""
    breach = replace(share(100, Action.BREACH), name=name)
    return with_rule(EXAMPLE, ClockName.RESOLUTION, rule(hours * HOUR, share(50, Action.WARN_OWNER), breach))


def test_another_policy_keeps_the_start_and_the_elapsed_time_and_says_what_moved() -> None:
    case = Case.working()
    case.wait(4 * HOURS)
    adopt(case, stricter(10))
    assert due_of(case) == "10h"
    assert moves(case) == [("policy_applied", "2d", "10h")]
    applied = [event for event in case.events if isinstance(event, PolicyApplied)]
    assert [(event.policy, event.restarted, event.why) for event in applied] == [(REF, (), "a new contract")]
    assert case.state.policy == REF


def test_a_stricter_policy_whose_target_has_passed_breaches_at_once_and_is_marked_late() -> None:
    case = Case.working()
    case.wait(4 * HOURS)
    adopt(case, stricter(3))
    case.wait(0 * HOURS)
    fired = [event for event in case.events if isinstance(event, ThresholdReached) and event.clock == "resolution"]
    assert [(event.threshold, since(event.due), event.late) for event in fired] == [
        ("50%", "1h 30m", True),
        ("due", "3h", True),
    ]


def test_a_policy_that_calls_the_breach_by_another_name_does_not_breach_the_same_cycle_twice() -> None:
    case = Case.working()
    case.wait(2 * DAYS)
    adopt(case, stricter(30, name="missed"))
    case.wait(1 * DAYS)
    assert case.state.breaches[ClockName.RESOLUTION] == 1
    assert ("missed", "2d") not in case.fired(ClockName.RESOLUTION)


def test_a_policy_that_restarts_its_clocks_begins_new_cycles() -> None:
    case = Case.working()
    case.wait(4 * HOURS)
    adopt(case, RESTARTING)
    applied = next(event for event in case.events if isinstance(event, PolicyApplied))
    assert ClockName.RESOLUTION in applied.restarted
    assert due_of(case) == "2d 4h"
    assert case.state.runs[ClockName.RESOLUTION].cycle == 2


def test_the_policy_that_holds_already_is_refused() -> None:
    case = Case.working()
    adopt(case, stricter(10))
    again = AdoptPolicy(policy=stricter(10), ref=REF, by="ana", why="once more")
    assert str(case.refused(again)) == "it follows policy `other`, version 2, already"


def test_a_policy_whose_ladder_ends_below_the_case_is_refused() -> None:
    case = Case.opened()
    case.wait(30 * MINUTES)
    assert case.state.tier == 2
    short = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, tiers=EXAMPLE.ladder.tiers[:1]))
    assert "the case is on tier 2" in str(case.refused(AdoptPolicy(policy=short, ref=REF, by="ana", why="")))


def test_a_policy_under_which_the_case_would_fall_asleep_is_refused() -> None:
    silent = replace(EXAMPLE, clocks={})
    refusal = Case.working().refused(AdoptPolicy(policy=silent, ref=REF, by="ana", why=""))
    assert "the case would be forgotten" in str(refusal)


def test_asking_for_a_policy_changes_nothing_until_it_is_loaded() -> None:
    case = Case.working()
    assert case.do(ApplyPolicy(policy="other", by="ana", why="a new contract")).events == ()
    assert "`policy` is empty" in str(case.refused(ApplyPolicy(policy=" ", by="ana", why="")))


def test_what_was_sent_and_noted_before_still_counts_under_another_policy() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="read the log", tried="restart"))
    case.do(RecordCustomerReply(text="still broken"))
    adopt(case, stricter(10))
    assert case.state.steps_tried == ("restart",)
    assert ClockName.NEXT_RESPONSE in case.state.runs
    case.do(RESOLVE)
    assert case.state.stage is Stage.RESOLVED


# Versions of our own rules


def test_the_same_policy_again_brings_a_case_under_newer_rules_and_restarts_no_clock() -> None:
    case = Case.working(policy=RESTARTING)
    ref, runs = case.state.policy, case.state.runs
    case.do(AdoptPolicy(policy=case.policy, ref=ref, by="zoe", why="the new rules", rules=2))
    assert (case.state.rules, case.state.policy, case.state.runs) == (2, ref, runs)


def test_a_case_never_goes_back_to_older_rules() -> None:
    case = Case.working()
    case.do(AdoptPolicy(policy=EXAMPLE, ref=REF, by="zoe", why="", rules=2))
    again = AdoptPolicy(policy=EXAMPLE, ref=REF, by="zoe", why="", rules=1)
    assert "already" in str(case.refused(again))
    case.do(AdoptPolicy(policy=stricter(10), ref=replace(REF, version=3), by="zoe", why="", rules=1))
    assert case.state.rules == 2
