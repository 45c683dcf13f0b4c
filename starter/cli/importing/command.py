"""The command that plays another tool's log against running workers."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, validators

from activities.adapters.postgres.policies import Policies
from activities.errors import UnknownPolicy
from escalation.business_time.zones import load_zone
from escalation.phrasing import amount_of
from simulation.exports import SERVICENOW, ExportMapping, InvalidMapping, Pace, UnreadableLog, load_mapping, read_plays
from simulation.exports.log_file import is_json_lines, log_lines
from simulation.exports.mapping import an_encoding
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.importing.progress import shown_progress
from starter.cli.importing.tables import Imported, imported, imported_page
from starter.cli.log_size import LogSize, hint_of_mapping, measure, why_empty
from starter.cli.output import cell
from starter.cli.parameters import WallTime
from starter.cli.record.database import open_record, record_is_certain
from starter.cli.texts import Word
from starter.errors import CommandRefused
from starter.play import Played, Player, Playing


def _can_divide(type_: Any, value: float) -> None:  # noqa: ARG001 (what a validator gets)
    if not math.isfinite(value) or value <= 0:
        raise ValueError("Write how many seconds of the log fit into one, a number above 0 such as 3600.")


Compression = Annotated[float, Parameter(validator=_can_divide)]
Number = Annotated[int, Parameter(validator=validators.Number(gte=1))]


def _a_zone(type_: Any, value: str | None) -> None:  # noqa: ARG001 (what a validator gets)
    if value is not None:
        load_zone(value)


def _an_encoding(type_: Any, value: str | None) -> None:  # noqa: ARG001 (what a validator gets)
    if value is not None:
        an_encoding(value)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Options for reading the file.

    Attributes:
        mapping: The mapping of the log, a YAML file as for simulate; examples/events/mapping.yaml explains it.
        encoding: Its encoding, such as windows-1252; UTF-16 is recognised by its first bytes.
        zone: IANA time zone of its times, such as Europe/Berlin.
        limit: Play at most N tickets.
    """

    mapping: Path | None = None
    encoding: Annotated[str | None, Parameter(validator=_an_encoding)] = None
    zone: Annotated[str | None, Parameter(validator=_a_zone)] = None
    limit: Number | None = None


async def import_(
    file: Path,
    *,
    policy: Word = "default",
    compress: Compression = 3600.0,
    longest: WallTime | None = None,
    whole: WallTime | None = None,
    at_once: Number = 64,
    reading: Reading | None = None,
    context: InContext,
) -> None:
    """Play a real log against running workers: a ServiceNow incident export (CSV), or any log with --mapping.

    Every ticket is opened and replayed step by step at compressed time. Playing the same file again repeats
    twice: it continues where it ended.

    Args:
        file: The log.
        policy: Name of the policy the escalations follow.
        compress: Play N seconds of the log per second.
        longest: The longest wait between two steps of a ticket; 6s if not given.
        whole: The longest total wait of one ticket; 1m if not given.
        at_once: Play at most N tickets at the same time.
        reading: How the file is read.
    """
    log = _log(file, reading or Reading())
    usual = Pace()
    pace = Pace(
        compress=compress,
        longest=usual.longest if longest is None else longest.total_seconds(),
        whole=usual.whole if whole is None else whole.total_seconds(),
    )
    size = _measured(log)
    # An opening would report it too, but there is none if every ticket was escalated before.
    await must_be_known(policy, context.now)
    if not context.out.as_json:
        context.out.console.print(
            cell(
                f"{file}: {amount_of(size.tickets, 'ticket')} with {amount_of(size.steps, 'step')}, "
                f"{amount_of(len(size.rejected), 'row')} rejected"
            )
        )
    outcome = await _play(context, log, Playing(policy=policy, pace=pace, concurrency=at_once), size)
    context.out.document(outcome, imported_page(outcome))
    if outcome.failed:
        raise Findings("not opened", f"{outcome.failed} of {amount_of(outcome.tickets, 'ticket')}; the answer says why")


async def _play(context: Context, log: "_Log", playing: Playing, size: LogSize) -> Imported:
    client = await context.cases()
    with log_lines(log.file, encoding=log.mapping.encoding) as lines, shown_progress(context.out, size) as progress:
        player = Player(client, playing, clock=asyncio.get_running_loop().time, progress=progress)
        # Rejected rows were reported above; here they are skipped.
        lives = islice(read_plays(lines, log.mapping, [], as_json=is_json_lines(log.file)), size.tickets)
        played: tuple[Played, ...] = await player.play_all(lives)
    return imported(str(log.file), size, played)


@dataclass(frozen=True, slots=True)
class _Log:
    """A log and how it is written."""

    file: Path
    reading: Reading
    mapping: ExportMapping


def _log(file: Path, reading: Reading) -> _Log:
    try:
        mapping = SERVICENOW if reading.mapping is None else load_mapping(reading.mapping)
    except InvalidMapping as error:
        raise BadInput(str(error)) from error
    said = {"encoding": reading.encoding, "zone": reading.zone}
    return _Log(file, reading, mapping.model_copy(update={name: text for name, text in said.items() if text}))


def _measured(log: _Log) -> LogSize:
    try:
        size = measure(log.file, log.reading.limit, log.mapping)
    except UnreadableLog as error:
        raise BadInput(f"{error.of(log.file)}{hint_of_mapping(log.reading.mapping, error)}") from error
    if not size.tickets:
        raise BadInput(f"{log.file}: holds no ticket{why_empty(size.rejected)}")
    return size


async def must_be_known(policy: str, now: Callable[[], datetime]) -> None:
    """Refuse the name of a policy that no worker has stored.

    Without a configured record nothing is refused here: an opening reports it.

    Raises:
        CommandRefused: there is none of this name; `UnknownPolicy`.
        SettingsError: what says where the record is cannot be read.
        DatabaseUnavailable: no server answers there, or tables are missing.
    """
    if not record_is_certain():
        return
    async with open_record() as database:
        try:
            await Policies(database, now).load(policy)
        except UnknownPolicy as error:
            raise CommandRefused(UnknownPolicy.__name__, str(error)) from error
