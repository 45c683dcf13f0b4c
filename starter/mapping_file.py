"""Reads the small YAML files that say how somebody else's export spells what we need."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

Mapping = TypeVar("Mapping", bound=BaseModel)


class InvalidMapping(Exception):
    """The mapping file cannot be used.

    Attributes:
        problems: One line each: `file:line: where: what is wrong`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def read_mapping(file: Path, shape: type[Mapping]) -> Mapping:
    """The mapping in a file.

    Args:
        file: A YAML file.
        shape: What must stand in it.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    try:
        document = YAML(typ="rt", pure=True).load(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "no UTF-8 text"
        raise InvalidMapping((f"{file}: cannot be read: {reason}",)) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        said = getattr(error, "problem", None) or str(error)
        raise InvalidMapping(
            (f"{file}{where}: {said}; mend the YAML: a word that begins with % or @ must stand in quotes",)
        ) from None
    if not isinstance(document, CommentedMap):
        raise InvalidMapping((f"{file}: has no keys; write {_needed(shape)}",))
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        raise InvalidMapping(tuple(_told(file, document, shape, error.errors(include_url=False)))) from None


def _told(file: Path, document: CommentedMap, shape: type[BaseModel], errors: Sequence[ErrorDetails]) -> Iterator[str]:
    """The problems in the order of the file."""
    places = [[part for part in error["loc"] if part != "[key]"] for error in errors]
    found = [(_line_of(document, path), path, error) for path, error in zip(places, errors, strict=True)]
    for line, path, error in sorted(found, key=lambda one: one[0]):
        yield f"{file}{f':{line}' if line else ''}: {'.'.join(map(str, path)) or 'the file'}: {_in_words(error, shape)}"


def _line_of(document: Any, path: Sequence[int | str]) -> int:
    """In which line, from 1, the last part of the path that is there stands; 0 where none is."""
    line, here = 0, document
    for part in path:
        match here:
            case CommentedMap() if part in here:
                line = here.lc.key(part)[0] + 1
            case CommentedSeq() if isinstance(part, int) and part < len(here):
                line = here.lc.item(part)[0] + 1
            case _:
                return line
        here = here[part]
    return line


def _in_words(error: ErrorDetails, shape: type[BaseModel]) -> str:
    """What is wrong and what to do; pydantic's own words where there are no better ones."""
    found = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            known = f"there are {', '.join(shape.model_fields)}" if len(error["loc"]) == 1 else "mind the spelling"
            said = f"unknown key; {known}"
        case "string_type" if isinstance(found, bool | int | float):
            said = f"is read as {str(found).lower()}; put it in quotes to make it text"
        case "string_too_long" | "string_too_short":
            said = 'must be one character; a tab is written "\\t"'
        case "missing":
            said = "is missing; write it"
        case _:
            said = error["msg"].removeprefix("Value error, ")
    return said


def _needed(shape: type[BaseModel]) -> str:
    needed = [name for name, field in shape.model_fields.items() if field.is_required()]
    return f"at least {', '.join(needed)}" if needed else f"some of {', '.join(shape.model_fields)}"
