"""Logs in which each row is what happened, and their mapping."""

from simulation import ExportMapping, Life, read_lives
from simulation.exports import Rejected

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
