"""The resolution clock: warnings, breach, climbing; severity changes; and waking late."""

from dataclasses import replace

import pytest

from escalation.case.commands import (
    AddNote,
    Cancel,
    ChangeSeverity,
    FireDueClocks,
    MakePromise,
    Reassign,
    RecordCustomerReply,
)
from escalation.case.events import Climbed, DueChanged, Paused, SeverityChanged, ThresholdReached
from escalation.clocks.deadlines import target_instant
from escalation.lifecycle.decide import decide
from escalation.lifecycle.evolution import evolve
from escalation.messages.effects import Deliver
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CancelCause, ClimbCause, ClockName, PauseCause, Severity, Stage
from tests.example_policy import EXAMPLE, HOUR, rule, share, with_rule
from tests.unit.domain.case import MONDAY, Case, nobody, said, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES, SECONDS
from tests.unit.domain.policies import HASTY, RESTARTING
from tests.unit.domain.stages import ASK, RESOLVE

NOTE = AddNote(by="ana", text="still here")
WORSE = ChangeSeverity(severity=Severity.SEV1, by="ana", why="payday")
BETTER = ChangeSeverity(severity=Severity.SEV3, by="ana", why="not so bad")


def busy(case: Case, hours: int) -> None:
    """A number of hours of work, with a note every six hours."""
    for _ in range(hours // 6):
        case.wait(6 * HOURS)
        if case.state.stage is Stage.OFFERED:
            case.acknowledge()
        case.do(NOTE)


def test_the_owner_is_warned_the_breach_climbs_and_the_overseer_hears_again_later() -> None:
    case = Case.working()
    busy(case, 72)
    assert case.fired(ClockName.RESOLUTION) == [
        ("50%", "1d"),
        ("75%", "1d 12h"),
        ("90%", "1d 19h 12m"),
        ("due", "2d"),
        ("150%", "3d"),
    ]
    assert sum("breach" in told for told in case.told("ana")) == 2, "of the first response and of the resolution"
    assert "warning" in case.told("overseer")[-1]
    assert (case.state.tier, case.state.owner) == (2, "dev")


def test_what_the_owner_is_warned_of_is_the_deadline_and_not_the_share_of_it_that_has_passed() -> None:
    case = Case.working()
    busy(case, 72)
    named = [
        (said(notice), since(notice.due))
        for message in case.messages
        for notice in message.notices
        if said(notice).startswith("resolution") and notice.due is not None
    ]
    assert set(named) == {
        ("resolution 50%", "2d"),
        ("resolution 75%", "2d"),
        ("resolution 90%", "2d"),
        ("resolution due", "2d"),
        ("resolution 150%", "2d"),
    }


def test_a_warning_while_the_clock_is_paused_names_when_it_was_reached() -> None:
    only = replace(EXAMPLE, clocks={ClockName.RESOLUTION: EXAMPLE.clocks[ClockName.RESOLUTION]})
    case = Case.working(policy=only)
    case.now += 25 * HOURS  # no worker was running when half of the time was over
    case.current = evolve(
        case.state,
        Paused(at=MONDAY + 24 * HOURS + MINUTES, cause=PauseCause.WAITING_ON_THIRD_PARTY, by="ana", why="the bank"),
    )
    decision = decide(case.current, FireDueClocks(), policy=case.policy, now=case.now)
    told = [notice for effect in decision.effects if isinstance(effect, Deliver) for notice in effect.message.notices]
    (warning,) = [notice for notice in told if said(notice) == "resolution 50%"]
    assert warning.due == MONDAY + 24 * HOURS


def test_a_breach_climbs_with_a_packet_made_of_what_was_noted() -> None:
    case = Case.working(policy=HASTY)
    case.do(AddNote(by="ana", text="no change", tried="restarted it"))
    case.do(AddNote(by="ana", text="thinking"))
    case.do(AddNote(by="ana", text="no change either", tried="read the log"))
    case.wait(HOURS)
    climbed = next(event for event in case.events if isinstance(event, Climbed))
    assert (climbed.from_tier, climbed.to_tier, climbed.cause) == (1, 2, ClimbCause.BREACH)
    assert climbed.packet.concern == "Invoices are sent twice"
    assert climbed.packet.tried == ("restarted it", "read the log")
    assert climbed.packet.evidence == (), "only what people gave as evidence; an offer has the notes and deadlines too"


def test_the_packet_carries_the_latest_twenty_steps() -> None:
    case = Case.working(policy=HASTY)
    for number in range(25):
        case.do(AddNote(by="ana", text="no change", tried=f"step {number}"))
    assert case.state.steps_tried == tuple(f"step {number}" for number in range(5, 25))


def test_a_breach_at_the_top_has_nowhere_to_climb_to() -> None:
    case = Case.opened(policy=HASTY, staffing=nobody)
    case.wait(HOURS)
    assert case.told("overseer")[-1] == "breach"
    assert case.state.overseer_holds
    assert not any(isinstance(event, Climbed) for event in case.events)


def test_a_breach_does_not_take_the_case_from_who_waits_on_the_customer() -> None:
    case = Case.working(policy=HASTY)
    case.do(ASK)
    case.wait(HOURS)
    assert case.state.breaches == {ClockName.RESOLUTION: 1}
    assert (case.state.stage, case.state.owner, case.state.tier) == (Stage.WAITING_ON_CUSTOMER, "ana", 1)


def test_who_is_owner_and_overseer_at_once_hears_of_a_breach_once() -> None:
    case = Case.opened(staffing=nobody)
    case.wait(2 * HOURS)
    notices = [notice for message in case.messages if message.to == "overseer" for notice in message.notices]
    assert [said(notice) for notice in notices if notice.kind == "breach"] == ["first_response due"]


def test_a_worse_severity_keeps_the_start_and_fires_what_has_passed_once() -> None:
    case = Case.working()
    busy(case, 30)
    assert case.fired(ClockName.RESOLUTION) == [("50%", "1d")]
    case.do(WORSE)
    assert case.due(ClockName.RESOLUTION) == "18h", "75 % of 24 hours"
    case.wait(MINUTES)
    assert case.fired(ClockName.RESOLUTION)[1:] == [("75%", "1d 6h"), ("90%", "1d 6h"), ("due", "1d 6h")]
    dues = [since(event.due) for event in case.events if isinstance(event, ThresholdReached)][-3:]
    assert dues == ["18h", "21h 36m", "1d"]
    assert case.state.runs[ClockName.RESOLUTION].started_at == MONDAY


def test_a_milder_severity_after_the_breach_never_breaches_the_same_cycle_again() -> None:
    case = Case.working(severity=Severity.SEV1)
    busy(case, 24)
    assert case.state.breaches[ClockName.RESOLUTION] == 1
    case.do(BETTER)
    moved = [event for event in case.events if isinstance(event, DueChanged)][-1]
    assert (moved.old, moved.new, moved.cause) == (MONDAY + 24 * HOURS, MONDAY + 96 * HOURS, "severity_changed")
    busy(case, 120)
    assert case.state.breaches[ClockName.RESOLUTION] == 1
    assert case.fired(ClockName.RESOLUTION)[-1] == ("150%", "6d")


def test_a_policy_may_start_clocks_again_when_the_severity_changes() -> None:
    case = Case.working(policy=RESTARTING)
    busy(case, 24)
    case.do(WORSE)
    changed = next(event for event in case.events if isinstance(event, SeverityChanged))
    assert ClockName.RESOLUTION in changed.restarted
    run = case.state.runs[ClockName.RESOLUTION]
    assert (run.cycle, since(run.started_at), run.fired) == (2, "1d", ())
    busy(case, 12)
    assert case.fired(ClockName.RESOLUTION) == [("50%", "1d"), ("50%", "1d 12h")]


def test_clocks_that_the_policy_does_not_know_are_not_started_again() -> None:
    known = dict(RESTARTING.clocks)
    del known[ClockName.FIRST_RESPONSE]
    case = Case.working(policy=replace(RESTARTING, clocks=known))
    case.do(WORSE)
    changed = next(event for event in case.events if isinstance(event, SeverityChanged))
    assert ClockName.FIRST_RESPONSE not in changed.restarted
    assert target_instant(case.state, case.policy, ClockName.FIRST_RESPONSE) is None


def test_waking_late_fires_what_was_missed_once_in_order_and_pages_each_person_once() -> None:
    case = Case.working()
    decision = case.sleep(50 * HOURS)
    fired = [event for event in decision.events if isinstance(event, ThresholdReached)]
    assert [(event.clock.value, event.threshold) for event in fired] == [
        ("first_response", "75%"),
        ("first_response", "due"),
        ("customer_update", "75%"),
        ("check_in", "50%"),
        ("customer_update", "due"),
        ("check_in", "due"),
        ("resolution", "50%"),
        ("resolution", "75%"),
        ("resolution", "90%"),
        ("resolution", "due"),
    ]
    assert all(event.late for event in fired)
    pages = [effect.message for effect in decision.effects if isinstance(effect, Deliver) and effect.message.notices]
    assert sorted(page.to for page in pages) == ["ana", "overseer"]
    of_clocks = [notice for page in pages for notice in page.notices if notice.kind is not NoticeKind.CLIMBED]
    assert all(notice.late for notice in of_clocks)
    assert case.sleep(0 * HOURS).events == (), "a second look finds nothing left"


def test_a_threshold_is_late_only_beyond_what_the_policy_tolerates() -> None:
    for seconds, late in ((5, False), (6, True)):
        case = Case.working()
        case.now = MONDAY + 90 * MINUTES + seconds * SECONDS
        case.wait(0 * HOURS)
        reached = [event for event in case.events if isinstance(event, ThresholdReached)]
        assert [event.late for event in reached] == [late]


def test_thresholds_due_at_the_same_instant_fire_in_the_order_of_the_clocks() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="hello?"))
    case.do(MakePromise(what="a call", at=MONDAY + 6 * HOURS, by="ana"))
    case.wait(6 * HOURS)
    at_six = [name for name, at in case.fired() if at == "6h"]
    assert at_six == ["promise due", "check_in 50%"], "the delay notice was an update to the customer"


def test_resolving_in_time_is_not_a_breach_and_stops_the_clock() -> None:
    case = Case.working()
    case.wait(5 * HOURS)
    case.do(RESOLVE)
    assert [(result.cycle, result.breached) for result in case.state.results] == [(1, False)]
    assert ClockName.RESOLUTION not in case.state.runs


def test_a_passed_on_case_keeps_its_resolution_target() -> None:
    case = Case.working()
    case.wait(5 * HOURS)
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    due = target_instant(case.state, case.policy, ClockName.RESOLUTION)
    assert due == MONDAY + 2 * DAYS


def test_a_threshold_may_be_there_for_the_record_alone() -> None:
    policy = with_rule(EXAMPLE, ClockName.NEXT_RESPONSE, rule(HOUR, share(100)))
    case = Case.working(policy=policy)
    case.do(RecordCustomerReply(text="hello?"))
    case.wait(HOURS)
    assert case.fired(ClockName.NEXT_RESPONSE) == [("due", "1h")]
    assert case.told("overseer") == []


@pytest.mark.parametrize(
    ("cause", "other", "says"),
    [
        (CancelCause.WITHDRAWN, "T-2", "`duplicate_of` is set, but `cause` is not duplicate"),
        (CancelCause.DUPLICATE, "", "`duplicate_of` does not name another ticket"),
        (CancelCause.DUPLICATE, "T-1", "`duplicate_of` does not name another ticket"),
    ],
)
def test_only_a_duplicate_names_another_ticket(cause: CancelCause, other: str, says: str) -> None:
    assert says in str(Case.working().refused(Cancel(by="desk", cause=cause, duplicate_of=other)))
