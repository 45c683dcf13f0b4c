"""Reads the small YAML files that say how somebody else's export spells what we need."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from escalation.documents.text_file import read_text_file
from escalation.documents.yaml import Document, read_document
from escalation.documents.zone_name import ZoneName
from simulation.exports.spelling import as_compared, usual

Mapping = TypeVar("Mapping", bound=BaseModel)


class InvalidMapping(Exception):
    """The mapping file cannot be used.

    Attributes:
        problems: One line each: `file:line: where: what is wrong`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def _one_column_ends(text: str) -> str:
    if text in '\r\n"':
        raise ValueError('cannot separate columns; write one character, such as ";", or "\\t" for a tab')
    return text


def an_encoding(name: str) -> str:
    """The name of an encoding of text.

    Raises:
        ValueError: It is none.
    """
    try:
        "\n".encode(name)
    except (LookupError, UnicodeError):  # base64 and the like are codecs, and no encodings
        raise ValueError("is no encoding; write one such as utf-8, utf-16 or windows-1252") from None
    return name


def _a_format(text: str) -> str:
    year = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001 (only written and read again)
    if datetime.strptime(year.strftime(text), text).year != year.year:  # noqa: DTZ007 (as above)
        raise ValueError("names no year; write it as for strptime, such as `%Y-%m-%d %H:%M`")
    return text


Spelled = Annotated[str, AfterValidator(as_compared)]
"""A word of the file, or the name of a column, as it is compared."""


class ExportMapping(BaseModel):
    """What every mapping says of its file.

    Attributes:
        date_format: As for `strptime`; empty for ISO 8601.
        zone: The time zone of times without an offset.
        delimiter: What separates the columns of a CSV file; a first line such as `sep=;` says it as well.
        encoding: How the characters are written; most tools write UTF-8, old exports windows-1252. UTF-16 is known by
            its first bytes.
        missing: What is written where a value is not known, besides nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    date_format: Annotated[str, AfterValidator(lambda text: _a_format(text) if text else text)] = ""
    zone: ZoneName = "UTC"
    delimiter: Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_one_column_ends)] = ","
    encoding: Annotated[str, AfterValidator(an_encoding)] = "utf-8"
    missing: Spelled = ""


def read_mapping(file: Path, shape: type[Mapping]) -> Mapping:
    """The mapping in a file.

    Args:
        file: A YAML file.
        shape: What must stand in it.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    document = read_document(_text(file), allowed="\t", source="a mapping")
    if document.findings:
        raise InvalidMapping(tuple(f"{file}:{each.line}: {each.text}" for each in document.findings))
    if not document.data or not isinstance(document.data, dict):
        raise InvalidMapping((f"{file}: has no keys; write {_needed(shape)}",))
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        raise InvalidMapping(tuple(_told(file, document, shape, error.errors(include_url=False)))) from None


def _text(file: Path) -> str:
    try:
        return usual(read_text_file(file))
    except OSError as error:
        raise InvalidMapping((f"{file}: cannot be read: {error.strerror}",)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise InvalidMapping((f"{file}:{line}: cannot be read: no UTF-8 text; save it as UTF-8",)) from None


def _told(file: Path, document: Document, shape: type[BaseModel], errors: Sequence[ErrorDetails]) -> Iterator[str]:
    """The problems in the order of the file."""
    places = [[part for part in error["loc"] if part != "[key]"] for error in errors]
    found = [(_line_of(document, path), path, error) for path, error in zip(places, errors, strict=True)]
    for line, path, error in sorted(found, key=lambda one: one[0]):
        yield f"{file}{f':{line}' if line else ''}: {'.'.join(map(str, path)) or 'the file'}: {_in_words(error, shape)}"


def _line_of(document: Document, path: Sequence[int | str]) -> int:
    """In which line, from 1, the last part of the path is that is there; 0 where none is."""
    lines = (document.lines.get(tuple(path[:length]), 0) for length in range(len(path), 0, -1))
    return next(filter(None, lines), 0)


def _in_words(error: ErrorDetails, shape: type[BaseModel]) -> str:
    """What is wrong and what to do; pydantic's own words where there are no better ones."""
    found = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            known = f"there are {', '.join(_keys(shape))}" if len(error["loc"]) == 1 else "mind the spelling"
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
    return f"at least {', '.join(needed)}" if needed else f"some of {', '.join(_keys(shape))}"


def _keys(shape: type[BaseModel]) -> list[str]:
    """What may be in the file, what is its own first."""
    return sorted(shape.model_fields, key=lambda name: name in ExportMapping.model_fields)
