"""The demo's servers and its worker, a process of its own, so that it can be killed and started again."""

import asyncio
import os
import secrets
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from activities.adapters.postgres.migrate import migrate
from examples.demo.vendors import DESK, Vendors, vendors
from runtime.embedded.ports import PortBook
from runtime.embedded.stack import EmbeddedStack
from runtime.first_load import roster_of
from runtime.settings import Settings
from starter.http.dev_server import Served, served
from workflows.options import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parents[2]
ROSTER = ROOT / "examples" / "roster.yaml"
MAIL_IN = "replies@example.com"  # what letters ask to answer to


class WorkerDied(Exception):
    """The demo's worker ended by itself; its log says why."""


@dataclass(slots=True)
class WorkerProcess:
    """One worker as a child process, or another program of ours."""

    log: Path
    environment: Mapping[str, str]
    roster: Path = ROSTER  # the team's file, for a worker
    program: tuple[str, ...] = ()  # what Python runs instead of a worker
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it is ready when its log says so, and works from then on."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *(self.program or (str(ROOT / "worker.py"), "--roster", str(self.roster))),
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                cwd=ROOT,
                start_new_session=True,  # Ctrl-C is for the demo, which then stops the worker
            )

    async def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            await self.process.wait()

    async def stop(self) -> None:
        """Tell it to stop, and wait until it has."""
        if self.process is not None and self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            await self.process.wait()

    def check(self) -> None:
        """Whether it still runs.

        Raises:
            WorkerDied: It does not.
        """
        if self.process is not None and self.process.returncode is not None:
            raise WorkerDied(f"the worker ended with exit code {self.process.returncode}; see {self.log}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The servers and the worker of the demo."""

    settings: Settings
    stack: EmbeddedStack
    worker: WorkerProcess
    http: Served
    vendors: Vendors


@asynccontextmanager
async def stage(settings: Settings) -> AsyncIterator[Stage]:
    """Fresh servers in the demo's own data folder, help desk and chat, a running worker, and the HTTP server.

    All are stopped at the end.
    """
    folder = settings.data_dir / "demo"
    if folder.exists():
        shutil.rmtree(folder)
    team = roster_of(ROSTER, now()).members
    async with (
        EmbeddedStack(folder, search_attributes=SEARCH_ATTRIBUTES) as stack,
        vendors(folder, ROSTER, team) as both,
    ):
        shared = {
            **both.environment,
            "ESCALATIONS_MAIL_IN_ADDRESS": MAIL_IN,
            "ESCALATIONS_MAIL_IN_SECRET": secrets.token_urlsafe(24),
            "ESCALATIONS_MAIL_IN_LISTEN": f"127.0.0.1:{PortBook(folder / 'ports.json').take('mail in')}",
        }
        with _environment_with(shared):  # the HTTP server of this process reads its secrets there
            settings = stack.settings(Settings.load())
            await migrate(settings.require_dsn())
            async with served(settings) as http:
                both.desk.webhook = f"{http.url}/webhooks/{DESK}"
                environment = {**worker_environment(settings, stack), **shared, "ESCALATIONS_PUBLIC_URL": http.url}
                worker = WorkerProcess(log=folder / "worker.log", environment=environment, roster=both.roster)
                await worker.start()
                try:
                    yield Stage(settings=settings, stack=stack, worker=worker, http=http, vendors=both)
                finally:
                    await worker.stop()


@contextmanager
def _environment_with(variables: Mapping[str, str]) -> Iterator[None]:
    """The process's environment with these, while the block runs."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def now() -> datetime:
    """This instant, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the demo is an edge; it hands the instant on)


def worker_environment(settings: Settings, stack: EmbeddedStack) -> dict[str, str]:
    """The environment in which a worker process finds these servers; nothing of ours is taken over from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ESCALATIONS_"))}
    return kept | {
        "TEMPORAL_ADDRESS": stack.temporal_address,
        "ESCALATIONS_DSN": settings.require_dsn(),
        "ESCALATIONS_SMTP_HOST": stack.smtp_host,
        "ESCALATIONS_SMTP_PORT": str(stack.smtp_port),
        "ESCALATIONS_POLICIES_DIR": str(ROOT / "policies"),
        "ESCALATIONS_LOG_FORMAT": "json",
        "ESCALATIONS_GRACEFUL_SHUTDOWN_SECONDS": "5",
    }
