"""What happened to the ticket in the help desk: an answer given there counts, and its end there is the owner's to judge."""

from datetime import timedelta

import pytest

from escalation.case.commands import RecordTicketNews, RecordUpdate, Reopen
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import ClockName, TicketNews
from tests.unit.domain.case import Case, opening, said
from tests.unit.domain.stages import RESOLVE

UPDATE = RecordUpdate(by="dev", text="The new key is on its way.")


def news(what: TicketNews, other: str = "") -> RecordTicketNews:
    return RecordTicketNews(by="zendesk", news=what, other_ticket=other)


def test_an_answer_in_the_help_desk_answers_the_clocks_and_sends_nothing() -> None:
    case = Case.working()
    case.wait(timedelta(minutes=5))
    sent = len(case.messages)
    case.do(UPDATE)
    assert case.due(ClockName.FIRST_RESPONSE) == ""
    assert case.state.runs[ClockName.CUSTOMER_UPDATE].started_at == case.now
    assert case.state.runs[ClockName.CHECK_IN].started_at == case.now
    assert len(case.messages) == sent


def test_an_answer_that_says_nothing_is_refused() -> None:
    assert "`text` is empty" in str(Case.working().refused(RecordUpdate(by="dev", text=" ")))


@pytest.mark.parametrize("what", [one for one in TicketNews if one is not TicketNews.REOPENED])
def test_the_owner_is_notified_and_the_case_stays_as_it_is(what: TicketNews) -> None:
    case = Case.working()
    stage = case.state.stage
    case.do(news(what))
    assert case.told("ana")[-1].startswith("ticket_")
    assert case.state.stage is stage


def test_what_is_known_already_is_said_once() -> None:
    case = Case.working()
    case.do(news(TicketNews.SOLVED))
    told = len(case.told("ana"))
    case.do(news(TicketNews.SOLVED))
    assert len(case.told("ana")) == told


def test_a_reopening_there_matters_only_after_the_owner_heard_that_it_was_solved() -> None:
    case = Case.working()
    case.do(news(TicketNews.REOPENED))
    assert "ticket_reopened" not in case.told("ana")
    case.do(news(TicketNews.SOLVED))
    case.do(news(TicketNews.REOPENED))
    assert case.told("ana")[-1] == "ticket_reopened"


def test_the_view_says_what_became_of_the_ticket_and_a_comment_does_not_hide_it() -> None:
    case = Case.working()
    case.do(news(TicketNews.DELETED))
    case.do(news(TicketNews.UNKNOWN_AUTHOR))
    assert view_of(case.state, case.policy).ticket_news is TicketNews.DELETED


def test_a_new_cycle_forgets_that_it_was_solved_there_and_not_that_it_is_deleted() -> None:
    for what, after in ((TicketNews.SOLVED, None), (TicketNews.SPAM, TicketNews.SPAM)):
        case = Case.working()
        case.do(news(what))
        case.do(RESOLVE)
        case.do(Reopen(by="desk", why="It is back."))
        assert case.state.ticket_news is after


def test_without_an_owner_the_overseer_is_notified_and_no_one_of_what_they_did() -> None:
    case = Case(directory_is_slow=True)
    case.do(opening())
    case.do(news(TicketNews.MERGED, "4712"))
    assert case.told(case.policy.ladder.overseer)[-1] == "ticket_merged"
    mine = Case.working()
    told = len(mine.told("ana"))
    mine.do(RecordTicketNews(by="ana", news=TicketNews.SOLVED))
    assert len(mine.told("ana")) == told


def test_another_requester_is_news_for_the_owner_and_nothing_of_the_tickets_state() -> None:
    case = Case.working()
    case.do(news(TicketNews.SOLVED))
    case.do(RecordTicketNews(by="zendesk", news=TicketNews.NEW_REQUESTER, text="Bo Other"))
    assert case.told("ana")[-1] == "ticket_requester"
    assert case.state.ticket_news is TicketNews.SOLVED


def test_a_merge_names_the_other_ticket() -> None:
    case = Case.working()
    case.do(news(TicketNews.MERGED, "4712"))
    assert [said(one) for one in case.messages[-1].notices] == ["4712"]
