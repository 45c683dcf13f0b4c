"""The command that shows how a webhook would be read; it needs no server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from activities.adapters.new_part import MessageWords
from escalation.case.values import Customer
from escalation.intake.delivery import DeskEvent, Known, Plan, Request, SignatureRefused, Unreadable
from escalation.intake.files import load_source
from escalation.intake.planning import plan
from escalation.intake.reading import read
from escalation.intake.signatures import verify
from escalation.intake.source import Source
from escalation.vocabulary import Severity, Stage
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.tables import facts_table
from starter.cli.texts import Word

_MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The meaning of one event of a body."""

    event: DeskEvent
    key: str
    if_not_escalated: Plan  # what would follow for a ticket that has no escalation
    if_escalated: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBody:
    """The meaning of a body, for programs."""

    mapping: str
    signature: str  # whether it is right, or why not; empty where no secret was given
    events: tuple[Checked, ...]


async def check(
    mapping: Word,
    *,
    body: Path,
    header: tuple[str, ...] = (),
    secret: Word | None = None,
    url: Word = "https://escalations.example.com/webhooks/check",
    context: InContext,
) -> None:
    """Show how a webhook would be read, and which commands would follow.

    Args:
        mapping: Name of a shipped mapping, or a mapping file.
        body: File with the body, exactly as it was sent.
        header: A header of the request, as "Name: value"; repeat it for each.
        secret: The signing secret; if given, the signature is checked.
        url: The address that was called, for vendors that sign it.
    """
    source = load_source("check", mapping)
    request = Request(method="POST", url=url, headers=dict(map(_header, header)), body=_bytes(body))
    now = context.now()
    signature = _signature(source, request, secret, now) if secret else ""
    try:
        delivery = read(source, request, MessageWords())
    except Unreadable as error:
        raise BadInput(f"{body}: the mapping cannot read it: {error}; it would be a dead letter") from None
    checked = tuple(_checked(event, source, now) for event in delivery.events)
    context.out.document(CheckedBody(mapping=mapping, signature=signature, events=checked), _page(signature, checked))


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise BadInput(f'--header "{text}": write it as "Name: value"')
    return name.strip().lower(), value.strip()


def _bytes(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise BadInput(f"--body {file}: there is no such file")
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES)
    except OSError as error:
        raise BadInput(f"--body {file}: {error.strerror}") from None


def _signature(source: Source, request: Request, secret: str, now: datetime) -> str:
    try:
        verify(source, request, (secret,), now)
    except SignatureRefused as error:
        return f"refused: {error}"
    return "right"


def _checked(event: DeskEvent, source: Source, now: datetime) -> Checked:
    unknown = Known(now=now, people={}, latest={})
    customer = event.customer
    known = Known(
        now=now,
        stage=Stage.WORKING,
        severity=Severity.SEV4,
        owner="owner",
        customer=Customer(
            id=customer.id or "customer",
            name=customer.name or "Customer",
            address=customer.address or "customer@example.com",
        ),
        people={},
        latest={},
    )
    return Checked(
        event=event,
        key=event.key,
        if_not_escalated=plan(event, source, unknown),
        if_escalated=plan(event, source, known),
    )


def _page(signature: str, checked: tuple[Checked, ...]) -> RenderableType:
    parts: list[RenderableType] = [Text(f"signature: {signature}")] if signature else []
    parts += [facts_table(*_facts(one)) for one in checked]
    if not checked:
        parts.append(Text("it says nothing about a ticket: it would be stored and ignored"))
    return Group(*parts)


def _facts(one: Checked) -> Iterator[tuple[str, str]]:
    event = one.event
    yield "event", f"{event.kind.value} ({event.what})" if event.what else event.kind.value
    yield "ticket", one.if_escalated.ticket or event.ticket or "none"
    if event.at:
        yield "sender's time", f"{event.at:%Y-%m-%d %H:%M:%S} UTC"
    author = event.author
    who = (
        "machine"
        if author.is_machine
        else "customer"
        if author.is_customer
        else "agent"
        if author.is_agent
        else "not said"
    )
    yield "author", " ".join(each for each in (who, author.id, author.name) if each)
    if event.text:
        yield "text", f"{'public' if event.is_public else 'private'}: {event.text[:500]}"
    yield from ((name, said) for name, said in _ticket(event) if said)
    yield "key", one.key
    yield "not escalated", _said(one.if_not_escalated)
    yield "escalated", _said(one.if_escalated)


def _ticket(event: DeskEvent) -> Iterator[tuple[str, str]]:
    """Show what was read of the ticket, so that a path that finds nothing is seen."""
    customer = event.customer
    yield "subject", event.subject
    yield "customer", " ".join(each for each in (customer.id, customer.name, customer.address) if each)
    yield "language, zone", ", ".join(each for each in (event.language, event.zone) if each)
    yield "status", " from ".join(one.value for one in (event.status, event.status_before) if one)
    yield "priority", f"{event.priority} ({event.severity or 'no severity'})" if event.priority else ""
    yield "assignee", event.assignee.id
    yield "tags", ", ".join(event.tags)
    yield "attached", ", ".join(event.attachments)


def _said(planned: Plan) -> str:
    if planned.problem:
        return f"a dead letter: {planned.problem}"
    if not planned.commands:
        return f"nothing: {planned.ignored}"
    return ", then ".join(f"{command.kind} by {command.by}" for command in planned.commands)
