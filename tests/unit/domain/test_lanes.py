"""A case of a lane is never offered below it, unless a person is named."""

from dataclasses import dataclass, field, replace

from escalation.case.commands import Decline, Escalate, Packet, Reassign, Reopen, Resolve
from escalation.messages.effects import AssignOwner
from escalation.vocabulary import Category, Outcome, PauseCause, Reason
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import STAFF, Case, opening
from tests.unit.domain.durations import DAYS

SOLVED = Resolve(by="fay", outcome=Outcome.SOLVED, solution="We agreed on how to go on")


def behaviour() -> Case:
    """A case of behaviour that fay, of the management, took at 09:00."""
    return Case.working(category=Category.BEHAVIOUR, reasons=(Reason.POLICY_VIOLATION,))


@dataclass
class NobodyThere:
    """A directory that finds no one, and remembers in which tiers it looked."""

    tiers: list[int] = field(default_factory=list)

    def __call__(self, wanted: AssignOwner) -> None:
        self.tiers.append(wanted.tier)


def test_a_case_of_a_lane_that_no_one_takes_goes_round_within_the_lane_and_to_the_overseer() -> None:
    directory = NobodyThere()
    case = Case(staffing=directory)
    case.do(opening(category=Category.BEHAVIOUR))
    assert directory.tiers == [3, 3], "two rounds"
    assert case.state.overseer_holds
    assert case.told("ana") == []


def test_a_hard_reason_that_comes_up_later_keeps_the_next_round_above_its_lane() -> None:
    ladder = replace(EXAMPLE.ladder, lanes={Reason.LEGAL: 2})
    case = Case.working(policy=replace(EXAMPLE, ladder=ladder))
    case.staffing = directory = NobodyThere()
    packet = Packet(concern="a lawyer wrote", nothing_tried=True)
    case.do(Escalate(by="ana", why="their lawyer wrote", packet=packet, trigger=Reason.LEGAL))
    assert directory.tiers == [2, 3, 2, 3], (
        "the second round begins at the lane, not at the front line where the case began"
    )


def test_a_case_of_a_lane_that_no_one_ever_took_is_reopened_in_its_lane() -> None:
    ladder = replace(EXAMPLE.ladder, lanes={Reason.LEGAL: 2})
    case = Case.opened(policy=replace(EXAMPLE, ladder=ladder), waiting_on=PauseCause.WAITING_ON_CUSTOMER)
    case.directory_is_slow = True
    case.do(
        Escalate(
            by="desk", why="their lawyer wrote", packet=Packet(concern="x", nothing_tried=True), trigger=Reason.LEGAL
        )
    )
    case.wait(6 * DAYS)
    assert case.state.outcome is Outcome.NO_REPLY
    decision = case.do(Reopen(by="customer", why="here I am"))
    assert [effect.tier for effect in decision.effects if isinstance(effect, AssignOwner)] == [2]


def test_a_reopened_case_of_a_lane_that_its_owner_declines_stays_in_the_lane() -> None:
    case = behaviour()
    case.do(SOLVED)
    case.do(Reopen(by="desk", why="not solved"))
    case.staffing = directory = NobodyThere()
    case.do(Decline(by="fay", why="on leave"))
    assert set(directory.tiers) == {3}


def test_a_person_who_is_named_gets_the_case_and_when_they_decline_it_is_offered_in_the_lane_again() -> None:
    case = behaviour()
    case.do(Reassign(to="ana", by="overseer", why="knows the customer"))
    assert case.state.offered_to == "ana", "somebody decided that, and said why"
    case.do(Decline(by="ana", why="rather not"))
    assert case.state.offered_to not in (*STAFF[1], *STAFF[2])
    assert case.state.tier == 3


def test_a_breach_in_a_lane_climbs_within_it() -> None:
    case = behaviour()
    case.wait(3 * DAYS)
    assert ("resolution due", "2d") in case.fired()
    assert case.state.tier == 3
    assert not {*STAFF[1], *STAFF[2]} & {message.to for message in case.messages}
