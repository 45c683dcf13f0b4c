"""A subcategory, in the team's own words, decides on targets and skills."""

from dataclasses import replace

from escalation.clock_rules import Target
from escalation.messages.effects import AssignOwner
from escalation.vocabulary import Category, ClockName
from tests.example_policy import EXAMPLE, HOUR, open_time, with_rule
from tests.unit.domain.case import Case, anybody, opening

OWN = Target(within=open_time(6 * HOUR), calendar="24x7", category=(Category.BILLING,), subcategory=("refund",))
RESOLUTION = EXAMPLE.clocks[ClockName.RESOLUTION]
QUICK_REFUNDS = with_rule(
    EXAMPLE,
    ClockName.RESOLUTION,
    replace(RESOLUTION, targets=(OWN, *RESOLUTION.targets), thresholds=RESOLUTION.thresholds[-2:]),
)


def test_a_target_may_be_for_one_subcategory() -> None:
    assert Case.opened(policy=QUICK_REFUNDS, subcategory="Refund").due(ClockName.RESOLUTION) == "6h"
    assert Case.opened(policy=QUICK_REFUNDS, subcategory="invoice").due(ClockName.RESOLUTION) == "2d"
    assert Case.opened(policy=QUICK_REFUNDS).due(ClockName.RESOLUTION) == "2d"


def test_an_owner_needs_the_skills_of_the_subcategory() -> None:
    asked: list[AssignOwner] = []

    def staffing(wanted: AssignOwner) -> str | None:
        asked.append(wanted)
        return anybody(wanted)

    ladder = replace(EXAMPLE.ladder, skills={"refund": ("payments",)})
    case = Case(policy=replace(EXAMPLE, ladder=ladder), staffing=staffing)
    case.do(opening(subcategory="Refund"))
    assert asked[0].skills == ("payments",)
    assert case.state.subcategory == "Refund"
