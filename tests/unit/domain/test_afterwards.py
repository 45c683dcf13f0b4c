"""After the solution: follow-ups, the survey, reopening, closing, the review; and calling a case off."""

from dataclasses import replace

import pytest

from escalation.case.commands import AddNote, AnswerSurvey, RecordDeliveryFailed, Resolve, SubmitReview
from escalation.case.events import Closed
from escalation.clock_rules import Action
from escalation.clocks.deadlines import next_due
from escalation.errors import CaseOver, InvalidCommand
from escalation.messages import facts
from escalation.policy import OnUnsatisfied
from escalation.vocabulary import ClockName, CloseCause, Outcome, Severity, Stage
from tests.example_policy import DAY, EXAMPLE, WITH_REVIEWS, rule, share, with_rule
from tests.unit.domain.case import MONDAY, Case, nobody, own_words, said
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.policies import NEVER_LENIENT
from tests.unit.domain.stages import ASK, CANCEL, IN_STAGE, REOPEN, RESOLVE, closed, resolved

SATISFIED, UNHAPPY = AnswerSurvey(score=4), AnswerSurvey(score=3, comment="took long")
REVIEW = SubmitReview(by="ana", root_cause="a retry", prevention="a key")


def test_a_solution_is_shown_with_the_way_back_and_the_owner_is_free_again() -> None:
    case = resolved()
    letter = case.messages[-1]
    assert own_words(letter) == facts.Resolved(solution="Switched it off", outcome=Outcome.SOLVED)
    assert letter.facts.reopen_until_at == MONDAY + 14 * DAYS
    assert letter.facts.check_back_at == MONDAY + 2 * DAYS, "the day of the first follow-up"
    assert (case.releases, case.state.owner) == ([1], "ana")


def test_only_a_clock_can_say_that_there_was_no_reply() -> None:
    case = Case.working()
    assert "no_reply" in str(case.refused(replace(RESOLVE, outcome=Outcome.NO_REPLY)))
    assert "`solution` is empty" in str(case.refused(Resolve(by="ana", outcome=Outcome.SOLVED, solution="")))


def test_the_customer_is_asked_days_later_and_so_is_who_solved_it() -> None:
    case = resolved()
    case.wait(13 * DAYS)
    assert case.fired(ClockName.FOLLOW_UP) == [("1", "2d"), ("2", "10d")]
    assert case.told_customer() == ["receipt", "owner_changed", "resolved", "follow_up_survey", "follow_up"]
    assert own_words(case.messages[-2]) == facts.FollowUp(solution="Switched it off")
    assert case.told("ana")[-2:] == ["check_back", "check_back"]


def test_a_survey_that_is_not_answered_expires() -> None:
    case = resolved()
    case.wait(9 * DAYS)
    assert case.fired(ClockName.SATISFACTION) == [("due", "9d")]
    assert "survey_expired" in case.kinds()
    case.do(SATISFIED)
    assert case.state.score == 4, "a late answer is an answer"


def test_there_is_nothing_to_answer_before_the_survey_was_sent() -> None:
    refused = resolved().refused(SATISFIED)
    assert isinstance(refused, InvalidCommand)
    assert "no survey was sent since the solution" in str(refused)


def test_a_satisfied_customer_closes_the_case_at_once() -> None:
    case = resolved()
    case.wait(3 * DAYS)
    case.do(SATISFIED)
    assert (case.state.stage, case.state.score) == (Stage.CLOSED, 4)
    assert [event.cause for event in case.events if isinstance(event, Closed)] == [CloseCause.SATISFIED]
    assert case.told_customer()[-1] == "thanks"
    case.wait(60 * DAYS)
    assert case.told_customer()[-1] == "follow_up", "closed once, without another word about it"
    assert case.kinds().count("closed") == 1


def test_a_policy_may_wait_for_the_end_of_the_window_and_save_the_thanks() -> None:
    case = Case.working(policy=NEVER_LENIENT)
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(SATISFIED)
    assert (case.state.stage, case.told_customer()[-1]) == (Stage.RESOLVED, "follow_up_survey")


def test_an_unsatisfied_customer_is_brought_to_the_owner_and_the_overseer() -> None:
    case = resolved()
    case.wait(3 * DAYS)
    case.do(UNHAPPY)
    assert case.state.stage is Stage.RESOLVED
    assert (case.told("ana")[-1], case.told("overseer")[-1]) == ("not_satisfied", "not_satisfied")
    assert case.due(ClockName.NEXT_RESPONSE) == "3d 4h"


@pytest.mark.parametrize(
    ("how", "asked", "informed"),
    [
        (OnUnsatisfied.CALL_BACK, ["ana"], {"overseer": "ana", "ben": "ana"}),
        (OnUnsatisfied.OVERSEER, ["overseer"], {"ana": "overseer", "ben": "overseer"}),
        (OnUnsatisfied.REOPEN, [], {"overseer": "ana", "ben": "ana"}),
    ],
)
def test_one_person_acts_for_an_unsatisfied_customer_and_the_others_read_who(
    how: OnUnsatisfied, asked: list[str], informed: dict[str, str]
) -> None:
    case = Case.working(policy=replace(EXAMPLE, on_unsatisfied=how))
    case.current = replace(case.state, followers=("ben",))
    case.reread_at = 10_000  # its follower comes from no event
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(UNHAPPY)
    acts = {
        message.to: notice.acts
        for message in case.messages
        for notice in getattr(message.facts, "notices", ())
        if notice.kind == "not_satisfied"
    }
    assert [person for person, who in acts.items() if not who] == asked
    assert {person: who for person, who in acts.items() if who} == informed


def test_an_overseer_who_solved_it_hears_of_the_dissatisfaction_once() -> None:
    case = Case.opened(staffing=nobody)
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(UNHAPPY)
    notices = [notice for message in case.messages for notice in message.notices if notice.kind == "not_satisfied"]
    assert len(notices) == 1


@pytest.mark.parametrize("score", [0, 6])
def test_a_score_goes_from_one_to_five(score: int) -> None:
    case = resolved()
    case.wait(3 * DAYS)
    assert f"`score` is {score}" in str(case.refused(AnswerSurvey(score=score)))


def test_a_survey_can_be_answered_after_closing_too() -> None:
    short_window = rule(3 * DAY, share(100, Action.END_REOPEN_WINDOW))
    case = Case.working(policy=with_rule(EXAMPLE, ClockName.REOPEN_WINDOW, short_window))
    case.do(RESOLVE)
    case.wait(4 * DAYS)
    assert case.state.stage is Stage.CLOSED
    case.do(SATISFIED)
    assert (case.state.stage, case.state.score, case.kinds().count("closed")) == (Stage.CLOSED, 4, 1)


def test_the_end_of_the_window_closes_the_case_and_notifies_the_customer() -> None:
    case = resolved()
    case.wait(14 * DAYS)
    assert case.fired(ClockName.REOPEN_WINDOW) == [("due", "14d")]
    assert case.state.stage is Stage.CLOSED
    assert case.told_customer()[-1] == "closed"
    assert next_due(case.state, case.policy) is None
    assert isinstance(case.refused(REOPEN), CaseOver)
    refusal = case.refused(replace(REOPEN, by="ana"))
    assert isinstance(refusal, InvalidCommand)
    assert "window has ended" in str(refusal)


def test_reopening_freezes_the_first_result_and_opens_a_cycle_with_a_target_of_its_own() -> None:
    case = Case.working(severity=Severity.SEV1)
    for _ in range(4):
        case.wait(6 * HOURS)
        if case.state.stage is Stage.OFFERED:
            case.acknowledge()
        case.do(AddNote(by="dev", text="still here"))
    case.do(RESOLVE)
    first = case.state.results
    assert [(result.cycle, result.breached) for result in first] == [(1, True)]
    case.wait(5 * DAYS)
    case.do(REOPEN)
    owner = case.state.offered_to
    assert (case.state.stage, case.state.cycle, owner) == (Stage.OFFERED, 2, "dev")
    assert (case.state.outcome, case.state.resolved_at) == (None, None)
    assert case.due(ClockName.RESOLUTION) == "6d 12h", "half of 24 hours from the reopening; closed time is not counted"
    assert not {ClockName.SATISFACTION, ClockName.FOLLOW_UP, ClockName.REOPEN_WINDOW} & set(case.state.runs)
    case.acknowledge()
    case.wait(HOURS)
    case.do(RESOLVE)
    assert case.state.results[:1] == first
    assert [(result.cycle, result.breached) for result in case.state.results] == [(1, True), (2, False)]


def test_a_closed_case_can_be_reopened_while_the_window_lasts() -> None:
    case = resolved()
    case.wait(3 * DAYS)
    case.do(SATISFIED)
    case.do(REOPEN)
    assert (case.state.stage, case.state.closed_at, case.state.score) == (Stage.OFFERED, None, None)
    assert case.told_customer()[-1] == "reopened"


def test_each_cycle_has_one_survey() -> None:
    case = resolved()
    case.wait(3 * DAYS)
    case.do(REOPEN)
    case.acknowledge()
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    assert case.kinds().count("survey_sent") == 2
    keys = [message.key for message in case.messages if message.kind == "follow_up_survey"]
    assert keys == ["follow_up/1/1/customer", "follow_up/2/1/customer"]


def closed_for_review() -> Case:
    case = Case.working(policy=WITH_REVIEWS, severity=Severity.SEV1)
    case.do(RESOLVE)
    case.wait(14 * DAYS)
    assert case.state.stage is Stage.CLOSED
    return case


def test_a_closed_case_is_reviewed_once() -> None:
    case = closed_for_review()
    for empty in ("", "  \n"):
        assert "`root_cause` is empty" in str(case.refused(replace(REVIEW, root_cause=empty)))
        assert "`prevention` is empty" in str(case.refused(replace(REVIEW, prevention=empty)))
    case.do(REVIEW)
    assert case.kinds()[-1] == "reviewed"
    assert "has been reviewed" in str(case.refused(REVIEW))
    assert next_due(case.state, case.policy) is None


def test_a_review_that_does_not_come_is_reminded_of_and_then_skipped_which_the_overseer_learns() -> None:
    case = closed_for_review()
    case.wait(5 * DAYS)
    assert case.fired(ClockName.REVIEW) == [("50%", "16d 12h"), ("due", "19d")]
    assert case.told("ana")[-1] == "review_due"
    assert case.told("overseer")[-1] == "review_skipped"
    assert "review_skipped" in case.kinds()
    case.do(REVIEW)
    assert case.kinds()[-1] == "reviewed", "late is better than never"


def test_a_breached_case_is_reviewed_whatever_its_severity_where_reviews_are_held_at_all() -> None:
    for policy, asked in ((WITH_REVIEWS, True), (EXAMPLE, False)):
        case = Case.working(policy=policy, severity=Severity.SEV4)
        case.wait(2 * HOURS)
        case.do(RESOLVE)
        case.wait(14 * DAYS)
        assert [event.review_due for event in case.events if isinstance(event, Closed)] == [asked]


def test_a_mild_case_that_kept_its_promises_is_not_reviewed() -> None:
    case = Case.working(policy=WITH_REVIEWS, severity=Severity.SEV4)
    case.do(RESOLVE)
    case.wait(14 * DAYS)
    assert [event.review_due for event in case.events if isinstance(event, Closed)] == [False]
    assert ClockName.REVIEW not in case.state.runs
    case.do(REVIEW)
    assert case.kinds()[-1] == "reviewed", "a lesson may be written down unasked"


def test_a_review_that_came_before_the_case_closed_is_not_asked_for_again_until_it_is_reopened() -> None:
    case = Case.working(policy=WITH_REVIEWS, severity=Severity.SEV1)
    case.do(RESOLVE)
    case.do(REVIEW)
    case.do(REOPEN)
    case.acknowledge()
    case.do(RESOLVE)
    case.do(REVIEW)
    case.wait(14 * DAYS)
    assert [event.review_due for event in case.events if isinstance(event, Closed)] == [False]
    assert case.kinds().count("reviewed") == 2


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage.UNASSIGNED, ""),
        (Stage.OFFERED, "ana"),
        (Stage.WORKING, "ana"),
        (Stage.WAITING_ON_CUSTOMER, "ana"),
        (Stage.RESOLVED, "ana"),
    ],
)
def test_a_case_can_be_called_off_until_it_is_closed_and_everyone_is_notified(stage: Stage, told: str) -> None:
    case = IN_STAGE[stage]()
    case.do(CANCEL)
    assert (case.state.stage, case.state.runs, case.state.open_pauses) == (Stage.CANCELLED, {}, ())
    assert case.told_customer()[-1] == "cancelled"
    assert [message.to for message in case.messages if any(one.kind == "cancelled" for one in message.notices)] == (
        [told] if told else []
    )
    assert case.releases == [1]
    case.wait(400 * DAYS)
    assert case.kinds()[-1] == "message_queued", "nothing ever happens by itself again"


def test_a_message_that_reaches_no_one_is_brought_to_the_overseer_once() -> None:
    case = Case.working()
    case.do(RecordDeliveryFailed(key="receipt/1/customer", to="customer", error="ChannelRefused"))
    page = next(message for message in reversed(case.messages) if message.to == "overseer")
    last = case.messages[-1]
    assert (page.to, page.key) == ("overseer", "failed/receipt/1/customer/overseer")
    assert said(page.notices[0]) == "receipt to customer: ChannelRefused"
    case.do(RecordDeliveryFailed(key=page.key, to="overseer", error="ChannelRefused"))
    assert case.messages[-1] is last, "no page about a page"
    assert case.kinds().count("delivery_failed") == 2


def test_a_message_may_fail_after_the_case_is_over() -> None:
    case = closed()
    case.do(RecordDeliveryFailed(key="closed/1/customer", to="customer", error="ChannelRefused"))
    assert (case.state.stage, case.told("overseer")[-1]) == (Stage.CLOSED, "delivery_failed")


def test_a_question_is_asked_of_a_person() -> None:
    assert "`question` is empty" in str(Case.working().refused(replace(ASK, question=" ")))


def test_an_unanswered_offer_after_reopening_goes_on_to_another_person() -> None:
    case = resolved()
    case.do(REOPEN)
    case.wait(15 * MINUTES)
    assert (case.state.offered_to, case.state.previous_owner) == ("ben", "ana")
