"""Checks the shape of a file against the models and gives out the sections that are sound.

A section with a mistake in it is left out, so that the rest can still be checked: one run shows all problems.
"""

import re
from collections.abc import Hashable
from typing import TypeVar, cast, get_origin

from pydantic import TypeAdapter, ValidationError

from escalation.case.codec import adapter_of
from escalation.compiler.model import PolicyFile
from escalation.documents.problems import Problems
from escalation.documents.shape import Section, note_misfits
from escalation.documents.yaml import Document, Path, Plain

T = TypeVar("T")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def check_name(name: str, path: Path, problems: Problems) -> None:
    """Refuse what people could not type, or not tell apart."""
    if not _NAME.fullmatch(name):
        problems.add(path, f"`{name}` is not a name", "use at most 60 lower-case letters, digits, `-` and `_`")


def require_category(path: Path, problems: Problems) -> None:
    """Note that a subcategory lacks the category that it is part of."""
    problems.add((*path, "subcategory"), "a `subcategory` needs the category that it is part of", "add `category:`")


class Sections:
    """The sections of a file whose shape was checked."""

    def __init__(self, document: Document, problems: Problems) -> None:
        self._data = document.data
        self._problems = problems
        self._file: PolicyFile | None = None
        try:
            self._file = PolicyFile.model_validate(self._data)
        except ValidationError as error:
            note_misfits(error.errors(), problems, PolicyFile, "the policy")

    def at(self, path: Path) -> Plain:
        """The unchecked value at a path, or None."""
        found = self._data
        for part in path:
            if not isinstance(found, dict):
                return None
            found = found.get(str(part))
        return found

    def keys(self, path: Path) -> tuple[str, ...]:
        """The keys of the mapping at a path; none if there is no mapping."""
        found = self.at(path)
        return tuple(found) if isinstance(found, dict) else ()

    def section(self, path: Path, type_: type[T]) -> T | None:
        """The section at a path; None if there is none or something is wrong with it."""
        data = self.at(path)
        if data is None or self._problems.is_broken(path):
            return None
        # Built once, for the whole file: what reads a section by itself takes longer to build than all else here takes.
        found = self._read(path)
        if get_origin(type_) is None and isinstance(found, type_):
            return found
        adapter: TypeAdapter[T] = adapter_of(cast(Hashable, type_))
        return adapter.validate_python(data)

    def _read(self, path: Path) -> object:
        """The value at a path in the file's model; None where there is none, or something in the file is wrong."""
        found: object = self._file
        for part in path:
            if isinstance(found, Section):
                found = getattr(found, str(part), None)
            elif isinstance(found, dict):
                found = found.get(part)
            else:
                return None
        return found
