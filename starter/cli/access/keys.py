"""Commands on API keys. A secret is printed once, when its key is made."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from activities.adapters.postgres.directory import Directory
from activities.errors import UnknownPerson
from escalation.documents.problems import advise
from escalation.mail_in.meaning import MAIL
from escalation.people import role_in
from escalation.phrasing import minute
from runtime.settings import PREFIX, Settings
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.parameters import wall_time
from starter.cli.record.database import open_record
from starter.cli.tables import NOTHING, table_of
from starter.cli.texts import Word
from starter.http.access.keys import Keys, UnknownKey, new_id
from starter.http.access.roles import Role
from starter.webhooks.file import connections_of

app = App(name="keys", help="Create, list, rotate and revoke API keys of the HTTP server.")

_NO_FILE = f"set {PREFIX}WEBHOOKS to one that names it"
Lasts = Annotated[str, Parameter(name="--expires-in")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that was just made, for programs."""

    key: ApiKey
    secret: str  # the whole key; it is shown this once


@app.command
async def create(
    name: Word,
    *,
    role: Role = Role.AGENT,
    person: str = "",
    names_actors: Annotated[bool, Parameter(negative=())] = False,
    source: tuple[str, ...] = (),
    ticket: tuple[str, ...] = (),
    expires_in: Lasts = "365d",
    context: InContext,
) -> None:
    """Create a key and print its secret, once.

    Args:
        name: What the key is for. The timeline shows an integration under this name.
        role: What it may do: viewer, agent, lead or admin.
        person: Id of the person the key acts as; without one it belongs to an integration.
        names_actors: Let requests name another actor, for a help desk that acts for many people.
        source: Limit the key to the webhooks of this source, or to `mail`; repeat it for each.
        ticket: Limit the key to tickets that match a pattern, such as ACME-*; repeat it for each.
        expires_in: How long the key works, such as 90d; `never` for a key that does not expire.
    """
    if person and names_actors:
        raise BadInput("--names-actors: a person's key acts as that person; leave out --person or --names-actors")
    if role_in(name) or not name.strip():
        raise BadInput(f"NAME {name}: the timeline would name it as a role; write another name")
    if source and (person or ticket or names_actors):
        raise BadInput("--source: such a key only sends webhooks; leave out --person, --ticket and --names-actors")
    _require_sources(source)
    now, lasts = context.now(), _life(expires_in)
    key = ApiKey(
        id=new_id(),
        name=name,
        role=role.value,
        person=person,
        names_actors=names_actors,
        sources=source,
        tickets=ticket,
        created_at=now,
        expires_at=None if lasts is None else now + lasts,
    )
    async with open_record() as database:
        if person:
            try:
                await Directory(database, context.now).person(person)
            except UnknownPerson:
                raise BadInput(
                    f"--person {person}: is not in the roster; `escalations roster show` lists who is"
                ) from None
        secret = await Keys(ApiKeys(database), context.now).create(key)
    context.out.document(NewKey(key=key, secret=secret), _made(key, secret))


@app.command(name="list")
async def list_(*, all_: Annotated[bool, Parameter(name="--all", negative=())] = False, context: InContext) -> None:
    """List the keys that work; no secrets.

    Args:
        all_: List expired and revoked ones too.
    """
    now = context.now()
    async with open_record() as database:
        keys = [key for key in await ApiKeys(database).all() if all_ or key.works(now)]
    context.out.items(keys, _table(keys) if keys else Text("no key works; `escalations keys create NAME` makes one"))


@app.command
async def rotate(
    key: Word,
    *,
    overlap: Annotated[str, Parameter(name="--overlap")] = "1d",
    expires_in: Lasts = "365d",
    context: InContext,
) -> None:
    """Create a new key with the same rights; the old one keeps working for a while.

    Args:
        key: Id of the key, as `keys list` shows it.
        overlap: How long the old key still works, such as 2h; `none` ends it at once.
        expires_in: How long the new one works; `never` for a key that does not expire.
    """
    still = timedelta() if overlap == "none" else wall_time_or_refuse("--overlap", overlap)
    async with open_record() as database:
        keys = Keys(ApiKeys(database), context.now)
        try:
            new, secret = await keys.rotate(key, overlap=still, lasts=_life(expires_in))
        except UnknownKey as error:
            raise BadInput(str(error)) from None
    until = Text(f"\nthe key {key} works until {minute(context.now() + still)}")
    context.out.document(NewKey(key=new, secret=secret), Text.assemble(_made(new, secret), until))


@app.command
async def revoke(key: Word, *, context: InContext) -> None:
    """End a key at once.

    Args:
        key: Id of the key, as `keys list` shows it.
    """
    async with open_record() as database:
        try:
            await Keys(ApiKeys(database), context.now).revoke(key)
        except UnknownKey as error:
            raise BadInput(str(error)) from None
    context.out.document({"revoked": key}, cell(f"{key} is revoked"))


def wall_time_or_refuse(option: str, text: str) -> timedelta:
    """The duration that was typed."""
    try:
        return wall_time(text)
    except ValueError as error:
        raise BadInput(f"{option}: {error}") from None


def _require_sources(sources: tuple[str, ...]) -> None:
    """Nothing where the webhook file has all of them."""
    sources = tuple(source for source in sources if source != MAIL)
    known = connections_of(Settings.load(), with_secrets=False) if sources else {}
    for source in sources:
        if source not in known:
            raise BadInput(
                f"--source {source}: is not in the webhook file; {advise(source, known) if known else _NO_FILE}"
            )


def _life(text: str) -> timedelta | None:
    return None if text == "never" else wall_time_or_refuse("--expires-in", text)


def _made(key: ApiKey, secret: str) -> Text:
    ends = f"until {minute(key.expires_at)}" if key.expires_at else "until it is revoked"
    return Text(f"{secret}\n\nThis is shown once; keep it where secrets are kept. It works as {_who(key)}, {ends}.")


def _who(key: ApiKey) -> str:
    whom = key.person or (f"{key.name}, or whom a request names" if key.names_actors else key.name)
    return f"{key.role} {whom}"


def _table(keys: list[ApiKey]) -> Table:
    table = table_of("id", "name", "works as", "only", "last used (hour)", "ends")
    for key in keys:
        ends = f"revoked {minute(key.revoked_at)}" if key.revoked_at else _at(key.expires_at)
        only = ", ".join((*key.tickets, *key.sources)) or NOTHING
        table.add_row(*map(cell, (key.id, key.name, _who(key), only, _at(key.used_at), ends)))
    return table


def _at(instant: datetime | None) -> str:
    return NOTHING if instant is None else minute(instant)
