"""One run: cases live while the plan is carried out; then all the evidence, and what the project's own check says."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from temporalio.client import Client

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.reports import Reports
from escalation.case.naming import workflow_id
from examples.demo.connected import in_step
from examples.demo.seeing_through import see_through
from examples.demo.team import SupportTeam
from examples.demo.vendors import PREFIX
from examples.demo.verdict import judge
from starter.client import EscalationClient
from starter.play import Played, Player
from starter.webhooks.courier import DESK, Courier
from tests.bench.clock import now
from tests.chaos import gathering
from tests.chaos.evidence import Evidence
from tests.chaos.ground import Ground, ground
from tests.chaos.plan import Strike
from tests.chaos.stream import Witness, cases, playing
from workflows.converter import DATA_CONVERTER
from workflows.options import TASK_QUEUE

SETTLE_SECONDS = 180.0
"""From the last step to the last end, at most: a letter that two killed workers were busy with takes minutes."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run left behind.

    Attributes:
        steps: How many steps the cases had, and how many of them no longer fitted or found no answer.
        own_words: What the project's own check of its record found, beside the oracle.
    """

    evidence: Evidence
    strikes: Sequence[Strike]
    steps: tuple[int, int]
    own_words: tuple[str, ...]


async def run(folder: Path, plan: Sequence[Strike], *, number: int, workers: int, seconds: float, say: Say) -> Outcome:
    """Let cases live, break things as planned, wait until all is quiet, collect the evidence.

    Args:
        folder: For the servers' data; an empty one.
        plan: The failures.
        number: How many cases.
        workers: How many worker processes.
        seconds: How long cases are opened and things are broken.
        say: Told how far it is.
    """
    plans = cases(number)
    tickets = [one.open.ticket for one in plans]
    say("starting a Temporal server, PostgreSQL, a mail sink, and workers behind lines that can fail")
    async with AsyncExitStack() as things:
        on = await things.enter_async_context(ground(folder, workers=workers))
        support = EscalationClient(await _client(on.temporal), TASK_QUEUE)
        database = await things.enter_async_context(Database.open(on.stack.dsn, pool_size=4))
        team = SupportTeam(support, on.vendors, Inbox(database), on.http)
        witness = Witness(support, team)
        player = Player(witness, playing(number, seconds), clock=asyncio.get_running_loop().time)
        say(f"{number} cases, {len(plan)} failures")
        async with asyncio.TaskGroup() as group:
            played = group.create_task(player.play_all(plans))
            group.create_task(_carry_out(on, plan, say))
        say("everything works again; waiting for the cases to end")
        unfit = [one.ticket for one in played.result() if one.skipped]
        await asyncio.gather(*(see_through(witness, ticket) for ticket in unfit))
        direct = await _client(on.stack.temporal_address)
        with suppress(TimeoutError):  # then the oracle finds those that have not ended
            async with asyncio.timeout(SETTLE_SECONDS):
                await _all_ended(direct, tickets)
        links = DeskLinks(database)
        await in_step(links, Courier(links, DESK, direct, TASK_QUEUE, now), on.vendors.desk)
        say("collecting the evidence")
        evidence = await _evidence(on, direct, witness, tickets)
        evidence = await _connected(on, team, evidence)
        own_words = await _own_words(on, database)
    return Outcome(evidence=evidence, strikes=plan, steps=_steps(played.result()), own_words=own_words)


async def _client(address: str) -> Client:
    return await Client.connect(address, data_converter=DATA_CONVERTER)


async def _carry_out(on: Ground, plan: Sequence[Strike], say: Say) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with asyncio.TaskGroup() as group:
        for strike in plan:
            await asyncio.sleep(start + strike.at - loop.time())
            say(str(strike))
            group.create_task(on.strike(strike))


async def _all_ended(client: Client, tickets: Iterable[str]) -> None:
    handles = [client.get_workflow_handle(workflow_id(ticket)) for ticket in tickets]
    await asyncio.gather(*(handle.result() for handle in handles), return_exceptions=True)


async def _evidence(on: Ground, client: Client, witness: Witness, tickets: Iterable[str]) -> Evidence:
    runs, timers = await gathering.histories(client)
    timeline, deliveries = await gathering.record(on.stack.dsn)
    return Evidence(
        tickets=frozenset(workflow_id(ticket) for ticket in tickets),
        opened=frozenset(witness.opened),
        letters=await asyncio.to_thread(gathering.letters, on.folder / "mail"),
        timeline=timeline,
        deliveries=deliveries,
        runs=runs,
        timers=timers,
        sent=tuple(witness.sent.values()),
        disturbances=on.disturbances,
        died=on.died,
    )


async def _connected(on: Ground, team: SupportTeam, evidence: Evidence) -> Evidence:
    """With what the help desk and the chat saw."""
    received, behind = await gathering.connected(on.stack.dsn)
    desk = on.vendors.desk
    return replace(
        evidence,
        filed=frozenset(workflow_id(f"{PREFIX}{number}") for number in desk.tickets),
        accepted=frozenset((*desk.accepted, *team.pressed)),
        received=received,
        remarks=gathering.remarks(desk.tickets),
        posts=tuple(post.key for post in on.vendors.chat.posts if post.key),
        behind=behind,
    )


async def _own_words(on: Ground, database: Database) -> tuple[str, ...]:
    mail, posted = list(on.stack.sink.messages), [post.key for post in on.vendors.chat.posts if post.key]
    return (await judge(Reports(database), Policies(database, now), mail, posted)).problems


def _steps(played: Iterable[Played]) -> tuple[int, int]:
    everything = list(played)
    skipped = sum(len(one.skipped) for one in everything)
    return sum(one.done for one in everything) + skipped, skipped
