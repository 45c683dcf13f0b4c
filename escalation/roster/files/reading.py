"""Reads the text of a roster file into entries, each field by itself sound."""

import json
from collections import Counter

from pydantic import ValidationError

from escalation.documents.problems import Problems
from escalation.documents.shape import note_misfits
from escalation.documents.yaml import read_document
from escalation.errors import InvalidFile
from escalation.roster.files.model import RosterEntries, RosterPerson

MOST_BYTES = 4_000_000


class InvalidRoster(InvalidFile):
    """The roster cannot be used."""


def read_entries(text: str, source: str) -> tuple[RosterEntries, Problems]:
    """Read the entries of a roster file, each field by itself sound; and where to note what is wrong between them.

    Raises:
        InvalidRoster: It cannot be read, a field is wrong, or a person is listed twice.
    """
    document = read_document(text, kind="a roster", longest=MOST_BYTES)
    problems = Problems(source, document, InvalidRoster, places=True)
    problems.raise_if_any()
    try:
        # By way of JSON: there a list is what a tuple is written as, however strict the types are.
        entries = RosterEntries.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        note_misfits(error.errors(), problems, RosterEntries, "the roster")
        problems.raise_if_any()
        raise AssertionError("an error has a problem") from None
    _note_twice(entries.people, problems)
    problems.raise_if_any()
    return entries, problems


def _note_twice(people: tuple[RosterPerson, ...], problems: Problems) -> None:
    for field in ("id", "address"):
        counts = Counter(getattr(person, field).lower() for person in people)
        for index, person in enumerate(people):
            value = getattr(person, field).lower()
            if value and counts[value] > 1:
                problems.add(("people", index, field), f"{field} `{value}` is listed {counts[value]} times", "keep one")
