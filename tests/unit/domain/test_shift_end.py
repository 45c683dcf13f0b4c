"""The end of a shift: the case goes to a person on shift, with a packet, and never while the customer has the ball."""

from dataclasses import replace

from escalation.case.commands import AddNote, RecordAssignment, SetDue
from escalation.case.events import ShiftEnded, ShiftNoted
from escalation.messages.effects import AssignOwner
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, STAFF, Case, opening
from tests.unit.domain.durations import HOURS, MINUTES
from tests.unit.domain.policies import HANDING_OVER
from tests.unit.domain.stages import ASK, PROPER, RESOLVE
from tests.unit.domain.test_consulting import texts

SHIFTS = replace(HANDING_OVER, ladder=EXAMPLE.ladder)


def on_shift_until(hours: float) -> Case:
    """Ana took it at nine; her shift ends a number of hours later."""
    case = Case(policy=SHIFTS, shift_ends={"ana": MONDAY + hours * HOURS})
    case.do(opening())
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
