"""Request bodies, made from the dataclasses of commands: the same fields and bounds, strictly typed, with an example.

`by` is not among the fields: the actor is who was authenticated. A new field or a new command needs nothing here.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum
from inspect import cleandoc
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

import pydantic
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model

from escalation.bounds import Items, Within
from escalation.bounds.kinds import Chars, Range, Shape
from escalation.case.codec import adapter_of
from escalation.errors import InvalidCommand
from starter.errors import CommandRefused
from starter.http.rest.examples import example_of

_NOT_IN_BODIES = frozenset({"kind", "by"})
# Fields of an opening that only the program fills.
_ONLY_OURS = frozenset({"triage", "undoes"})


def _whole(value: object) -> object:
    # In JSON, 1.0 is a whole number too, and JSON Schema says so.
    return int(value) if isinstance(value, float) and value.is_integer() else value


_PLAIN = (str, float, int)

_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {6,}.+)*)", re.MULTILINE)


def body_of(type_: type[Any]) -> type[BaseModel]:
    """The body of a request that becomes this command; the same each time.

    Raises:
        TypeError: A field is of a type without a bound.
    """
    if type_ not in _MADE:
        _MADE[type_] = _made(type_)
    return _MADE[type_]


_MADE: dict[type[Any], type[BaseModel]] = {}


def _made(type_: type[Any]) -> type[BaseModel]:
    hints, said = get_type_hints(type_, include_extras=True), attributes_of(type_)
    found = {each.name: _field(each, hints[each.name], said.get(each.name, "")) for each in _asked(type_)}
    config = ConfigDict(extra="forbid", strict=True, json_schema_extra={"examples": [example_of(type_)]})
    made = create_model(f"{type_.__name__}Body", __config__=config, __doc__=said_of(type_), **cast(Any, found))
    return cast(type[BaseModel], made)


def command_of(type_: type[Any], body: BaseModel, **beside: Any) -> Any:
    """The command that a body asks for.

    Args:
        body: As `body_of` reads it.
        beside: Fields that no body has, such as `by`.

    Raises:
        CommandRefused: The domain refuses a value by itself, such as a tone of 7.
    """
    try:
        return adapter_of(cast(Hashable, type_)).validate_python({**body.model_dump(exclude_unset=True), **beside})
    except ValidationError as error:
        said = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors(include_url=False))
        raise CommandRefused(InvalidCommand.__name__, said) from error


def said_of(type_: type[Any]) -> str:
    """The description of a command, without its attributes."""
    return cleandoc(type_.__doc__ or "").partition("\n\nAttributes:")[0].replace("\n", " ")


def attributes_of(type_: type[Any]) -> Mapping[str, str]:
    """Return the descriptions of fields from the docstrings of a dataclass and its bases."""
    found: dict[str, str] = {}
    for base in reversed(type_.__mro__):
        text = cleandoc(base.__doc__ or "") if is_dataclass(base) else ""
        found |= {name: " ".join(said.split()) for name, said in _ATTRIBUTE.findall(text)}
    return found


def _asked(type_: type[Any]) -> Iterator[Field[Any]]:
    yield from (each for each in fields(type_) if each.name not in _NOT_IN_BODIES | _ONLY_OURS)


def _field(each: Field[Any], hint: Any, said: str) -> tuple[Any, Any]:
    alias = each.name.rstrip("_") if each.name.endswith("_") else None
    if each.default_factory is not MISSING:
        # Never read back: what is not set is left to the command.
        return _strict(hint), pydantic.Field(default_factory=dict, alias=alias, description=said or None)
    default = ... if each.default is MISSING else each.default
    return _strict(hint), pydantic.Field(default=default, alias=alias, description=said or None)


def _strict(hint: Any) -> Any:
    """The type of a body's field for that of a command's."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *markers = get_args(hint)
        return _bounded(base if base in _PLAIN else _strict(base), markers)
    if origin in (Union, UnionType):
        return Union[tuple(map(_strict, get_args(hint)))]  # noqa: UP007 (of a list that is only known now)
    if origin is tuple:
        return GenericAlias(tuple, (_strict(get_args(hint)[0]), ...))
    if hint is datetime:
        return AwareDatetime
    if hint in (bool, NoneType) or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    if isinstance(hint, type) and is_dataclass(hint):
        return body_of(hint)
    raise TypeError(f"{hint} has no bound; annotate it with a kind of `escalation.bounds`")


def _bounded(base: Any, markers: list[Any]) -> Any:
    limits: dict[str, Any] = {}
    for marker in markers:
        match marker:
            case Chars(cut=False):
                limits["max_length"] = marker.most
                if marker.shape is Shape.NUMBER:
                    limits["min_length"] = 1
            case Items():
                limits["max_length"] = marker.most
            case Range():
                limits |= {"ge": marker.least, "le": marker.most}
            case Within():
                limits |= {
                    name: value for name, value in (("ge", marker.least), ("le", marker.most)) if value is not None
                }
            case _:
                pass
    bounded = Annotated[base, pydantic.Field(**limits)] if limits else base
    # Outside of the bounds, or the OpenAPI document would not have them.
    return Annotated[bounded, BeforeValidator(_whole)] if base is int else bounded
