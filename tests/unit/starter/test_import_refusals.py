"""What `escalations import` cannot use: rows, files, options, servers, and tickets that could not be opened."""

import socket
from pathlib import Path

import pytest

from escalation.case.commands import Open
from starter.cli.importing.tables import MOST_REJECTED
from starter.errors import CommandRefused, TemporalUnreachable
from tests.unit.importing.desk import Desk as CasesInMemory
from tests.unit.importing.desk import Opening
from tests.unit.importing.logs import row
from tests.unit.starter.imports import EVENTS, EXAMPLE, SHORT_LIFE, Imports, MakeLog, lives


def test_a_mapping_that_is_wrong_is_named_before_anything_is_opened(imports: Imports, log: MakeLog) -> None:
    mapping = log("words: {x: solve}", header="columns: {ticket: id, at: when, event: what}", name="mapping.yaml")
    ended = imports(str(log(*lives(1))), "--mapping", str(mapping))

    assert (ended.code, ended.out, imports.connected) == (2, "", 0)
    assert "mapping.yaml:2: words.x: `solve` is not known here; did you mean `resolve`?" in ended.err


def test_a_log_of_another_tool_is_notified_that_it_needs_a_mapping(imports: Imports) -> None:
    ended = imports(str(EVENTS / "tickets.csv"))

    assert ended.code == 2
    assert "a log that is not ServiceNow's needs --mapping" in ended.err


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
