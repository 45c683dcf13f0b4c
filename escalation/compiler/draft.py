"""Checks the shape of a file against the models and gives out the sections that are sound.

A section with a mistake in it is left out, so that the rest can still be checked: one run shows all problems.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from escalation.compiler.model import PolicyFile
from escalation.compiler.problems import Problems, advise
from escalation.documents.yaml import Document, Path, Plain

T = TypeVar("T")

_EXPECTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("text", "put it in quotes if it is meant as text"),
    "int_type": ("a whole number", "such as `2`"),
    "bool_type": ("`true` or `false`", "YAML 1.2 reads `yes`, `no`, `on` and `off` as text"),
    "list_type": ("a list", "write `[…]`, or one item per line after `- `"),
    "dict_type": ("a mapping", "write `key: value` lines below it"),
    "model_type": ("a mapping", "write `key: value` lines below it"),
    "union_tag_not_found": ("a duration, a duration by severity, or a list of rules", "such as `SEV1: 15m`"),
}
"""For each kind of mistake: what was expected, and a hint."""


class Draft:
    """A file whose shape was checked.

    Args:
        document: The file.
        problems: Takes what is wrong with its shape.
    """

    def __init__(self, document: Document, problems: Problems) -> None:
        self._data = document.data
        self._problems = problems
        try:
            PolicyFile.model_validate(self._data)
        except ValidationError as error:
            _report(error.errors(), problems)

    def at(self, path: Path) -> Plain:
        """What stands at a path, unchecked; None where nothing does."""
        found = self._data
        for part in path:
            if not isinstance(found, dict):
                return None
            found = found.get(str(part))
        return found

    def keys(self, path: Path) -> tuple[str, ...]:
        """The keys of the mapping at a path; none where there is no mapping."""
        found = self.at(path)
        return tuple(found) if isinstance(found, dict) else ()

    def section(self, path: Path, type_: type[T]) -> T | None:
        """The section at a path; None where there is none or something is wrong with it."""
        data = self.at(path)
        if data is None or self._problems.is_broken(path):
            return None
        adapter: TypeAdapter[T] = TypeAdapter(type_)
        return adapter.validate_python(data)


def _report(errors: Iterable[ErrorDetails], problems: Problems) -> None:
    words: dict[Path, tuple[object, list[str]]] = {}
    for error in errors:
        if error["type"] == "enum":
            # A word that could be of two kinds is wrong once, not twice.
            known = words.setdefault(problems.known(error["loc"]), (error["input"], []))[1]
            known.extend(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
            continue
        problems.add(error["loc"], *_explained(error, problems.known(error["loc"][:-1])))
    for path, (word, known) in words.items():
        problems.add(path, f"`{_shown(word)}` is not known here", advise(word, known))


def _explained(error: ErrorDetails, above: Path) -> tuple[str, str]:
    kind, path = error["type"], error["loc"]
    match kind:
        case "extra_forbidden":
            return f"unknown key `{path[-1]}`", advise(path[-1], _keys_at(above))
        case "missing":
            owner = _label(above) if above else "the policy"
            return f"{owner} has no `{path[-1]}`", f"add `{path[-1]}:` — {_description_at((*above, path[-1]))}"
        case _ if kind in _EXPECTED:
            expected, hint = _EXPECTED[kind]
            found = "empty" if error["input"] is None else f"`{_shown(error['input'])}`"
            return f"{_label(path)} is {found} where {expected} is expected", hint
        case _:
            return _out_of_bounds(error)


def _out_of_bounds(error: ErrorDetails) -> tuple[str, str]:
    kind, label = error["type"], _label(error["loc"])
    match kind:
        case "too_short" | "string_too_short":
            return f"{label} is empty", "write at least one, or leave the key out where it is optional"
        case "string_pattern_mismatch":
            return f"`{_shown(error['input'])}` is not a name", "use small letters, digits, `-` and `_`"
        case "greater_than_equal" | "less_than_equal":
            word = "at least" if kind == "greater_than_equal" else "at most"
            return f"{label} is {error['input']}", f"write {word} {next(iter(error['ctx'].values()))}"
        case _:
            # Written by our own validators, as "what; advice".
            what, _, advice = error["msg"].partition("; ")
            return what, advice


def _label(path: Path) -> str:
    named = [str(part) for part in path if isinstance(part, str) and part != "[key]"]
    return f"`{named[-1]}`" if named else "the file"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return str(value)


@cache
def _schema() -> dict[str, Any]:
    return PolicyFile.model_json_schema()


def _keys_at(path: Path) -> list[str]:
    return [key for node in _nodes_at(path) for key in node.get("properties", {})]


def _description_at(path: Path) -> str:
    properties = (node.get("properties", {}) for node in _nodes_at(path[:-1]))
    found: dict[str, Any] = next((each[path[-1]] for each in properties if path[-1] in each), {})
    description = str(found.get("description", "it is needed here"))
    return description[0].lower() + description[1:].rstrip(".")


def _nodes_at(path: Path) -> list[dict[str, Any]]:
    """The parts of the schema that may describe what stands at a path."""
    nodes = list(_alternatives(_schema()))
    for part in path:
        nodes = [found for node in nodes for step in _steps(node, part) for found in _alternatives(step)]
    return nodes


def _steps(node: Mapping[str, Any], part: str | int) -> Iterator[dict[str, Any]]:
    if isinstance(part, int):
        yield from filter(None, [node.get("items")])
    elif part in node.get("properties", {}):
        yield node["properties"][part]
    elif isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def _alternatives(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in node:
        yield from _alternatives(_schema()["$defs"][node["$ref"].rpartition("/")[2]])
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _alternatives(choice)
    yield node
