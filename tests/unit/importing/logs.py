"""Log rows for tests, in the form of the example log."""

from collections.abc import Sequence
from datetime import UTC, datetime

from simulation.exports import SERVICENOW, Life, Rejected, TicketLog, play_of, read_ticket_logs

HEADER = ",".join(SERVICENOW.columns.values())

USUAL = {
    "number": "INC1",
    "incident_state": "New",
    "sys_updated_at": "1/3/2016 09:00",
    "opened_at": "1/3/2016 08:00",
    "caller_id": "Caller 7",
    "priority": "3 - Moderate",
    "category": "Category 55",
    "u_symptom": "Symptom 72",
    "assignment_group": "Group 1",
    "assigned_to": "?",
    "made_sla": "true",
    "reassignment_count": "0",
    "reopen_count": "0",
    "closed_code": "code 6",
    "problem_id": "?",
    "caused_by": "?",
}


def row(state: str = "New", hour: int = 9, /, **changes: str) -> str:
    """One row; `hour` is the hour of its update on the first of March."""
    cells = {**USUAL, "incident_state": state, "sys_updated_at": f"1/3/2016 {hour:02}:00", **changes}
    return ",".join(cells[column] for column in SERVICENOW.columns.values())


def read(*rows: str) -> tuple[list[TicketLog], list[Rejected]]:
    """The tickets of a log with these rows, and the rows that make no sense."""
    rejected: list[Rejected] = []
    return list(read_ticket_logs([HEADER, *rows], SERVICENOW, rejected)), rejected


def logged(*rows: str) -> TicketLog:
    """The one ticket of these rows."""
    found, rejected = read(*rows)
    assert rejected == []
    assert len(found) == 1
    return found[0]


def planned(*rows: str) -> Life:
    """What becomes of these rows."""
    return play_of(logged(*rows), SERVICENOW)


def kinds(made: Life) -> list[str]:
    """Wire names of its commands; the survey is left out, since whether it is answered is a matter of shares."""
    return [step.command.kind for step in made.steps if step.command.kind != "answer_survey"]


def life(*states: str) -> tuple[str, ...]:
    """Rows of one ticket through these states, an hour apart."""
    return tuple(row(state, 9 + place) for place, state in enumerate(states))


def first_of_march(hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, 1, hour, minute, tzinfo=UTC)


def commands_of(made: Life, kind: str) -> Sequence[object]:
    return [step.command for step in made.steps if step.command.kind == kind]
