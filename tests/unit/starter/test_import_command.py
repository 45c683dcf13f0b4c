"""`escalations import`, against cases in memory that follow the real core, in virtual time."""

import asyncio
import io
import re
from datetime import UTC, datetime

import pytest

from escalation.case.commands import Acknowledge, TellCustomer
from simulation.exports import Step
from starter.cli.importing.progress import LINE_SECONDS, shown_progress
from starter.cli.importing.tables import imported
from starter.cli.log_size import LogSize, measure
from starter.cli.output import Output
from starter.errors import EscalationEnded, TemporalUnreachable, WorkersBusy
from starter.play import Played, Skipped
from tests.unit.importing.logs import life, row
from tests.unit.importing.virtual_time import at_once
from tests.unit.starter.desk import Terminal
from tests.unit.starter.imports import EVENTS, EXAMPLE, PROGRESS, Imports, MakeLog, lives


def test_a_real_log_is_played_and_summed_up(imports: Imports) -> None:
    ended = imports(str(EXAMPLE), "--json")

    told = ended.json
    assert (ended.code, told["tickets"], told["opened"], told["found"], told["failed"]) == (0, 60, 60, 0, 0)
    assert len(imports.cases.cases) == 60
    assert told["steps"] == measure(EXAMPLE, None).steps
    assert told["done"] + sum(reason["count"] for reason in told["skipped"]) == told["steps"]
    assert told["done"] > 0.9 * told["steps"]
    assert told["rejected"] == []


def test_a_log_is_imported_with_the_mapping_that_simulates_it(imports: Imports) -> None:
    ended = imports(str(EVENTS / "tickets.csv"), "--mapping", str(EVENTS / "mapping.yaml"), "--json")

    told = ended.json
    assert (ended.code, told["tickets"], told["opened"], told["rejected"]) == (0, 4, 4, [])
    assert told["done"] >= 0.75 * told["steps"] > 0
    customers = {case.state.customer.address for case in imports.cases.cases.values()}
    assert customers == {"acme@example.com", "brown@example.com", "cole@example.com"}
    # People of the log do not work here, and people read what is written.
    kinds = {command.kind for _, _, command in imports.cases.sent}
    assert "reassign" not in kinds
    assert "resolve" in kinds
    told_to_customers = [command.text for _, _, command in imports.cases.sent if isinstance(command, TellCustomer)]
    assert "We are working on A-1." in told_to_customers


def test_a_log_of_json_lines_is_imported_with_its_encoding_and_zone(imports: Imports, log: MakeLog) -> None:
    mapping = log(
        "columns: {ticket: id, at: when, event: what, person: who}",
        "words: {da: acknowledge, gelöst: resolve}",
        header="rows: states",
        name="mapping.yaml",
    )
    rows = ('{"id": 7, "When": "2026-03-02T09:00", "what": "da", "who": null}', '{"id": 7, "when": "2026-03-02T10:00"}')
    last = '{"id": 7, "when": "2026-03-02T11:00", "what": "gelöst"}'
    file = log(*rows, last, header="", name="log.jsonl", encoding="cp1252")
    options = ("--mapping", str(mapping), "--encoding", "windows-1252", "--zone", "Europe/Berlin")
    told = imports(str(file), *options, "--json").json

    assert (told["tickets"], told["opened"], told["done"]) == (1, 1, told["steps"])
    assert told["rejected"] == [{"line": 3, "reason": "what is missing; write one of da, gelöst, or map it"}]


def test_skipped_steps_are_summed_up_by_reason_and_are_not_a_failure(imports: Imports) -> None:
    ended = imports(str(EXAMPLE))

    assert ended.code == 0
    rows = ended.out[ended.out.index("skipped  step") :]
    assert re.search(r"^\d+ +acknowledge +`acknowledge` is not possible while working; .*INC\d+", rows, re.MULTILINE)


def test_a_pipe_gets_a_plain_line_every_few_seconds(imports: Imports) -> None:
    out = imports(str(EXAMPLE)).out

    told = [tuple(map(int, found.groups())) for found in PROGRESS.finditer(out)]
    assert len(told) >= 5
    assert told == sorted(told)
    assert {(steps, tickets) for _, steps, _, tickets in told} == {(527, 60)}
    assert "\x1b" not in out
    assert out.splitlines()[0].endswith("60 tickets with 527 steps, 0 rows rejected")


def test_a_terminal_gets_a_bar(imports: Imports, log: MakeLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    out = imports(str(log(*lives(3))), stdout=Terminal()).out

    assert "\x1b[" in out
    assert "3 of 3 tickets" in out
    assert not PROGRESS.search(out)


def test_programs_get_one_document_and_nothing_else(imports: Imports, log: MakeLog) -> None:
    ended = imports(str(log(*lives(2))), "--json")

    assert len(ended.out.splitlines()) == 1
    assert ended.err == ""


def test_the_same_log_again_opens_nothing_and_does_nothing_twice(imports: Imports, log: MakeLog) -> None:
    line = (str(log(*lives(3))), "--json")
    first, again = imports.play(line, line)

    assert (first.json["opened"], first.json["found"]) == (3, 0)
    assert (again.json["opened"], again.json["found"]) == (0, 3)
    assert len(imports.cases.sent) == first.json["done"]


def test_a_limit_takes_the_first_tickets_only(imports: Imports, log: MakeLog) -> None:
    ended = imports(str(log(*lives(5))), "--limit", "2", "--json")

    assert ended.json["tickets"] == 2
    assert set(imports.cases.cases) == {"INC1", "INC2"}


def test_a_higher_compression_plays_faster(log: MakeLog) -> None:
    file = str(log(*life("New", "Active", "Resolved", "Closed")))
    slow, fast = Imports(), Imports()
    slow(file, "--compress", "1800", "--longest", "10s")
    fast(file, "--compress", "7200")

    assert slow.cases.sent[-1][0] > fast.cases.sent[-1][0]


def test_the_waits_of_a_ticket_have_bounds_of_their_own(log: MakeLog) -> None:
    file = str(log(*life("New", "Active", "Resolved", "Closed")))
    unbound, bound = Imports(), Imports()
    unbound(file, "--compress", "60", "--longest", "2h", "--whole", "4h")
    bound(file, "--compress", "60", "--longest", "2h", "--whole", "5s")

    assert unbound.cases.sent[0][0] > 30
    assert bound.cases.sent[0][0] < 5


def test_where_nothing_says_where_the_record_is_the_openings_tell_of_the_policy(imports: Imports, log: MakeLog) -> None:
    assert imports(str(log(*lives(1))), "--json").json["opened"] == 1


def test_one_ticket_and_one_rejected_row_are_shown_in_the_singular(imports: Imports, log: MakeLog) -> None:
    told = " ".join(imports(str(log(*life("New", "Active"), row(number="BAD", made_sla="maybe")))).out.split())

    assert "1 ticket with 2 steps, 1 row rejected" in told
    assert "1 ticket: 1 opened, 0 were open before" in told
    assert "2 of 2 steps done, 0 skipped" in told


def test_one_that_was_open_before_is_shown_in_the_singular(imports: Imports, log: MakeLog) -> None:
    line = (str(log(*lives(1))),)
    _, again = imports.play(line, line)

    assert "1 ticket: 0 opened, 1 was open before" in again.out


def skipped(ticket: str, index: int, reason: Exception) -> Skipped:
    step = Step(at=datetime(2026, 3, 2, tzinfo=UTC), command=Acknowledge(by="ana"))
    return Skipped(ticket=ticket, index=index, step=None if index < 0 else step, reason=str(reason))


def test_one_reason_of_many_tickets_is_one_line() -> None:
    played = [
        Played(
            ticket=ticket,
            started=True,
            done=0,
            skipped=(
                skipped(ticket, 0, EscalationEnded(f"escalation-{ticket}", "closed")),
                skipped(
                    ticket,
                    1,
                    WorkersBusy(f"escalation-{ticket}", seconds=5, command_id=f"import/{ticket}/1/taken-by/ana"),
                ),
            ),
        )
        for ticket in ("INC1", "INC11", "INC-1.a")
    ]
    outcome = imported("log.csv", LogSize(tickets=3, steps=6, rejected=()), played)

    assert [(one.count, one.example) for one in outcome.skipped] == [(3, "INC1"), (3, "INC1")]
    assert all("TICKET" in one.reason and "INC" not in one.reason for one in outcome.skipped)


def test_tickets_that_could_not_be_opened_are_counted_apart() -> None:
    lost = TemporalUnreachable("gone")
    played = [
        Played(ticket="INC1", started=False, done=0, skipped=(skipped("INC1", -1, lost), skipped("INC1", 0, lost))),
        Played(ticket="INC2", started=False, done=1, skipped=()),
        Played(ticket="INC3", started=True, done=1, skipped=()),
    ]
    outcome = imported("log.csv", LogSize(tickets=3, steps=3, rejected=()), played)

    assert (outcome.opened, outcome.found, outcome.failed, outcome.done) == (1, 1, 1, 2)
    assert {one.step for one in outcome.skipped} == {"open", "acknowledge"}


def test_no_progress_is_shown_after_the_play_has_ended(log: MakeLog) -> None:
    out = io.StringIO()
    size = measure(log(*lives(1)), None)

    async def story() -> None:
        with shown_progress(Output(stdout=out, stderr=out), size):
            await asyncio.sleep(LINE_SECONDS * 1.5)
        told = out.getvalue()
        await asyncio.sleep(LINE_SECONDS * 3)
        assert told.count("steps") == 1
        assert out.getvalue() == told

    at_once(story())
