"""Reading the rows of a log: times, zones, order, numbers of tickets, and a mapping that is wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.vocabulary import Severity
from simulation import load_mapping, read_lives
from simulation.exports import InvalidMapping, Rejected, UnreadableLog
from tests.unit.simulating.event_logs import FINE, HEADER, kinds, mapping, read, row


def test_rows_that_make_no_sense_are_listed_with_line_and_reason() -> None:
    (life,), rejected = read(
        row("new", 8),
        "T1,yesterday,taken,,",
        row("frobnicated", 9),
        row("taken", 9, ticket="?!"),
        row("taken", 9, urgency="very"),
        "T1,2026-03-02T09:00Z,taken",
        row("taken", 10),
        row("comment", 9),
    )

    assert kinds(life) == ["acknowledge"]
    assert [(one.line, one.reason.split(";")[0]) for one in rejected] == [
        (3, "when is `yesterday`"),
        (4, "what is `frobnicated`"),
        (5, "`?!` is not a ticket number"),
        (6, "urgency is `very`"),
        (7, "3 columns where the header has 5"),
        (9, "it is earlier than the row before it, 2026-03-02 10:00:00"),
    ]


def test_json_lines_hold_the_same_log() -> None:
    rejected: list[Rejected] = []
    lines = [
        '{"id": 7, "when": "2026-03-02T08:00Z", "what": "new"}',
        "",
        '{"ID": 7, "When": "2026-03-02T09:00Z", "what": "taken", "who": "Mia", "urgency": null}',
        '{"id": 7, "when": ["2026-03-02T09:00Z"], "what": "solved"}',
        "{",
        '{"id": 7, "when": "2026-03-02T10:00Z", "what": "solved"}',
    ]
    (life,) = read_lives(lines, mapping(), rejected, as_json=True)

    assert (life.open.ticket, kinds(life)) == ("7", ["reassign", "acknowledge", "resolve"])
    assert [one.line for one in rejected] == [4, 5]


def test_what_a_ticket_number_may_not_have_becomes_a_dash_unless_two_would_be_the_same() -> None:
    found, rejected = read(
        row("new", 8, ticket="Case 1"), row("new", 8, ticket="Case/1"), row("new", 8, ticket="Fäll 2")
    )

    assert [life.open.ticket for life in found] == ["Case-1", "F-ll-2"]
    assert [(one.line, one.reason.split(";")[0]) for one in rejected] == [
        (3, "`Case/1` would be called Case-1, as `Case 1` is")
    ]


@pytest.mark.parametrize(
    ("name", "person"),
    [("Jérôme L.", "jerome-l"), ("Åsa", "asa"), ("李明", "李明"), ("customer", "person-customer"), ("_", "")],
)
def test_people_keep_their_letters(name: str, person: str) -> None:
    (life,), _ = read(row("new", 8), row("taken", 9, who=name))

    assert [step.command.to for step in life.steps if step.command.kind == "reassign"] == [person] * bool(person)


@pytest.mark.parametrize("year", ["9999-12-31T00:00Z", "0001-01-01T00:00+02:00", "2500-01-01T00:00Z", "1900-01-01"])
def test_dates_that_stand_for_nothing_are_rejected(year: str) -> None:
    (life,), rejected = read(row("new", 8), f"T1,{year},taken,,", row("solved", 9))

    assert kinds(life) == ["resolve"]
    assert [(one.line, one.reason) for one in rejected] == [(3, f"when is `{year}`; write a year from 1970 to 2199")]


def test_a_row_that_comes_longer_after_the_opening_than_holidays_are_known_is_rejected() -> None:
    (life,), rejected = read(row("new", 8), "T1,2038-02-26T08:00Z,taken,,", "T1,2038-02-28T08:00Z,solved,,")

    assert kinds(life) == ["acknowledge"]
    assert [(one.line, one.reason) for one in rejected] == [
        (4, "2038-02-28 is more than 12 years after the ticket was opened, 2026-03-02")
    ]


def test_rows_of_one_ticket_are_brought_together_where_the_mapping_says_that_they_are_not() -> None:
    told = [
        row("new", 8, ticket="T2"),
        row("new", 8),
        "nonsense",
        row("taken", 9, ticket="T2"),
        row("taken", 9),
        row("solved", 10),
        row("frobnicated", 11, ticket="T2"),
    ]
    found, rejected = read(*told, grouped=False)

    assert [(life.open.ticket, kinds(life), life.rows) for life in found] == [
        ("T2", ["acknowledge"], 2),
        ("T1", ["acknowledge", "resolve"], 3),
    ]
    assert [one.line for one in rejected] == [4, 8]


def test_every_row_of_the_log_is_used_or_rejected() -> None:
    told = [row("new", 8), "", "a,b", row("taken", 9), row("taken", 8), row("new", 8, ticket="T2"), row("taken", 9)]
    found, rejected = read(*told)

    assert sum(life.rows for life in found) + len(rejected) == len([one for one in told if one])


def test_a_ticket_that_comes_back_after_another_one_is_rejected_rather_than_opened_twice() -> None:
    found, rejected = read(row("new", 8), row("new", 8, ticket="T2"), row("solved", 9))

    assert [life.open.ticket for life in found] == ["T1", "T2"]
    assert [one.line for one in rejected] == [4]
    assert "must be consecutive" in rejected[0].reason


def test_words_dates_and_separators_are_the_mappings() -> None:
    rejected: list[Rejected] = []
    spelled = mapping(
        date_format="%d.%m.%Y %H:%M",
        delimiter=";",
        missing="-",
        severities={"hoch": "SEV2"},
        usual_severity="SEV4",
    )
    lines = ["id;when;what;urgency;who", "T1;02.03.2026 08:00;new;-;-", "T1;02.03.2026 09:00;solved;hoch;-"]
    (life,) = read_lives(lines, spelled, rejected)

    assert (rejected, life.open.severity) == ([], Severity.SEV4)
    assert life.opened_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_time_with_an_offset_is_that_instant() -> None:
    (life,), _ = read("T1,2026-03-02T09:00+02:00,new,,")

    assert life.opened_at == datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "hour"),
    [
        ("2026-01-05T09:00", "2026-01-05 08:00"),
        ("2026-07-06T09:00", "2026-07-06 07:00"),
        ("2026-03-29T02:30", "2026-03-29 01:00"),
        ("2026-10-25T02:30", "2026-10-25 00:30"),
        ("2026-07-06T09:00+03:00", "2026-07-06 06:00"),
    ],
)
def test_a_time_without_an_offset_is_that_of_a_clock_in_the_zone_of_the_mapping(shown: str, hour: str) -> None:
    (life,), _ = read(f"T1,{shown},new,,", zone="Europe/Berlin")

    assert f"{life.opened_at:%Y-%m-%d %H:%M}" == hour


def test_a_log_without_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableLog, match="no column what, urgency, who"):
        list(read_lives(["id,when", "T1,now"], mapping(), []))


def test_lives_come_one_by_one_while_the_log_is_read() -> None:
    asked: list[str] = []

    def lines() -> list[str]:
        return [HEADER, *(row("new", 8, ticket=f"T{number}") for number in range(5))]

    def watched() -> Iterator[str]:
        for line in lines():
            asked.append(line)
            yield line

    found = read_lives(watched(), mapping(), [])
    assert next(found).open.ticket == "T0"
    # The header, the row, and the one that shows that the ticket is complete.
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "columns: {ticket: a, at: b}\nwords: {x: note}",
            ":1: columns.event: is missing; name the file's column for it",
        ),
        ("columns: {ticket: a, at: b, event: c}\nwords: {x: dance}", ":2: words.x: `dance` is not known here"),
        (f"{FINE}colour: red", ":3: colour: unknown key `colour`"),
        (
            "columns: {ticket: a, at: b, event: c, persn: d}\nwords: {x: note}",
            "columns.persn: `persn` is not a column we know; did you mean `person`?",
        ),
        (f"{FINE}delimiter: tab", ':3: delimiter: must be one character; a tab is written "\\t"'),
        (f"{FINE}delimiter: '\"'", ":3: delimiter: cannot separate columns"),
        (f"{FINE}zone: Europe/Berlni", ":3: zone: unknown time zone 'Europe/Berlni': did you mean Europe/Berlin"),
        (f"{FINE}encoding: klingon", ":3: encoding: is not an encoding"),
        (f"{FINE}encoding: base64", ":3: encoding: is not an encoding"),
        (f"{FINE}date_format: %d.%m.%Y", ":3: this is not YAML: found character '%' that cannot start any token"),
        ("columns: {ticket: a, at: b, event: c}\nwords: {x: note}\ndate_format: '%H:%M'", "names no year"),
        ("columns: [", "this is not YAML"),
        ("", "has no keys; write `columns:`"),
    ],
)
def test_a_mapping_that_is_wrong_is_shown_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidMapping) as told:
        load_mapping(file)
    assert problem in str(told.value)
    assert str(file) in str(told.value)


def test_a_mapping_that_is_not_there_is_shown() -> None:
    with pytest.raises(InvalidMapping, match="cannot be read"):
        load_mapping(Path("nowhere.yaml"))
