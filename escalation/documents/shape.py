"""Checks a file against its model, and reports each mismatch with its line and what to write instead.

Models are sections; the docstrings under their attributes become the descriptions in messages and in JSON schemas.
"""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import ErrorDetails, PydanticCustomError

from escalation.documents.problems import Problems, advise
from escalation.documents.yaml import Path

_MAPPING = ("a mapping", "write `key: value` lines below it")
_LIST = ("a list", "write `[…]`, or one item per line after `- `")
# For each kind of mistake: what was expected, and a hint.
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("text", "put it in quotes if it is meant as text"),
    "int_type": ("a whole number", "such as `2`"),
    "bool_type": ("`true` or `false`", "YAML 1.2 reads `yes`, `no`, `on` and `off` as text"),
    "bool_parsing": ("`true` or `false`", "YAML 1.2 reads `yes`, `no`, `on` and `off` as text"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "union_tag_not_found": ("a duration, a duration by severity, or a list of rules", "such as `SEV1: 15m`"),
}


def _describe(schema: dict[str, Any], model: type[BaseModel]) -> None:
    # Add the docstrings under a model's attributes; pydantic's own option would read the source at every start.
    for type_ in (each for each in model.__mro__ if issubclass(each, Section) and "__annotations__" in vars(each)):
        (class_,) = ast.parse(dedent(inspect.getsource(type_))).body
        for field, below in pairwise(class_.body if isinstance(class_, ast.ClassDef) else ()):
            if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                name = ast.unparse(field.target)
                key = model.model_fields[name].alias or name
                schema["properties"][key].setdefault("description", inspect.cleandoc(ast.literal_eval(below.value)))


class Section(BaseModel):
    """A mapping of a file: known keys only, nothing turned into something else."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True, json_schema_extra=_describe)


def written(pattern: str, advice: str) -> AfterValidator:
    """A check that text is written in a certain way; the advice says which."""
    shape = re.compile(pattern)

    def check(text: str) -> str:
        if shape.fullmatch(text):
            return text
        raise PydanticCustomError("written", "`{text}` does not look right; {advice}", {"text": text, "advice": advice})

    return AfterValidator(check)


def note_misfits(errors: Iterable[ErrorDetails], problems: Problems, model: type[BaseModel], what: str) -> None:
    """Note what pydantic found, in the words of those who write such files.

    Args:
        errors: What pydantic found.
        model: What the file was held against.
        what: What the file is, such as `the policy`.
    """
    errors = list(errors)
    words: dict[Path, tuple[object, list[str]]] = {}
    for error in errors:
        if error["type"] == "too_short" and any(_is_inside(each["loc"], error["loc"]) for each in errors):
            continue  # pydantic counts sound items only; those that are not sound are named
        if error["type"] in ("enum", "literal_error"):
            # A word that could be of two kinds is wrong once, not twice.
            known = words.setdefault(problems.known(error["loc"]), (error["input"], []))[1]
            known.extend(re.findall(r"'([^']*)'", error["ctx"]["expected"]))
        elif error["type"] != "default_factory_not_called":  # follows from another mistake
            problems.add(error["loc"], *_explained(error, problems.known(error["loc"][:-1]), model, what))
    for path, (word, known) in words.items():
        problems.add(path, f"`{_shown(word)}` is not known here", advise(word, known))


def _is_inside(path: Path, of: Path) -> bool:
    return len(path) > len(of) and path[: len(of)] == of


def _explained(error: ErrorDetails, above: Path, model: type[BaseModel], what: str) -> tuple[str, str]:
    kind, path = error["type"], error["loc"]
    match kind:
        case "extra_forbidden":
            return f"unknown key `{path[-1]}`", advise(path[-1], _keys_at(above, model))
        case "missing":
            owner = _label(above, "") or what
            described = _description_at((*above, path[-1]), model)
            return f"{owner} has no `{path[-1]}`", f"add `{path[-1]}:` — {described}"
        case _ if kind in _EXPECTED:
            expected, hint = _EXPECTED[kind]
            found = "empty" if error["input"] is None else f"`{_shown(error['input'])}`"
            return f"{_label(path, what)} is {found} where {expected} is expected", hint
        case _:
            return _out_of_bounds(error, _label(path, what))


def _out_of_bounds(error: ErrorDetails, label: str) -> tuple[str, str]:
    kind = error["type"]
    match kind:
        case "too_short" | "string_too_short":
            return f"{label} is empty", "write at least one, or leave the key out where it is optional"
        case "string_pattern_mismatch":
            return f"`{_shown(error['input'])}` is not a name", "use lower-case letters, digits, `-` and `_`"
        case "greater_than_equal" | "less_than_equal":
            word = "at least" if kind == "greater_than_equal" else "at most"
            return f"{label} is {error['input']}", f"write {word} {next(iter(error['ctx'].values()))}"
        case _:
            # Written by our own validators, as "what; advice".
            said, _, advice = error["msg"].removeprefix("Value error, ").partition("; ")
            return said, advice


def _label(path: Path, otherwise: str) -> str:
    named = [str(part) for part in path if isinstance(part, str) and part != "[key]"]
    return f"`{named[-1]}`" if named else otherwise


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return str(value)


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _keys_at(path: Path, model: type[BaseModel]) -> list[str]:
    return [key for node in _nodes_at(path, model) for key in node.get("properties", {})]


def _description_at(path: Path, model: type[BaseModel]) -> str:
    properties = (node.get("properties", {}) for node in _nodes_at(path[:-1], model))
    found: dict[str, Any] = next((each[path[-1]] for each in properties if path[-1] in each), {})
    description = str(found.get("description", "it is needed here"))
    return description[0].lower() + description[1:].rstrip(".")


def _nodes_at(path: Path, model: type[BaseModel]) -> list[dict[str, Any]]:
    """The parts of the schema that may describe what is at a path."""
    whole = _schema(model)
    nodes = list(_alternatives(whole, whole))
    for part in path:
        nodes = [found for node in nodes for step in _steps(node, part) for found in _alternatives(step, whole)]
    return nodes


def _steps(node: Mapping[str, Any], part: str | int) -> Iterator[dict[str, Any]]:
    if isinstance(part, int):
        yield from filter(None, [node.get("items")])
    elif part in node.get("properties", {}):
        yield node["properties"][part]
    elif isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def _alternatives(node: dict[str, Any], whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in node:
        yield from _alternatives(whole["$defs"][node["$ref"].rpartition("/")[2]], whole)
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _alternatives(choice, whole)
    yield node
