"""Options that the customer may choose from, and what happens where they do not."""

from dataclasses import replace

from escalation.case.commands import AddNote, Choose, MakePromise, OfferOptions, Option, Reassign
from escalation.case.events import ChoiceLapsed, OptionChosen
from escalation.clocks.deadlines import deadlines
from escalation.messages import facts
from escalation.vocabulary import SYSTEM, ClockName, PromiseEnd, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case, own_words, said
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.stages import REOPEN, RESOLVE

A, B = Option(id="a", title="Refund", cons="slow"), Option(id="b", title="Credit")
PASS_ON = Reassign(to="zoe", by="desk", why="knows it")
OFFER = OfferOptions(options=(A, B), by="ana", default="b")


def test_the_customer_chooses_and_the_owner_reads_which_option() -> None:
    case = Case.working()
    case.do(OFFER)
    letter = case.messages[-1]
    assert own_words(letter) == facts.Options(options=(A, B), default="b")
    assert letter.facts.choose_by == MONDAY + 24 * HOURS
    assert "open options: a, b" in str(case.refused(Choose(option="c")))
    case.do(Choose(option="a"))
    confirmed = next(message for message in case.messages if message.kind == "option_chosen")
    assert own_words(confirmed) == facts.OptionChosen(option="Refund")
    assert [notice.text for notice in case.messages[-1].notices if notice.kind == "option_chosen"] == ["Refund"]
    assert (case.state.options, ClockName.CHOICE in case.state.runs) == ((), False)


def test_a_customer_who_does_not_choose_is_reminded_and_then_gets_the_default() -> None:
    case = Case.working()
    case.do(OFFER)
    case.wait(10 * HOURS)
    case.do(AddNote(by="ana", text="still here"))
    case.wait(14 * HOURS)
    assert case.fired(ClockName.CHOICE) == [("50%", "12h"), ("due", "1d")]
    assert "options_reminder" in case.told_customer()
    chosen = next(event for event in case.events if isinstance(event, OptionChosen))
    assert (chosen.option, chosen.by) == ("b", SYSTEM)
    confirmed = next(message for message in case.messages if message.kind == "option_chosen")
    assert own_words(confirmed) == facts.OptionChosen(option=B.title, by_default=True)


def test_without_a_default_the_choice_goes_back_to_the_owner() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(A, B), by="ana"))
    for _ in range(3):
        case.wait(8 * HOURS - MINUTES)
        case.do(AddNote(by="ana", text="still here"))
    case.wait(3 * MINUTES)
    assert any(isinstance(event, ChoiceLapsed) for event in case.events)
    assert case.told("ana")[-1] == "warning, reminder"
    assert case.state.options == ()


def test_a_choice_that_lapses_while_the_case_is_offered_goes_to_who_is_asked() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(A, B), by="ana"))
    case.now += 24 * HOURS - MINUTES
    case.do(PASS_ON)
    case.wait(MINUTES)
    notices = [said(notice) for message in case.messages if message.to == "zoe" for notice in message.notices]
    assert "choice due" in notices


def test_new_options_replace_the_old_and_their_time() -> None:
    case = Case.working()
    case.do(OFFER)
    case.wait(HOURS)
    case.do(OfferOptions(options=(A, Option(id="c", title="Both")), by="ana"))
    assert [option.id for option in case.state.options] == ["a", "c"]
    assert case.due(ClockName.CHOICE) == "13h"


def test_options_and_promises_end_with_the_cycle() -> None:
    case = Case.working()
    case.do(OFFER)
    case.do(MakePromise(what="a fix", at=MONDAY + DAYS, by="ana"))
    case.do(replace(RESOLVE, promise=PromiseEnd.KEPT))
    assert not {ClockName.CHOICE, ClockName.PROMISE} & set(deadlines(case.state, EXAMPLE))
    assert (case.state.options, case.state.default_option) == ((), "")
    case.do(REOPEN)
    assert "nothing to choose from" in str(case.refused(Choose(option="c")))
    assert case.state.stage is Stage.OFFERED
