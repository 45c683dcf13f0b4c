"""What the customer's page may show, and what the customer can do in each state."""

from dataclasses import replace
from datetime import timedelta

from escalation.bounds import shortened
from escalation.case import commands
from escalation.case.commands import MakePromise, OfferOptions, RecordCustomerReply, RequestInformation, TellCustomer
from escalation.case.events import Climbed
from escalation.customer_page import READ, Became, Doing, Entry, Now, Page, Told, page_of
from escalation.lifecycle.viewing import view_of
from escalation.messages import facts
from escalation.messages.letters import outlook_of
from escalation.program_texts import ProgramText
from escalation.vocabulary import CUSTOMER, ApprovalKind, CancelCause, Outcome, PauseCause, Reason, Stage, Withdrawable
from tests.unit.domain.case import Case
from tests.unit.domain.planted import INTERNAL, NAMES, OPTIONS, Planted
from tests.unit.domain.stages import ASK, CANCEL, REOPEN, RESOLVE

HOUR = timedelta(hours=1)
ALWAYS = (Doing.WRITE, Doing.IN_CHARGE, Doing.LANGUAGE)


def page(case: Case, *, times: bool = True) -> Page:
    read = [one for one in case.events if one.kind in READ]
    outlook = outlook_of(case.state, case.policy) if times else None
    return page_of(view_of(case.state, case.policy), read, NAMES, outlook, case.now)


def told(case: Case) -> list[Told]:
    return [one.told for one in page(case).story]


def only(case: Case, kind: Told) -> Entry:
    (found,) = [one for one in page(case).story if one.told is kind]
    return found


def test_no_internal_text_id_or_address_is_on_the_page_in_any_state() -> None:
    planted = Planted()
    seen = [*planted.moments(), Planted().cancelled()]
    assert {one.view.stage for one in seen} >= {
        Stage.OFFERED,
        Stage.WORKING,
        Stage.RESOLVED,
        Stage.CLOSED,
        Stage.CANCELLED,
    }
    for one in seen:
        shown = str(one.page).replace("zone='Europe", "")
        assert [secret for secret in INTERNAL if secret in shown] == [], one.name
    events = str(planted.case.events)
    assert [secret for secret in INTERNAL if secret.startswith("planted") and secret not in events] == [
        "planted-cancel"
    ]


def test_a_bulletin_is_one_entry_with_its_text_and_its_promise_another() -> None:
    case = Case.working()
    case.do(commands.LinkIncident(incident="mail", by="zoe"))
    case.do(
        commands.RelayBulletin(incident="mail", number=1, text="Mail is late.", next_step="We restart it", by="zoe")
    )
    case.do(commands.RelayBulletin(incident="mail", number=2, text="It runs.", next_by=case.now + HOUR, by="zoe"))
    story = [(one.told, one.text, one.next_step) for one in page(case).story if one.told is not Told.TAKEN]
    assert story[-3:] == [
        (Told.NEWS, "Mail is late.", "We restart it"),
        (Told.NEWS, "", ""),
        (Told.PROMISED, "It runs.", ""),
    ]


def test_the_timeline_reads_as_it_happened_for_the_customer() -> None:
    planted = Planted()
    *_, closed = planted.moments()
    assert [one.told.value for one in closed.page.story if one.told is not Told.NO_NEWS] == [
        *(
            "opened",
            "taken",
            "we_wrote",
            "promised",
            "refused",
            "asked",
            "you_wrote",
            "taken_back",
            "offered",
            "chosen",
        ),
        *("moved_up", "taken", "resolved", "reopened", "taken", "resolved", "surveyed", "rated", "closed"),
        "followed_up",
    ]
    assert {one.who for one in closed.page.story} <= {"", *NAMES.values()}
    assert next(one for one in closed.page.story if one.told is Told.CHOSEN).text == "Your money back"


def test_the_page_says_who_is_on_it_and_by_when_the_customer_hears_from_us() -> None:
    case = Case.opened()
    assert (page(case).now, page(case).owner) == (Now.FINDING, "")
    case.acknowledge()
    shown = page(case)
    assert (shown.now, shown.owner) == (Now.WORKING, "")  # no name is known of `ana`, and an id is none
    assert shown.next_by is not None
    assert shown.next_by > case.now
    assert shown.can == ALWAYS
    assert page(case, times=False).next_by is None
    case.do(commands.GiveBack(by="ana", why="ill"))
    assert page(case).now is Now.CHANGING


def test_a_question_is_answered_part_by_part_until_it_is_answered() -> None:
    case = Case.working()
    case.do(RequestInformation(by="ana", question="Please say:\n\n- Which invoice?\n- Which day?"))
    shown = page(case)
    assert (shown.now, shown.parts) == (Now.YOUR_ANSWER, ("Which invoice?", "Which day?"))
    assert shown.can == (Doing.ANSWER, *ALWAYS)
    assert shown.answer_by is not None
    case.do(RecordCustomerReply(text="away until Monday", automatic=True))
    assert page(case).now is Now.YOUR_ANSWER
    case.do(RecordCustomerReply(text="The last one"))
    assert (page(case).now, page(case).question) == (Now.WORKING, "")
    case.do(ASK)
    assert page(case).parts == ()
    case.do(commands.Withdraw(what=Withdrawable.QUESTION, by="ana", explanation="found it"))
    assert page(case).question == ""


def test_a_case_that_ended_without_an_answer_still_takes_it() -> None:
    case = Case.working()
    case.do(ASK)
    case.wait(timedelta(days=30))
    shown = page(case)
    if case.state.stage is Stage.RESOLVED:
        assert shown.now is Now.PAUSED
    assert shown.question == "Which invoice?"
    assert Doing.ANSWER in shown.can
    assert Doing.OBJECT not in shown.can


def test_a_choice_is_open_until_it_is_made_ends_or_is_taken_back() -> None:
    case = Case.working()
    case.do(OfferOptions(options=OPTIONS, default="again", by="ana"))
    shown = page(case)
    assert (shown.now, shown.options, shown.default) == (Now.YOUR_CHOICE, OPTIONS, "A new invoice")
    assert shown.can[0] is Doing.CHOOSE
    case.wait(timedelta(days=30))
    assert page(case).options == ()
    assert Told.CHOSEN_FOR_YOU in told(case)
    again = Case.working()
    again.do(OfferOptions(options=OPTIONS, by="ana"))
    again.do(commands.Withdraw(what=Withdrawable.OPTIONS, by="ana", explanation="sold out"))
    assert page(again).options == ()
    third = Case.working()
    third.do(OfferOptions(options=OPTIONS, by="ana"))
    third.wait(timedelta(days=30))
    assert Told.CHOICE_ENDED in told(third)


def test_what_was_promised_shows_what_came_of_it() -> None:
    case = Case.working()
    case.do(MakePromise(what="a fix", at=case.now + HOUR, by="ana"))
    assert (only(case, Told.PROMISED).became, page(case).promise) == (Became.OPEN, "a fix")
    case.do(MakePromise(what="a better fix", at=case.now + 2 * HOUR, by="ana", replaces=True))
    case.do(TellCustomer(by="ana", text="Here it is", fulfils_promise=True))
    case.do(MakePromise(what="a call", at=case.now + HOUR, by="ana"))
    case.wait(2 * HOUR)
    assert page(case).promise == ""
    case.do(MakePromise(what="a letter", at=case.now + HOUR, by="ana"))
    case.do(commands.Withdraw(what=Withdrawable.PROMISE, by="ana", explanation="strike"))
    case.do(MakePromise(what="a gift", at=case.now + HOUR, by="ana"))
    case.do(CANCEL)
    became = [one.became for one in page(case).story if one.told is Told.PROMISED]
    assert became == [Became.REPLACED, Became.KEPT, Became.MISSED, Became.TAKEN_BACK, Became.ENDED]


def test_a_promise_in_a_letter_is_said_once() -> None:
    case = Case.working()
    case.do(TellCustomer(by="ana", text="Found it", next_step="a fix", next_by=case.now + HOUR))
    assert (only(case, Told.WE_WROTE).text, only(case, Told.WE_WROTE).next_step) == ("Found it", "")
    assert only(case, Told.PROMISED).text == "a fix"
    case = Case.working()
    case.do(MakePromise(what="a fix", at=case.now + HOUR, by="ana"))
    assert Told.WE_WROTE not in told(case)


def test_what_was_asked_before_the_opening_is_there_and_so_is_a_new_owner() -> None:
    case = Case.opened(waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which printer?")
    assert (page(case).now, page(case).question) == (Now.YOUR_ANSWER, "Which printer?")
    case.acknowledge()
    case.do(commands.Reassign(by="ana", to="dev", why="knows it"))
    case.acknowledge()
    assert [one.who for one in page(case).story if one.told is Told.TAKEN] == ["", "Dev Patel"]


def test_words_that_opened_the_ticket_again_are_shown_once() -> None:
    again = ProgramText.WROTE_AFTER_THE_END.say(said="Broken again")
    case = Case.opened(customer_words="Broken again", evidence=(again,))
    case.do(RecordCustomerReply(text="Broken again"))
    assert [one.told for one in page(case).story if one.text == "Broken again"] == [Told.YOU_WROTE]


def test_an_approval_is_shown_once_the_customer_was_informed_of_it() -> None:
    for informed in (True, False):
        case = Case.working()
        case.do(commands.RequestApproval(what=ApprovalKind.REFUND, amount=5_000_000, by="ana", why="charged twice"))
        assert page(case).pending is ApprovalKind.REFUND
        case.do(commands.Approve(by="overseer", tell_customer=informed))
        assert [one.amount for one in page(case).story if one.told is Told.GRANTED] == [5_000_000] * informed


def test_letters_without_news_are_one_line_and_say_how_many() -> None:
    case = Case.working()
    case.wait(timedelta(days=4))
    lines = [one for one in page(case).story if one.told is Told.NO_NEWS]
    assert sum(one.count for one in lines) == case.told_customer().count("holding_update")
    assert len(lines) < case.told_customer().count("holding_update")


def test_after_the_solution_the_customer_confirms_objects_and_rates_once() -> None:
    case = Case.working()
    case.do(RESOLVE)
    shown = page(case)
    assert (shown.now, shown.solution) == (Now.SOLVED, "Switched it off")
    assert shown.can == (Doing.CONFIRM, Doing.OBJECT, *ALWAYS)
    assert shown.reopen_until is not None
    case.wait(timedelta(days=7))
    assert Doing.RATE in page(case).can
    case.do(commands.AnswerSurvey(score=4))
    assert Doing.RATE not in page(case).can
    assert page(case).rated == 4
    case.do(REOPEN)
    assert Doing.OBJECT not in page(case).can
    assert (page(case).solution, only(case, Told.REOPENED).text) == ("", "It is back")


def test_an_answer_that_it_is_not_possible_is_not_confirmed_but_objected_to() -> None:
    case = Case.working()
    case.do(commands.Resolve(by="ana", outcome=Outcome.NOT_POSSIBLE, solution="Sorry"))
    assert page(case).now is Now.NOT_POSSIBLE
    assert page(case).can == (Doing.OBJECT, *ALWAYS)


def test_a_case_that_was_called_off_takes_messages() -> None:
    case = Case.working()
    case.do(replace(CANCEL, cause=CancelCause.WITHDRAWN, duplicate_of=""))
    assert (page(case).now, page(case).can) == (Now.CALLED_OFF, (Doing.WRITE, Doing.IN_CHARGE))


def test_a_duplicate_goes_on_in_another_case() -> None:
    case = Case.working()
    case.do(CANCEL)
    assert page(case).now is Now.ELSEWHERE


def test_who_is_not_satisfied_sees_by_when_they_hear_from_us() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.wait(2 * 24 * HOUR)
    case.do(commands.AnswerSurvey(score=1, by=CUSTOMER))
    (letter,) = (one.facts for one in case.messages if isinstance(one.facts, facts.Thanks))
    assert page(case).next_by == letter.answered_by is not None


def test_what_reopens_a_case_is_shown_once() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.do(RecordCustomerReply(text="It is still broken"))
    assert only(case, Told.YOU_WROTE).text == "It is still broken"
    assert only(case, Told.REOPENED).text == ""


def test_of_a_long_text_the_page_has_the_beginning() -> None:
    case = Case.working()
    case.do(shortened(TellCustomer(by="ana", text="long " * 10_000)).command)
    entry = only(case, Told.WE_WROTE)
    assert entry.is_cut
    assert "kept as" not in entry.text


def test_a_customer_who_asks_for_a_person_in_charge_gets_one_tier_up_and_once() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="I want to speak to a person in charge", for_superior=True))
    (climbed,) = [one for one in case.events if isinstance(one, Climbed)]
    assert (climbed.by, climbed.trigger) == (CUSTOMER, Reason.CUSTOMER_ASKED)
    assert "escalated" in case.told_customer()
    case.acknowledge()
    case.do(RecordCustomerReply(text="Hello?", for_superior=True))
    assert "customer_replied" in case.told("overseer")
    assert len([one for one in case.events if isinstance(one, Climbed)]) == 1


def test_a_customer_who_asks_for_a_person_in_charge_after_the_solution_is_heard_and_the_overseer_informed() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.do(RecordCustomerReply(text="Thank you. I want your boss.", for_superior=True))
    assert "reopened" in case.kinds()
    assert "customer_replied" in case.told("overseer")


def test_the_overseer_who_has_the_case_gets_one_notice() -> None:
    case = Case.opened(staffing=lambda _: None)
    assert case.state.owner == "overseer"
    case.messages.clear()
    case.do(RecordCustomerReply(text="Your boss, please", for_superior=True))
    case.do(RecordCustomerReply(text="Your boss, please!", for_superior=True))
    assert all(one.count("customer_replied") <= 1 for one in case.told("overseer"))


def test_the_customer_corrects_their_language_and_nothing_else() -> None:
    case = Case.working()
    case.do(commands.Correct(by=CUSTOMER, language="de"))
    assert case.state.customer.language == "de"
    case.refused(commands.Correct(by=CUSTOMER, language="en", summary="mine"))
    case.refused(commands.Correct(by=CUSTOMER, category=case.state.category))
