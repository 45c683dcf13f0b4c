"""Reads the YAML files that map another tool's export."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from escalation.documents.problems import Problems
from escalation.documents.shape import note_misfits
from escalation.documents.text_file import read_text_file
from escalation.documents.yaml import read_document
from escalation.documents.zone_name import ZoneName
from escalation.errors import InvalidFile
from simulation.exports.spelling import as_compared, usual

Mapping = TypeVar("Mapping", bound=BaseModel)


class InvalidMapping(InvalidFile):
    """The mapping file cannot be used."""


def _one_column_ends(text: str) -> str:
    if len(text) != 1:
        raise ValueError('must be one character; a tab is written "\\t"')
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
        raise ValueError("is not an encoding; write one such as utf-8, utf-16 or windows-1252") from None
    return name


def _a_format(text: str) -> str:
    year = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001 (only written and read again)
    if datetime.strptime(year.strftime(text), text).year != year.year:  # noqa: DTZ007 (as above)
        raise ValueError("names no year; write it as for strptime, such as `%Y-%m-%d %H:%M`")
    return text


Spelled = Annotated[str, AfterValidator(as_compared)]
"""A value of the file, or the name of a column, as it is compared."""


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
    delimiter: Annotated[str, AfterValidator(_one_column_ends)] = ","
    encoding: Annotated[str, AfterValidator(an_encoding)] = "utf-8"
    missing: Spelled = ""


def read_mapping(file: Path, shape: type[Mapping]) -> Mapping:
    """The mapping in a file.

    Args:
        file: A YAML file.
        shape: What it must contain.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    document = read_document(usual(read_text_file(file, InvalidMapping)), allowed="\t", kind="a mapping")
    problems = Problems(str(file), document, InvalidMapping, places=True)
    if not document.data:
        problems.add((), "has no keys", "write `columns:`")
    problems.raise_if_any()
    try:
        return shape.model_validate(document.data)
    except ValidationError as error:
        note_misfits(error.errors(), problems, shape, "the mapping")
        problems.raise_if_any()
        raise AssertionError("an error has a problem") from None
