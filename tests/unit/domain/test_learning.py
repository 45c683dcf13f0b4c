"""What is learned from a closed case: the judgement of its review, and the actions that were agreed."""

from dataclasses import replace

from escalation.case.commands import AgreeAction, CompleteAction, SubmitReview
from escalation.case.events import Reviewed
from escalation.clock_rules import Action
from escalation.clocks.deadlines import deadlines
from escalation.lifecycle.decisions.learning import MOST_ACTIONS
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Judgement, Severity
from tests.example_policy import DAY, WITH_REVIEWS, before, rule, share, with_rule
from tests.unit.domain.case import Case
from tests.unit.domain.durations import DAYS
from tests.unit.domain.stages import RESOLVE, closed

REVIEW = SubmitReview(by="ana", root_cause="a retry", prevention="a key")
LEARNING: Policy = with_rule(
    WITH_REVIEWS,
    ClockName.REVIEW_ACTION,
    rule(DAY, before(2 * DAY, Action.REMIND_ACTION), share(100, Action.LAPSE_ACTION)),
)


def closed_for_review() -> Case:
    case = Case.working(policy=LEARNING, severity=Severity.SEV1)
    case.do(RESOLVE)
    case.wait(14 * DAYS)
    return case


def test_what_a_review_judges_is_kept_for_the_lessons() -> None:
    case = closed_for_review()
    case.do(replace(REVIEW, understood=Judgement.YES, calmed=Judgement.NO, right_people=Judgement.PARTLY))
    (reviewed,) = (event for event in case.events if isinstance(event, Reviewed))
    assert (reviewed.understood, reviewed.calmed, reviewed.right_people) == ("yes", "no", "partly")


def agreed(case: Case, owner: str, days: int) -> None:
    case.do(AgreeAction(by="ana", owner=owner, what=f"Write a test ({owner})", due_by=case.now + days * DAYS))


def test_the_owner_of_an_action_is_asked_reminded_and_then_the_overseer_learns_that_it_is_overdue() -> None:
    case = closed_for_review()
    case.do(REVIEW)
    agreed(case, "ben", 5)
    assert case.told("ben")[-1] == "action_agreed"
    case.wait(3 * DAYS)
    assert case.told("ben")[-1] == "action_due"
    case.wait(3 * DAYS)
    assert case.told("ben")[-3:] == ["action_agreed", "action_due", "action_overdue"]
    assert case.told("overseer")[-1] == "action_overdue"
    case.do(CompleteAction(by="ben", number=1))
    assert case.state.actions[0].done_at == case.now


def test_who_agrees_on_an_action_of_their_own_is_not_written_to() -> None:
    case = closed_for_review()
    agreed(case, "ana", 5)
    assert "action_agreed" not in case.told("ana")


def test_of_several_actions_each_is_reminded_of_at_its_own_time_and_done_ones_never() -> None:
    case = closed_for_review()
    for owner, days in (("ben", 20), ("cat", 10), ("dev", 30)):
        agreed(case, owner, days)
    case.do(CompleteAction(by="cat", number=2))
    case.wait(28 * DAYS)
    said = {owner: [kind for kind in case.told(owner) if kind.startswith("action")] for owner in ("ben", "cat", "dev")}
    assert said == {
        "ben": ["action_agreed", "action_due", "action_overdue"],
        "cat": ["action_agreed"],
        "dev": ["action_agreed", "action_due"],
    }
    case.do(CompleteAction(by="dev", number=3))
    assert ClockName.REVIEW_ACTION not in case.state.runs


def test_an_action_that_is_done_late_reminds_no_one_of_another_one_again() -> None:
    case = closed_for_review()
    agreed(case, "ben", 3)
    agreed(case, "cat", 9)
    case.wait(8 * DAYS)
    case.do(CompleteAction(by="ben", number=1))
    case.wait(DAYS / 2)
    assert case.told("cat").count("action_due") == 1


def test_two_actions_that_are_due_together_lapse_together() -> None:
    case = closed_for_review()
    due = case.now + 5 * DAYS
    for owner in ("ben", "cat"):
        case.do(AgreeAction(by="ana", owner=owner, what="Write a test", due_by=due))
    case.wait(6 * DAYS)
    assert [one.lapsed for one in case.state.actions] == [True, True]
    assert ClockName.REVIEW_ACTION not in case.state.runs


def test_an_action_in_the_past_an_unknown_one_and_one_that_is_done_are_refused() -> None:
    case = closed_for_review()
    assert "has passed" in str(case.refused(AgreeAction(by="ana", owner="ben", what="x", due_by=case.now)))
    assert "`what` is empty" in str(case.refused(AgreeAction(by="ana", owner="ben", what=" ", due_by=case.now + DAYS)))
    assert "no action 1; this case has: none" in str(case.refused(CompleteAction(by="ben", number=1)))
    agreed(case, "ben", 5)
    case.do(CompleteAction(by="ben", number=1))
    assert "done already" in str(case.refused(CompleteAction(by="ben", number=1)))


def test_a_case_keeps_a_limited_number_of_actions() -> None:
    case = closed_for_review()
    for _ in range(MOST_ACTIONS):
        agreed(case, "ben", 5)
    assert "20 actions already" in str(
        case.refused(AgreeAction(by="ana", owner="ben", what="x", due_by=case.now + DAYS))
    )


def test_where_the_policy_reminds_no_one_of_an_action_who_agrees_on_it_learns_that() -> None:
    case = closed()
    agreed(case, "ben", 5)
    assert "no one will be reminded" in case.warnings[-1]
    assert ClockName.REVIEW_ACTION not in deadlines(case.state, case.policy)


def test_the_overseer_hears_once_of_an_action_of_their_own_that_is_overdue() -> None:
    case = closed_for_review()
    agreed(case, "overseer", 3)
    case.wait(5 * DAYS)
    assert case.told("overseer").count("action_overdue") == 1
