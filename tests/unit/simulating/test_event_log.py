from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.case.commands import Escalate, Reassign
from escalation.vocabulary import Category, Severity
from simulation import ExportMapping, Life, load_mapping, read_lives
from simulation.exports import InvalidMapping, Rejected, UnreadableLog

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
FINE = "columns: {ticket: a, at: b, event: c}\nwords: {x: note}\n"


def mapping(**changes: object) -> ExportMapping:
    return ExportMapping.model_validate({"columns": COLUMNS, "words": WORDS, **changes})


def row(what: str, hour: int = 9, ticket: str = "T1", urgency: str = "", who: str = "") -> str:
    return f"{ticket},2026-03-02T{hour:02}:00Z,{what},{urgency},{who}"


def read(*rows: str, **changes: object) -> tuple[list[Life], list[Rejected]]:
    rejected: list[Rejected] = []
    return list(read_lives([HEADER, *rows], mapping(**changes), rejected)), rejected


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
    named = life.steps[0].command
    assert isinstance(named, Reassign)
    assert named.to == "mia-b"


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


MORE = {**WORDS, "queued": "queue", "passed": "hand_over", "back": "decline"}
GROUPS = {"columns": {**COLUMNS, "group": "group"}, "words": MORE}


def grouped_rows(*told: tuple[str, str], **changes: object) -> Life:
    """The life of a ticket, an hour for each word and the group that has it then."""
    rows = [f"{row(what, 8 + number)},{group}" for number, (what, group) in enumerate(told)]
    rejected: list[Rejected] = []
    (life,) = read_lives([f"{HEADER},group", *rows], mapping(**{**GROUPS, **changes}), rejected)
    assert rejected == []
    return life


@pytest.mark.parametrize("rows", ["events", "states"])
def test_a_hand_over_before_anyone_took_it_is_passed_on_and_after_that_climbs_once(rows: str) -> None:
    told = [("new", ""), ("passed", ""), ("passed", ""), ("taken", ""), ("passed", ""), ("taken", ""), ("passed", "")]
    life = grouped_rows(*told, rows=rows)

    assert [kind for kind in kinds(life) if kind != "acknowledge"] == ["decline", "escalate", "note"]
    assert kinds(life)[:3] == ["decline", "acknowledge", "escalate"]


@pytest.mark.parametrize("rows", ["events", "states"])
def test_a_group_that_changes_is_a_hand_over_named_by_both_groups(rows: str) -> None:
    life = grouped_rows(("taken", "Desk"), ("comment", "Desk"), ("comment", "Network"), ("comment", ""), rows=rows)

    ((at, escalate),) = [(step.at, step.command) for step in life.steps if isinstance(step.command, Escalate)]
    assert at.hour == 10
    assert escalate.why == "Passed on from Desk to Network."


def test_a_group_that_changes_after_the_solution_moves_nothing() -> None:
    life = grouped_rows(("taken", "Desk"), ("solved", "Desk"), ("comment", "Archive"))

    assert "escalate" not in kinds(life)


def test_a_ticket_that_waits_in_a_queue_ends_a_wait_and_does_nothing_else() -> None:
    told = [row("queued", 8), row("taken", 9), row("asked", 10), row("queued", 11), row("queued", 12), row("taken", 13)]
    (life,), _ = read(*told, rows="states", words=MORE)

    assert kinds(life) == ["acknowledge", "request_information", "customer_replied", "acknowledge"]


def test_a_log_of_states_may_name_the_end_of_a_wait_too() -> None:
    words = {**WORDS, "resumed": "resume", "again": "reopen"}
    told = [*(row("taken", 8), row("supplier", 9), row("resumed", 10), row("taken", 11)), row("solved", 12)]
    (life,), _ = read(*told, row("again", 13), rows="states", words=words)

    assert kinds(life) == ["acknowledge", "pause", "resume", "acknowledge", "resolve", "reopen"]


def test_a_wait_for_another_person_ends_the_one_before_where_the_mapping_says_for_whom() -> None:
    words = {**WORDS, "parts": "pause"}
    told = (row("supplier", 9), row("parts", 10), row("taken", 11))
    apart = {"supplier": "the supplier", "parts": "parts"}

    (same,), _ = read(*told, rows="states", words=words)
    (life,), _ = read(*told, rows="states", words=words, waiting_for=apart)
    assert kinds(same) == ["pause", "note", "resume", "note"]
    assert kinds(life) == ["pause", "resume", "pause", "resume", "note"]


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


def test_a_log_may_say_when_a_ticket_was_opened_and_whether_its_target_was_met() -> None:
    columns = {**COLUMNS, "opened_at": "born", "made_sla": "ok"}
    lines = [f"{HEADER},born,ok", f"{row('taken', 9)},2026-03-02T07:00Z,", f"{row('solved', 10)},2026-03-02T07:00Z,no"]
    (life,) = read_lives(lines, mapping(columns=columns), [])

    assert (life.opened_at.hour, life.met) == (7, False)
    assert life.course is not None
    assert life.course.resolved_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_a_word_to_ignore_leaves_the_state_of_the_ticket_as_it_is() -> None:
    (life,), _ = read(
        *(row("taken", 8), row("supplier", 9), row("new", 10), row("taken", 11), row("solved", 12), row("new", 13)),
        rows="states",
    )

    assert kinds(life) == ["acknowledge", "pause", "resume", "note", "resolve"]


@pytest.mark.parametrize("rows", ["events", "states"])
def test_a_closing_resolves_what_is_not_resolved_yet(rows: str) -> None:
    words = {**WORDS, "closed": "close"}
    before, after = (
        kinds(read(row("taken", 9), *told, row("closed", 11), row("closed", 12), rows=rows, words=words)[0][0])
        for told in ([], [row("solved", 10)])
    )

    assert before == after == ["acknowledge", "resolve"]


def test_a_resolved_ticket_that_is_called_off_is_not_reopened_for_that() -> None:
    (life,), _ = read(row("taken", 9), row("solved", 10), row("gone", 11), row("solved", 12), rows="states")

    assert kinds(life) == ["acknowledge", "resolve", "cancel"]


def test_in_a_log_of_states_each_new_person_is_named_also_where_the_state_is_the_same() -> None:
    told = [("taken", "mia"), ("taken", "noa"), ("asked", "noa"), ("taken", "oli"), ("taken", "oli")]
    (life,), _ = read(*(row(what, 9 + n, who=who) for n, (what, who) in enumerate(told)), rows="states")

    named = [step.command.to for step in life.steps if step.command.kind == "reassign"]
    assert named == ["mia", "noa", "oli"]
    assert kinds(life) == [
        *("reassign", "acknowledge", "reassign", "acknowledge", "request_information"),
        *("customer_replied", "reassign", "acknowledge", "note"),
    ]


def test_a_severity_that_is_known_late_was_so_from_the_beginning() -> None:
    (life,), _ = read(row("new", 8), row("taken", 9, urgency="SEV1"), row("comment", 10, urgency="SEV2"))

    assert (life.open.severity, kinds(life)) == (Severity.SEV1, ["acknowledge", "change_severity", "note"])


def test_a_severity_that_comes_after_the_solution_changes_nothing() -> None:
    told = (row("taken", 9, urgency="SEV3"), row("solved", 10, urgency="SEV1"), row("solved", 11, urgency="SEV1"))
    for rows in ("events", "states"):
        (life,), _ = read(*told, rows=rows)
        assert "change_severity" not in kinds(life)


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


def test_the_example_says_what_its_mapping_says() -> None:
    rejected: list[Rejected] = []
    with (EXAMPLES / "tickets.csv").open(encoding="utf-8") as lines:
        found = list(read_lives(lines, load_mapping(EXAMPLES / "mapping.yaml"), rejected))

    assert rejected == []
    assert [life.open.ticket for life in found] == ["A-1", "A-2", "A-3", "A-4"]
    assert [life.open.severity for life in found] == [Severity.SEV2, Severity.SEV3, Severity.SEV4, Severity.SEV3]
    assert {kind for life in found for kind in kinds(life)} >= {"reassign", "pause", "escalate", "reopen", "cancel"}


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
