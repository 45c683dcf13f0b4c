"""`escalations import`, against cases in memory that follow the real core, in virtual time."""

import asyncio
import io
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.case.commands import Acknowledge, Open, TellCustomer
from simulation.exports import Step
from starter.cli.app import run
from starter.cli.cases import Cases
from starter.cli.context import Context
from starter.cli.importing.progress import LINE_SECONDS, shown_progress
from starter.cli.importing.tables import MOST_REJECTED, imported
from starter.cli.log_size import LogSize, measure
from starter.cli.output import Output
from starter.errors import CommandRefused, EscalationEnded, TemporalUnreachable, WorkersBusy
from starter.play import Played, Skipped
from tests.unit.importing.desk import Desk as CasesInMemory
from tests.unit.importing.desk import Opening
from tests.unit.importing.logs import HEADER, life, row
from tests.unit.importing.virtual_time import at_once
from tests.unit.starter.desk import Ended, Terminal

EXAMPLE = Path(__file__).parents[3] / "examples" / "incidents.csv"
PROGRESS = re.compile(r"^(\d+) of (\d+) steps, (\d+) of (\d+) tickets played to their end$", re.MULTILINE)
SHORT_LIFE = ("New", "Active", "Resolved", "Closed")
MakeLog = Callable[..., Path]


@dataclass
class Imports:
    """Runs `import` command lines; each line of `play` happens in one virtual time."""

    cases: CasesInMemory = field(default_factory=CasesInMemory)
    failure: Exception | None = None
    connected: int = 0

    def __call__(self, *argv: str, stdout: io.StringIO | None = None) -> Ended:
        (ended,) = self.play(argv, stdout=stdout)
        return ended

    def play(self, *lines: tuple[str, ...], stdout: io.StringIO | None = None) -> list[Ended]:
        async def story() -> list[Ended]:
            return [await self._one(line, stdout or io.StringIO()) for line in lines]

        return at_once(story())

    async def _one(self, argv: tuple[str, ...], out: io.StringIO) -> Ended:
        err = io.StringIO()
        context = Context(
            out=Output(stdout=out, stderr=err), cases=self._connect, now=lambda: datetime(2026, 3, 2, tzinfo=UTC)
        )
        code = await run(["import", *argv, "--policy", "demo"], context)
        return Ended(code, out.getvalue(), err.getvalue())

    async def _connect(self) -> Cases:
        self.connected += 1
        if self.failure is not None:
            raise self.failure
        return self.cases  # type: ignore[return-value]  # the part of `Cases` that an import needs


@pytest.fixture
def imports() -> Imports:
    return Imports()


@pytest.fixture
def log(tmp_path: Path) -> MakeLog:
    def write(*rows: str, header: str = HEADER, name: str = "log.csv", encoding: str = "utf-8") -> Path:
        file = tmp_path / name
        file.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
        return file

    return write


def lives(count: int) -> list[str]:
    """Rows of N tickets that are taken, resolved and closed."""
    return [
        text.replace("INC1,", f"INC{number},").replace("Caller 7", f"Caller {number}")
        for number in range(1, count + 1)
        for text in life(*SHORT_LIFE)
    ]


def test_a_real_log_is_played_and_summed_up(imports: Imports) -> None:
    ended = imports(str(EXAMPLE), "--json")

    told = ended.json
    assert (ended.code, told["tickets"], told["opened"], told["found"], told["failed"]) == (0, 60, 60, 0, 0)
    assert len(imports.cases.cases) == 60
    assert told["steps"] == measure(EXAMPLE, None).steps
    assert told["done"] + sum(reason["count"] for reason in told["skipped"]) == told["steps"]
    assert told["done"] > 0.9 * told["steps"]
    assert told["rejected"] == []


EVENTS = Path(__file__).parents[3] / "examples" / "events"


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


def test_a_mapping_that_is_wrong_is_named_before_anything_is_opened(imports: Imports, log: MakeLog) -> None:
    mapping = log("words: {x: solve}", header="columns: {ticket: id, at: when, event: what}", name="mapping.yaml")
    ended = imports(str(log(*lives(1))), "--mapping", str(mapping))

    assert (ended.code, ended.out, imports.connected) == (2, "", 0)
    assert "mapping.yaml:2: words.x: `solve` is not known here; did you mean `resolve`?" in ended.err


def test_a_log_of_another_tool_is_notified_that_it_needs_a_mapping(imports: Imports) -> None:
    ended = imports(str(EVENTS / "tickets.csv"))

    assert ended.code == 2
    assert "a log that is none of ServiceNow's needs --mapping" in ended.err


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


def test_rejected_rows_are_counted_and_listed_with_their_reasons(imports: Imports, log: MakeLog) -> None:
    file = log(*lives(1), row(number="INC2", incident_state="Asleep"), row(number="INC3", made_sla="perhaps"))
    ended = imports(str(file))

    assert ended.code == 0
    assert ", 2 rows rejected" in " ".join(ended.out.split())
    whole = ended.out[ended.out.index("why it was rejected") :].splitlines()
    listed = [line for line in whole if line.lstrip()[:1].isdigit()]
    assert [line.split(maxsplit=1)[0] for line in listed] == ["6", "7"]
    assert "incident_state is `Asleep`" in listed[0]
    assert "made_sla is `perhaps`" in listed[1]
    told = Imports()(str(file), "--json").json["rejected"]
    assert [one["line"] for one in told] == [6, 7]


def test_very_many_rejected_rows_are_listed_up_to_a_bound(imports: Imports, log: MakeLog) -> None:
    bad = [row(number=f"BAD{number}", incident_state="?") for number in range(MOST_REJECTED + 7)]
    file = log(*lives(1), *bad)

    assert "and 7 more; --json lists them all" in imports(str(file)).out
    assert len(Imports()(str(file), "--json").json["rejected"]) == MOST_REJECTED + 7


def test_a_log_that_cannot_be_read_is_refused_before_anyone_is_called(
    imports: Imports, log: MakeLog, tmp_path: Path
) -> None:
    (tmp_path / "empty.csv").touch()
    other = log("a,b", header="one,two", name="other.csv")
    for file, reason in (
        (tmp_path / "none.csv", "cannot be read: No such file or directory"),
        (tmp_path / "empty.csv", "is empty or begins with a blank line"),
        (other, ":1: no column number, incident_state"),
        (log(name="bare.csv"), "holds no ticket"),
        (log(row(made_sla="maybe"), name="bad.csv"), "; 1 row was rejected, line 2: made_sla is"),
    ):
        ended = imports(str(file))

        assert (ended.code, ended.out) == (2, ""), file
        (line,) = ended.err.splitlines()
        assert line.startswith(f"bad input: {file}:")
        assert reason in line
    assert imports.connected == 0


class Without(CasesInMemory):
    """Knows no policy for one ticket."""

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        if request.ticket == "INC2":
            raise CommandRefused("UnknownPolicy", "no policy is called `demo`")
        return await super().open(request, policy=policy, again=again)


def test_a_ticket_that_could_not_be_opened_is_a_finding_after_all_others_were_played(log: MakeLog) -> None:
    file = log(*(row(state, number=number) for number in ("INC1", "INC2", "INC3") for state in SHORT_LIFE))
    ended = Imports(cases=Without())(str(file), "--json")

    assert (ended.code, ended.json["opened"], ended.json["failed"]) == (1, 2, 1)
    assert "1 of 3 tickets; the answer says why" in ended.err
    reasons = {one["step"]: one["reason"] for one in ended.json["skipped"]}
    assert reasons["open"] == "no policy is called `demo`"


def test_a_log_in_another_encoding_is_refused_with_the_line(imports: Imports, log: MakeLog) -> None:
    file = log(*lives(2), row(number="INC9", caller_id="Zoë"), encoding="latin-1")
    ended = imports(str(file))

    assert (ended.code, ended.err) == (
        2,
        f"bad input: {file}:10: is not UTF-8 text; save it as UTF-8, such as with "
        "`iconv -f WINDOWS-1252 -t UTF-8`, or name its encoding: `encoding` in a mapping, `--encoding` of import\n",
    )
    assert imports.connected == 0


def test_a_byte_order_mark_does_no_harm(imports: Imports, log: MakeLog) -> None:
    assert imports(str(log(*lives(1), encoding="utf-8-sig")), "--json").json["opened"] == 1


@pytest.mark.parametrize(
    "options",
    [
        *(("--compress", value) for value in ("0", "-1", "nan", "inf", "fast")),
        *(("--limit", value) for value in ("0", "-3")),
        *(("--longest", value) for value in ("0s", "soon")),
        ("--at-once", "0"),
    ],
    ids=" ".join,
)
def test_a_value_that_makes_no_sense_is_refused(imports: Imports, options: tuple[str, str]) -> None:
    ended = imports(str(EXAMPLE), *options)

    assert (ended.code, ended.out, imports.connected) == (2, "", 0)
    assert options[0] in ended.err
    assert "Traceback" not in ended.err


def test_a_server_that_does_not_answer_exits_5(imports: Imports, log: MakeLog) -> None:
    imports.failure = TemporalUnreachable("No Temporal server at localhost:7233")
    ended = imports(str(log(*lives(1))))

    assert (ended.code, ended.err) == (5, "no answer: No Temporal server at localhost:7233\n")


# The policy.


def test_where_nothing_says_where_the_record_is_the_openings_tell_of_the_policy(imports: Imports, log: MakeLog) -> None:
    assert imports(str(log(*lives(1))), "--json").json["opened"] == 1


def test_a_record_that_does_not_answer_is_shown_before_anything_is_opened(
    imports: Imports, log: MakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ESCALATIONS_DSN", f"postgresql://us:secret@127.0.0.1:{silent.getsockname()[1]}/escalations")
        ended = imports(str(log(*lives(1))))

    assert (ended.code, ended.out, imports.connected) == (5, "", 0)
    assert "secret" not in ended.err


def test_a_record_that_cannot_be_read_is_a_bad_setting(
    imports: Imports, log: MakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", "postgresql://us:secret@db.example.com:port/escalations")
    ended = imports(str(log(*lives(1))))

    assert (ended.code, ended.out, imports.connected) == (2, "", 0)
    assert ended.err.startswith("bad setting: ESCALATIONS_DSN: cannot be read")


# One of a kind.


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
