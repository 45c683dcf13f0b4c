"""`letter` and `mine` against a real PostgreSQL."""

from datetime import timedelta

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.ledger import Ledger
from activities.ports.sending import Envelope
from escalation.case.commands import Consult, RecordApprover, RequestApproval, Resolve
from escalation.vocabulary import ApprovalKind, Channel, Outcome
from starter.errors import WorkersBusy
from tests.integration.cli.test_record import ROSTER, recorded
from tests.unit.domain.case import MONDAY, Case
from tests.unit.starter.desk import Desk

LETTER = "We are on it\n\nDear Ann,\n\nlate, and sorry for it: \u201cyou\u201d wait.\n" + "A long line. " * 30


async def sent(database: Database, case: Case, key: str, to: str, body: str) -> None:
    ledger = Ledger(database, lambda: case.now)
    kind, *_ = key.split("/")
    await ledger.claim(case.state.escalation, key, channel=Channel.EMAIL, kind=kind, to=to)
    letter = Envelope(
        key=key,
        thread=case.state.escalation,
        address="ann@example.com",
        name="Ann",
        subject="[T-1] Twice",
        body=body,
        language="en",
        at=case.now,
    )
    await ledger.sent(case.state.escalation, key, channel=Channel.EMAIL, receipt="250 ok", letter=letter)


async def test_letters_are_listed_and_printed_as_they_went_out(desk: Desk, database: Database) -> None:
    case = Case.working()
    await recorded(database, case)
    await sent(database, case, "receipt/1/customer", "customer", LETTER)
    case.wait(timedelta(minutes=1))
    await sent(database, case, "offer/1/ana", "ana", "A case for you\n\nHello Ana")

    listed, everything = await desk("letter", "T-1"), await desk("letter", "T-1", "--all")
    assert "We are on it" in listed.out
    assert "A case for you" not in listed.out
    assert "--all lists them" in listed.out
    assert "--all" not in everything.out
    assert [line.split()[0] for line in everything.out.splitlines()[1:3]] == ["1", "2"]
    printed = await desk("letter", "T-1", "1")
    assert printed.out == f"Sent: 2026-03-02 09:00 UTC\nTo: customer\nSubject: [T-1] Twice\n\n{LETTER}\n"
    assert (await desk("letter", "T-1", "1", "--json")).json["body"] == LETTER


async def test_a_letter_that_is_not_there_is_refused_with_what_there_is(desk: Desk, database: Database) -> None:
    case = Case.working()
    await recorded(database, case)
    assert (await desk("letter", "T-1")).out == "no letter went out yet\n"
    await sent(database, case, "receipt/1/customer", "customer", LETTER)
    ended = await desk("letter", "T-1", "7")
    assert (ended.code, ended.err) == (2, "bad input: NUMBER 7: `T-1` has no such message; there are 1 to 1\n")
    assert (await desk("letter", "T-404")).code == 4


async def test_what_is_someones_to_do_is_listed_soonest_first(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered, owned, over = Case.opened(ticket="T-1"), Case.working(ticket="T-2"), Case.working(ticket="T-5")
    asked = Case.working(ticket="T-3", staffing=lambda wanted: "ben" if wanted.tier == 1 else "cat")
    asked.directory_is_slow = True
    asked.do(Consult(by="ben", to="ana", question="Seen before?"))
    asked.do(RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ben", why="charged twice"))
    asked.do(RecordApprover(approval=1, person="ana"))
    over.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="a new invoice", root_cause="a retry"))
    over.wait(timedelta(days=40))
    for case in (offered, owned, asked, over):
        await recorded(database, case)
        desk.cases.lives[case.state.ticket] = case

    tasks = (await desk("mine", "ana", "--json")).items
    assert [task["due"] for task in tasks] == sorted(task["due"] for task in tasks)
    assert {(task["ticket"], task["what"]) for task in tasks if task["ticket"] != "T-5"} == {
        ("T-1", "offer"),
        ("T-2", "owned"),
        ("T-3", "advice"),
        ("T-3", "approval"),
    }
    monkeypatch.setenv("ESCALATIONS_BY", "ana")
    monkeypatch.setenv("COLUMNS", "80")
    shown = (await desk("mine")).out
    story = " ".join(shown.split())
    assert "2026-03-02 09:15 in 15 min T-1 SEV2 accept or decline: Invoices are sent twice" in story
    assert "advise ben: Seen before?" in story
    assert "decide on the refund of 120 for ben: charged twice" in story
    assert all(len(line.rstrip()) <= 80 for line in shown.splitlines())
    assert (await desk("mine", "zoe")).out == "nothing is waiting for zoe\n"
    await desk("roster", "load", str(ROSTER))
    misspelled = await desk("mine", "chlo")
    assert (misspelled.code, misspelled.err) == (
        2,
        "bad input: PERSON chlo: is not in the roster; did you mean `chloe`?\n",
    )


async def test_a_case_that_does_not_answer_is_listed_from_the_record(desk: Desk, database: Database) -> None:
    await recorded(database, Case.opened(ticket="T-1"))
    desk.cases.failure = WorkersBusy("escalation-T-1", seconds=15, command_id="")
    (task,) = (await desk("mine", "ana", "--json")).items
    assert (task["what"], task["ticket"]) == ("offer", "T-1")
    assert task["due"] is not None
    assert task["due"] > MONDAY.isoformat()


async def test_the_next_follow_up_of_a_solved_case_is_due_and_not_the_last_one(desk: Desk, database: Database) -> None:
    solved, working = Case.working(ticket="T-1"), Case.working(ticket="T-2")
    solved.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="a new invoice"))
    for case in (solved, working):
        await recorded(database, case)
        desk.cases.lives[case.state.ticket] = case
    tasks = (await desk("mine", "ana", "--json")).items
    assert [(task["ticket"], task["due"][:10]) for task in tasks] == [("T-2", "2026-03-02"), ("T-1", "2026-03-04")]
    assert "next: follow up" in tasks[1]["text"]
