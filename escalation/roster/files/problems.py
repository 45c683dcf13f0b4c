"""What is wrong with a roster, told with file and line."""

import difflib
from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from escalation.roster.files.model import fields_at

Place = tuple[int | str, ...]
"""Where something stands: keys and list positions from the top."""


class InvalidRoster(Exception):
    """The roster cannot be used.

    Attributes:
        problems: One line each: `file:line: what is wrong; what to do`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Problems:
    """What is wrong with one file, found so far.

    Args:
        source: The file's name, for messages.
        document: The file as it was read, with its lines.
    """

    def __init__(self, source: str, document: Any) -> None:
        self.source = source
        self._document = document
        self._found: list[tuple[int, str]] = []
        self._elsewhere: list[str] = []

    def add(self, place: Place, what: str) -> None:
        """Note what is wrong at a place."""
        self._found.append((self.line(place), f"{'.'.join(map(str, place))}: {what}" if place else what))

    def add_elsewhere(self, problems: Iterable[str]) -> None:
        """Note what is wrong with another file that this one names; the lines are whole already."""
        self._elsewhere += problems

    def line(self, place: Place) -> int:
        """The line, from 1, of the deepest part of the place that stands in the file."""
        line, node = 1, self._document
        for part in place:
            try:
                if isinstance(node, CommentedMap):
                    line = node.lc.key(part)[0] + 1
                elif isinstance(node, CommentedSeq):
                    line = node.lc.item(part)[0] + 1
                node = node[part]
            except (KeyError, IndexError, TypeError):
                break
        return line

    def raise_if_any(self) -> None:
        """End here if anything is wrong.

        Raises:
            InvalidRoster: With all of it, from top to bottom.
        """
        if self._found or self._elsewhere:
            here = [f"{self.source}:{line}: {what}" for line, what in sorted(set(self._found))]
            raise InvalidRoster((*here, *dict.fromkeys(self._elsewhere)))


def say(problem: ErrorDetails) -> str:
    """What pydantic found, in the words of whoever writes rosters."""
    if not problem["loc"]:
        return "is not a roster; begin with `people:` and list one person per line"
    match problem["type"]:
        case "extra_forbidden":
            known = fields_at(problem["loc"][:-1])
            return f"unknown field; {suggest(str(problem['loc'][-1]), known)}"
        case "missing":
            return "is missing; add it"
        case "value_error":
            return str(problem["ctx"]["error"])
        case "string_pattern_mismatch":
            return f"`{problem['input']}` does not look right; {_FORMS[_field(problem)]}"
        case _:
            return f"is `{problem['input']}`; {problem['msg'][0].lower()}{problem['msg'][1:]}"


def suggest(word: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown word: the closest known one, else some of them."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1)
    if close:
        return f"did you mean `{close[0]}`?"
    return f"write one of {', '.join(names[:20])}{' …' if len(names) > 20 else ''}" if names else "there is none yet"


_ID = "write small letters, digits and single dashes, such as `front-desk`"
_WHEN = "write `2026-12-24`, `2026-12-24 09:00`, or `2026-12-24T09:00+01:00`"
_FORMS = {
    "id": _ID,
    "people": _ID,
    "person": _ID,
    "shifts": _ID,
    "skills": "write small letters, digits and single dashes, such as `technical`",
    "name": "write a name without blanks at its ends",
    "language": "write a language tag, such as `en` or `de-AT`",
    "languages": "write language tags, such as `[en, de-AT]`",
    "hand_over": "write a weekday and a time, such as `mon 09:00`",
    "starts": "write a date, such as `2026-01-05`",
    "from": _WHEN,
    "to": _WHEN,
}


def _field(problem: ErrorDetails) -> str:
    return next(part for part in reversed(problem["loc"]) if isinstance(part, str) and part in _FORMS)
