"""What the help desk's ticket shows of its escalation."""

import pytest

from escalation.bounds import shortened
from escalation.case import events
from escalation.case.commands import AddNote, RecordCustomerReply, RecordTicketNews, TellCustomer
from escalation.desk import LONGEST_NOTE, NOTED, is_written_to, marker, note_of, signed, status_to_write, wish_of
from escalation.intake.delivery import DeskStatus
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Stage, TicketNews
from tests.unit.domain.case import Case
from tests.unit.domain.stages import IN_STAGE

STATUS = {
    Stage.UNASSIGNED: DeskStatus.OPEN,
    Stage.OFFERED: DeskStatus.OPEN,
    Stage.WORKING: DeskStatus.OPEN,
    Stage.WAITING_ON_CUSTOMER: DeskStatus.PENDING,
    Stage.RESOLVED: DeskStatus.SOLVED,
    Stage.CLOSED: None,
    Stage.CANCELLED: None,
}


@pytest.mark.parametrize("stage", Stage)
def test_the_status_follows_the_stage_until_the_help_desk_closes(stage: Stage) -> None:
    case = IN_STAGE[stage]()
    assert wish_of(view_of(case.state, case.policy)).status is STATUS[stage]


def test_a_case_that_was_closed_before_the_ticket_showed_its_solution_is_solved_there() -> None:
    case = IN_STAGE[Stage.CLOSED]()
    view = view_of(case.state, case.policy)
    wish = wish_of(view, case.events)
    assert wish.status is DeskStatus.SOLVED
    assert wish_of(view, case.events[-1:]).status is None
    assert status_to_write(wish, DeskStatus.OPEN) is DeskStatus.SOLVED
    assert status_to_write(wish, DeskStatus.SOLVED) is None
    assert status_to_write(wish, DeskStatus.CLOSED) is None
    assert status_to_write(wish_of(view), DeskStatus.OPEN) is None


def test_what_is_in_the_help_desk_already_is_not_written_there_again() -> None:
    case = Case.opened()
    case.acknowledge()
    case.do(RecordCustomerReply(text="Where is my money?"))
    case.do(AddNote(by="ana", text="Seen in the log."))
    case.do(TellCustomer(by="ana", text="We have found it,\nand pay today."))

    note = note_of(case.events)
    assert [line for line in note.splitlines() if not line.startswith("- ")] == []
    assert '- ana wrote to the customer: "We have found it, and pay today."' in note
    assert "Where is my money" not in note
    assert "Seen in the log" not in note


def test_a_long_time_without_the_help_desk_gives_a_note_that_it_takes() -> None:
    case = Case.opened()
    case.acknowledge()
    for number in range(40):
        case.do(TellCustomer(by="ana", text=f"{number} " + "so far " * 60))

    note = note_of(case.events)
    assert len(note) < LONGEST_NOTE + 100
    assert note.startswith("- earlier events are in the escalation's timeline\n- ana wrote")
    assert "39 so far" in note


def test_a_long_text_is_cut_and_says_so() -> None:
    case = Case.opened()
    case.acknowledge()
    case.do(shortened(TellCustomer(by="ana", text="x" * 30_000)).command)
    assert "of 30000 characters]" in note_of(case.events)
    assert note_of([event for event in case.events if type(event) not in NOTED]) == ""


def test_nothing_is_written_to_a_deleted_ticket_until_it_is_back() -> None:
    case = Case.opened()
    said = []
    for news in (TicketNews.DELETED, TicketNews.RESTORED, TicketNews.SPAM):
        case.do(RecordTicketNews(by="zendesk", news=news))
        said.append(is_written_to(view_of(case.state, case.policy)))
    assert said == [False, True, False]


def test_a_note_ends_with_its_marker() -> None:
    assert signed("- ana took it", "escalation-7", 12).splitlines() == [
        "Escalation",
        "- ana took it",
        "",
        "[esc escalation-7/12]",
    ]
    assert marker("escalation-7~2", 3) == "[esc escalation-7~2/3]"
    assert events.Noted not in NOTED
