"""What `status` shows of an escalation."""

from datetime import timedelta

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerConsult,
    AnswerSurvey,
    Approve,
    Cancel,
    Choose,
    Consult,
    Decline,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RecordApprover,
    RecordCustomerReply,
    Reopen,
    RequestApproval,
    RequestInformation,
    Resolve,
)
from escalation.vocabulary import ApprovalKind, CancelCause, Outcome
from tests.unit.starter.desk import MONDAY, Desk


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


async def test_status_shows_who_has_it_and_what_is_due_when(desk: Desk) -> None:
    desk.cases.opened().do(Acknowledge(by="ana"))
    ended = await desk("status", "T-1")

    assert ended.code == 0
    assert line_of(ended.out, "stage").split() == ["stage", "working"]
    assert line_of(ended.out, "owner").split() == ["owner", "ana"]
    assert line_of(ended.out, "contact").split() == ["contact", "front-desk"]
    clock = line_of(ended.out, "first response")
    assert "2026-03-02 11:00" in clock
    assert "in 2 h" in clock
    assert "\x1b" not in ended.out


async def test_status_says_whom_an_unowned_case_is_offered_to(desk: Desk) -> None:
    desk.cases.opened()

    assert "offered to ana" in line_of((await desk("status", "T-1")).out, "owner")


async def test_status_shows_paused_clocks_and_breaches(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=3))
    case.do(Pause(by="ana", why="vendor"))
    out = (await desk("status", "T-1")).out

    assert "paused" in line_of(out, "resolution")
    assert "first response 1" in line_of(out, "breaches")


async def test_status_answers_what_an_agent_asks_within_80_columns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    case = desk.cases.opened(evidence=("invoices 17 and 18 are the same",))
    case.do(Decline(by="ana", why="on leave"))
    case.acknowledge()
    case.do(AddNote(by="ben", text="the job ran twice", tried="Restarted the job"))
    case.do(MakePromise(what="a corrected invoice", at=MONDAY + timedelta(hours=2), by="ben"))
    case.do(RecordCustomerReply(text="I have been waiting for a week, and my accountant needs the right one today"))
    refund, repair = Option(id="a", title="Refund"), Option(id="b", title="A new invoice")
    case.do(OfferOptions(options=(refund, repair), by="ben", default="b"))
    offered = (await desk("status", "T-1")).out
    case.do(Choose(option="a"))
    case.do(RequestInformation(by="ben", question="Which account gets the money?"))
    asked = (await desk("status", "T-1")).out
    case.do(RecordCustomerReply(text="The usual one"))
    case.do(Pause(by="ben", why="the bank"))
    paused = (await desk("status", "T-1")).out

    assert "Ann (c-1), ann@example.com, en, UTC; frustration 0" in " ".join(line_of(offered, "customer").split())
    assert '"I have been waiting for a week' in line_of(offered, "they wrote")
    assert line_of(offered, "promised").split("promised")[1].strip().startswith('"a corrected invoice", by 2026-03-02')
    assert "a: Refund; b: A new invoice (if they do not choose)" in line_of(offered, "offered")
    assert line_of(offered, "tried").split() == ["tried", "Restarted", "the", "job"]
    assert line_of(offered, "known").split() == ["known", "invoices", "17", "and", "18", "are", "the", "same"]
    assert line_of(offered, "not taken").split() == ["not", "taken", "ana:", "on", "leave"]
    assert line_of(asked, "chosen").split() == ["chosen", "Refund"]
    assert '"Which account gets the money?"' in line_of(asked, "we asked")
    assert "the bank, since 2026-03-02 09:00 UTC" in line_of(paused, "waits for")
    for line in (*offered.splitlines(), *asked.splitlines(), *paused.splitlines()):
        assert len(line.rstrip()) <= 80


async def test_status_shows_what_colleagues_are_asked(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    assert not [line for line in (await desk("status", "T-1")).out.splitlines() if line.startswith(("advice", "appro"))]
    case.directory_is_slow = True
    case.do(Consult(by="ana", to="cat", question="Seen [bold]this[/bold] before?"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice"))
    out = " ".join((await desk("status", "T-1")).out.split())
    assert "advice asked of cat by ana: Seen [bold]this[/bold] before?" in out
    assert "approval refund of 120, asked of a person still to be found for ana: charged twice" in out

    case.do(RecordApprover(approval=1, person="dev"))
    assert "approval refund of 120, asked of dev for ana" in " ".join((await desk("status", "T-1")).out.split())
    view = (await desk("status", "T-1", "--json")).json["view"]
    assert view["consult"] == {"to": "cat", "question": "Seen [bold]this[/bold] before?", "by": "ana"}
    assert (view["approval"]["approver"], view["approval"]["amount"]) == ("dev", 120)
    case.do(AnswerConsult(by="cat", answer="Last May"))
    case.do(Approve(by="dev"))
    after = (await desk("status", "T-1", "--json")).json["view"]
    assert (after["consult"], after["approval"]) == (None, None)


async def test_an_exception_without_an_amount_is_shown_without_one(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(RequestApproval(what=ApprovalKind.EXCEPTION, by="ana", why="loyal for years"))
    assert "exception, asked of dev for ana: loyal for years" in " ".join((await desk("status", "T-1")).out.split())


async def test_status_in_json_is_one_document(desk: Desk) -> None:
    desk.cases.opened()
    told = (await desk("status", "T-1", "--json")).json

    assert (told["escalation"], told["view"]["stage"], told["view"]["offered_to"]) == (
        "escalation-T-1",
        "offered",
        "ana",
    )
    assert {clock["clock"] for clock in told["clocks"]} >= {"acknowledge", "first_response", "resolution"}


async def test_status_shows_the_whole_life_of_a_case(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(Resolve(by="ana", outcome=Outcome.WORKAROUND, solution="by hand"))
    case.wait(timedelta(days=3))
    case.do(AnswerSurvey(score=2))
    answered = (await desk("status", "T-1")).out
    case.do(Reopen(by="customer", why="it is back"))
    reopened = (await desk("status", "T-1")).out

    assert line_of(answered, "outcome").split() == ["outcome", "workaround"]
    assert line_of(answered, "score").split() == ["score", "2", "of", "5"]
    assert line_of(reopened, "cycle").split() == ["cycle", "2"]


async def test_status_of_a_case_that_is_over_shows_no_clock(desk: Desk) -> None:
    desk.cases.opened().do(Cancel(by="ana", cause=CancelCause.DUPLICATE, duplicate_of="T-2"))
    out = (await desk("status", "T-1")).out

    assert line_of(out, "stage").split() == ["stage", "cancelled"]
    assert "no clock runs" in out


async def test_status_says_how_many_messages_the_customer_was_sent(desk: Desk) -> None:
    case = desk.cases.opened()
    first = (await desk("status", "T-1")).out
    case.do(Acknowledge(by="ana"))
    case.do(RequestInformation(by="ana", question="which?"))
    later = (await desk("status", "T-1")).out

    assert line_of(first, "customer").rstrip().endswith("1 message sent to them")
    assert line_of(later, "customer").rstrip().endswith(f"{case.state.messages} messages sent to them")


async def test_status_and_list_name_people_with_the_id_that_commands_need(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Decline(by="ana", why="on leave"))
    case.do(Acknowledge(by="ben"))
    case.do(Consult(by="ben", to="cleo", question="Is it the queue?"))
    desk.cases.people = {"ana": "Ana Silva", "ben": "Ben Best", "cleo": "Cleo Orr"}
    shown = (await desk("status", "T-1")).out
    assert line_of(shown, "owner").split(maxsplit=1)[1].strip() == "Ben Best (ben)"
    assert "asked of Cleo Orr (cleo) by Ben Best (ben): Is it the queue?" in " ".join(shown.split())
    assert "Ana Silva: on leave" in shown
    assert "Ben Best (ben)" in (await desk("list")).out
    assert (await desk("status", "T-1", "--json")).json["view"]["owner"] == "ben"


async def test_the_only_message_without_an_answer_is_shown_once(desk: Desk) -> None:
    case = desk.cases.opened()
    case.do(Acknowledge(by="ana"))
    case.do(RecordCustomerReply(text="Hello?"))
    assert (await desk("status", "T-1")).out.count('"Hello?"') == 1
    assert "1 message, 2026-03-02 09:00 UTC" in line_of((await desk("status", "T-1")).out, "unanswered")
    case.do(RecordCustomerReply(text="Anyone there?"))
    assert "Anyone there?" in line_of((await desk("status", "T-1")).out, "they wrote")
