"""`make demo`: escalates real tickets, plays them to the end, and reports the result."""

import argparse
import asyncio
import signal
from collections.abc import Sequence
from os.path import relpath

from rich.console import Console
from rich.live import Live

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.reports import Reports
from activities.errors import ActivityError
from escalation.vocabulary import Stage as CaseStage
from examples.demo.connected import compare, in_step
from examples.demo.second_act import second_act
from examples.demo.seeing_through import see_through
from examples.demo.stage import ROOT, Stage, WorkerDied, now, stage
from examples.demo.table import Cases, counts_line, live_table
from examples.demo.team import SupportTeam
from examples.demo.verdict import judge, show, unfinished
from runtime.connection import connect, silent_runtime
from runtime.embedded.errors import EmbeddedError
from runtime.exiting import leave
from runtime.log_setup import configure_logging
from runtime.settings import LogLevel, Settings, SettingsError
from runtime.unreachable import TemporalUnreachable
from simulation.exports import SERVICENOW, Life, Pace, Rejected, read_plays
from starter.client import EscalationClient
from starter.play import Played, Player, Playing
from starter.webhooks.courier import DESK, Courier

INCIDENTS = ROOT / "examples" / "incidents.csv"
PATIENCE = 900.0  # seconds until the demo gives up waiting for the last escalation to close
QUIET_REFRESH, LIVE_REFRESH = 10.0, 0.5  # seconds between two looks at the record: without a terminal, and with one


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; exit code 0 only if every escalation closed and every invariant held."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--exit", action="store_true", help="end by itself instead of leaving the stack up")
    parser.add_argument("--tickets", type=int, help="play only the first of them, for a short look")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        return asyncio.run(_demo(console, leave_up=not options.exit, most=options.tickets))
    except (EmbeddedError, SettingsError, TemporalUnreachable, ActivityError, WorkerDied) as error:
        console.print(str(error), style="red", markup=False)
        return 5
    except KeyboardInterrupt:
        return 130


async def _demo(console: Console, *, leave_up: bool, most: int | None) -> int:
    settings = Settings.load()
    configure_logging(settings.model_copy(update={"log_level": LogLevel.WARNING}))  # the page is for the play
    plans, rejected = _plans()
    plans = plans[:most]
    console.print(f"{len(plans)} real tickets from {INCIDENTS.relative_to(ROOT)}, {len(rejected)} rows rejected")
    console.print("starting a Temporal server, PostgreSQL, a mail sink and the HTTP server,")
    console.print("and stand-ins for Zendesk and Slack, where the support team works …")
    async with stage(settings) as on, Database.open(on.settings.require_dsn(), pool_size=4) as database:
        console.print(f"Temporal UI: {on.stack.ui_url}")
        console.print(f"HTTP API:    {on.http.url}/v1/escalations", highlight=False)
        console.print(f"its key:     {on.http.key}", soft_wrap=True, highlight=False)
        reports = Reports(database)
        finished = await _play(on, reports, database, plans, console)
        posted = [post.key for post in on.vendors.chat.posts if post.key]
        verdict = await judge(reports, Policies(database, now), list(on.stack.sink.messages), posted)
        connected = await compare(reports, Inbox(database), on.vendors)
        cases = await reports.list_cases(open_only=False, limit=1000)
        problems = (
            (*verdict.problems, *connected.problems)
            if finished
            else unfinished(verdict.problems, cases, len(plans), seconds=PATIENCE)
        )
        show(verdict, [view for _, view in cases], console)
        console.print(str(connected), highlight=False)
        _conclude(verdict.cases, problems, console)
        console.print(f"Temporal UI: {on.stack.ui_url}  ·  received mail: {_mail_folder(on.settings)}", soft_wrap=True)
        if leave_up:
            client = await connect(on.settings, runtime=silent_runtime())
            console.print(str(await second_act(on, database, client)), soft_wrap=True, highlight=False)
            console.print("the stack stays up; Ctrl-C stops it")
            await _until_interrupted()
    return 1 if problems else 0


def _plans() -> tuple[list[Life], list[Rejected]]:
    rejected: list[Rejected] = []
    with INCIDENTS.open(encoding="utf-8", newline="") as lines:
        return list(read_plays(lines, SERVICENOW, rejected)), rejected


async def _play(on: Stage, reports: Reports, database: Database, plans: list[Life], console: Console) -> bool:
    # Whether all of it ended in time.
    client = await connect(on.settings, runtime=silent_runtime())
    team = SupportTeam(EscalationClient(client, on.settings.task_queue), on.vendors, Inbox(database), on.http.url)
    playing = Playing(policy="demo", pace=Pace(whole=25.0, longest=2.5), concurrency=30, spacing=0.4, patience=60.0)
    player = Player(team, playing, clock=asyncio.get_running_loop().time)
    task = asyncio.create_task(_lives(player, team, plans))
    try:
        ended = await _watch(on, reports, len(plans), task, console)
        courier = Courier(DeskLinks(database), DESK, client, on.settings.task_queue, now)
        await in_step(DeskLinks(database), courier, on.vendors.desk)
    finally:
        task.cancel()
    if not task.done() or task.cancelled():
        return False
    skipped = [one for played in task.result() for one in played.skipped]
    steps = sum(len(one.steps) for one in plans)
    console.print(f"{steps - len(skipped)} of {steps} steps of the log were played; {len(skipped)} no longer fitted")
    return ended


async def _lives(player: Player, team: SupportTeam, plans: list[Life]) -> tuple[Played, ...]:
    """Play them all, and solve those whose last steps no longer fitted."""
    played = await player.play_all(plans)
    await asyncio.gather(*(see_through(team, one.ticket) for one in played if one.skipped))
    return played


async def _watch(on: Stage, reports: Reports, total: int, playing: asyncio.Task[object], console: Console) -> bool:
    # Show the table until every escalation is closed (true), or patience ends.
    give_up = asyncio.get_running_loop().time() + PATIENCE
    refresh = LIVE_REFRESH if console.is_terminal else QUIET_REFRESH
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while asyncio.get_running_loop().time() < give_up:
            on.worker.check()
            cases = await reports.list_cases(open_only=False, limit=1000)
            if console.is_terminal:
                live.update(live_table(cases, now=now(), rows=max(5, console.height - 8)), refresh=True)
            else:
                console.print(counts_line(cases), soft_wrap=True)
            if playing.done() and len(cases) >= total and _all_settled(cases):
                return True
            await asyncio.sleep(refresh)
    return False


def _all_settled(cases: Cases) -> bool:
    return all(view.stage in (CaseStage.CLOSED, CaseStage.CANCELLED) for _, view in cases)


def _conclude(cases: int, problems: Sequence[str], console: Console) -> None:
    if problems:
        console.print(f"{len(problems)} problem{'s' * (len(problems) != 1)}:", style="red")
        for problem in problems[:20]:
            console.print(f"  {problem}", style="red", markup=False)
    else:
        console.print(f"all {cases} escalations closed; every invariant held", style="green")


async def _until_interrupted() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _mail_folder(settings: Settings) -> str:
    return relpath(settings.data_dir / "mail")


if __name__ == "__main__":
    leave(main())
