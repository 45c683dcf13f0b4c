"""`migrate`, `roster load`, `report`, `audit` and `history` against a real PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.migrate import migrations
from activities.adapters.postgres.records import Records
from activities.contracts import ClaimLifeInput, KeepTextInput, RecordInput
from escalation.bounds import reference_in, shortened
from escalation.case.codec import to_json
from escalation.case.commands import (
    Acknowledge,
    AgreeAction,
    Cancel,
    Consult,
    RecordApprover,
    RecordCustomerReply,
    RecordDeliveryFailed,
    Reopen,
    RequestApproval,
    Resolve,
    TellCustomer,
)
from escalation.case.events import Event
from escalation.case.naming import escalation_id
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import ApprovalKind, CancelCause, Outcome, Severity
from tests.example_policy import WITH_REVIEWS
from tests.integration.cli.test_roster import TEAM
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.starter.desk import Desk

ROSTER = Path(__file__).parents[3] / "examples" / "roster.yaml"
ALL = [step.source for step in migrations()]


def solved(ticket: str = "T-1") -> Case:
    """A case that was taken late, answered and resolved."""
    case = Case.opened(ticket=ticket)
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(hours=3))
    case.do(TellCustomer(by="ana", text="We found the cause.", next_step="A corrected invoice"))
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Sent a corrected invoice", root_cause="a retry"))
    return case


async def recorded(database: Database, case: Case, *, events: Sequence[Event] | None = None) -> str:
    """Write a case into the record as its workflow does; its escalation id."""
    escalation = escalation_id(case.state.ticket, case.state.life)
    batch = RecordInput(
        escalation=escalation,
        first_seq=1,
        events=tuple(case.events if events is None else events),
        view=view_of(case.state, case.policy),
        as_of=case.now,
    )
    await stored(database, case)
    await Records(database).append(batch)
    return escalation


async def stored(database: Database, case: Case) -> None:
    """Keep its policy under the very name and version that the case follows."""
    ref = case.state.policy
    async with database.connection() as connection:
        await connection.execute(
            "insert into policies (name, version, checksum, compiled, stored_at) "
            "values ($1, $2, $3, $4::text::jsonb, now()) on conflict do nothing",
            *(ref.name, ref.version, ref.checksum, to_json(case.policy)),
        )


async def people(dsn: str) -> dict[str, dict[str, object]]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["id"]: dict(row) for row in await connection.fetch("select * from people")}
    finally:
        await connection.close()


async def test_migrate_says_what_it_applied_and_then_that_nothing_is_to_do(fresh_desk: Desk) -> None:
    first, again = await fresh_desk("migrate"), await fresh_desk("migrate")

    assert (first.code, first.out.splitlines()) == (0, [f"applied {name}" for name in ALL])
    assert (again.code, again.out) == (0, "the schema is up to date; nothing to do\n")


async def test_migrate_in_json_names_the_files(fresh_desk: Desk) -> None:
    assert (await fresh_desk("migrate", "--json")).json == {"applied": ALL}
    assert (await fresh_desk("migrate", "--json")).json == {"applied": []}


async def test_before_migrate_every_other_command_says_to_run_it(fresh_desk: Desk) -> None:
    for command in (("report",), ("audit",), ("history", "T-1"), ("roster", "load", str(ROSTER))):
        ended = await fresh_desk(*command)

        assert (ended.code, ended.out) == (5, ""), command
        assert "run `escalations migrate`" in ended.err


async def test_the_roster_is_loaded_as_the_directory_reads_it(desk: Desk, dsn: str) -> None:
    ended = await desk("roster", "load", str(ROSTER))

    first, *changes = ended.out.splitlines()
    assert (ended.code, first) == (0, f"{ROSTER}: loaded, 14 people, 14 of them active; version 1")
    assert len(changes) == 14
    assert all(change.strip().startswith("joins: ") for change in changes)
    loaded = await people(dsn)
    assert len(loaded) == 14
    assert (loaded["lucia"]["tiers"], loaded["lucia"]["authority"]) == ([2, 3], 2000)
    assert loaded["deniz"]["language"] == "de"


async def test_loading_again_changes_whom_the_file_names_and_takes_out_the_others(
    desk: Desk, dsn: str, tmp_path: Path
) -> None:
    await desk("roster", "load", str(ROSTER))
    file = tmp_path / "team.yaml"
    file.write_text(
        "people:\n  - {id: ana, name: Ana, address: ana@example.org, skills: [], tiers: [2], max_open: 1, active: false}\n",
        encoding="utf-8",
    )
    ended = await desk("roster", "load", str(file), "--json")

    assert (ended.json["people"], ended.json["active"], ended.json["version"]) == (1, 0, 2)
    loaded = await people(dsn)
    assert len(loaded) == 14
    assert (loaded["ana"]["address"], loaded["ana"]["active"]) == ("ana@example.org", False)
    assert not any(person["active"] for person in loaded.values())


async def test_a_roster_with_a_mistake_changes_no_one(desk: Desk, dsn: str, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(ROSTER.read_text(encoding="utf-8").replace("ben@example.com", "ben"), encoding="utf-8")

    assert (await desk("roster", "load", str(file))).code == 2
    assert await people(dsn) == {}


async def test_a_report_of_nothing_is_all_zero(desk: Desk) -> None:
    ended = await desk("report")

    assert ended.code == 0
    assert ended.out.splitlines()[0].split() == ["escalations", "0"]


async def test_the_report_counts_what_is_recorded(desk: Desk, database: Database) -> None:
    await recorded(database, solved("T-1"))
    await recorded(database, solved("T-2"))
    await recorded(database, Case.opened(ticket="T-3"))
    shown, told = await desk("report"), (await desk("report", "--json")).json

    assert told["stages"] == {"offered": 1, "resolved": 2}
    assert told["outcomes"] == {"solved": 2}
    assert told["breaches"]["first_response"] == 2
    lines = [line.split() for line in shown.out.splitlines()]
    for line in (["escalations", "3"], ["resolved", "2"], ["solved", "2"], ["first", "response", "2"]):
        assert line in lines


async def test_the_report_shows_undelivered_messages_also_without_a_channel(desk: Desk, database: Database) -> None:
    case = Case.opened()
    case.do(RecordDeliveryFailed(key="offer/1", to="ghost", error="nobody is called `ghost`"))
    await recorded(database, case)
    shown, told = await desk("report"), (await desk("report", "--json")).json

    assert ["not", "delivered", "1"] in [line.split() for line in shown.out.splitlines()]
    assert told["undelivered"] == 1


async def test_one_of_a_kind_is_counted_in_the_singular(desk: Desk, database: Database) -> None:
    case = solved()
    case.do(Reopen(by="customer", why="It came back"))
    await recorded(database, case)

    assert ["reopened", "1", "escalation,", "1", "time"] in [
        line.split() for line in (await desk("report")).out.splitlines()
    ]


async def test_the_report_names_events_set_aside_only_where_there_are_some(desk: Desk, database: Database) -> None:
    case = Case.opened()
    await recorded(database, case)
    before = await desk("report")
    again = Case(now=case.now + timedelta(minutes=1))
    again.do(opening())
    await recorded(database, again)
    after, told = await desk("report"), (await desk("report", "--json")).json

    assert "set aside" not in before.out
    assert ["events", "set", "aside", str(len(case.events))] in [line.split() for line in after.out.splitlines()]
    assert told["superseded"] == len(case.events)


async def test_the_whole_history_is_shown_in_order(desk: Desk, database: Database) -> None:
    case = solved()
    await recorded(database, case)
    ended = await desk("history", "T-1", "--json")

    assert [(one["seq"], one["event"]["kind"]) for one in ended.items] == list(enumerate(case.kinds(), start=1))
    assert (await desk("history", "escalation-T-1", "--json")).out == ended.out


async def test_history_for_people_is_the_table_of_timeline(desk: Desk, database: Database) -> None:
    case = solved()
    await recorded(database, case)
    shown = await desk("history", "T-1")
    desk.cases.lives["T-1"] = case

    assert shown.out == (await desk("timeline", "T-1")).out


async def test_a_ticket_that_the_record_does_not_know_exits_4(desk: Desk) -> None:
    ended = await desk("history", "T-404", "--json")

    told = json.loads(ended.err)
    assert (ended.code, told["error"], told["escalation"]) == (4, "no such case", "escalation-T-404")
    assert "check the ticket number" in told["message"]


async def test_the_record_is_read_without_asking_temporal(desk: Desk, database: Database) -> None:
    await recorded(database, solved())
    desk.cases.failure = AssertionError("Temporal was asked")

    assert [(await desk(*line)).code for line in (("report",), ("history", "T-1"))] == [0, 0]


async def _with_long_reply(database: Database, text: str) -> str:
    """A recorded case to which the customer wrote a long text; the reference to it."""
    case = Case.opened(ticket="T-1")
    short = shortened(RecordCustomerReply(text=text))
    case.do(short.command)
    await Records(database).claim_life(ClaimLifeInput(ticket="T-1", run="first", at=MONDAY))
    await LongTexts(database).keep(KeepTextInput(escalation="escalation-T-1", text=text, at=MONDAY))
    await recorded(database, case)
    return reference_in(short.command.text)


async def test_the_history_shows_the_beginning_of_a_long_text_and_prints_it_whole(
    desk: Desk, database: Database
) -> None:
    log = "".join(
        f"{number:06} the queue is full, and this line is {'much ' * 30}longer than a terminal\n"
        for number in range(2_000)
    )
    reference = await _with_long_reply(database, log)
    shown = await desk("history", "T-1")
    assert f"the whole text: escalations history T-1 --text {reference[:12]}" in " ".join(shown.out.split())
    assert len(shown.out) < 20_000

    whole = await desk("history", "T-1", "--text", reference[:8])
    assert (whole.code, whole.out) == (0, f"{log}\n")
    as_json = await desk("history", "T-1~1", "--text", reference.upper(), "--json")
    assert as_json.json == {"text": log, "characters": len(log), "reference": reference}


async def test_a_reference_that_names_no_text_is_refused(desk: Desk, database: Database) -> None:
    reference = await _with_long_reply(database, "x" * 30_000)
    for written, said in (
        ("0" * 64, "has no text whose reference begins with"),
        (reference[:7], "write 8 to 64 characters of the reference"),
        ("%" * 8, "has no text"),
    ):
        ended = await desk("history", "T-1", "--text", written)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
    other = await desk("history", "T-2", "--text", reference)
    assert other.code == 2


async def test_what_people_who_leave_still_have_to_do_is_listed_and_handed_on(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    team, members = tmp_path / "team.yaml", TEAM.replace("[technical]", "[billing]")
    team.write_text(members, encoding="utf-8")
    await desk("roster", "load", str(team))
    case = Case.working()
    case.do(Consult(by="ana", to="ben", question="Is this the queue?"))
    case.directory_is_slow = True
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=400, by="ana", why="charged twice"))
    case.do(RecordApprover(approval=1, person="ben"))
    await recorded(database, case)
    reviewed, over = Case.working(ticket="T-3"), Case.working(ticket="T-2")
    reviewed.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Restarted"))
    to_review = Case.working(policy=WITH_REVIEWS, ticket="T-4", severity=Severity.SEV1, staffing=lambda _: "ben")
    to_review.do(Resolve(by="ben", outcome=Outcome.SOLVED, solution="Restarted"))
    to_review.wait(timedelta(days=15))
    await recorded(database, to_review)
    reviewed.do(AgreeAction(by="ana", owner="ben", what="Write a key", due_by=reviewed.now + timedelta(days=30)))
    await recorded(database, reviewed)
    over.do(Consult(by="ana", to="ben", question="Is this the queue?"))
    over.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    await recorded(database, over)
    desk.cases.lives |= {one.state.ticket: one for one in (case, reviewed, over, to_review)}
    team.write_text(
        members.replace("tiers: [1], max_open: 4}", "tiers: [1], max_open: 4, active: false}"), encoding="utf-8"
    )

    ended = await desk("roster", "load", str(team), "--dry-run")
    assert ended.code == 0, ended.err
    said = [line.strip() for line in ended.out.splitlines() if line.strip().startswith("left to do")]
    ticket = case.state.ticket
    assert said == [
        f"left to do: ben in {ticket} (advice, approval); --hand-on gives it to jana",
        "left to do: ben in T-3 (actions); --hand-on gives it to ana",
        "left to do: ben in T-4 (aftercare); --hand-on gives it to ana",
    ]
    refused = await desk("roster", "load", str(team))
    assert refused.code == 2
    assert "`ben` leaves with something to do in 3 cases (advice, approval, actions, aftercare): " in refused.err

    done = await desk("roster", "load", str(team), "--hand-on", "--by", "jana")
    assert done.code == 0, done.err
    assert f"handed on: {ticket} of ben to jana (advice, approval)" in done.out
    assert case.state.consult is not None
    assert case.state.consult.to == "jana"
    assert [action.owner for action in reviewed.state.actions] == ["ana"]
    assert to_review.state.owner == "ana"


async def test_a_case_that_temporal_has_forgotten_is_read_from_the_record(desk: Desk, database: Database) -> None:
    await recorded(database, solved("T-9"))

    assert "Invoices are sent twice" in (await desk("status", "T-9")).out
    assert "Sent a corrected invoice" in (await desk("timeline", "T-9")).out
    assert (await desk("status", "T-9", "--json")).json["view"]["ticket"] == "T-9"
    unknown = await desk("status", "T-99")
    assert (unknown.code, unknown.err) == (
        4,
        "no such case: there is no escalation `escalation-T-99`; check the ticket number, or open it\n",
    )
