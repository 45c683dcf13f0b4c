"""Renders received webhooks."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from activities.ports.inbox import Entry, EntryState
from escalation.phrasing import amount_of, minute
from starter.cli.output import cell
from starter.cli.tables import NOTHING, facts_table, relative, table_of
from starter.webhooks.receiving import KeptRequest

_STYLES = {EntryState.DEAD: "bold red", EntryState.STORED: "yellow"}
_LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """A connected product, for programs."""

    source: str
    address: str  # where it sends, below the server's address
    policy: str
    is_configured: bool  # whether the webhook file has it
    waiting: int
    dead: int
    total: int


def sources_table(standings: Iterable[SourceStanding]) -> RenderableType:
    """A line for each product."""
    table = table_of("source", "address", "policy", "waiting", "dead", "in all")
    for one in standings:
        policy = one.policy if one.is_configured else "not in the webhook file"
        numbers = (cell(one.waiting), cell(one.dead, "bold red" if one.dead else ""), cell(one.total))
        table.add_row(cell(one.source), cell(one.address), cell(policy), *numbers)
    return table


def entries_table(entries: Sequence[Entry], now: datetime) -> RenderableType:
    """A line for each event."""
    table = table_of("no.", "came", "source", "ticket", "what", "state", "why")
    for one in entries:
        table.add_row(
            str(one.id),
            relative(one.received_at, now),
            cell(one.source),
            cell(one.ticket or NOTHING),
            cell(one.kind or NOTHING),
            cell(one.state.value, _STYLES.get(one.state, "")),
            cell(one.reason or one.error or NOTHING),
        )
    table.caption = "escalations webhooks show NUMBER prints what came"
    table.caption_justify = "left"
    return table


def entry_page(entry: Entry) -> RenderableType:
    """Everything about an event."""
    facts = facts_table(
        ("source", entry.source),
        ("ticket", entry.ticket or NOTHING),
        ("state", f"{entry.state.value}{f': {entry.reason}' if entry.reason else ''}"),
        ("latest error", entry.error or NOTHING),
        ("came", minute(entry.received_at)),
        ("sender's time", minute(entry.at) if entry.at else NOTHING),
        ("sent again", amount_of(entry.repeats, "time")),
        ("attempts", str(entry.attempts)),
        ("became", ", ".join(entry.became) or amount_of(entry.commands, "command")),
        ("key", entry.key),
    )
    return Group(facts, *_section("Read as", _read(entry)), *_section("Came as", _came(entry)))


def _read(entry: Entry) -> str:
    if entry.event is None:
        return ""
    values: dict[str, Any] = json.loads(entry.event)
    return json.dumps({name: one for name, one in values.items() if one}, indent=2, ensure_ascii=False)


def _came(entry: Entry) -> str:
    if entry.request is None:
        return ""
    request = KeptRequest.from_json(entry.request).request()
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    body = request.body.decode("utf-8", "replace")
    return f"{request.method} {request.url}\n{headers}\n\n{body[:_LONGEST_BODY]}"


def _section(title: str, text: str) -> tuple[RenderableType, ...]:
    if not text:
        return ()
    return (Text(f"\n{title}", style="bold"), Text(text))
