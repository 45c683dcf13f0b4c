"""What the customer writes after the solution: whatever needs an answer gets one, in every stage."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.case.commands import AdoptPolicy, AnswerSurvey, Reassign, RecordCustomerReply, Reopen, TellCustomer
from escalation.case.events import Closed, CustomerReplied, Reopened
from escalation.case.values import PolicyRef
from escalation.clock_rules import Action
from escalation.errors import CaseOver
from escalation.message_kinds import MessageKind
from escalation.messages import facts
from escalation.policy import OnReply, OnUnsatisfied, Policy
from escalation.vocabulary import ClockName, CloseCause, Outcome, Reading, Stage
from tests.example_policy import DAY, EXAMPLE, rule, since_start, with_rule
from tests.unit.domain.case import Case, nobody
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import ASK, CANCEL, RESOLVE, resolved

BROKEN = RecordCustomerReply(text="It is broken again, please help")
QUESTION = RecordCustomerReply(text="Where do I find the new invoice?")
THANKS = RecordCustomerReply(text="Thank you so much, Ana!")
WORKS = RecordCustomerReply(text="It works now, thanks")
ANSWER = TellCustomer(by="ana", text="I am looking at it.")
ASK_OWNER = replace(EXAMPLE, on_objection=OnReply.ASK_OWNER, on_answer=OnReply.ASK_OWNER)
NO_ANSWER_CLOCK = replace(
    ASK_OWNER, clocks={name: rule for name, rule in EXAMPLE.clocks.items() if name is not ClockName.NEXT_RESPONSE}
)


def after(policy: Policy = EXAMPLE, wait: timedelta = timedelta(0)) -> Case:
    """Resolved by ana, some time ago."""
    case = Case.working(policy=policy)
    case.do(RESOLVE)
    case.wait(wait)
    return case


def closed_early() -> Case:
    case = after(wait=3 * DAYS)
    case.do(AnswerSurvey(score=5))
    assert case.state.stage is Stage.CLOSED
    return case


def no_reply(policy: Policy = EXAMPLE) -> Case:
    case = Case.working(policy=policy)
    case.do(ASK)
    while case.state.stage is not Stage.RESOLVED:
        case.wait(DAYS)
    assert case.state.outcome is Outcome.NO_REPLY
    return case


def test_the_answer_to_our_question_continues_the_case_also_where_others_only_get_thanks() -> None:
    case = no_reply(replace(EXAMPLE, on_answer=OnReply.THANK))
    case.do(RecordCustomerReply(text="The green one"))
    assert case.state.stage is Stage.OFFERED


def test_letters_after_the_solution_ask_for_an_objection_where_others_only_get_thanks() -> None:
    case = after(replace(EXAMPLE, on_answer=OnReply.THANK))
    assert case.messages[-1].facts.only_objections
    case.do(QUESTION)
    assert next(one for one in case.messages if one.kind is MessageKind.THANKS).facts.only_objections
    assert not after().messages[-1].facts.only_objections


def surveyed(policy: Policy = EXAMPLE) -> Case:
    case = after(policy)
    while ClockName.SATISFACTION not in case.state.runs:
        case.wait(6 * HOURS)
    return case


@pytest.mark.parametrize("reply", [BROKEN, QUESTION, RecordCustomerReply(text="thanks, but it still fails")])
@pytest.mark.parametrize("story", [after, surveyed, no_reply, closed_early])
def test_what_needs_an_answer_reopens_the_case_with_its_owner_and_a_clock(story: object, reply: object) -> None:
    assert callable(story)
    assert isinstance(reply, RecordCustomerReply)
    case: Case = story()
    case.do(reply)
    assert (case.state.stage, case.state.cycle, case.state.offered_to) == (Stage.OFFERED, 2, "ana")
    assert {ClockName.NEXT_RESPONSE, ClockName.RESOLUTION, ClockName.ACKNOWLEDGE} <= set(case.state.runs)
    assert case.messages[-1].facts.why == reply.text, "the owner reads the customer's own words in the offer"
    assert case.told_customer()[-1] == "reopened"


@pytest.mark.parametrize("story", [after, surveyed, no_reply, closed_early])
def test_mere_thanks_reach_the_owner_and_change_nothing(story: object) -> None:
    assert callable(story)
    case: Case = story()
    before = case.state
    case.do(THANKS)
    assert (case.state.stage, case.state.runs) == (before.stage, before.runs)
    assert case.told("ana")[-1] == "customer_thanked"
    assert case.told_customer()[-1] != "reopened"


@pytest.mark.parametrize("text", ["It works now, thanks", "Funktioniert wieder, vielen Dank!"])
def test_a_customer_who_says_that_it_works_closes_the_case_early(text: str) -> None:
    case = after()
    case.do(RecordCustomerReply(text=text))
    assert [event.cause for event in case.events if isinstance(event, Closed)] == [CloseCause.SATISFIED]
    letters = [message for message in case.messages if message.to == "customer"]
    assert (letters[-1].kind, letters[-1].facts.confirmed) == ("closed", True)
    case.wait(60 * DAYS)
    assert case.kinds().count("closed") == 1


def test_it_does_not_close_early_where_the_policy_says_so_or_an_answer_is_owed() -> None:
    for policy, first in ((replace(EXAMPLE, close_when_satisfied=False), THANKS), (ASK_OWNER, QUESTION)):
        case = after(policy)
        case.do(first)
        case.do(WORKS)
        assert case.state.stage is Stage.RESOLVED


def test_a_person_knows_better_than_the_rules() -> None:
    case = after()
    case.do(replace(BROKEN, as_=Reading.THANKS))
    case.do(replace(THANKS, as_=Reading.OBJECTION))
    assert (case.state.stage, case.state.cycle) == (Stage.OFFERED, 2)
    replies = [event for event in case.events if isinstance(event, CustomerReplied)]
    assert [(one.reading, one.settled) for one in replies] == [(Reading.THANKS, True), (Reading.OBJECTION, False)]


def test_thanks_while_the_case_is_worked_on_start_no_clock_where_a_person_says_so() -> None:
    case = Case.working()
    case.do(replace(THANKS, as_=Reading.THANKS))
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    case.do(ASK)
    case.do(replace(THANKS, as_=Reading.THANKS))
    assert case.state.stage is Stage.WAITING_ON_CUSTOMER, "it answers no question"


@pytest.mark.parametrize("text", ["Danke!", "Thanks", "Vielen Dank für die schnelle Rückmeldung!\n\nViele Grüße\nAnn"])
def test_mere_thanks_while_the_case_is_worked_on_are_recorded_and_start_nothing(text: str) -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text=text))
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    assert (case.state.unanswered, case.state.customer_words) == ((), text)
    assert case.told("ana")[-1] == "customer_thanked"


@pytest.mark.parametrize(
    "text", ["Danke, aber es geht noch nicht", "Thanks, but when?", "Danke für nichts", "It works now"]
)
def test_thanks_with_more_are_answered_while_the_case_is_worked_on(text: str) -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text=text))
    assert ClockName.NEXT_RESPONSE in case.state.runs


def test_thanks_that_answer_our_question_or_ask_for_the_superior_count_as_more() -> None:
    case = Case.working()
    case.do(ASK)
    case.do(RecordCustomerReply(text="OK, great, thanks"))
    assert (case.state.stage, ClockName.NEXT_RESPONSE in case.state.runs) == (Stage.WORKING, True)
    asked = Case.working()
    asked.do(RecordCustomerReply(text="Thanks", for_superior=True))
    assert ClockName.NEXT_RESPONSE in asked.state.runs


def test_a_policy_may_ask_the_owner_instead_with_a_clock() -> None:
    case = after(ASK_OWNER)
    case.do(BROKEN)
    assert (case.state.stage, case.due(ClockName.NEXT_RESPONSE)) == (Stage.RESOLVED, "4h")
    assert case.told("ana")[-1] == "customer_replied"
    case.do(ANSWER)
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    case.wait(timedelta(days=30))
    assert case.state.stage is Stage.CLOSED
    assert "unanswered" not in "".join(case.told("overseer"))


def test_a_policy_may_only_thank_for_what_is_not_an_objection() -> None:
    case = after(replace(EXAMPLE, on_answer=OnReply.THANK))
    case.do(RecordCustomerReply(text="By the way, the new colours look different"))
    assert (case.state.stage, case.told_customer()[-1], case.told("ana")[-1]) == (
        *(Stage.RESOLVED, "thanks", "customer_thanked"),
    )
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    case.do(BROKEN)
    assert case.state.stage is Stage.OFFERED


def test_without_a_clock_for_the_answer_the_case_reopens() -> None:
    case = after(NO_ANSWER_CLOCK)
    case.do(BROKEN)
    assert case.state.stage is Stage.OFFERED


@pytest.mark.slow
def test_what_no_one_answers_goes_to_the_overseer_and_does_not_close() -> None:
    case = after(ASK_OWNER)
    case.do(BROKEN)
    case.wait(timedelta(days=60))
    assert any("breach" in told for told in case.told("ana"))
    assert any("unanswered" in told for told in case.told("overseer"))
    assert (case.state.stage, case.state.owner, case.state.cycle) == (Stage.WORKING, "overseer", 2)
    assert "closed" not in case.kinds()
    assert case.told_customer().count("reopened") == 1


def test_the_case_does_not_close_before_the_answer_is_due() -> None:
    case = after(ASK_OWNER)
    case.wait(timedelta(days=14) - timedelta(minutes=1))
    case.do(BROKEN)
    case.wait(timedelta(minutes=2))
    assert "closed" not in case.kinds()
    case.do(ANSWER)
    assert case.state.stage is Stage.CLOSED


def test_while_an_answer_is_owed_the_case_can_be_reopened() -> None:
    case = after(ASK_OWNER)
    case.do(BROKEN)
    case.do(Reopen(by="ana", why="it is broken again"))
    assert ClockName.NEXT_RESPONSE in case.state.runs
    assert case.state.stage is Stage.OFFERED


def test_a_good_score_does_not_close_over_an_unanswered_message() -> None:
    case = surveyed(ASK_OWNER)
    case.do(BROKEN)
    case.do(AnswerSurvey(score=5))
    assert case.state.stage is Stage.RESOLVED


@pytest.mark.parametrize("over", ["closed", "cancelled"])
def test_a_case_that_is_over_keeps_thanks_and_gives_all_else_to_the_next_escalation(over: str) -> None:
    if over == "closed":
        case = after(wait=15 * DAYS)
    else:
        case = Case.working()
        case.do(CANCEL)
    assert case.state.stage == over
    for reply in (BROKEN, QUESTION):
        assert isinstance(case.refused(reply), CaseOver)
    case.do(THANKS)
    assert case.kinds()[-1] in ("customer_replied", "message_queued")
    assert case.state.stage == over


# The survey.


@pytest.mark.parametrize(("text", "score", "comment"), [("2, it took long", 2, "it took long"), ("5", 5, "")])
def test_the_number_that_the_survey_asks_for_is_its_answer(text: str, score: int, comment: str) -> None:
    case = surveyed()
    case.do(RecordCustomerReply(text=text))
    answered = next(event for event in case.events if event.kind == "survey_answered")
    assert (getattr(answered, "score", 0), getattr(answered, "comment", None)) == (score, comment)


def test_who_is_not_satisfied_gets_an_answer_in_time_and_hears_by_when() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=2, comment="it took weeks"))
    due = case.now + 4 * HOURS
    assert ClockName.NEXT_RESPONSE in case.state.runs
    letters = [message for message in case.messages if message.to == "customer"]
    assert (letters[-1].facts.satisfied, letters[-1].facts.answered_by) == (False, due)
    notice = next(one for message in case.messages for one in message.notices if one.kind == "not_satisfied")
    assert (notice.comment, notice.due) == ("it took weeks", due)
    case.wait(60 * DAYS)
    assert (case.state.stage, case.state.owner) == (Stage.WORKING, "overseer"), "no one called back"


def test_a_good_score_with_an_objection_is_not_a_satisfied_answer() -> None:
    case = surveyed(ASK_OWNER)
    case.do(AnswerSurvey(score=5, comment="great people, but the printer is still broken"))
    assert case.state.stage is Stage.RESOLVED
    assert ClockName.NEXT_RESPONSE in case.state.runs


@pytest.mark.parametrize(
    ("how", "holder", "stage"),
    [(OnUnsatisfied.REOPEN, "ana", Stage.OFFERED), (OnUnsatisfied.OVERSEER, "overseer", Stage.WORKING)],
)
def test_a_policy_may_reopen_for_who_is_not_satisfied(how: OnUnsatisfied, holder: str, stage: Stage) -> None:
    case = surveyed(replace(EXAMPLE, on_unsatisfied=how))
    case.do(AnswerSurvey(score=1, comment="nothing works"))
    assert (case.state.stage, case.state.holder, case.state.cycle) == (stage, holder, 2)
    assert [event.why for event in case.events if isinstance(event, Reopened)] == ["nothing works"]
    assert case.told_customer()[-1] == "reopened", "one letter for one decision"


def test_a_low_score_after_closing_is_called_back_too() -> None:
    case = after(replace(EXAMPLE, close_when_satisfied=True), wait=3 * DAYS)
    case.do(WORKS)
    assert case.state.stage is Stage.CLOSED
    case.do(AnswerSurvey(score=2))
    assert ClockName.NEXT_RESPONSE in case.state.runs
    case.do(ANSWER)
    assert (case.state.stage, ClockName.NEXT_RESPONSE in case.state.runs) == (Stage.CLOSED, False)


def test_the_comment_reaches_everyone_who_worked_on_it() -> None:
    case = Case.working()
    case.do(Reassign(to="ben", by="desk", why="knows invoices"))
    case.acknowledge()
    case.do(replace(RESOLVE, by="ben"))
    case.wait(3 * DAYS)
    case.do(AnswerSurvey(score=5, comment="Ana was quick"))
    for person in ("ana", "ben"):
        notices = [one for message in case.messages if message.to == person for one in message.notices]
        assert [one.comment for one in notices if one.kind == "survey_answered"] == ["Ana was quick"]


def test_one_survey_in_a_cycle_whatever_happens_to_the_policy() -> None:
    case = surveyed()
    days = (("1", 3 * DAY, Action.FOLLOW_UP_SURVEY), ("later", 6 * DAY, Action.FOLLOW_UP_SURVEY))
    changed = with_rule(EXAMPLE, ClockName.FOLLOW_UP, rule(10 * DAY, *(since_start(*one) for one in days)))
    case.do(AdoptPolicy(policy=changed, ref=PolicyRef(name="p", version=2, checksum="2" * 64), by="desk", why="later"))
    case.wait(13 * DAYS)
    assert case.told_customer().count("follow_up_survey") == 1
    assert case.kinds().count("survey_sent") == 1


def test_a_resolved_case_promises_no_time() -> None:
    case = resolved()
    refusal = case.refused(TellCustomer(by="ana", text="soon", next_by=case.now + timedelta(hours=1)))
    assert "`reopen` it first" in str(refusal)


@pytest.mark.parametrize("waiting", [True, False])
def test_an_automatic_reply_is_kept_and_moves_no_clock(waiting: bool) -> None:
    case = Case.working()
    if waiting:
        case.do(ASK)
    before = case.state
    case.do(RecordCustomerReply(text="I am out of office until Monday", automatic=True))
    assert case.events[-1].kind == "customer_replied"
    assert (case.state.runs, case.state.pauses, case.state.stage) == (before.runs, before.pauses, before.stage)
    assert case.state.customer_words == before.customer_words


def test_an_automatic_reply_after_the_solution_holds_no_one() -> None:
    case = resolved()
    case.do(RecordCustomerReply(text="I am out of office until Monday", automatic=True))
    assert ClockName.NEXT_RESPONSE not in case.state.runs


def test_a_case_that_no_one_ever_took_finds_an_owner_when_it_reopens() -> None:
    case = Case.opened(staffing=nobody)
    case.do(replace(RESOLVE, by="overseer"))
    case.do(BROKEN)
    assert case.state.is_open
    assert case.state.holder == "overseer"


def test_what_is_written_again_before_the_answer_after_closing_goes_to_the_owner() -> None:
    case = after(replace(EXAMPLE, close_when_satisfied=True), wait=3 * DAYS)
    case.do(WORKS)
    case.do(AnswerSurvey(score=2))
    case.do(QUESTION)
    assert (case.state.stage, case.told("ana")[-1]) == (Stage.CLOSED, "customer_replied")


@pytest.mark.parametrize("over", ["closed", "no_reply"])
def test_a_case_that_no_one_works_on_any_more_reopens_even_where_the_owner_would_be_asked(over: str) -> None:
    case = Case.working(policy=ASK_OWNER)
    if over == "closed":
        case.do(RESOLVE)
        case.wait(3 * DAYS)
        case.do(AnswerSurvey(score=5))
    else:
        case.do(ASK)
        case.wait(10 * DAYS)
    assert case.state.stage is (Stage.CLOSED if over == "closed" else Stage.RESOLVED)
    case.do(BROKEN)
    assert (case.state.stage, case.state.cycle) == (Stage.OFFERED, 2)


def test_without_a_clock_for_the_answer_a_low_score_reopens_the_case() -> None:
    case = surveyed(NO_ANSWER_CLOCK)
    case.do(AnswerSurvey(score=1, comment="nothing works"))
    assert (case.state.stage, case.state.cycle) == (Stage.OFFERED, 2)


def test_a_policy_that_does_not_thank_calls_back_without_a_letter() -> None:
    case = surveyed(replace(EXAMPLE, thanks=False))
    letters = len(case.told_customer())
    case.do(AnswerSurvey(score=1))
    assert len(case.told_customer()) == letters
    assert ClockName.NEXT_RESPONSE in case.state.runs


def test_what_is_not_understood_reopens_without_an_apology_and_leaves_the_severity() -> None:
    for text, unclear in (("Here is the log from this morning", True), ("It is broken again", False)):
        case = resolved()
        case.do(RecordCustomerReply(text=text))
        said = next(one.facts for one in case.messages if isinstance(one.facts, facts.Reopened))
        assert said.unclear is unclear
