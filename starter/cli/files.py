"""Requests from options, from a JSON file, or from both: options take precedence, and all mistakes are reported together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from escalation.addresses import InvalidAddress, parse_address
from escalation.bounds import MOST_PROBLEMS, examined
from escalation.business_time.errors import UnknownZone
from escalation.business_time.zones import load_zone
from escalation.case.commands import Customer, Impact, Open, OpenByTriage, Option, Packet
from escalation.case.naming import case_name
from escalation.errors import Refused
from escalation.lifecycle.decisions.opening import check_request
from escalation.triage.facts import TicketFacts
from starter.cli.exits import BadInput
from starter.cli.fields import as_typed, option_of
from starter.cli.parameters import check_ticket, file_name, read_json

T = TypeVar("T")
R = TypeVar("R", Open, OpenByTriage)

_OPTIONS = TypeAdapter(tuple[Option, ...])
# Fields that only a workflow fills in.
_NOBODYS = frozenset({"triage"})


def read_request(given: Mapping[str, Any], file: Path | None, stdin: TextIO, kind: type[R]) -> R:
    """A request to open, from a file and what was given beside it.

    Args:
        given: Fields of the request, `customer` being fields of `Customer` and `facts`, for one by triage, of
            `TicketFacts`; they win over the file's.
        file: A JSON object of the same shape, or None.
        stdin: What `-` reads.
    """
    base = {} if file is None else _object(read_json(file, stdin), file_name(file))
    source = "" if file is None else f"{file_name(file)}: "
    _known(base, kind, source)
    merged = {**base, **given}
    for name, type_ in (("customer", Customer), ("facts", TicketFacts), ("impact", Impact)):
        if name in merged:
            part = _object(base.get(name, {}), f"{source}{name}")
            _known(part, type_, f"{source}{name}.")
            merged[name] = {**part, **given.get(name, {})}
    request = _with_bare_ticket(_read(TypeAdapter(kind), merged, source), source)
    _refuse(source, _nonsense(request, as_options=file is None))
    return request


def _with_bare_ticket(request: R, source: str) -> R:
    """The request for the ticket that a ticket number, or an escalation id without a number, names."""
    try:
        name = case_name(request.ticket)
    except ValueError:
        return request  # what is wrong with it is said with all else that is wrong
    if name.life:
        raise BadInput(
            f"{source or 'TICKET '}`{name}` is one escalation of ticket {name.ticket}; open the ticket itself"
        )
    return replace(request, ticket=name.ticket)


def read_packet(given: Packet, file: Path | None, stdin: TextIO) -> Packet:
    """A hand-off packet, from a file and what was given beside it; steps of both are kept."""
    found = given
    if file is not None:
        base = _object(read_json(file, stdin), file_name(file))
        _known(base, Packet, f"{file_name(file)}: ")
        read = _read(TypeAdapter(Packet), {"concern": given.concern} | base, f"{file_name(file)}: ")
        found = Packet(
            concern=given.concern or read.concern,
            tried=read.tried + given.tried,
            evidence=read.evidence + given.evidence,
            proposed=read.proposed + given.proposed,
            nothing_tried=read.nothing_tried or given.nothing_tried,
            no_evidence=given.no_evidence or read.no_evidence,
            contact=given.contact or read.contact,
        )
    if not found.concern.strip():
        raise BadInput("the next owner must know what it is about; write --concern, or give a packet with --file")
    return found


def read_options(
    titles: Iterable[str], pros: Iterable[str], cons: Iterable[str], file: Path | None, stdin: TextIO
) -> tuple[Option, ...]:
    """The options offered, from `ID=TEXT` or from a file."""
    if file is not None:
        options = _read(_OPTIONS, read_json(file, stdin), f"{file_name(file)}: ")
    else:
        named, speaks_for, speaks_against = _pairs("--option", titles), _pairs("--pro", pros), _pairs("--con", cons)
        if strays := (speaks_for.keys() | speaks_against.keys()) - named.keys():
            raise BadInput(f"{', '.join(sorted(strays))}: has a --pro or --con, but there is no such --option")
        options = tuple(
            Option(id=id_, title=title, pros=speaks_for.get(id_, ""), cons=speaks_against.get(id_, ""))
            for id_, title in named.items()
        )
    if not options:
        raise BadInput("there is nothing to choose from; write --option ID=TITLE for each solution, or --file")
    if len({option.id for option in options}) < len(options):
        raise BadInput("two options have the same id; give each its own")
    return options


def _pairs(option: str, texts: Iterable[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        id_, equals, rest = text.partition("=")
        if not equals or not id_.strip() or not rest.strip():
            raise BadInput(f'{option} "{text}": write it as ID=TEXT, such as a=Refund')
        if id_.strip() in pairs:
            raise BadInput(f"{option} {id_.strip()}: is there twice; give each option its own id")
        pairs[id_.strip()] = rest.strip()
    return pairs


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadInput(f"{where}: is not a JSON object; write {{…}} with a name for each value")
    return value


def _known(value: Mapping[str, Any], type_: type, source: str) -> None:
    known = {field.name for field in fields(type_)} - _NOBODYS
    if unknown := sorted(value.keys() - known):
        allowed = ", ".join(sorted(known - {"kind"}))
        raise BadInput(f"{source}{', '.join(unknown)}: unknown; allowed are {allowed}")


def _read(adapter: TypeAdapter[T], value: Any, source: str) -> T:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    raise BadInput("\n".join(f"{source}{problem}" for problem in _told(details, as_options=not source)))


def _told(details: Sequence[ErrorDetails], *, as_options: bool) -> Iterator[str]:
    missing = [_place(detail, as_options=as_options) for detail in details if detail["type"] == "missing"]
    if missing:
        yield f"missing: {', '.join(missing)}" + (" (or give them with --file)" if as_options else "")
    for detail in details:
        if detail["type"] != "missing":
            message = detail["msg"].replace("Input should be", "must be", 1)
            yield f"{_place(detail, as_options=as_options)}: {message}, not {detail['input']!r}"


def _place(detail: ErrorDetails, *, as_options: bool) -> str:
    if not as_options:
        return ".".join(str(part) for part in detail["loc"])
    return option_of("-".join(str(part) for part in detail["loc"]))


def _nonsense(request: Open | OpenByTriage, *, as_options: bool) -> Iterator[str]:
    _, out_of_bounds = examined(request)
    if out_of_bounds:
        for problem in out_of_bounds[:MOST_PROBLEMS]:
            named = option_of(problem.field.replace(".", "-")) if as_options else problem.field
            yield f"{named}: {problem.what}"
        return
    try:
        check_request(request)
    except Refused as error:
        yield as_typed(str(error), request) if as_options else str(error)
    for field, what in (*_wrong_texts(request), *_unreachable(request.customer)):
        yield f"{option_of(field.replace('.', '-')) if as_options else field}: {what}"


def _wrong_texts(request: Open | OpenByTriage) -> Iterator[tuple[str, str]]:
    """Fields that say nothing, or nothing that can be meant."""
    try:
        check_ticket(request.ticket)
    except ValueError as error:
        yield "ticket", str(error)
    texts = {"by": request.by, "customer.id": request.customer.id, "customer.name": request.customer.name}
    yield from ((name, "is empty; write something") for name, text in texts.items() if not text.strip())


def _unreachable(customer: Customer) -> Iterator[tuple[str, str]]:
    """Fields for which messages would not reach the customer, or would name times in a zone that is not theirs."""
    try:
        parse_address(customer.address)
    except InvalidAddress as error:
        yield "customer.address", f'"{customer.address}" {error}' if customer.address.strip() else str(error)
    try:
        load_zone(customer.zone)
    except UnknownZone as error:
        yield "customer.zone", str(error)


def _refuse(source: str, problems: Iterable[str]) -> None:
    if lines := [f"{source}{problem}" for problem in problems]:
        raise BadInput("\n".join(lines))
