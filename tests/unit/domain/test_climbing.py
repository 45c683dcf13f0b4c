"""Climbing: hard reasons lead to their lanes, the customer hears why, who and when, earlier owners stay informed."""

from dataclasses import replace
from typing import Any

import pytest

from escalation.case.commands import AddNote, Decline, Escalate, Pause, Reassign, RecordNobodyAvailable
from escalation.case.events import Climbed, TierSkipped
from escalation.errors import InvalidCommand
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Category, ClimbCause, ClockName, Reason, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, anybody, own_words
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.stages import ASK, CANCEL, RESOLVE, SENT_TWICE
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


def letters(case: Case, kind: str) -> list[Any]:
    return [message for message in case.messages if message.kind == kind]


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
def test_a_soft_reason_is_not_a_trigger(reason: Reason) -> None:
    refusal = Case.working().refused(replace(UP, trigger=reason))
    assert isinstance(refusal, InvalidCommand)
    assert all(hard in str(refusal) for hard in HARD)


def test_the_same_trigger_twice_is_one_reason() -> None:
    case = Case.working(reasons=(Reason.LEGAL,), category=Category.BILLING)
    case.do(replace(UP, trigger=Reason.LEGAL))
    assert case.state.reasons == (Reason.LEGAL,)


# What the customer hears.


def test_every_climb_notifies_the_customer_why_who_and_when() -> None:
    case = Case.working()
    case.do(UP)
    case.do(replace(UP, trigger=Reason.LEGAL))
    first, second = letters(case, "escalated")
    assert (first.facts.why, first.facts.tier_words) == (ClimbCause.COMMAND, {"en": "our specialists"})
    assert (second.facts.why, second.facts.tier_words) == (Reason.LEGAL, {})
    assert first.facts.next_update_at == second.facts.next_update_at == MONDAY + 8 * HOURS
    assert first.facts.known_owner == "ana"
    assert case.due(ClockName.CUSTOMER_UPDATE) == "6h", "75 % of the eight hours that the customer was told"


def test_a_climb_while_the_customer_is_waited_for_ends_the_wait_and_names_a_time() -> None:
    case = Case.working()
    case.do(ASK)
    case.do(UP)
    assert letters(case, "escalated")[0].facts.next_update_at == MONDAY + 8 * HOURS


def test_a_climb_by_breach_says_so_and_never_quotes_what_colleagues_wrote() -> None:
    case = Case.opened()
    case.do(Decline(by="ana", why="what a customer"))
    case.do(Decline(by="ben", why="not again"))
    assert letters(case, "escalated")[0].facts.why is ClimbCause.NOT_ACKNOWLEDGED
    assert "what a customer" not in str(letters(case, "escalated"))


def test_a_new_owner_is_announced_with_the_time_of_the_next_word() -> None:
    case = Case.working()
    case.do(UP)
    case.wait(10 * MINUTES)
    case.acknowledge()
    first, second = letters(case, "owner_changed")
    assert own_words(first) == facts.OwnerChanged(owner="ana")
    assert own_words(second) == facts.OwnerChanged(owner=case.state.owner, before="ana")
    assert second.facts.next_update_at == MONDAY + 8 * HOURS + 10 * MINUTES


def test_a_tier_that_was_announced_and_is_empty_is_put_right() -> None:
    case = Case.working(staffing=lambda wanted: None if wanted.tier == 2 else anybody(wanted))
    case.do(UP)
    assert case.state.offered_to == "fay"
    assert [event.tier for event in case.events if isinstance(event, TierSkipped)] == [2]
    told = [message.facts.why for message in letters(case, "escalated")]
    assert told == [ClimbCause.COMMAND, ClimbCause.NOBODY_AVAILABLE]


def test_the_customer_is_notified_when_the_overseer_takes_over() -> None:
    case = Case.working()
    case.directory_is_slow = True
    case.do(UP)
    while case.searches:
        case.do(RecordNobodyAvailable(offer=case.searches.pop(0).offer))
    assert case.state.overseer_holds
    assert case.told_customer()[-1] == "owner_changed"
    case.wait(3 * DAYS)
    assert case.told_customer().count("owner_changed") == 2, "that they still hold it is no news"


def test_the_second_walk_up_the_ladder_writes_to_the_customer_only_once_a_person_takes_the_case() -> None:
    case = Case.opened()
    while case.state.round == 1:
        case.do(Decline(by=case.state.offered_to, why="on leave"))
    before = len(letters(case, "escalated"))
    assert before == 2
    while not case.state.overseer_holds:
        case.do(Decline(by=case.state.offered_to, why="on leave"))
    assert len(letters(case, "escalated")) == before
    assert case.told_customer()[-1] == "owner_changed"


# Earlier owners.


def test_earlier_owners_are_notified_of_climbs_and_of_the_end_once_each() -> None:
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
    assert [notice.kind for notice in last.notices] == [NoticeKind.BREACH, NoticeKind.CLIMBED]


def test_earlier_owners_are_notified_that_it_was_called_off_and_who_has_it_once() -> None:
    case = Case.working()
    case.do(UP)
    case.acknowledge()
    case.do(CANCEL)
    assert [texts(case, one, NoticeKind.CANCELLED) for one in ("ana", "dev")] == [["see T-0"], ["see T-0"]]
    (notice,) = case.messages[-1].notices
    assert isinstance(notice, notices.CalledOff)
    assert (notice.cause, notice.by) == (CANCEL.cause, CANCEL.by)


@pytest.mark.parametrize(("by", "number"), [("ana", 0), ("lead", 1)])
def test_who_has_the_case_is_notified_of_its_end_if_another_person_ended_it(by: str, number: int) -> None:
    case = Case.working()
    case.do(replace(CANCEL, by=by))
    told = [one.kind for message in case.messages if message.to == "ana" for one in message.notices]
    assert told.count(NoticeKind.CANCELLED) == number


def test_an_earlier_owner_who_has_it_again_is_notified_as_the_owner_only() -> None:
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
def test_no_one_pauses_a_clock_without_saying_why(category: Category) -> None:
    case = Case.working(category=category)
    assert "`why` is empty" in str(case.refused(Pause(by=case.state.owner, why="  ")))
    case.do(Pause(by=case.state.owner, why="the bank"))
    assert case.due(ClockName.RESOLUTION) == ""
