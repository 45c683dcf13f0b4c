"""Reads the small YAML files that say how somebody else's export spells what we need."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Mapping = TypeVar("Mapping", bound=BaseModel)


class InvalidMapping(Exception):
    """The mapping file cannot be used.

    Attributes:
        problems: One line each: `file: where: what is wrong`.
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
        document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", "") or "no UTF-8 text"
        raise InvalidMapping((f"{file}: cannot be read: {reason}",)) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        raise InvalidMapping((f"{file}{where}: {getattr(error, 'problem', error)}; mend the YAML",)) from None
    try:
        return shape.model_validate(document)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise InvalidMapping(
            tuple(f"{file}: {'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in problems)
        ) from None
