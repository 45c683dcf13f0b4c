"""Maps the fields of a command to options: the one link between names in code and names for people.

A field is an option of its name. One that must be given is an argument instead, in the order of the fields, unless it is
among `_ALWAYS_NAMED`. An instant may be given as a duration from now as well: `--next-in` for `next_by`, `--in` for `at`.
The help comes from the command's docstring.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import datetime
from enum import Enum
from inspect import Parameter, Signature
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Protocol, Union, get_args, get_origin, get_type_hints

import cyclopts
from cyclopts.validators import Number

from escalation.bounds import Address, Amount, Id, Line, LongText, Name, Person, Remark, Tag, Text, Within
from escalation.bounds import Number as AnyNumber
from escalation.case.commands import OutcomeItem, Packet
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.parameters import Asked, CustomerAsked, Instant, WallTime, either
from starter.cli.texts import SomeText, SomeTexts, Word, WrittenText
from starter.errors import CommandRefused

_BACKQUOTED = re.compile(r"`([^`\s]+)`")
_PACKET = "packet"
# Reasons and findings are written with their name, also where they must be given.
_ALWAYS_NAMED = frozenset({"why", "outcome", "solution", "cause", "root_cause", "prevention"})
# Arguments that another option can stand for.
_MAY_BE_LEFT_OUT = frozenset({"question"})
_NOT_DERIVED = frozenset({"kind", "by"})
# Fields whose option is not simply the same name, or that are written without one.
_OTHERWISE = {
    "ticket": "TICKET",
    "name": "NAME",
    "options": "--option",  # one each time it is written, so in the singular
    "reasons": "--reason",
    "items": "--item",
    "question_set": "--set",
    "tickets": "TICKETS",
    "languages": "--text",
}
# Facts that `correct` takes under the names of `open` as well, such as `--customer-zone`.
_OF_THE_CUSTOMER = frozenset({"language", "zone", "proficiency"})
# Fields that no option fills, or several do.
_NOT_TYPED = frozenset(
    {"kind", _PACKET, "packet.contact", "facts", "customer", "triage", "impact", "for_overseer", "undoes", "owner"}
)


class Typed(Protocol):
    """A command that came from options; all that is needed of it is that it is a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def derived(
    type_: type[Any], send: Callable[..., Awaitable[None]], addressee: Parameter, *more: Parameter
) -> Callable[..., Any]:
    """A function for cyclopts whose parameters are the fields of a command.

    Args:
        send: Gets the context, the addressee, the command, who asks, and by its name each of `more`.
        addressee: The parameter that comes first: the ticket, or the name of an incident.

    Raises:
        TypeError: A field is of a type that no single option can say.
    """
    asked = (
        Parameter("asked", Parameter.KEYWORD_ONLY, annotation=Asked)
        if type_.__dataclass_fields__["by"].default is MISSING
        else _option("asked", CustomerAsked | None, None)
    )
    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=InContext)
    parameters = (addressee, *_parameters(type_), *more, asked, context)
    signature = Signature(sorted(parameters, key=lambda each: each.kind))

    async def command(*args: Any, **options: Any) -> None:
        bound = signature.bind(*args, **options)
        bound.apply_defaults()
        typed = bound.arguments
        who = typed["asked"] or CustomerAsked()
        made = type_(by=who.by, **_values(type_, typed))
        beside = {each.name: typed[each.name] for each in more}
        await send(typed["context"], typed[addressee.name], made, who, **beside)

    command.__name__, command.__doc__ = type_.__dataclass_fields__["kind"].default, type_.__doc__
    command.__annotations__ = {name: each.annotation for name, each in signature.parameters.items()}
    vars(command)["__signature__"] = signature
    return command


def _parameters(type_: type[Any]) -> Iterator[Parameter]:
    hints = get_type_hints(type_, include_extras=True)
    for field in fields(type_):
        if field.name in _NOT_DERIVED:
            continue
        is_needed = field.default is MISSING
        annotation = _annotation(hints[field.name], is_needed=is_needed)
        if annotation is Instant:
            yield _option(field.name, Instant | None, None)
            yield _option(_duration_of(field.name), Annotated[WallTime | None, _AS_DURATION], None)
        elif annotation is bool and field.default is None:  # yes, no, or not said
            either_way = cyclopts.Parameter(negative=f"--not-{field.name.replace('_', '-')}")
            yield _option(field.name, Annotated[bool | None, either_way], None)
        elif field.name in _MAY_BE_LEFT_OUT and not is_needed:
            yield Parameter(field.name, Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation, default=field.default)
        elif not is_needed:
            default = None if annotation is Word else field.default
            yield _option(field.name, annotation if default is not None else annotation | None, default)
        elif field.name in _ALWAYS_NAMED:
            yield Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=annotation)
        else:
            yield Parameter(field.name, Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)


_AS_DURATION = cyclopts.Parameter(help="The same as a duration from now, such as 2h.")


def _option(name: str, annotation: Any, default: object) -> Parameter:
    if name in _OTHERWISE:
        annotation = Annotated[annotation, cyclopts.Parameter(name=_OTHERWISE[name])]
    elif name in _OF_THE_CUSTOMER:
        names = (option_of(name), f"--customer-{name}")
        annotation = Annotated[annotation, cyclopts.Parameter(name=names)]
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _annotation(hint: Any, *, is_needed: bool) -> Any:
    """The annotation by which a value of this type is typed."""
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if hint in (LongText, Text, Remark):
        return WrittenText if is_needed else SomeText
    if hint in (Address, Id, Line, Name, Person, Tag):
        return Word
    if hint is datetime:
        return Instant
    if get_args(hint)[:1] in ((tuple[Id, ...],), (tuple[OutcomeItem, ...],)):
        return SomeTexts
    if hint is bool or (isinstance(hint, type) and issubclass(hint, Enum)):
        return hint
    limits = [each for each in get_args(hint) if isinstance(each, Within)]
    if hint in (Amount, AnyNumber) or limits:
        (within,) = limits or [Within()]
        return Annotated[int, cyclopts.Parameter(validator=Number(gte=within.least, lte=within.most))]
    raise TypeError(f"{hint}: no single option can say it; write the command in `starter.cli.case.special`")


def _values(type_: type[Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they were typed; those that were not keep their default."""
    values = {}
    for field in fields(type_):
        if field.name in _NOT_DERIVED:
            continue
        value, other = typed[field.name], _duration_of(field.name)
        if other in typed:
            names = (option_of(field.name), option_of(other))
            value = either(value, typed[other], typed["context"].now(), names=names)
        if value is None and field.default is MISSING:
            raise BadInput(
                f"a {type_.__dataclass_fields__['kind'].default} needs a time; write {names[0]} 2026-03-27T16:00+01:00 or {names[1]} 2h"
            )
        if value is not None:
            values[field.name] = _items(value) if field.name == "items" else value
    return values


def _items(written: Iterable[str]) -> tuple[OutcomeItem, ...]:
    """Items as they are typed: `Refund of the second charge=49.90 EUR`."""
    items = []
    for each in written:
        what, _, price = each.rpartition("=")
        amount, _, currency = price.strip().partition(" ")
        if not what.strip() or not amount:
            raise BadInput(f'--item {each}: has no amount; write "Refund of the second charge=49.90 EUR"')
        items.append(OutcomeItem(what=what.strip(), amount=amount.replace(",", "."), currency=currency.strip()))
    return tuple(items)


def _duration_of(field: str) -> str:
    """The name of a duration from now that may be given in place of an instant: `next_in` for `next_by`, `in_` for `at`, `for_` for `until`."""
    return {"at": "in_", "until": "for_"}.get(field, f"{field.removesuffix('_by')}_in")


@contextmanager
def refused_as_typed(command: Typed) -> Iterator[None]:
    """A refusal of this command, sent within, names options where the domain names fields.

    Raises:
        CommandRefused: As within, of the same type.
    """
    try:
        yield
    except CommandRefused as error:
        raise CommandRefused(error.type, as_typed(error.message, command)) from error


def as_typed(message: str, command: Typed) -> str:
    """The message, in which a field of the command between backquotes is the option that fills it."""
    # A person may be called like a field: then the message may mean them.
    values = {value for field in fields(command) if isinstance(value := getattr(command, field.name), str)}
    known = {name: option for name, option in options_of(command) if name not in values}
    return _BACKQUOTED.sub(lambda found: f"`{known.get(found[1], found[1])}`", message)


def options_of(command: Typed) -> Iterator[tuple[str, str]]:
    """Each field of the command that is typed, as refusals name it, with its option."""
    names = [field.name for field in fields(command)]
    if _PACKET in names:
        names += [f"{_PACKET}.{part.name}" for part in fields(Packet)]
    yield from ((name, option_of(name.removeprefix(f"{_PACKET}."))) for name in names if name not in _NOT_TYPED)


def option_of(field: str) -> str:
    """Return the option for a field; a field within another one has a hyphen between the two."""
    return _OTHERWISE.get(field, f"--{field.strip('_').replace('_', '-')}")
