"""A row of a log becomes a command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.case.commands import Reassign
from escalation.vocabulary import Category, Severity
from simulation import load_mapping, read_lives
from simulation.exports import Rejected
from tests.unit.simulating.event_logs import COLUMNS, HEADER, WORDS, kinds, mapping, read, row

EXAMPLES = Path(__file__).parents[3] / "examples" / "events"


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


def test_a_log_may_say_when_a_ticket_was_opened_and_whether_its_target_was_met() -> None:
    columns = {**COLUMNS, "opened_at": "born", "made_sla": "ok"}
    lines = [f"{HEADER},born,ok", f"{row('taken', 9)},2026-03-02T07:00Z,", f"{row('solved', 10)},2026-03-02T07:00Z,no"]
    (life,) = read_lives(lines, mapping(columns=columns), [])

    assert (life.opened_at.hour, life.met) == (7, False)
    assert life.course is not None
    assert life.course.resolved_at == datetime(2026, 3, 2, 10, tzinfo=UTC)


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


def test_a_severity_that_is_known_late_was_so_from_the_beginning() -> None:
    (life,), _ = read(row("new", 8), row("taken", 9, urgency="SEV1"), row("comment", 10, urgency="SEV2"))

    assert (life.open.severity, kinds(life)) == (Severity.SEV1, ["acknowledge", "change_severity", "note"])


def test_a_severity_that_comes_after_the_solution_changes_nothing() -> None:
    told = (row("taken", 9, urgency="SEV3"), row("solved", 10, urgency="SEV1"), row("solved", 11, urgency="SEV1"))
    for rows in ("events", "states"):
        (life,), _ = read(*told, rows=rows)
        assert "change_severity" not in kinds(life)


def test_the_example_says_what_its_mapping_says() -> None:
    rejected: list[Rejected] = []
    with (EXAMPLES / "tickets.csv").open(encoding="utf-8") as lines:
        found = list(read_lives(lines, load_mapping(EXAMPLES / "mapping.yaml"), rejected))

    assert rejected == []
    assert [life.open.ticket for life in found] == ["A-1", "A-2", "A-3", "A-4"]
    assert [life.open.severity for life in found] == [Severity.SEV2, Severity.SEV3, Severity.SEV4, Severity.SEV3]
    assert {kind for life in found for kind in kinds(life)} >= {"reassign", "pause", "escalate", "reopen", "cancel"}
