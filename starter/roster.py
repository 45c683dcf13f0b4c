"""The roster file: who is in the support team, what they can do, how much they take.

A YAML file with one list, `people`; `examples/roster.yaml` shows and explains every field.
"""

import difflib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from escalation.business_time.zones import load_zone
from escalation.vocabulary import Category


class InvalidRoster(Exception):
    """The roster cannot be used.

    Attributes:
        problems: One line each: `file:line: what is wrong; what to do`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _known_zone(zone: str) -> str:
    load_zone(zone)
    return zone


def _well_spelled(skill: str) -> str:
    """Tiers may ask for skills of their own, so only what looks like a misspelt category is refused."""
    close = difflib.get_close_matches(skill, list(Category), n=1, cutoff=0.75)
    if close and skill not in list(Category):
        raise ValueError(f"skill `{skill}` looks misspelt; did you mean `{close[0]}`?")
    return skill


_MOST = 2_000_000_000
"""What the column of the table can hold."""

_Word = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=64)]
_Name = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=200)]


class RosterPerson(BaseModel):
    """A person of the support team, as the table `people` has them.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address.
        language: Language tag of their messages.
        zone: IANA zone in which times are told to them.
        skills: Categories they can handle, and what tiers ask for beyond those.
        tiers: Rungs of the ladder on which they are asked, from 1; none: never by the ladder.
        authority: The amount, in the policy's currency units, they may decide on alone.
        max_open: Most cases at a time.
        active: Whether they are asked at all.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: _Word
    name: _Name
    address: Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")] = "en"
    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    skills: tuple[Annotated[_Word, AfterValidator(_well_spelled)], ...]
    tiers: tuple[Annotated[int, Field(ge=1, le=99)], ...]
    authority: Annotated[int, Field(ge=0, le=_MOST)] = 0
    max_open: Annotated[int, Field(ge=0, le=_MOST)]
    active: bool = True


class _Roster(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    people: tuple[RosterPerson, ...]


def load_roster(text: str, source: str) -> tuple[RosterPerson, ...]:
    """The people of a roster, in the order of the file.

    Args:
        text: The file's text.
        source: The file's name, for messages.

    Raises:
        InvalidRoster: It cannot be used; names every problem with its line.
    """
    document = _parse(text, source)
    try:
        # By way of JSON: there a list is what a tuple is written as, however strict the types are.
        people = _Roster.model_validate_json(json.dumps(document, default=str)).people
    except ValidationError as error:
        found = sorted((_line(document, problem["loc"]), _say(problem)) for problem in error.errors())
        raise InvalidRoster(tuple(f"{source}:{line}: {what}" for line, what in found)) from None
    except (TypeError, ValueError, RecursionError):
        # Keys that are lists, a list that holds itself: YAML allows it, JSON does not.
        raise InvalidRoster((f"{source}:1: holds more than plain lists and names; write it as the example",)) from None
    if not people:
        raise InvalidRoster((f"{source}:{_line(document, ('people',))}: people: is empty; list at least one person",))
    if twice := tuple(_twice(people, lambda index, field: _line(document, ("people", index, field)), source)):
        raise InvalidRoster(twice)
    return people


def _parse(text: str, source: str) -> Any:
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, what = mark.line + 1 if mark else 1, error.problem or error.context
    except ReaderError as error:
        line, what = text.count("\n", 0, error.position) + 1, error.reason
    except RecursionError:
        line, what = 1, "nested too deeply"
    raise InvalidRoster((f"{source}:{line}: {what}; mend the YAML",))


def _twice(people: tuple[RosterPerson, ...], line: Callable[[int, str], int], source: str) -> Iterator[str]:
    for field in ("id", "address"):
        counts = Counter(getattr(person, field).lower() for person in people)
        for index, person in enumerate(people):
            value = getattr(person, field).lower()
            if counts[value] > 1:
                yield f"{source}:{line(index, field)}: {field} `{value}` stands there {counts[value]} times; keep one"


def _say(problem: ErrorDetails) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case _ if not where:
            return "is not a roster; begin with `people:` and list one person per line"
        case "extra_forbidden":
            name = str(problem["loc"][-1])
            known = list(_Roster.model_fields if len(problem["loc"]) == 1 else RosterPerson.model_fields)
            close = difflib.get_close_matches(name, known, n=1)
            return f"{where}: unknown field; {f'did you mean `{close[0]}`?' if close else 'write one of ' + ', '.join(known)}"
        case "missing":
            return f"{where}: is missing; add it"
        case "value_error":
            return f"{where}: {problem['ctx']['error']}"
        case "string_pattern_mismatch":
            return f"{where}: `{problem['input']}` does not look right; {_FORMS[_field(problem)]}"
        case _:
            return f"{where}: is `{problem['input']}`; {problem['msg'][0].lower()}{problem['msg'][1:]}"


_FORMS = {
    "id": "write small letters, digits and single dashes, such as `front-desk`",
    "skills": "write small letters, digits and single dashes, such as `technical`",
    "name": "write a name without blanks at its ends",
    "address": "write one mail address, such as `ana@example.com`",
    "language": "write a language tag, such as `en` or `de-AT`",
}


def _field(problem: ErrorDetails) -> str:
    return next(part for part in reversed(problem["loc"]) if isinstance(part, str))


def _line(document: Any, path: tuple[int | str, ...]) -> int:
    """The line, from 1, of the deepest part of the path that stands in the file."""
    line, node = 1, document
    for part in path:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(part)[0] + 1
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return line
