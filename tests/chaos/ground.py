"""The servers, a line to each of them that can fail, and the workers behind these lines."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from runtime.embedded.stack import EmbeddedStack
from tests.bench.clock import now
from tests.chaos.crew import Place, crew
from tests.chaos.evidence import Disturbance
from tests.chaos.plan import Blow, Manner, Strike
from tests.chaos.proxy import Line
from tests.stack import environment_of, running_stack


@dataclass(slots=True)
class Lines:
    """The lines, and when they failed.

    Attributes:
        by_blow: The line that each failure of the network means.
        cuts: Failures that are over.
    """

    by_blow: Mapping[Blow, Line]
    cuts: list[Disturbance] = field(default_factory=list)
    _failing: set[Blow] = field(default_factory=set)

    async def fail(self, strike: Strike) -> None:
        """Let the line of this strike fail for as long as it says."""
        line, start = self.by_blow[strike.blow], now()
        self._failing.add(strike.blow)
        try:
            if strike.manner is Manner.REFUSES:
                await line.refuse()
            else:
                line.hang()
            await asyncio.sleep(strike.lasts)
        finally:
            await line.restore()
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
    """

    folder: Path
    stack: EmbeddedStack
    lines: Lines
    places: list[Place]
    temporal: str

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
        """Deal this blow; returns when it is over, or dealt where it lasts no time."""
        match strike.blow:
            case Blow.KILL:
                await self.places[strike.worker].kill()
            case Blow.TERM:
                self.places[strike.worker].tell_to_stop()
            case Blow.POSTGRES | Blow.SMTP | Blow.TEMPORAL:
                await self.lines.fail(strike)


@asynccontextmanager
async def ground(folder: Path, *, workers: int) -> AsyncIterator[Ground]:
    """Everything up, and everything gone at the end.

    Args:
        folder: For data, logs and mails; empty.
        workers: How many.
    """
    async with AsyncExitStack() as things:
        stack = await things.enter_async_context(running_stack(folder))
        environment = environment_of(stack)
        dsn, temporal = urlsplit(stack.dsn), urlsplit(f"//{stack.temporal_address}")
        assert dsn.hostname is not None
        assert dsn.port is not None
        assert temporal.hostname is not None
        assert temporal.port is not None
        line = things.enter_async_context
        postgres_line = await line(Line(dsn.hostname, dsn.port))
        temporal_line = await line(Line(temporal.hostname, temporal.port))
        smtp_line = await line(Line(stack.smtp_host, stack.smtp_port))
        lines = Lines({Blow.POSTGRES: postgres_line, Blow.TEMPORAL: temporal_line, Blow.SMTP: smtp_line})
        credentials, _, _ = dsn.netloc.rpartition("@")
        environment |= {
            "ESCALATIONS_DSN": dsn._replace(netloc=f"{credentials}@{postgres_line.address}").geturl(),
            "ESCALATIONS_SMTP_PORT": str(smtp_line.port),
            "TEMPORAL_ADDRESS": temporal_line.address,
        }
        places = await things.enter_async_context(crew(folder, environment, workers, lines.was_cut_since))
        yield Ground(folder=folder, stack=stack, lines=lines, places=places, temporal=temporal_line.address)
