"""While the customer waits for an answer, no one asks whether all is well, and no letter says that the case closes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerSurvey,
    ChangeFrustration,
    Choose,
    Correct,
    OfferOptions,
    Option,
    Reassign,
    RecordBounce,
    RecordCustomerReply,
    RecordDeliveryFailed,
    Reopen,
    SupportCommand,
    TellCustomer,
)
from escalation.clock_rules import Action
from escalation.clocks.deadlines import target_instant
from escalation.lifecycle.held_messages import release
from escalation.message_kinds import Author, MessageKind
from escalation.messages import facts
from escalation.messages.authorship import author_of
from escalation.messages.obsolete import still_true
from escalation.policy import OnReply, OnUnsatisfied, Policy
from escalation.vocabulary import CUSTOMER, ClockName, Stage
from tests.example_policy import DAY, EXAMPLE, HOUR, rule, share, since_start, with_rule
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import RESOLVE

WRONG_LAMP = "Took far too long and still the wrong lamp"
ASK_OWNER = replace(EXAMPLE, on_objection=OnReply.ASK_OWNER, on_answer=OnReply.ASK_OWNER)
SLOW = rule(30 * DAY, share(100, Action.BREACH))
LATE = with_rule(EXAMPLE, ClockName.NEXT_RESPONSE, rule(HOUR, since_start("later", 40 * DAY, Action.BREACH)))
"""The answer is due after an hour, and nothing else happens for weeks."""
ANSWER = TellCustomer(by="ana", text="I am looking at it.")
FOLLOW_UPS = ("follow_up", "follow_up_survey")


def resolved(policy: Policy = EXAMPLE) -> Case:
    """Long to answer, so that follow-ups fall due meanwhile."""
    case = Case.working(policy=with_rule(policy, ClockName.NEXT_RESPONSE, SLOW))
    case.do(RESOLVE)
    return case


def surveyed(policy: Policy = EXAMPLE) -> Case:
    case = resolved(policy)
    case.wait(2 * DAYS)
    assert case.told_customer()[-1] == "follow_up_survey"
    return case


def reopened_letter(case: Case) -> facts.Reopened:
    return next(one.facts for one in reversed(case.messages) if isinstance(one.facts, facts.Reopened))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (EXAMPLE, AnswerSurvey(score=2, comment="it took weeks")),
        (EXAMPLE, AnswerSurvey(score=1)),
        (EXAMPLE, AnswerSurvey(score=5, comment="Lovely. Where do I find the invoice?")),
        (ASK_OWNER, AnswerSurvey(score=5, comment=WRONG_LAMP)),
        (ASK_OWNER, RecordCustomerReply(text="It is broken again")),
        (ASK_OWNER, RecordCustomerReply(text="Where do I find the invoice?")),
    ],
)
def test_no_follow_up_and_no_closing_while_an_answer_is_owed(policy: Policy, said: SupportCommand) -> None:
    case = surveyed(policy)
    case.do(said)
    before = len(case.told_customer())
    case.wait(20 * DAYS)
    assert case.told_customer()[before:] == []
    assert case.fired(ClockName.FOLLOW_UP)[-1] == ("2", "10d"), "the threshold is in the timeline"
    assert case.state.stage is Stage.RESOLVED
    case.do(ANSWER)
    letter = case.messages[-1]
    more = [one.kind for one in letter.also]
    assert (letter.kind, "closed" in more) == ("update", True), "the window was over long ago; the answer comes first"


def test_a_letter_that_thanks_says_when_the_answer_comes_and_is_not_written_once_that_is_late() -> None:
    case = surveyed(replace(EXAMPLE, on_answer=OnReply.THANK))
    case.do(AnswerSurvey(score=2))
    due = case.now + 30 * DAYS
    for said in (RecordCustomerReply(text="By the way, the box was blue"), AnswerSurvey(score=5)):
        case.do(said)
        thanks = [one.facts for one in case.messages if isinstance(one.facts, facts.Thanks)]
        assert thanks[-1].answered_by == due
    late = surveyed()
    late.policy = LATE
    late.do(AnswerSurvey(score=2))
    count = late.told_customer().count("thanks")
    late.wait(DAYS)
    late.do(AnswerSurvey(score=5))
    assert late.told_customer().count("thanks") == count


def test_a_low_score_that_was_answered_is_followed_up_by_the_owner_and_not_by_a_letter() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=2, comment="it took weeks"))
    case.do(ANSWER)
    case.wait(9 * DAYS)
    assert case.told_customer()[-1] == "update"
    assert case.told("ana")[-1] == "check_back"
    promised = [
        one.facts.check_back_at for one in case.messages if one.kind in (MessageKind.THANKS, MessageKind.UPDATE)
    ]
    assert promised == [None, None], "what no letter will ask is not announced"


def test_a_survey_that_fell_into_a_wait_for_an_answer_comes_with_the_next_follow_up() -> None:
    case = resolved(ASK_OWNER)
    case.do(RecordCustomerReply(text="It is broken again"))
    case.wait(3 * DAYS)
    case.do(ANSWER)
    case.wait(8 * DAYS)
    assert [one for one in case.told_customer() if one in FOLLOW_UPS] == ["follow_up_survey"]
    case.do(AnswerSurvey(score=4))
    assert case.state.score == 4


def follow_ups(case: Case) -> list[str]:
    """In the order in which the customer got them, whatever else their letters say."""
    letters = [one for one in case.messages if one.to == "customer"]
    return [said.kind for one in letters for said in (one.facts, *one.also) if said.kind in FOLLOW_UPS]


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        ((("1", "follow_up"),), ["follow_up"]),
        ((("1", "follow_up"), ("2", "follow_up")), ["follow_up"]),
        ((("1", "follow_up_survey"),), ["follow_up_survey"]),
        ((("1", "follow_up"), ("2", "follow_up_survey")), ["follow_up_survey"]),
        ((("1", "follow_up_survey"), ("2", "follow_up")), ["follow_up_survey"]),
        ((("1", "follow_up"), ("9", "follow_up_survey")), ["follow_up", "follow_up_survey"]),
    ],
)
def test_what_was_left_out_while_an_answer_was_owed_is_asked_once_with_the_answer(
    after: Sequence[tuple[str, str]], asked: list[str]
) -> None:
    dues = [since_start(day, int(day) * DAY, Action(action)) for day, action in after]
    case = resolved(with_rule(ASK_OWNER, ClockName.FOLLOW_UP, rule(int(after[-1][0]) * DAY, *dues)))
    case.do(RecordCustomerReply(text="Where do I find the invoice?"))
    case.wait(3 * DAYS)
    assert follow_ups(case) == []
    case.do(ANSWER)
    assert follow_ups(case) == asked[:1]
    case.do(replace(ANSWER, text="The invoice is in the attachment."))
    case.wait(10 * DAYS)
    assert follow_ups(case) == asked


def test_a_low_score_is_not_followed_up_by_a_letter_once_it_is_answered() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=2, comment="it took weeks"))
    case.wait(9 * DAYS)
    case.do(ANSWER)
    assert follow_ups(case) == ["follow_up_survey"]


def test_a_survey_left_out_comes_with_the_closing_that_waited_for_the_answer_too() -> None:
    case = resolved(ASK_OWNER)
    case.do(RecordCustomerReply(text="It is broken again"))
    case.wait(20 * DAYS)
    case.do(ANSWER)
    assert (case.state.stage, follow_ups(case)) == (Stage.CLOSED, ["follow_up_survey"])
    letter = case.messages[-1]
    assert [letter.kind, *(one.kind for one in letter.also)] == ["update", "follow_up_survey", "closed"]


def test_a_follow_up_that_waited_for_the_morning_is_left_out_when_the_customer_objects_meanwhile() -> None:
    case = resolved(ASK_OWNER)
    said = facts.FollowUp(solution="Switched it off")
    assert still_true(said, case.state, case.now, is_overtaken=False) == said
    case.do(RecordCustomerReply(text="It is broken again"))
    assert still_true(said, case.state, case.now, is_overtaken=False) is None


def overtaken(case: Case) -> None:
    """The survey waits for the morning, and the customer writes before it goes out."""
    survey = next(one for one in case.messages if one.kind == "follow_up_survey")
    case.do(RecordCustomerReply(text="Where do I find the invoice?"))
    decision = release([survey], case.state, case.policy, case.now)
    case.events.extend(decision.events)
    case.current = decision.state
    case.messages.remove(survey)


def test_a_survey_that_a_message_overtook_in_the_night_comes_with_the_next_follow_up() -> None:
    case = surveyed(ASK_OWNER)
    overtaken(case)
    case.do(ANSWER)
    assert follow_ups(case) == []
    case.wait(9 * DAYS)
    assert follow_ups(case) == ["follow_up_survey"]


@pytest.mark.parametrize(("said", "asked"), [(None, ["follow_up_survey"]), (AnswerSurvey(score=5), [])])
def test_a_survey_that_was_overtaken_is_asked_again_unless_the_customer_has_rated_us(
    said: SupportCommand | None, asked: list[str]
) -> None:
    only = rule(2 * DAY, since_start("1", 2 * DAY, Action.FOLLOW_UP_SURVEY))
    case = surveyed(with_rule(ASK_OWNER, ClockName.FOLLOW_UP, only))
    overtaken(case)
    if said is not None:
        case.do(said)
    case.do(ANSWER)
    assert follow_ups(case) == asked


def test_thanks_that_waited_promise_no_answer_that_has_come_or_is_late() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=2))
    thanks = facts.Thanks(score=2, satisfied=False, answered_by=case.now + HOURS)
    assert still_true(thanks, case.state, case.now, is_overtaken=False) == thanks
    assert still_true(thanks, case.state, case.now + DAYS, is_overtaken=False) is None
    case.do(ANSWER)
    left = still_true(thanks, case.state, case.now, is_overtaken=False)
    assert left == replace(thanks, answered_by=None)


# After the reopen window.


def test_a_follow_up_after_the_reopen_window_is_neither_sent_nor_promised() -> None:
    short = with_rule(EXAMPLE, ClockName.REOPEN_WINDOW, rule(5 * DAY, share(100, Action.END_REOPEN_WINDOW)))
    case = resolved(short)
    case.wait(3 * DAYS)
    survey = next(one for one in case.messages if one.kind is MessageKind.FOLLOW_UP_SURVEY)
    assert survey.facts.check_back_at is None
    case.wait(20 * DAYS)
    assert case.told_customer()[-1] == "closed"


def test_a_survey_after_the_reopen_window_is_sent_and_promised() -> None:
    days = (since_start("1", 2 * DAY, Action.FOLLOW_UP), since_start("2", 20 * DAY, Action.FOLLOW_UP_SURVEY))
    case = resolved(with_rule(EXAMPLE, ClockName.FOLLOW_UP, rule(20 * DAY, *days)))
    case.wait(3 * DAYS)
    first = next(one for one in case.messages if one.kind is MessageKind.FOLLOW_UP)
    assert first.facts.check_back_at == MONDAY + 20 * DAYS
    case.wait(20 * DAYS)
    assert case.told_customer()[-1] == "follow_up_survey"


def test_a_second_survey_that_does_not_come_is_not_promised() -> None:
    days = (since_start("1", 2 * DAY, Action.FOLLOW_UP_SURVEY), since_start("2", 6 * DAY, Action.FOLLOW_UP_SURVEY))
    case = surveyed(with_rule(EXAMPLE, ClockName.FOLLOW_UP, rule(6 * DAY, *days)))
    survey = next(one for one in case.messages if one.kind is MessageKind.FOLLOW_UP_SURVEY)
    assert survey.facts.check_back_at is None
    case.wait(8 * DAYS)
    assert case.told_customer().count("follow_up_survey") == 1


# The comment of a survey is the customer's words.


@pytest.mark.parametrize("score", [1, 3, 5])
def test_an_objection_in_the_comment_does_what_it_does_in_a_message(score: int) -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=score, comment=WRONG_LAMP))
    assert (case.state.stage, case.state.cycle, case.state.offered_to) == (Stage.OFFERED, 2, "ana")
    letter = reopened_letter(case)
    assert (letter.why, letter.score, letter.answer_was_due) == (WRONG_LAMP, score, None)
    assert case.state.customer_words == WRONG_LAMP
    asked = surveyed(ASK_OWNER)
    asked.do(AnswerSurvey(score=score, comment=WRONG_LAMP))
    assert (asked.state.stage, ClockName.NEXT_RESPONSE in asked.state.runs) == (Stage.RESOLVED, True)


def test_a_low_score_that_gives_the_case_to_the_overseer_does_so_with_an_objection_too() -> None:
    case = surveyed(replace(EXAMPLE, on_unsatisfied=OnUnsatisfied.OVERSEER))
    case.do(AnswerSurvey(score=1, comment=WRONG_LAMP))
    assert (case.state.stage, case.state.owner) == (Stage.WORKING, "overseer")


def test_an_objection_after_the_window_is_called_back() -> None:
    short = with_rule(EXAMPLE, ClockName.REOPEN_WINDOW, rule(3 * DAY, share(100, Action.END_REOPEN_WINDOW)))
    case = surveyed(short)
    case.wait(2 * DAYS)
    case.do(AnswerSurvey(score=5, comment=WRONG_LAMP))
    assert (case.state.stage, ClockName.NEXT_RESPONSE in case.state.runs) == (Stage.CLOSED, True)


def test_a_question_with_a_good_score_is_answered_and_does_not_close_the_case() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=5, comment="Lovely. Where do I find the invoice?"))
    assert (case.state.stage, case.told("ana")[-1]) == (Stage.RESOLVED, "customer_replied")
    assert next(one.facts for one in case.messages if isinstance(one.facts, facts.Thanks)).answered_by is not None
    without = replace(EXAMPLE, clocks={k: v for k, v in EXAMPLE.clocks.items() if k is not ClockName.NEXT_RESPONSE})
    case = Case.working(policy=without)
    case.do(RESOLVE)
    case.wait(2 * DAYS)
    case.do(AnswerSurvey(score=5, comment="Lovely. Where do I find the invoice?"))
    assert case.state.stage is Stage.OFFERED, "no clock would watch over the answer"


def test_the_tone_of_a_comment_counts_as_that_of_a_message() -> None:
    for said in (AnswerSurvey(score=2, sounds=3), RecordCustomerReply(text="2, it took long", sounds=3)):
        case = surveyed()
        case.do(ChangeFrustration(level=1, by="ana"))
        case.do(said)
        assert case.state.frustration == 3


# The letter about a case that begins again.


def test_a_case_that_no_one_answered_begins_again_with_the_customers_words_score_and_our_delay() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.wait(2 * DAYS)
    case.do(AnswerSurvey(score=2, comment="it took weeks"))
    due = case.now + 4 * HOURS
    case.wait(DAYS)
    assert case.state.owner == "overseer"
    letter = reopened_letter(case)
    assert (letter.why, letter.score, letter.answer_was_due) == ("it took weeks", 2, due)
    assert author_of(letter) is Author.PROGRAM, "the customer has not just written"


def test_who_writes_again_before_the_late_answer_reads_that_it_is_late() -> None:
    case = surveyed()
    case.policy = LATE
    case.do(AnswerSurvey(score=2))
    due = case.now + HOURS
    case.wait(DAYS)
    case.do(RecordCustomerReply(text="Hello? It is still broken"))
    letter = reopened_letter(case)
    assert (letter.why, letter.score, letter.answer_was_due) == ("Hello? It is still broken", 2, due)
    assert author_of(letter) is Author.PROGRAM_IN_ANSWER


def test_a_colleague_who_reopens_it_answers_the_customers_words_and_not_their_own() -> None:
    case = surveyed(ASK_OWNER)
    case.do(RecordCustomerReply(text="It is broken again"))
    case.do(Reopen(by="ana", why="The flux capacitor again"))
    assert reopened_letter(case).why == "It is broken again"


def test_a_solution_chosen_too_late_is_not_said_to_be_written() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(Option(id="a", title="Money back"), Option(id="b", title="Repair")), by="ana"))
    case.do(RESOLVE)
    case.do(Choose(option="a"))
    letter = reopened_letter(case)
    assert (letter.why, letter.chose, case.state.customer_words) == ("Money back", True, "")


def lost(case: Case, kind: str, error: str = "Bounced") -> None:
    """The latest letter of this kind did not arrive."""
    key = next(one.key for one in reversed(case.messages) if one.to == CUSTOMER and one.kind == kind)
    bounce = RecordBounce(by="mail", key=key)
    case.do(bounce if error == "Bounced" else RecordDeliveryFailed(key=key, to=CUSTOMER, error=error))


@pytest.mark.parametrize("error", ["Bounced", "RecipientRefused"])
def test_a_survey_that_came_back_is_asked_again_once_the_customer_has_another_address(error: str) -> None:
    case = surveyed()
    lost(case, "follow_up_survey", error)
    assert case.told("ana")[-1] == "delivery_failed"
    case.do(AddNote(by="ana", text="The phone is off."))
    assert follow_ups(case) == ["follow_up_survey"], "the same address would not take it now either"
    case.do(Correct(by="ana", why="moved", customer_address="new@example.com"))
    case.do(AddNote(by="ana", text="We have the new address."))
    assert follow_ups(case) == ["follow_up_survey"], "there is another follow-up to come, which asks it"
    case.wait(10 * DAYS)
    assert follow_ups(case) == ["follow_up_survey", "follow_up_survey"]


def test_the_last_follow_up_that_came_back_is_asked_again_at_once_with_another_address() -> None:
    case = resolved()
    case.wait(11 * DAYS)
    assert follow_ups(case) == ["follow_up_survey", "follow_up"]
    lost(case, "follow_up")
    case.wait(DAYS)
    assert follow_ups(case) == ["follow_up_survey", "follow_up"]
    case.do(Correct(by="ana", why="moved", customer_address="new@example.com"))
    assert follow_ups(case) == ["follow_up_survey", "follow_up", "follow_up"]
    case.do(AddNote(by="ana", text="They read it."))
    assert follow_ups(case) == ["follow_up_survey", "follow_up", "follow_up"]


def test_a_follow_up_that_came_back_is_asked_again_after_the_next_answer() -> None:
    case = resolved(ASK_OWNER)
    case.wait(11 * DAYS)
    lost(case, "follow_up")
    case.do(RecordCustomerReply(text="My mailbox was full. Where do I find the invoice?"))
    case.do(ANSWER)
    case.do(AddNote(by="ana", text="They got it."))
    assert follow_ups(case) == ["follow_up_survey", "follow_up", "follow_up"]


def test_what_the_customer_judged_or_what_was_reopened_since_is_not_asked_again() -> None:
    case = surveyed()
    case.do(AnswerSurvey(score=3))
    lost(case, "follow_up_survey")
    assert case.state.left_out == frozenset()
    again = surveyed()
    again.do(RecordCustomerReply(text="It is broken again"))
    again.do(Acknowledge(by="ana"))
    again.wait(HOURS)
    again.do(RESOLVE)
    lost(again, "follow_up_survey")
    assert again.state.left_out == frozenset()


def test_that_the_last_follow_up_came_back_is_reported_with_a_deadline_and_again_when_that_has_passed() -> None:
    case = resolved()
    case.wait(11 * DAYS)
    ends = target_instant(case.state, case.policy, ClockName.REOPEN_WINDOW)
    assert ends is not None
    lost(case, "follow_up")
    assert {message.to: message.notices[0].due for message in case.messages[-2:]} == {"ana": ends, "overseer": ends}
    case.wait(ends - case.now)
    assert [case.told(person)[-1] for person in ("ana", "overseer")] == ["unasked", "unasked"]


def test_an_overseer_who_has_the_case_reads_once_that_the_customer_was_never_asked() -> None:
    case = Case.working(policy=with_rule(EXAMPLE, ClockName.NEXT_RESPONSE, SLOW))
    case.do(Reassign(to="overseer", by="ana", why="the customer asked for it"))
    case.do(Acknowledge(by="overseer"))
    case.do(replace(RESOLVE, by="overseer"))
    case.wait(11 * DAYS)
    lost(case, "follow_up")
    case.wait(20 * DAYS)
    assert case.told("overseer").count("unasked") == 1


def test_a_follow_up_that_came_back_before_another_has_no_deadline() -> None:
    case = surveyed()
    lost(case, "follow_up_survey")
    assert case.messages[-1].notices[0].due is None
