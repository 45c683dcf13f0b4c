"""Climbing: hard reasons lead to their lanes, the customer hears why, who and when, earlier owners stay informed."""

from dataclasses import replace

import pytest

from escalation.commands import (
    AddNote,
    Decline,
    Escalate,
    Pause,
    Reassign,
    RecordAssignment,
    RecordNobodyAvailable,
    SetDue,
)
from escalation.effects import AssignOwner, Message
from escalation.errors import InvalidCommand
from escalation.events import Climbed, ShiftEnded, ShiftNoted, TierSkipped
from escalation.vocabulary import Category, ClimbCause, ClockName, NoticeKind, Reason, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, STAFF, Case, anybody, opening
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import HANDING_OVER
from tests.unit.domain.stages import ASK, CANCEL, PROPER, RESOLVE, SENT_TWICE
from tests.unit.domain.test_consulting import texts

LANES = replace(EXAMPLE, ladder=replace(EXAMPLE.ladder, lanes={Reason.LEGAL: 3, Reason.CUSTOMER_ASKED: 2}))
UP = Escalate(by="ana", why="too deep", packet=SENT_TWICE)
HARD = (
    Reason.LEGAL,
    Reason.FINANCIAL_IMPACT,
    Reason.POLICY_VIOLATION,
    Reason.CUSTOMER_ASKED,
    Reason.AGENT_UNABLE,
)
SHIFTS = replace(HANDING_OVER, ladder=EXAMPLE.ladder)


def letters(case: Case, kind: str) -> list[Message]:
    return [message for message in case.messages if message.message == kind]


# Hard reasons.


@pytest.mark.parametrize(("trigger", "tier"), [(Reason.LEGAL, 3), (Reason.CUSTOMER_ASKED, 2), (Reason.AGENT_UNABLE, 2)])
def test_a_hard_reason_leads_to_its_lane_or_else_to_the_next_tier(trigger: Reason, tier: int) -> None:
    case = Case.working(policy=LANES)
    case.do(replace(UP, trigger=trigger))
    assert case.state.tier == tier
    climbed = next(event for event in case.events if isinstance(event, Climbed))
    assert (climbed.cause, climbed.trigger, climbed.from_tier, climbed.to_tier) == ("command", trigger, 1, tier)
    assert case.state.reasons == (Reason.UNRESOLVED, trigger), "it is one of the case's reasons from then on"


def test_a_lane_that_lies_below_does_not_lead_down() -> None:
    case = Case.working(policy=LANES)
    case.do(UP)
    case.do(replace(UP, trigger=Reason.CUSTOMER_ASKED))
    assert case.state.tier == 3
    assert "top of the ladder" in str(case.refused(replace(UP, trigger=Reason.LEGAL)))


@pytest.mark.parametrize("trigger", HARD)
def test_only_what_speaks_for_itself_needs_no_reason(trigger: Reason) -> None:
    case = Case.working()
    silent = replace(UP, trigger=trigger, why="")
    if trigger in (Reason.CUSTOMER_ASKED, Reason.AGENT_UNABLE):
        case.do(silent)
        assert case.state.tier == 2
    else:
        assert "`why`" in str(case.refused(silent))
        case.do(replace(silent, why="a letter from a lawyer"))


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in HARD])
def test_a_soft_reason_is_no_trigger(reason: Reason) -> None:
    refusal = Case.working().refused(replace(UP, trigger=reason))
    assert isinstance(refusal, InvalidCommand)
    assert all(hard in str(refusal) for hard in HARD)


def test_the_same_trigger_twice_is_one_reason() -> None:
    case = Case.working(reasons=(Reason.LEGAL,), category=Category.BILLING)
    case.do(replace(UP, trigger=Reason.LEGAL))
    assert case.state.reasons == (Reason.LEGAL,)


# What the customer hears.


def test_every_climb_tells_the_customer_why_who_and_when() -> None:
    case = Case.working()
    case.do(UP)
    case.do(replace(UP, trigger=Reason.LEGAL))
    told = [message.facts for message in letters(case, "escalated")]
    assert told == [
        {"why": "command", "tier_name": "specialist", "next_update_at": "2026-03-02T17:00:00+00:00"},
        {"why": "legal", "tier_name": "management", "next_update_at": "2026-03-02T17:00:00+00:00"},
    ]
    assert case.due(ClockName.CUSTOMER_UPDATE) == "6h", "75 % of the eight hours that the customer was told"


def test_a_climb_while_the_customer_is_waited_for_ends_the_wait_and_names_a_time() -> None:
    case = Case.working()
    case.do(ASK)
    case.do(UP)
    assert letters(case, "escalated")[0].facts["next_update_at"] == "2026-03-02T17:00:00+00:00"


def test_a_climb_by_breach_says_so_and_never_quotes_what_colleagues_wrote() -> None:
    case = Case.opened()
    case.do(Decline(by="ana", why="what a customer"))
    case.do(Decline(by="ben", why="not again"))
    assert letters(case, "escalated")[0].facts["why"] == "not_acknowledged"
    assert "what a customer" not in str(letters(case, "escalated"))


def test_a_new_owner_is_announced_with_the_time_of_the_next_word() -> None:
    case = Case.working()
    case.do(UP)
    case.wait(10 * MINUTES)
    case.acknowledge()
    assert letters(case, "owner_changed")[0].facts == {"next_update_at": "2026-03-02T17:10:00+00:00"}


def test_a_tier_that_was_announced_and_is_empty_is_put_right() -> None:
    case = Case.working(staffing=lambda wanted: None if wanted.tier == 2 else anybody(wanted))
    case.do(UP)
    assert case.state.offered_to == "fay"
    assert [event.tier for event in case.events if isinstance(event, TierSkipped)] == [2]
    told = [(message.facts["why"], message.facts["tier_name"]) for message in letters(case, "escalated")]
    assert told == [("command", "specialist"), (ClimbCause.NOBODY_AVAILABLE, "management")]
    assert case.state.packet is not None
    assert case.state.packet.evidence[0] == "nobody of specialist was available"


def test_the_customer_is_told_when_the_overseer_takes_over() -> None:
    case = Case.working()
    case.directory_is_slow = True
    case.do(UP)
    while case.searches:
        case.do(RecordNobodyAvailable(offer=case.searches.pop(0).offer))
    assert case.state.overseer_holds
    assert case.told_customer()[-1] == "owner_changed"
    case.wait(3 * DAYS)
    assert case.told_customer().count("owner_changed") == 1, "that they still hold it is no news"


# Earlier owners.


def test_earlier_owners_are_told_of_climbs_and_of_the_end_once_each() -> None:
    case = Case.working()
    case.do(UP)
    case.acknowledge()
    assert texts(case, "ana", NoticeKind.CLIMBED) == [], "she did it herself"
    case.do(replace(UP, by="dev"))
    assert texts(case, "ana", NoticeKind.CLIMBED) == ["management"]
    assert texts(case, "dev", NoticeKind.CLIMBED) == []
    case.acknowledge()
    case.do(replace(RESOLVE, by="fay"))
    assert [texts(case, one, NoticeKind.RESOLVED) for one in ("ana", "dev", "fay")] == [["solved"], ["solved"], []]
    case.wait(15 * DAYS)
    assert case.state.stage is Stage.CLOSED
    assert [texts(case, one, NoticeKind.CLOSED) for one in ("ana", "dev", "fay")] == [
        ["window_ended"],
        ["window_ended"],
        [],
    ]
    assert case.state.contact == "front-desk"


def test_who_loses_the_case_by_a_breach_hears_of_both_in_one_message() -> None:
    case = Case.working()
    while case.state.tier == 1:
        case.wait(HOURS)
        if case.state.owner:
            case.do(AddNote(by=case.state.owner, text="still looking"))
    last = [message for message in case.messages if message.to == "ana" and message.notices][-1]
    assert [notice.about for notice in last.notices] == [NoticeKind.BREACH, NoticeKind.CLIMBED]


def test_earlier_owners_are_told_that_it_was_called_off_and_who_has_it_once() -> None:
    case = Case.working()
    case.do(UP)
    case.acknowledge()
    case.do(CANCEL)
    assert [texts(case, one, NoticeKind.CANCELLED) for one in ("ana", "dev")] == [["see T-0"], ["see T-0"]]


def test_an_earlier_owner_who_has_it_again_is_told_as_the_owner_only() -> None:
    case = Case.working()
    case.do(UP)
    case.acknowledge()
    case.do(Reassign(to="ana", by="desk", why="knows it"))
    case.acknowledge()
    case.do(RESOLVE)
    assert texts(case, "ana", NoticeKind.RESOLVED) == []
    assert texts(case, "dev", NoticeKind.RESOLVED) == ["solved"]


# The behaviour lane.


@pytest.mark.parametrize("category", [Category.BEHAVIOUR, Category.BILLING])
def test_nobody_makes_a_clock_stand_still_without_saying_why(category: Category) -> None:
    case = Case.working(category=category)
    assert "`why` is empty" in str(case.refused(Pause(by=case.state.owner, why="  ")))
    case.do(Pause(by=case.state.owner, why="the bank"))
    assert case.due(ClockName.RESOLUTION) == ""


# The end of a shift.


def on_shift_until(hours: float, **changes: object) -> Case:
    """Ana took it at nine; her shift ends so many hours later."""
    case = Case(policy=SHIFTS, shift_ends={"ana": MONDAY + hours * HOURS})
    case.do(opening(**changes))
    case.acknowledge()
    case.staffing = relieved
    return case


def relieved(wanted: AssignOwner) -> str | None:
    """Ana has gone home."""
    return next((one for one in STAFF[wanted.tier] if one not in ("ana", *wanted.tried)), None)


def test_when_the_shift_ends_the_case_is_handed_over_with_a_packet() -> None:
    case = on_shift_until(8)
    case.do(AddNote(by="ana", text="called the bank", tried="Called the bank"))
    assert case.due(ClockName.SHIFT_END) == "7h 30m"
    case.wait(8 * HOURS)
    assert case.fired(ClockName.SHIFT_END) == [("-1800s", "7h 30m"), ("due", "8h")]
    assert (case.state.stage, case.state.offered_to, case.state.tier) == (Stage.OFFERED, "ben", 1)
    assert case.releases == [1]
    handed = next(event for event in case.events if isinstance(event, ShiftEnded))
    assert (handed.person, handed.packet.tried) == ("ana", ("Called the bank",))
    assert texts(case, "ana", NoticeKind.SHIFT_ENDED) == ["shift_end due"]
    case.acknowledge()
    assert case.told_customer()[-1] == "owner_changed"
    assert ClockName.SHIFT_END not in case.state.runs, "nothing ends ben's shift"


def test_a_shift_ends_no_climb_however_few_people_a_tier_tries() -> None:
    case = on_shift_until(1, category=Category.BEHAVIOUR)
    assert case.state.owner == "fay"
    case = on_shift_until(1)
    case.policy = replace(
        SHIFTS, ladder=replace(SHIFTS.ladder, tiers=(replace(SHIFTS.ladder.tier(1), people_to_try=1),))
    )
    case.wait(HOURS)
    assert (case.state.tier, case.state.offered_to) == (1, "ben")


def test_while_the_customer_has_the_ball_nothing_is_handed_over_until_they_answer() -> None:
    case = on_shift_until(8)
    case.do(ASK)
    case.wait(9 * HOURS)
    assert (case.state.stage, case.state.owner) == (Stage.WAITING_ON_CUSTOMER, "ana")
    case.do(PROPER["customer_replied"])
    case.wait(MINUTES)
    assert case.state.offered_to == "ben", "she has gone home by then"


def test_an_answer_before_the_end_of_the_shift_changes_nothing_about_it() -> None:
    case = on_shift_until(8)
    case.do(ASK)
    case.do(PROPER["customer_replied"])
    case.do(PROPER["customer_replied"])
    case.wait(7 * HOURS + 45 * MINUTES)
    assert case.fired(ClockName.SHIFT_END) == [("-1800s", "7h 30m")]
    assert case.due(ClockName.SHIFT_END) == "8h"


def test_who_resolves_it_before_goes_home_in_peace() -> None:
    case = on_shift_until(8)
    case.do(RESOLVE)
    case.wait(9 * HOURS)
    assert case.fired(ClockName.SHIFT_END) == []


def test_a_policy_that_does_not_hand_over_asks_nothing_of_the_directory() -> None:
    case = Case(directory_is_slow=True, shift_ends={"ana": MONDAY + HOURS})
    case.do(PROPER["open"])
    assert not case.searches[0].tell_shift_end
    shifts = Case(policy=SHIFTS, directory_is_slow=True)
    shifts.do(PROPER["open"])
    assert shifts.searches[0].tell_shift_end


def test_the_end_of_the_shift_may_become_known_after_the_case_was_taken() -> None:
    case = Case.working(policy=SHIFTS)
    case.directory_is_slow = True
    case.do(PROPER["reassign"])
    case.acknowledge()
    search = case.searches.pop()
    case.do(RecordAssignment(offer=search.offer, person="zoe", until=MONDAY + HOURS))
    assert isinstance(case.events[-1], ShiftNoted)
    case.directory_is_slow = False
    case.wait(HOURS)
    assert case.state.offered_to == "ana", "zoe has gone home; somebody of the tier is asked"


def test_the_end_of_a_shift_is_the_rosters_matter() -> None:
    case = on_shift_until(8)
    told = str(case.refused(SetDue(clock=ClockName.SHIFT_END, at=None, by="ana", why="longer")))
    assert "follows the roster" in told
