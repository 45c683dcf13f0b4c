from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.vocabulary import Category, Severity
from starter.importing import Rejected, UnreadableLog
from starter.mapping_file import InvalidMapping
from starter.simulating import EventMapping, Life, lives_of_events, load_mapping

EXAMPLES = Path(__file__).parents[3] / "examples" / "events"
COLUMNS = {"ticket": "id", "at": "when", "event": "what", "severity": "urgency", "person": "who"}
WORDS = {
    "new": "ignore",
    "taken": "acknowledge",
    "comment": "note",
    "asked": "request_information",
    "answered": "customer_replied",
    "supplier": "pause",
    "solved": "resolve",
    "gone": "cancel",
}
HEADER = "id,when,what,urgency,who"


def mapping(**changes: object) -> EventMapping:
    return EventMapping.model_validate({"columns": COLUMNS, "words": WORDS, **changes})


def row(what: str, hour: int = 9, ticket: str = "T1", urgency: str = "", who: str = "") -> str:
    return f"{ticket},2026-03-02T{hour:02}:00Z,{what},{urgency},{who}"


def read(*rows: str, **changes: object) -> tuple[list[Life], list[Rejected]]:
    rejected: list[Rejected] = []
    return list(lives_of_events([HEADER, *rows], mapping(**changes), rejected)), rejected


def kinds(life: Life) -> list[str]:
    return [step.command.kind for step in life.steps]


def test_each_row_is_a_command_at_its_instant() -> None:
    (life,), rejected = read(row("new", 8), row("taken", 9), row("asked", 10), row("answered", 11), row("solved", 12))

    assert rejected == []
    assert life.opened_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert kinds(life) == ["acknowledge", "request_information", "customer_replied", "resolve"]
    assert [step.at.hour for step in life.steps] == [9, 10, 11, 12]
    assert (life.open.severity, life.open.category, life.met) == (Severity.SEV3, Category.TECHNICAL, None)


def test_a_changed_severity_is_a_command_of_its_own() -> None:
    (life,), _ = read(row("new", 8, urgency="SEV3"), row("taken", 9, urgency="SEV1"), row("solved", 10, urgency="SEV2"))

    # What is known of it only with the solution changes nothing any more.
    assert kinds(life) == ["change_severity", "acknowledge", "resolve"]


def test_the_person_who_takes_it_is_named_for_it_once() -> None:
    (life,), _ = read(
        row("new", 8), row("taken", 9, who="Mia B."), row("comment", 10, who="Mia B."), row("taken", 11, who="Mia B.")
    )

    assert kinds(life) == ["reassign", "acknowledge", "note", "acknowledge"]
    assert life.steps[0].command.to == "mia-b"  # type: ignore[union-attr]  # it is the one that names somebody


def test_a_log_of_states_says_by_leaving_a_state_what_happened() -> None:
    states = (row("new", 8), row("taken", 9), row("asked", 10), row("taken", 11), row("taken", 12), row("supplier", 13))
    (life,), _ = read(*states, row("solved", 14), row("solved", 15), row("taken", 16), rows="states")

    assert kinds(life) == [
        *("acknowledge", "request_information", "customer_replied", "note", "note"),
        *("pause", "resume", "resolve", "reopen", "acknowledge"),
    ]


def test_rows_that_make_no_sense_are_listed_with_line_and_reason() -> None:
    (life,), rejected = read(
        row("new", 8),
        "T1,yesterday,taken,,",
        row("frobnicated", 9),
        row("taken", 9, ticket="no number!"),
        row("taken", 9, urgency="very"),
        "T1,2026-03-02T09:00Z,taken",
        row("taken", 10),
        row("comment", 9),
    )

    assert kinds(life) == ["acknowledge"]
    assert [(one.line, one.reason.split(";")[0]) for one in rejected] == [
        (3, "when is `yesterday`"),
        (4, "what is `frobnicated`"),
        (5, "`no number!` is no ticket number"),
        (6, "urgency is `very`"),
        (7, "3 columns where the header has 5"),
        (9, "it is earlier than the row before it, 2026-03-02 10:00:00"),
    ]


def test_a_ticket_that_comes_back_after_another_one_is_rejected_rather_than_opened_twice() -> None:
    found, rejected = read(row("new", 8), row("new", 8, ticket="T2"), row("solved", 9))

    assert [life.open.ticket for life in found] == ["T1", "T2"]
    assert [one.line for one in rejected] == [4]
    assert "must stand together" in rejected[0].reason


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
    (life,) = lives_of_events(lines, spelled, rejected)

    assert (rejected, life.open.severity) == ([], Severity.SEV4)
    assert life.opened_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_time_with_an_offset_is_that_instant() -> None:
    (life,), _ = read("T1,2026-03-02T09:00+02:00,new,,")

    assert life.opened_at == datetime(2026, 3, 2, 7, tzinfo=UTC)


def test_a_log_without_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableLog, match="no column what, urgency, who"):
        list(lives_of_events(["id,when", "T1,now"], mapping(), []))


def test_lives_come_one_by_one_while_the_log_is_read() -> None:
    asked: list[str] = []

    def lines() -> list[str]:
        return [HEADER, *(row("new", 8, ticket=f"T{number}") for number in range(5))]

    def watched() -> Iterator[str]:
        for line in lines():
            asked.append(line)
            yield line

    found = lives_of_events(watched(), mapping(), [])
    assert next(found).open.ticket == "T0"
    # The header, the row, and the one that shows that the ticket is complete.
    assert len(asked) == 3


def test_the_example_says_what_its_mapping_says() -> None:
    rejected: list[Rejected] = []
    with (EXAMPLES / "tickets.csv").open(encoding="utf-8") as lines:
        found = list(lives_of_events(lines, load_mapping(EXAMPLES / "mapping.yaml"), rejected))

    assert rejected == []
    assert [life.open.ticket for life in found] == ["A-1", "A-2", "A-3", "A-4"]
    assert [life.open.severity for life in found] == [Severity.SEV2, Severity.SEV3, Severity.SEV4, Severity.SEV3]
    assert {kind for life in found for kind in kinds(life)} >= {"reassign", "pause", "escalate", "reopen", "cancel"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("columns: {ticket: a, at: b}\nwords: {x: note}", "columns.event: Field required"),
        ("columns: {ticket: a, at: b, event: c}\nwords: {x: dance}", "words.x: Input should be 'acknowledge'"),
        ("columns: {ticket: a, at: b, event: c}\nwords: {x: note}\ncolour: red", "colour: Extra inputs"),
        ("columns: {ticket: a, at: b, event: c}\nwords: {x: note}\ndate_format: '%H:%M'", "names no year"),
        ("columns: [", "mend the YAML"),
        ("", "the file: Input should be"),
    ],
)
def test_a_mapping_that_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "mapping.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidMapping) as told:
        load_mapping(file)
    assert problem in str(told.value)
    assert str(file) in str(told.value)


def test_a_mapping_that_is_not_there_is_told() -> None:
    with pytest.raises(InvalidMapping, match="cannot be read"):
        load_mapping(Path("nowhere.yaml"))
