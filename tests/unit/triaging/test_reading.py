"""Exports of tickets: what is read by name, what is left out, and why."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation.triage.facts import TicketFacts
from escalation.vocabulary import Category, Severity
from simulation.exports import ExportMapping, InvalidMapping, Rejected, UnreadableLog, load_mapping
from simulation.exports.mapping import TICKET_COLUMNS
from simulation.tickets import Ticket, read_tickets

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOP = Path(__file__).parents[3]


class Read:
    """What a file held."""

    def __init__(self, file: Path, mapping: ExportMapping | None = None) -> None:
        self.rejected: list[Rejected] = []
        self.unread: list[str] = []
        with read_tickets(file, mapping, now=NOW, rejected=self.rejected, unread=self.unread) as tickets:
            self.tickets: list[Ticket] = list(tickets)

    @property
    def facts(self) -> TicketFacts:
        (only,) = self.tickets
        return only.facts

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(each.line, each.reason) for each in self.rejected]


def csv_file(folder: Path, text: str, name: str = "tickets.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def json_file(folder: Path, *rows: dict[str, Any] | str) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return csv_file(folder, "\n".join(lines), "tickets.jsonl")


WHOLE = {
    "ticket": "T-1",
    "customer": "c-1",
    "subject": "Charged twice",
    "text": "Please, refund",
    "language": "en",
    "customer_tier": "gold",
    "industry": "retail",
    "tags": "a; b ;;c",
    "severity": "SEV2",
    "category": "billing",
    "users_affected": "12",
    "money_at_stake": "99.95",
    "deadline": "2026-03-03T09:00+01:00",
    "hours_spent": "7.5",
    "owners_tried": "3",
    "opened_at": "2026-02-28T09:00Z",
    "reopen_count": "1",
    "times_contacted": "4",
    "frustration": "2",
    "agent_says_unable": "yes",
    "customer_asked_for_superior": "no",
}
EXPECTED = TicketFacts(
    subject="Charged twice",
    text="Please, refund",
    language="en",
    customer_tier="gold",
    industry="retail",
    tags=("a", "b", "c"),
    severity=Severity.SEV2,
    category=Category.BILLING,
    users_affected=12,
    money_at_stake=99.95,
    deadline=datetime(2026, 3, 3, 8, 0, tzinfo=UTC),
    hours_spent=7.5,
    owners_tried=3,
    days_open=2.0,
    reopen_count=1,
    times_contacted=4,
    frustration=2,
    agent_says_unable=True,
)


def as_csv(row: dict[str, str]) -> str:
    return ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n"


def test_columns_that_carry_our_names_are_read(tmp_path: Path) -> None:
    read = Read(csv_file(tmp_path, as_csv(WHOLE)))
    assert read.facts == EXPECTED
    assert (read.tickets[0].ticket, read.tickets[0].customer, read.tickets[0].line) == ("T-1", "c-1", 2)
    assert (read.rejected, read.unread) == ([], [])


def test_json_lines_may_hold_numbers_truths_and_lists(tmp_path: Path) -> None:
    typed = WHOLE | {"tags": ["a", "b", "c"], "users_affected": 12, "money_at_stake": 99.95, "hours_spent": 7.5}
    typed |= {"owners_tried": 3, "agent_says_unable": True, "customer_asked_for_superior": False, "reopen_count": 1}
    assert Read(json_file(tmp_path, typed, "")).facts == EXPECTED
    assert Read(json_file(tmp_path, WHOLE)).facts == EXPECTED


def test_every_name_is_a_fact_that_can_be_shown(tmp_path: Path) -> None:
    assert set(TICKET_COLUMNS) == set(WHOLE) | {"days_open"}
    assert Read(csv_file(tmp_path, as_csv({"ticket": "1", "days_open": "3.5"}))).facts.days_open == 3.5


def test_a_gzipped_export_a_mark_at_its_beginning_and_texts_of_several_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "tickets.csv.gz"
    file.write_bytes(gzip.compress('\ufeffticket,text\r\nT-1,"one\r\ntwo"\r\nT-2,x\r\n'.encode()))
    read = Read(file)
    assert [(each.line, each.facts.text) for each in read.tickets] == [(2, "one\r\ntwo"), (4, "x")]


def test_columns_that_nothing_is_read_from_are_named(tmp_path: Path) -> None:
    read = Read(csv_file(tmp_path, "ticket,Topic,owners\nT-1,x,3\n"))
    assert read.unread == ["Topic", "owners"]
    assert Read(json_file(tmp_path, {"ticket": "1", "owner": 1}, {"ticket": "2", "owner": 2})).unread == ["owner"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("ticket", "", "ticket is missing; write a ticket number"),
        ("ticket", "a b", "ticket is `a b`; write a ticket number"),
        ("ticket", "x" * 201, "1 to 200 characters"),
        ("customer", "a\u200e\x07b", "write an id of at most 200 visible characters"),
        ("hours_spent", "two", "hours_spent is `two`; write a number such as 2 or 7.5"),
        ("hours_spent", "1,5", "hours_spent is `1,5`"),
        ("hours_spent", "-1", "hours_spent is `-1`"),
        ("hours_spent", "nan", "hours_spent is `nan`"),
        ("owners_tried", "2.5", "owners_tried is `2.5`; write a whole number"),
        ("owners_tried", "٣", "owners_tried is `٣`; write a whole number"),
        ("frustration", "7", "frustration is 7; write 0 to 4"),
        ("severity", "P1", "severity is `P1`; write one of SEV1, SEV2, SEV3, SEV4, or map it"),
        ("category", "bills", "category is `bills`; write one of technical"),
        ("deadline", "soon", "deadline is `soon`; write it as ISO 8601"),
        ("opened_at", "2027-01-01", "opened_at is after 2026-03-02T09:00:00+00:00"),
        ("agent_says_unable", "maybe", "agent_says_unable is `maybe`; write yes, true, 1, x, or nothing"),
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_with_its_line_and_reason(
    tmp_path: Path, column: str, value: str, said: str
) -> None:
    bad = {"ticket": "T-1"} | {column: value}
    good = {name: "T-2" if name == "ticket" else "" for name in bad}
    read = Read(csv_file(tmp_path, as_csv(bad) + as_csv(good).splitlines()[1] + "\n"))
    assert [each.ticket for each in read.tickets] == ["T-2"]
    ((line, reason),) = read.reasons
    assert line == 2
    assert said in reason


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"ticket": "1", "text": ["x"]}', "text is `['x']`; write text"),
        ('{"ticket": "1", "tags": [1]}', "write a list of words"),
        ('{"ticket": "1", "owners_tried": true}', "owners_tried is `True`"),
        ('{"ticket": "1", "hours_spent": NaN}', "hours_spent is `nan`"),
        ('{"ticket": "1", "text": "\\ud800"}', "half a character"),
    ],
)
def test_a_line_of_json_that_makes_no_sense_is_left_out(tmp_path: Path, row: str, said: str) -> None:
    read = Read(json_file(tmp_path, {"ticket": "T-0"}, row, {"ticket": "T-9"}))
    assert [each.ticket for each in read.tickets] == ["T-0", "T-9"]
    ((line, reason),) = read.reasons
    assert line == 2
    assert said in reason


def test_rows_of_another_length_and_quotes_that_never_close_are_left_out(tmp_path: Path) -> None:
    read = Read(csv_file(tmp_path, 'ticket,text\nT-1\nT-2,x\nT-3,"x\n'))
    assert [each.ticket for each in read.tickets] == ["T-2"]
    assert [line for line, _ in read.reasons] == [2, 4]


def test_a_ticket_that_is_listed_twice_counts_once(tmp_path: Path) -> None:
    read = Read(csv_file(tmp_path, "ticket,text\nT-1,a\nT-2,b\nT-1,c\n"))
    assert [(each.ticket, each.facts.text) for each in read.tickets] == [("T-1", "a"), ("T-2", "b")]
    assert read.reasons == [(4, "T-1 is listed twice, first in line 2")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty or begins with a blank line"),
        ("number,subject\n1,x\n", "line 1: no column ticket; .*--mapping.*; there are number, subject"),
        ("\n\n", "is empty or begins with a blank line"),
    ],
)
def test_a_file_without_the_column_of_the_number_is_not_an_export(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UnreadableLog, match=says):
        Read(csv_file(tmp_path, text))


def test_what_is_not_text_is_not_an_export(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"ticket,text\nT-1,\xff\n")
    with pytest.raises(UnreadableLog, match="line 2: is not UTF-8 text"):
        Read(tmp_path / "x.csv")


def test_a_servicenow_export_is_known_by_its_columns() -> None:
    read = Read(TOP / "examples" / "incidents.csv")
    assert len(read.tickets) == 60
    assert read.rejected == []
    first = read.tickets[0]
    assert first.ticket.startswith("INC")
    assert first.facts.owners_tried is not None
    assert first.facts.owners_tried >= 1
    assert first.facts.days_open is not None
    assert first.facts.severity is not None
    # The log's codes say nothing of our categories, and codes are not language.
    assert (first.facts.category, first.facts.language) == (None, "")
    assert all(tag.split()[0] in {"Category", "Symptom"} for tag in first.facts.tags)


# Mapping.


def mapping_of(folder: Path, text: str) -> ExportMapping:
    return load_mapping(csv_file(folder, text, "mapping.yaml"), of_log=False)


def test_a_mapping_says_how_a_file_spells_things(tmp_path: Path) -> None:
    mapping = mapping_of(
        tmp_path,
        """
columns: {ticket: Nr, severity: Prio, category: Art, opened_at: Seit, tags: Worte, agent_says_unable: Hilfe}
severities: {P1: SEV1}
categories: {Rechnung: billing}
yes: [ja]
date_format: "%d.%m.%Y %H:%M"
delimiter: ";"
between_tags: ","
missing: "-"
usual_language: de
""",
    )
    text = "Nr;Prio;Art;Seit;Worte;Hilfe;text\n1;P1;Rechnung;28.02.2026 09:00;a,b;ja;x\n2;-;-;-;-;-;-\n"
    read = Read(csv_file(tmp_path, text), mapping)
    first, second = (each.facts for each in read.tickets)
    assert (first.severity, first.category, first.tags) == (Severity.SEV1, Category.BILLING, ("a", "b"))
    assert (first.days_open, first.agent_says_unable, first.language) == (2.0, True, "de")
    assert second == TicketFacts(language="de")
    assert read.unread == ["text"]


def test_the_example_of_a_mapping_reads_the_example_of_an_export() -> None:
    folder = TOP / "examples" / "triage"
    rejected: list[Rejected] = []
    unread: list[str] = []
    mapping = load_mapping(folder / "mapping.yaml", of_log=False)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with read_tickets(folder / "tickets.csv", mapping, now=now, rejected=rejected, unread=unread) as tickets:
        found = list(tickets)
    assert [each.ticket for each in found] == ["T-101", "T-102", "T-103", "T-104", "T-105", "T-106", "T-108"]
    assert [each.line for each in rejected] == [8]
    assert unread == []
    assert found[2].facts.deadline == now + timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: {ticket: Nr, subjekt: x}", "`subjekt` is not a column we know; did you mean `subject`?"),
        ("columns: {subject: x}", "columns.ticket: is missing"),
        ("severities: {P1: SEV9}", "severities.P1"),
        ("colums: {}", "colums"),
        ("delimiter: ''", "delimiter"),
        ("[", "mapping.yaml:1: "),
        ("", "has no keys; write `columns:`"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidMapping) as refused:
        mapping_of(tmp_path, text)
    assert said in str(refused.value)
    assert str(tmp_path / "mapping.yaml") in str(refused.value)
