"""Offering a case until a person takes it: the ladder, the directory, and the overseer at the end."""

from dataclasses import replace

import pytest

from escalation.business_time import BusinessDays
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Decline,
    Escalate,
    Packet,
    Reassign,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordNobodyAvailable,
)
from escalation.case.events import Climbed, OfferLapsed, OverseerHeld, TierSkipped
from escalation.clock_rules import Target
from escalation.clocks.deadlines import target_instant
from escalation.errors import InvalidCommand, NotAllowed
from escalation.messages import facts
from escalation.messages.effects import AssignOwner
from escalation.vocabulary import Category, ClimbCause, ClockName, Reason, Stage
from tests.example_policy import EXAMPLE, with_rule
from tests.unit.domain.case import MONDAY, STAFF, Case, nobody, opening, since
from tests.unit.domain.durations import DAYS, HOURS, MINUTES, SECONDS
from tests.unit.domain.policies import IN_OFFICE_HOURS, OWN_TIER_TIMES
from tests.unit.domain.stages import CANCEL, REOPEN, RESOLVE, SENT_TWICE, unassigned


def test_an_offer_no_one_answers_goes_to_the_next_person_and_then_up_the_ladder() -> None:
    case = Case.opened()
    assert case.state.offered_to == "ana"
    case.wait(7 * MINUTES + 30 * SECONDS)
    assert case.told("ana") == ["offer", "reminder"]
    case.wait(7 * MINUTES + 30 * SECONDS)
    assert case.told("ana") == ["offer", "reminder", "offer_lapsed"]
    assert (case.state.tier, case.state.offered_to) == (1, "ben")
    case.wait(15 * MINUTES)
    assert (case.state.tier, case.state.offered_to) == (2, "dev")
    assert case.told_customer() == ["receipt", "escalated"]
    case.wait(15 * MINUTES)
    assert (case.state.tier, case.state.offered_to) == (2, "eli")
    case.wait(15 * MINUTES)
    assert (case.state.tier, case.state.offered_to) == (3, "fay")
    case.wait(15 * MINUTES)
    assert "ladder_restarted" in case.kinds()
    assert (case.state.round, case.state.tier, case.state.offered_to) == (2, 1, "ana")
    case.wait(75 * MINUTES)
    assert (case.state.stage, case.state.owner) == (Stage.WORKING, "overseer")
    assert case.state.overseer_holds
    assert case.told("overseer") == ["breach", "overseer_holds"], "nobody has answered the customer for two hours"
    assert case.fired(ClockName.ACKNOWLEDGE)[:4] == [
        ("50%", "7m 30s"),
        ("due", "15m"),
        ("50%", "22m 30s"),
        ("due", "30m"),
    ]
    assert len(case.fired(ClockName.ACKNOWLEDGE)) == 2 * 10


def test_what_the_overseer_holds_is_brought_up_again_ever_less_often_while_they_are_silent() -> None:
    case = Case.opened(staffing=nobody)
    assert (case.state.owner, case.state.overseer_holds) == ("overseer", True)
    case.wait(12 * HOURS)
    held = [one for message in case.messages for one in message.notices if one.kind == "overseer_holds"]
    assert [one.again for one in held] == [False, True], "the second one reminds them of what they have"
    assert case.told("overseer")[-1] == "overseer_holds"
    assert case.fired(ClockName.CHECK_IN) == [("50%", "6h"), ("due", "12h")]
    assert case.due(ClockName.CHECK_IN) == "1d", "half of twice the time"
    case.wait(24 * HOURS)
    assert case.due(ClockName.CHECK_IN) == "2d 12h", "half of four times the time"
    case.wait(32 * DAYS)
    rounds = [event.at for event in case.events if isinstance(event, OverseerHeld)]
    assert rounds[-1] - rounds[-2] == rounds[-2] - rounds[-3] == 16 * 12 * HOURS, "it never gets rarer than that"


def test_a_silent_overseer_is_reminded_less_often_in_business_days_too() -> None:
    checks = replace(
        IN_OFFICE_HOURS.clocks[ClockName.CHECK_IN], targets=(Target(within=BusinessDays(days=1), calendar="office"),)
    )
    case = Case.opened(staffing=nobody, policy=with_rule(IN_OFFICE_HOURS, ClockName.CHECK_IN, checks))
    case.wait(20 * DAYS)
    rounds = [event.at.date().isoformat() for event in case.events if isinstance(event, OverseerHeld)]
    # One, two and four business days apart; the story begins on a Monday.
    assert rounds[:4] == ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-11"]


def test_a_sign_of_progress_of_the_overseer_brings_the_usual_reminders_back() -> None:
    case = Case.opened(staffing=nobody)
    case.wait(5 * DAYS)
    case.do(AddNote(by="overseer", text="called the bank"))
    assert case.due(ClockName.CHECK_IN) == "5d 6h"
    assert case.state.runs[ClockName.CHECK_IN].repeats == 0


def test_the_overseer_can_pass_on_what_they_hold() -> None:
    case = Case.opened(staffing=nobody)
    case.staffing = lambda wanted: wanted.person
    case.do(Reassign(to="zoe", by="overseer", why="you know it"))
    assert not case.state.overseer_holds
    case.acknowledge()
    assert case.state.owner == "zoe"


def test_a_tier_in_which_no_one_is_there_is_skipped_at_once_and_the_overseer_learns_of_it() -> None:
    case = Case.opened(staffing=lambda wanted: None if wanted.tier == 1 else STAFF[wanted.tier][0])
    assert (case.state.tier, case.state.offered_to) == (2, "dev")
    assert [event.tier for event in case.events if isinstance(event, TierSkipped)] == [1]
    assert case.told("overseer") == ["tier_skipped"]
    assert case.told_customer() == ["receipt"], "nobody of that tier was ever on it; there is nothing to announce"


def test_a_tier_that_runs_out_of_people_climbs_rather_than_being_skipped() -> None:
    case = Case.opened(staffing=lambda wanted: next((one for one in ("ana",) if not wanted.tried), None))
    case.do(Decline(by="ana", why="on leave"))
    climbed = next(event for event in case.events if isinstance(event, Climbed))
    assert (climbed.to_tier, climbed.cause) == (2, ClimbCause.NOT_ACKNOWLEDGED)


def test_a_declined_offer_goes_on_at_once_and_its_booking_is_given_back() -> None:
    case = Case.opened()
    case.do(Decline(by="ana", why="on leave"))
    assert (case.state.offered_to, case.releases) == ("ben", [1])
    assert case.fired() == []


def test_only_the_person_asked_can_answer_an_offer() -> None:
    case = Case.opened()
    for command in (Acknowledge(by="zoe"), Decline(by="zoe", why="")):
        refusal = case.refused(command)
        assert isinstance(refusal, NotAllowed)
        assert str(refusal) == "the case is offered to `ana`, not to `zoe`; `reassign` it first"


def test_an_owner_who_falls_silent_loses_the_case_and_the_customer_is_notified_of_the_next() -> None:
    case = Case.working()
    case.wait(6 * HOURS)
    assert case.told("ana")[-1] == "reminder, reminder", "of the update to the customer, and of her own silence"
    case.wait(6 * HOURS)
    assert case.fired(ClockName.CHECK_IN) == [("50%", "6h"), ("due", "12h")]
    assert case.told("ana")[-1] == "released"
    assert (case.state.stage, case.state.offered_to, case.state.followers) == (Stage.OFFERED, "ben", ("ana",))
    case.acknowledge()
    assert case.told_customer()[-1] == "owner_changed"


def test_a_note_is_a_sign_of_life() -> None:
    case = Case.working()
    case.wait(11 * HOURS)
    case.do(AddNote(by="ana", text="waiting for a log"))
    assert case.due(ClockName.CHECK_IN) == "17h"
    case.wait(2 * HOURS)
    assert case.state.owner == "ana"


def test_a_case_that_comes_back_to_the_same_owner_is_not_news_to_the_customer() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.do(REOPEN)
    case.acknowledge()
    assert case.state.owner == "ana"
    assert case.told_customer() == ["receipt", "owner_changed", "resolved", "reopened"]


def test_each_tier_may_have_its_own_time_to_acknowledge() -> None:
    case = Case.opened(policy=OWN_TIER_TIMES)
    case.wait(40 * MINUTES)
    assert case.fired(ClockName.ACKNOWLEDGE) == [
        ("50%", "5m"),
        ("due", "10m"),
        ("50%", "15m"),
        ("due", "20m"),
        ("50%", "30m"),
        ("due", "40m"),
    ]


@pytest.mark.parametrize(
    ("opened_with", "tier"),
    [({}, 1), ({"category": Category.BEHAVIOUR}, 3), ({"reasons": (Reason.UNRESOLVED, Reason.LEGAL)}, 2)],
)
def test_lanes_decide_where_a_case_starts(opened_with: dict[str, object], tier: int) -> None:
    lanes: dict[Reason | Category, int] = {Category.BEHAVIOUR: 3, Reason.LEGAL: 2}
    policy = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, lanes=lanes))
    case = Case(policy=policy)
    case.do(opening(**opened_with))
    assert (case.state.tier, case.state.start_tier) == (tier, tier)
    case.wait(2 * HOURS)
    assert all(event.to_tier > tier for event in case.events if isinstance(event, Climbed))


def test_handing_up_by_command_takes_a_packet_that_says_what_it_is_about() -> None:
    case = Case.working()
    refusal = case.refused(Escalate(by="ana", why="too deep", packet=Packet(concern=" ")))
    assert isinstance(refusal, InvalidCommand)
    assert "packet.concern" in str(refusal)

    case.do(Escalate(by="ana", why="too deep", packet=SENT_TWICE))
    assert (case.state.tier, case.state.offered_to, case.releases) == (2, "dev", [1])
    assert case.told_customer()[-1] == "escalated"
    case.do(Escalate(by="desk", why="still too deep", packet=SENT_TWICE))
    assert "top of the ladder" in str(case.refused(Escalate(by="desk", why="", packet=SENT_TWICE)))


def test_reassigning_asks_that_very_person_and_starts_their_time_again() -> None:
    case = Case.working()
    case.wait(HOURS)
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    assert (case.state.stage, case.state.offered_to, case.releases) == (Stage.OFFERED, "zoe", [1])
    assert case.due(ClockName.ACKNOWLEDGE) == "1h 7m 30s"
    assert "has it already" in str(case.refused(Reassign(to="zoe", by="desk", why="")))
    assert "`to` is empty" in str(case.refused(Reassign(to="", by="desk", why="")))


def test_reassigning_to_an_absent_person_falls_back_to_the_tier() -> None:
    case = Case.working()
    case.staffing = lambda wanted: None if wanted.person else "ben"
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    assert case.state.offered_to == "ben"
    assert [event.person for event in case.events if isinstance(event, OfferLapsed)] == ["zoe"]


def test_a_booking_that_comes_after_the_case_went_on_is_given_back() -> None:
    case = unassigned()
    late = case.searches.pop()
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    case.releases.clear()
    case.do(RecordAssignment(offer=late.offer, person="ana"))
    assert (case.state.offered_to, case.releases) == ("zoe", [late.offer])


def test_a_booking_that_comes_after_the_case_was_called_off_is_given_back() -> None:
    case = unassigned()
    case.do(CANCEL)
    case.releases.clear()
    case.do(RecordAssignment(offer=1, person="ana"))
    assert (case.state.stage, case.releases) == (Stage.CANCELLED, [1])


def test_that_no_one_was_there_no_longer_matters_once_the_case_went_on() -> None:
    case = unassigned()
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    for stale in (RecordNobodyAvailable(offer=1), RecordAssignmentDelayed(offer=1, error="unreachable")):
        assert case.do(stale).events == ()
    case.acknowledge()
    assert case.do(RecordNobodyAvailable(offer=2)).events == (), "who took it is there, whatever the directory says"


def test_a_directory_that_does_not_answer_is_notified_of_once_and_asked_again() -> None:
    case = unassigned()
    for _ in range(3):
        case.do(RecordAssignmentDelayed(offer=1, error="unreachable"))
    assert case.told("overseer") == ["assignment_delayed"]
    assert [search.offer for search in case.searches] == [1, 1, 1, 1]
    case.do(RecordNobodyAvailable(offer=1))
    case.do(RecordAssignmentDelayed(offer=2, error="unreachable"))
    assert case.told("overseer").count("assignment_delayed") == 2, "another search, another word"


def test_a_late_booking_for_who_took_the_case_meanwhile_asks_for_no_one_else() -> None:
    case = Case.opened()
    case.directory_is_slow = True
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    case.acknowledge()
    case.do(RecordAssignmentDelayed(offer=2, error="unreachable"))
    assert [search.person for search in case.searches] == ["zoe", "zoe"]


def test_a_search_names_what_the_tier_asks_for_and_whom_not_to_ask_again() -> None:
    case = Case.opened()
    case.directory_is_slow = True
    case.wait(15 * MINUTES)
    assert case.searches == [
        AssignOwner(
            offer=2, tier=1, category=Category.BILLING, severity=case.state.severity, tried=("ana",), language="en"
        )
    ]
    case.do(Escalate(by="desk", why="urgent", packet=SENT_TWICE))
    assert (case.searches[-1].tier, case.searches[-1].authority, case.searches[-1].tried) == (2, 500, ())


def test_the_offer_says_until_when_to_answer_and_what_was_tried() -> None:
    case = Case.working()
    case.do(AddNote(by="ana", text="no change", tried="restarted it"))
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    offer = next(message for message in case.messages if message.to == "zoe")
    assert offer.facts == facts.Offer(
        tier_name="front line",
        acknowledge_by=MONDAY + 15 * MINUTES,
        answer_by=MONDAY + 2 * HOURS,
        solve_by=MONDAY + 48 * HOURS,
        concern="Invoices are sent twice",
        tried=("restarted it",),
        why="knows it",
    )


def test_a_case_no_one_can_be_found_for_keeps_its_promises_to_the_customer() -> None:
    case = Case(directory_is_slow=True)
    case.do(opening())
    case.wait(2 * DAYS)
    assert case.fired(ClockName.CUSTOMER_UPDATE).count(("due", "2d")) == 1
    assert case.told_customer() == ["receipt", *["holding_update"] * 3, "escalated"], "the updates slow down"
    assert case.state.breaches[ClockName.RESOLUTION] == 1
    due = target_instant(case.state, case.policy, ClockName.CUSTOMER_UPDATE)
    assert due is not None
    assert since(due) == "2d 8h"


def test_a_directory_that_never_answers_is_asked_for_four_hours_and_then_the_overseer_holds_the_case() -> None:
    case = Case(directory_is_slow=True)
    case.do(opening())
    asked = 0
    while case.searches:
        search = case.searches.pop()
        asked += 1
        case.now += 5 * MINUTES
        case.do(RecordAssignmentDelayed(offer=search.offer, error="KeyError"))
    assert asked == 48
    assert (case.state.stage, case.state.owner) == (Stage.WORKING, "overseer")
    assert case.releases == [1]
    assert sum("assignment_delayed" in told for told in case.told("overseer")) == 1


def test_a_search_that_cannot_succeed_is_given_up_for_who_took_the_case_meanwhile() -> None:
    case = Case.opened()
    case.directory_is_slow = True
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    case.acknowledge()
    case.do(RecordAssignmentDelayed(offer=2, error="UnstorableValue", is_final=True))
    assert (case.state.stage, case.state.owner) == (Stage.WORKING, "zoe")
    assert len(case.searches) == 1
