"""The servers, a line to each of them that can fail, and the workers behind these lines."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from examples.demo.stage import ROSTER
from examples.demo.vendors import DESK, Vendors, vendors
from runtime.embedded.ports import HOST
from runtime.embedded.stack import EmbeddedStack
from runtime.first_load import roster_of
from tests.bench.clock import now
from tests.chaos.crew import Place, crew
from tests.chaos.evidence import Disturbance
from tests.chaos.plan import PEERS, Blow, Manner, Strike
from tests.chaos.proxy import Line
from tests.peers.http_peer import Answer
from tests.peers.slack_like import SlackLike
from tests.stack import WorkerProcess, environment_of, running_stack


@dataclass(slots=True)
class Lines:
    """The lines, and when they failed.

    Attributes:
        by_blow: The line that each failure means.
        answers: Lets a product that we call answer everything with a status, until it is 0.
        cuts: Failures that are over.
    """

    by_blow: Mapping[Blow, Line]
    answers: Mapping[Blow, Callable[[int], None]]
    cuts: list[Disturbance] = field(default_factory=list)
    _failing: set[Blow] = field(default_factory=set)

    async def fail(self, strike: Strike) -> None:
        """Let the line of this strike fail for as long as it says."""
        line, start = self.by_blow[strike.blow], now()
        self._failing.add(strike.blow)
        try:
            match strike.manner:
                case Manner.REFUSES:
                    await line.refuse()
                case Manner.BREAKS | Manner.LIMITS:
                    self.answers[strike.blow](500 if strike.manner is Manner.BREAKS else 429)
                case _:
                    line.hang()
            await asyncio.sleep(strike.lasts)
        finally:
            await line.restore()
            if strike.blow in PEERS:
                self.answers[strike.blow](0)
            self._failing.discard(strike.blow)
            self.cuts.append(Disturbance(what=strike.blow, start=start, end=now()))

    def was_cut_since(self, instant: datetime) -> bool:
        """Whether any line failed at some time since then."""
        return bool(self._failing) or any(cut.end >= instant for cut in self.cuts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a run plays on.

    Attributes:
        folder: Where the servers keep their data, and the sink its mails.
        temporal: Address of the line to Temporal, for support tools.
        places: Of the workers, and last of the HTTP server.
        http: Where the HTTP server listens, whenever it runs.
        vendors: The help desk and the chat.
    """

    folder: Path
    stack: EmbeddedStack
    lines: Lines
    places: list[Place]
    temporal: str
    http: str
    vendors: Vendors

    @property
    def disturbances(self) -> tuple[Disturbance, ...]:
        """All that was done so far and is over."""
        hits = [seen for place in self.places for seen in place.seen]
        return tuple(sorted([*self.lines.cuts, *hits], key=lambda one: one.start))

    @property
    def died(self) -> tuple[str, ...]:
        """Ends of workers that the run had not caused."""
        return tuple(text for place in self.places for text in place.died)

    async def strike(self, strike: Strike) -> None:
        """Deal this blow; returns when it is over, or dealt where it has no length."""
        match strike.blow:
            case Blow.KILL:
                await self.places[strike.worker].kill()
            case Blow.TERM:
                self.places[strike.worker].tell_to_stop()
            case Blow.SERVER:
                await self.places[-1].kill(Blow.SERVER)
            case _:
                await self.lines.fail(strike)


@asynccontextmanager
async def ground(folder: Path, *, workers: int) -> AsyncIterator[Ground]:
    """Everything up, and everything gone at the end.

    Args:
        folder: For data, logs and mails; empty.
        workers: How many.
    """
    async with AsyncExitStack() as things:
        line = things.enter_async_context
        stack = await line(running_stack(folder))
        team = await asyncio.to_thread(roster_of, ROSTER, now())
        both = await line(vendors(folder, ROSTER, team.members))
        environment = {**environment_of(stack), **both.environment}
        dsn, temporal = urlsplit(stack.dsn), urlsplit(f"//{stack.temporal_address}")
        assert dsn.hostname is not None
        assert dsn.port is not None
        assert temporal.hostname is not None
        assert temporal.port is not None
        postgres_line = await line(Line(dsn.hostname, dsn.port))
        temporal_line = await line(Line(temporal.hostname, temporal.port))
        smtp_line = await line(Line(stack.smtp_host, stack.smtp_port))
        desk_line, chat_line = [
            await line(Line(HOST, urlsplit(url).port or 0)) for url in (both.desk.url, both.chat.url)
        ]
        lines = Lines(
            {
                Blow.POSTGRES: postgres_line,
                Blow.TEMPORAL: temporal_line,
                Blow.SMTP: smtp_line,
                Blow.DESK: desk_line,
                Blow.CHAT: chat_line,
            },
            {Blow.DESK: partial(setattr, both.desk, "outage"), Blow.CHAT: partial(_answering, both.chat)},
        )
        port = _free_port()
        credentials, _, _ = dsn.netloc.rpartition("@")
        environment |= {
            "ESCALATIONS_DSN": dsn._replace(netloc=f"{credentials}@{postgres_line.address}").geturl(),
            "ESCALATIONS_SMTP_PORT": str(smtp_line.port),
            "TEMPORAL_ADDRESS": temporal_line.address,
            "ESCALATIONS_SLACK_API": f"http://{chat_line.address}/api/",
            "ESCALATIONS_WEBHOOKS": str(_behind(desk_line, both, folder / "webhooks-behind-a-line.yaml")),
            "ESCALATIONS_PUBLIC_URL": f"http://{HOST}:{port}",
        }
        both.desk.webhook = f"http://{HOST}:{port}/webhooks/{DESK}"
        programs = {
            f"worker {one + 1}": WorkerProcess(folder / f"worker-{one + 1}.log", environment, both.roster)
            for one in range(workers)
        }
        serve = ("-m", "starter.cli", "serve", "--port", str(port), "--json")
        server = WorkerProcess(folder / "server.log", environment, program=serve, ready=b'"http server ready"')
        places = await line(crew({**programs, "HTTP server": server}, lines.was_cut_since))
        yield Ground(
            folder=folder,
            stack=stack,
            lines=lines,
            places=places,
            temporal=temporal_line.address,
            http=f"http://{HOST}:{port}",
            vendors=both,
        )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port: int = taken.getsockname()[1]
        return port


def _behind(line: Line, both: Vendors, file: Path) -> Path:
    """The webhook file, with the help desk's API behind this line."""
    text = Path(both.environment["ESCALATIONS_WEBHOOKS"]).read_text(encoding="utf-8")
    file.write_text(text.replace(both.desk.url, f"http://{line.address}"), encoding="utf-8")
    return file


def _answering(chat: SlackLike, status: int) -> None:
    chat.outage = Answer(status) if status else None
