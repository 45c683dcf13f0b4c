"""Exports as the world writes them: marks, encodings, separators, letters in two parts, columns that repeat."""

import csv
import io
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.triage.facts import TicketFacts
from simulation.exports import ExportMapping, Rejected, UnreadableLog
from simulation.exports.log_file import LONGEST_LINE, log_lines
from simulation.exports.spelling import as_compared, usual
from simulation.exports.table import Table
from simulation.tickets import read_tickets

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEXT = "Ticket;Wann\r\nT-1;Gelöst\r\n"


def read(file: Path, encoding: str = "utf-8") -> str:
    with log_lines(file, encoding=encoding) as lines:
        return "".join(lines)


def written(tmp_path: Path, held: bytes, name: str = "log.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(held)
    return file


@pytest.mark.parametrize(
    "held",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
)
def test_a_log_is_read_in_whatever_unicode_it_is_written(tmp_path: Path, held: bytes) -> None:
    assert read(written(tmp_path, held)) == TEXT


def test_an_encoding_that_was_said_is_used(tmp_path: Path) -> None:
    assert read(written(tmp_path, TEXT.encode("cp1252")), "windows-1252") == TEXT
    with pytest.raises(UnreadableLog, match="line 2: is not UTF-8 text; save it as UTF-8"):
        read(written(tmp_path, TEXT.encode("cp1252")))
    with pytest.raises(UnreadableLog, match="is not UTF-16 text"):
        read(written(tmp_path, TEXT.encode("utf-16") + b"\x00"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_on_any_system(tmp_path: Path, end: str) -> None:
    file = written(tmp_path, f"a,b{end}1,2{end}3,4{end}".encode())
    with log_lines(file) as lines:
        assert [cells for _, cells in Table(lines, refuse).rows()] == [["1", "2"], ["3", "4"]]


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    file = written(tmp_path, b"x" * (LONGEST_LINE + 2))
    with pytest.raises(UnreadableLog, match="has a line of more than"):
        read(file)


def refuse(line: int, reason: str) -> None:
    raise AssertionError((line, reason))


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "\ufeffsep=;\n", "SEP=;\n"])
def test_the_line_in_which_excel_names_the_separator_is_obeyed(first: str) -> None:
    table = Table([first, "a;b\n", "1;2\n"], refuse)
    assert table.header == ["a", "b"]
    assert list(table.rows()) == [(3, ["1", "2"])]


@pytest.mark.parametrize(("written_with", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_wrong_separator_is_named(written_with: str, name: str) -> None:
    table = Table([written_with.join(("Ticket", "When")) + "\n"], refuse)
    with pytest.raises(UnreadableLog, match=f"separates its columns by {name}, not by commas; write `delimiter: "):
        table.require(["Ticket", "When"])


def test_names_of_columns_are_the_same_in_whatever_letters_and_blanks() -> None:
    table = Table(["Gelo\u0308st\u00a0am, Priorita\u0308t\u200b \n"], refuse)
    table.require(["Gelöst am", "Priorita\u0308t"])
    assert table.header == ["Gelöst am", "Priorität"]


def test_a_needed_column_that_repeats_is_refused_with_its_count() -> None:
    with pytest.raises(UnreadableLog, match="has `b` 3 times, and only one can be meant"):
        Table(["a,b,b,b,c,c\n"], refuse).require(["a", "b"])


def tickets(
    tmp_path: Path, held: str, mapping: ExportMapping, name: str = "log.csv"
) -> tuple[list[TicketFacts], list[Rejected]]:
    rejected: list[Rejected] = []
    file = written(tmp_path, held.encode(), name)
    with read_tickets(file, mapping, now=NOW, rejected=rejected, unread=[]) as found:
        return [each.facts for each in found], rejected


JIRA = ExportMapping(columns={"ticket": "Key", "text": "Comment", "tags": "Labels", "severity": "Priority"})


def test_all_columns_of_a_name_count_for_texts_and_tags(tmp_path: Path) -> None:
    held = "Key,Labels,Labels,Labels,Comment,Comment,Priority\nP-1,legal,vip;new,,first,second,SEV2\n"
    (facts,), rejected = tickets(tmp_path, held, JIRA)
    assert facts.tags == ("legal", "vip", "new")
    assert facts.text == "first\n\nsecond"
    assert not rejected


def test_of_a_name_that_repeats_in_a_json_line_all_values_count_too(tmp_path: Path) -> None:
    held = '{"Key": "P-1", "Comment": "first", "Labels": "a", "Comment": "second", "Labels": "b"}\n'
    (facts,), _ = tickets(tmp_path, held, JIRA, "log.jsonl")
    assert (facts.text, facts.tags) == ("first\n\nsecond", ("a", "b"))


def test_a_value_that_repeats_differently_is_rejected_by_name(tmp_path: Path) -> None:
    held = '{"Key": "P-1", "Priority": "SEV1", "Priority": "SEV2"}\n{"Key": "P-2", "Priority": "SEV1", "Priority": "SEV1"}\n'
    found, (rejected,) = tickets(tmp_path, held, JIRA, "log.jsonl")
    assert len(found) == 1
    assert rejected.reason == "Priority is there 2 times, with different values; write one"


def test_times_of_an_export_are_in_the_zone_of_its_mapping(tmp_path: Path) -> None:
    mapping = ExportMapping(
        columns={"ticket": "Key", "opened_at": "Created"}, zone="Europe/Berlin", date_format="%Y-%m-%d %H:%M"
    )
    (facts,), _ = tickets(tmp_path, "Key,Created\nP-1,2026-11-25 07:00\n", mapping)
    assert facts.days_open == 0.25


def test_an_export_is_read_in_the_encoding_of_its_mapping(tmp_path: Path) -> None:
    mapping = ExportMapping(columns={"ticket": "Key", "text": "Text"}, encoding="windows-1252")
    file = written(tmp_path, "Key,Text\nP-1,Kündigung\n".encode("cp1252"))
    with read_tickets(file, mapping, now=NOW, rejected=[], unread=[]) as found:
        assert [each.facts.text for each in found] == ["Kündigung"]


@given(st.text())
def test_the_usual_spelling_is_final(text: str) -> None:
    assert usual(usual(text)) == usual(text)
    assert as_compared(as_compared(text)) == as_compared(text)


@pytest.mark.fuzz
@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_every_row_is_read_or_rejected_with_its_line(rows: list[list[str]], delimiter: str) -> None:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter).writerows([["a", "b"], *rows])
    rejected: list[int] = []
    lines = held.getvalue().splitlines(keepends=True)
    table = Table(lines, lambda line, _: rejected.append(line), delimiter=delimiter)
    seen = [line for line, _ in table.rows()] + rejected
    assert len(seen) >= 1 or not any(len(row) for row in rows)
    assert len(seen) == len(set(seen))


@pytest.mark.fuzz
@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["log.csv", "log.jsonl", "log.csv.gz"]))
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, held: bytes, name: str
) -> None:
    file = written(tmp_path_factory.mktemp("fuzz"), held, name)
    rejected: list[Rejected] = []
    with suppress(UnreadableLog), read_tickets(file, JIRA, now=NOW, rejected=rejected, unread=[]) as found:
        assert len({each.ticket for each in found}) <= held.count(b"\n") + held.count(b"\r") + 1
