"""One run on one server: escalations first, then bare workflows that do as much as those did."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path

import psutil
from temporalio.client import Client

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.policies import Policies
from runtime.embedded.record import read_record
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from tests.bench.bare import BareWorkflows
from tests.bench.clock import now
from tests.bench.counting import since_first_timer, steps
from tests.bench.measuring import (
    KEPT,
    OPENED,
    Kept,
    Lives,
    Openings,
    Schedule,
    as_before,
    evenly,
    kept_open,
    lives,
    openings,
    warm_up,
)
from tests.bench.meters import Meters
from tests.bench.ours import Escalations, policies_folder
from tests.bench.record import Record
from tests.bench.requests import COMMANDS_AT_ONCE, SOURCES, Requests, of_bare, of_ours
from tests.bench.sizes import KEEPING_SECONDS, Sizes
from tests.bench.subject import Subject
from tests.peers.zendesk_like import SIGNING_SECRET
from workflows.converter import DATA_CONVERTER
from workflows.options import SEARCH_ATTRIBUTES

REQUESTS = "requests"
"""The batch of cases that get commands by HTTP."""
SAMPLE = 20
"""Of how many openings the steps are counted; one after another is given to the bare workflows."""
SHORTEST_DELAY = 2
"""Seconds from opening to threshold, at least: less, and it might be due before it is open."""
MARGIN_SECONDS = 5
QUIET_AFTER = timedelta(seconds=5)
"""From the last threshold to the first end of a bare workflow."""
SLOWER = 1.3
"""How much slower the worker may open when many are open already."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that was found out about escalations, or about what is bare."""

    openings: Openings
    lives: Lives
    kept: Kept
    requests: Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The servers, and both kinds of workflow on them."""

    folder: Path
    metrics_url: str
    ours: Escalations
    bare: BareWorkflows

    @asynccontextmanager
    async def working(self, subject: Subject, sizes: Sizes, batch: str) -> AsyncIterator[Meters]:
        """A fresh worker that has done everything once, and the meters on it."""
        record = read_record(self.folder)
        assert record is not None
        assert record.temporal is not None
        assert record.postgres is not None
        async with subject.working() as pid:
            await warm_up(subject, batch, sizes.warm_up)
            yield Meters(
                worker=psutil.Process(pid),
                server=psutil.Process(record.temporal.pid),
                postgres=psutil.Process(record.postgres.pid),
                metrics_url=self.metrics_url,
            )


async def run(folder: Path, sizes: Sizes, say: Say) -> tuple[Measured, Measured]:
    """Measure escalations, and bare workflows; nothing runs any more afterwards.

    Args:
        folder: For the servers' data; an empty one.
        sizes: How much to measure.
        say: Told what is being measured.
    """
    started = now()
    say("starting a Temporal server, PostgreSQL and a mail sink")
    async with _ground(folder, sizes.window) as ground:
        ours, bare = ground.ours, ground.bare
        async with ground.working(ours, sizes, "lives") as meters:
            say(f"{ours.name}: opening {sizes.openings}")
            our_openings = await openings(ours, sizes.openings)
            say(f"{ours.name}: living {sizes.lives} lives")
            our_lives = await lives(ours, meters, sizes.lives)
        bare.lives = our_lives.steps
        our_requests, bare_requests = await _requests(ground, sizes, say)
        sample = range(min(SAMPLE, our_openings.number))
        bare.openings = [steps(one) async for one in ours.histories(OPENED, sample)]
        async with ground.working(bare, sizes, "lives") as meters:
            say(f"{bare.name}: opening {sizes.openings}")
            bare_openings = await openings(bare, sizes.openings)
            say(f"{bare.name}: living {our_lives.number} lives")
            bare_lives = await lives(bare, meters, our_lives.number)
        left = sizes.seconds - (now() - started).total_seconds()
        number = _affordable(sizes, our_openings, bare_openings, left)
        our_kept = await _keep(ground, ours, evenly(number, sizes.spread), our_openings, say, sizes)
        sample = range(min(SAMPLE, our_kept.number))
        bare.after = [steps(since_first_timer(one)) async for one in ours.histories(KEPT, sample)]
        bare_kept = await _keep(ground, bare, as_before(our_kept), bare_openings, say, sizes)
    return (
        Measured(openings=our_openings, lives=our_lives, kept=our_kept, requests=our_requests),
        Measured(openings=bare_openings, lives=bare_lives, kept=bare_kept, requests=bare_requests),
    )


async def _requests(ground: Ground, sizes: Sizes, say: Say) -> tuple[Requests, Requests]:
    """What our HTTP server takes beside a worker that carries it out, and a bare one that inserts each body."""
    ours, wanted = ground.ours, {"webhooks": sizes.webhooks, "commands": sizes.commands}
    async with ground.working(ours, sizes, "requests") as meters:
        for number in range(COMMANDS_AT_ONCE):
            await ours.open(REQUESTS, number)
        await meters.rest()
        say(f"bare server: {sizes.webhooks + sizes.commands} inserts")
        bare = await of_bare(ours.environment, ground.folder / "bare_server.log", **wanted)
        say(f"our server: {sizes.commands} commands, {sizes.webhooks} webhooks")
        tickets = [f"{REQUESTS}-{number}" for number in range(COMMANDS_AT_ONCE)]
        return await of_ours(ours.environment, ground.folder / "server.log", tickets, **wanted), bare


def _affordable(sizes: Sizes, ours: Openings, bare: Openings, left: float) -> int:
    """How many of either kind can be kept open, one kind after the other, in the seconds that are left."""
    filling = left - 2 * (KEEPING_SECONDS + sizes.spread)
    each = SLOWER * (1 / ours.per_second + 1 / bare.per_second)
    return max(min(SAMPLE, sizes.open), min(sizes.open, int(filling / each)))


async def _keep(
    ground: Ground, subject: Subject, offsets: tuple[timedelta, ...], before: Openings, say: Say, sizes: Sizes
) -> Kept:
    """Keep open as many as there are offsets, whose thresholds fall due when all are, going by how fast they opened."""
    number, spread = len(offsets), ceil(offsets[-1].total_seconds())
    lead = ceil(SHORTEST_DELAY + MARGIN_SECONDS + SLOWER * number / before.per_second)
    if isinstance(subject, Escalations):
        await subject.prepare(range(SHORTEST_DELAY, lead + spread + 1))
    async with ground.working(subject, sizes, "kept") as meters:
        say(f"{subject.name}: keeping {number} open, thresholds due over {spread} s")
        # On a whole second, as deadlines are.
        first = (now() + timedelta(seconds=lead)).replace(microsecond=0)
        if isinstance(subject, BareWorkflows):
            subject.until = first + offsets[-1] + QUIET_AFTER
        return await kept_open(subject, meters, Schedule(first=first, offsets=offsets))


def _sources(file: Path) -> Path:
    file.write_text(SOURCES, encoding="utf-8")
    return file


@asynccontextmanager
async def _ground(folder: Path, window: int) -> AsyncIterator[Ground]:
    async with EmbeddedStack(folder, search_attributes=SEARCH_ATTRIBUTES) as stack:
        settings = stack.settings(Settings())
        dsn = settings.require_dsn()
        await migrate(dsn)
        environment = {
            "TEMPORAL_ADDRESS": stack.temporal_address,
            "ESCALATIONS_DSN": dsn,
            "ESCALATIONS_SMTP_HOST": stack.smtp_host,
            "ESCALATIONS_SMTP_PORT": str(stack.smtp_port),
            "ESCALATIONS_POLICIES_DIR": str(policies_folder(folder / "policies", window)),
            "ESCALATIONS_LOG_FORMAT": "json",
            "ESCALATIONS_WEBHOOKS": str(_sources(folder / "webhooks.yaml")),
            "ESCALATIONS_HTTP_REQUESTS_PER_MINUTE": "1000000",
            "ZENDESK_SECRET": SIGNING_SECRET,
        }
        client = await Client.connect(stack.temporal_address, data_converter=DATA_CONVERTER)
        async with Database.open(dsn, pool_size=2) as database, Record.open(dsn) as record:
            yield Ground(
                folder=folder,
                metrics_url=stack.metrics_url,
                ours=Escalations(client, settings, record, Policies(database, now), environment),
                bare=BareWorkflows(
                    await Client.connect(stack.temporal_address), environment, folder / "bare_worker.log"
                ),
            )
