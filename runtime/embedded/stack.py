"""Everything a worker needs on one machine, in one folder: Temporal, PostgreSQL and a mail sink.

One process owns a folder's stack: it holds the folder's lock, starts the servers and stops them. A second one that
asks for the same folder joins: it uses the servers and leaves them running. When the owner was killed, its servers may
still run; the next owner takes them over, or replaces those that don't answer.
"""

import asyncio
import os
from collections.abc import Awaitable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import SecretStr

from runtime.embedded import postgres as postgres_server
from runtime.embedded import temporal_server
from runtime.embedded.errors import EmbeddedError
from runtime.embedded.ports import PortBook
from runtime.embedded.postgres import EmbeddedPostgres
from runtime.embedded.record import (
    FolderLock,
    PostgresRecord,
    SmtpRecord,
    StackRecord,
    TemporalRecord,
    read_record,
    remove_record,
    write_record,
)
from runtime.embedded.smtp_sink import SmtpSink
from runtime.embedded.temporal_server import OptionValue, TemporalServer, register_search_attributes
from runtime.settings import Settings, SmtpTls

JOIN_SECONDS = 60.0

Part = TypeVar("Part", TemporalRecord, PostgresRecord, SmtpRecord)


class EmbeddedStack:
    """The servers of one data folder; use it as `async with EmbeddedStack(folder) as stack`."""

    def __init__(
        self,
        data_dir: Path,
        *,
        search_attributes: Mapping[str, str] | None = None,
        dynamic_config: Mapping[str, OptionValue] | None = None,
        temporal: bool = True,
        postgres: bool = True,
        smtp: bool = True,
    ) -> None:
        """Describe it; entering it starts it.

        Args:
            data_dir: Where data, logs, received mail and `stack.json` are; made if it isn't there.
            search_attributes: Name to type, registered with Temporal.
            temporal: Run a Temporal server; leave it out when another one is configured.
            postgres: Run PostgreSQL; leave it out when a DSN is configured.
            smtp: Run the mail sink; leave it out when a relay is configured.
        """
        folder = data_dir.resolve()
        ports = PortBook(folder / "ports.json")
        self._folder = folder
        self._lock = FolderLock(folder)
        self._search_attributes = dict(search_attributes or {})
        self._temporal = (
            TemporalServer(folder, search_attributes=search_attributes, dynamic_config=dynamic_config, ports=ports)
            if temporal
            else None
        )
        self._postgres = EmbeddedPostgres(folder, ports=ports) if postgres else None
        self._sink = SmtpSink(folder / "mail", ports=ports) if smtp else None
        self._record: StackRecord | None = None

    async def __aenter__(self) -> Self:
        """Start the servers, or join those of the process that runs them already.

        Raises:
            EmbeddedError: a server can't be started, or the folder's owner doesn't bring it up.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        give_up = asyncio.get_running_loop().time() + JOIN_SECONDS
        while not self._lock.take():
            if await self._join():
                return self
            if asyncio.get_running_loop().time() > give_up:
                raise EmbeddedError(self._owner_is_stuck())
            await asyncio.sleep(0.1)
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the servers if we own them. Their data stays."""
        if self.owned:
            await self._stop()
        self._record = None

    @property
    def owned(self) -> bool:
        """Whether this process runs the servers, and stops them at the end."""
        return self._lock.held

    @property
    def temporal_address(self) -> str:
        """Temporal's host and port."""
        return _part(self._folder, self._running.temporal, "Temporal server").address

    @property
    def ui_url(self) -> str:
        """Address of the Temporal UI."""
        return _part(self._folder, self._running.temporal, "Temporal server").ui_url

    @property
    def metrics_url(self) -> str:
        """The Temporal server's own Prometheus metrics."""
        return _part(self._folder, self._running.temporal, "Temporal server").metrics_url

    @property
    def dsn(self) -> str:
        """PostgreSQL's URL, with its password."""
        return _part(self._folder, self._running.postgres, "PostgreSQL").dsn

    @property
    def smtp_host(self) -> str:
        """The mail sink's host."""
        return _part(self._folder, self._running.smtp, "mail sink").host

    @property
    def smtp_port(self) -> int:
        """The mail sink's port."""
        return _part(self._folder, self._running.smtp, "mail sink").port

    @property
    def sink(self) -> SmtpSink:
        """The mail sink itself, with what it received; only its owner has it, others read `mail/` in the folder.

        Raises:
            EmbeddedError: another process owns it.
        """
        if self._sink is None or not self.owned:
            raise EmbeddedError(f"The mail sink isn't in this process; received mail is in {self._folder / 'mail'}")
        return self._sink

    def settings(self, base: Settings) -> Settings:
        """A copy of these settings that points at the servers of this stack; what it doesn't run stays as it was."""
        record = self._running
        update: dict[str, object] = {"data_dir": self._folder}
        if record.postgres is not None and self._postgres is not None:
            update["dsn"] = SecretStr(record.postgres.dsn)
        if record.smtp is not None and self._sink is not None:
            update |= {"smtp_host": record.smtp.host, "smtp_port": record.smtp.port}
            update |= {"smtp_username": None, "smtp_password": None, "smtp_starttls": False}
            update |= {"smtp_tls": SmtpTls.NONE, "smtp_ca_file": None}
        return base.model_copy(update=update)

    @property
    def _running(self) -> StackRecord:
        if self._record is None:
            raise EmbeddedError("The embedded stack isn't running; enter it with `async with`")
        return self._record

    async def _join(self) -> bool:
        """Use the owner's servers, if they are there and answer."""
        record = read_record(self._folder)
        if record is None or not await _answers(record):
            return False
        if self._temporal is not None:
            _part(self._folder, record.temporal, "Temporal server")
        if self._postgres is not None:
            _part(self._folder, record.postgres, "PostgreSQL")
        if self._sink is not None:
            _part(self._folder, record.smtp, "mail sink")
        if record.temporal is not None:
            await register_search_attributes(record.temporal.address, self._search_attributes)
        self._record = record
        return True

    async def _start(self) -> None:
        remove_record(self._folder)  # a killed owner's: no one may join before we are up
        parts = [part for part in (self._temporal, self._postgres, self._sink) if part is not None]
        await _all(part.start() for part in parts)
        self._record = StackRecord(
            pid=os.getpid(),
            temporal=None if self._temporal is None else self._temporal.record,
            postgres=None if self._postgres is None else self._postgres.record,
            smtp=None if self._sink is None else self._sink.record,
        )
        write_record(self._folder, self._record)

    async def _stop(self) -> None:
        try:
            remove_record(self._folder)
            parts = [part for part in (self._temporal, self._postgres, self._sink) if part is not None]
            await _all(part.stop() for part in parts)
        finally:
            self._lock.release()

    def _owner_is_stuck(self) -> str:
        record = read_record(self._folder)
        owner = "another process" if record is None else f"process {record.pid}"
        return (
            f"The embedded stack in {self._folder} belongs to {owner}, but its servers don't answer; "
            "stop that process and start again, or choose another ESCALATIONS_DATA_DIR"
        )


def _part(folder: Path, part: Part | None, name: str) -> Part:
    if part is None:
        raise EmbeddedError(f"The embedded stack in {folder} runs no {name}")
    return part


async def _answers(record: StackRecord) -> bool:
    if record.temporal is not None and not await temporal_server.answers(record.temporal.address):
        return False
    return record.postgres is None or await postgres_server.answers(record.postgres.dsn)


async def _all(work: Iterable[Awaitable[None]]) -> None:
    # Do all of it, to the end, also when some of it fails; then raise what failed first.
    results = await asyncio.gather(*work, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
