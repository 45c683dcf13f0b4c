"""The worker process: reads configuration, connects, wires adapters into activities, runs until it is told to stop.

    python worker.py          against the Temporal, PostgreSQL and mail relay of the environment (docs/settings.md)
    python worker.py --dev    with a Temporal server, PostgreSQL and a mail sink of its own, kept in a folder

The only place that joins adapters to activities. Nothing imports it.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.adapters.new_part import NewPart
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.faults import InvalidDsn
from activities.adapters.postgres.horizon import horizon
from activities.adapters.postgres.incidents import Incidents
from activities.adapters.postgres.ledger import Ledger
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.roster import RosterRefused, install_roster
from activities.adapters.rulebook import Rulebook
from activities.adapters.sentiment import Sentiment
from activities.adapters.templates import Templates
from activities.delivery import DeliveryActivities
from activities.errors import ActivityError
from activities.history import HistoryActivities
from activities.incidents import IncidentActivities
from activities.long_texts import LongTextActivities
from activities.ownership import OwnershipActivities
from activities.policies import PolicyActivities
from activities.recording import RecordingActivities
from activities.triage import TriageActivities
from escalation.compiler import Compiled, compile_policy
from escalation.errors import InvalidPolicy
from escalation.roster.files import HORIZON_DAYS, InvalidRoster, new_roster, read_roster
from escalation.roster.members import NewRoster
from escalation.version import VERSION
from runtime.channels import open_channels, require_channels
from runtime.connection import connect, temporal_is_configured, worker_runtime
from runtime.embedded.errors import EmbeddedError
from runtime.ground.checks import NotReady, require
from runtime.ground.places import read_setting_file, relay_answers, require_writable
from runtime.ground.start import start_checks
from runtime.leaving import leave
from runtime.log_setup import configure_logging
from runtime.loop_lag import histogram_of, measured_loop
from runtime.settings import Settings, SettingsError
from runtime.unreachable import TemporalUnreachable
from starter.cases import Cases
from starter.cli.beside import beside
from starter.client import EscalationClient
from workflows.escalation import EscalationWorkflow
from workflows.incident import IncidentWorkflow
from workflows.options import SEARCH_ATTRIBUTES

log = structlog.stdlib.get_logger("worker")

EXIT_BAD_INPUT, EXIT_UNREACHABLE = 2, 5
STOP_SECONDS = 15
"""How much longer than the running activities' grace a worker may take to stop."""
YEARS_AHEAD = 4
"""For how many years, this one first, a policy's holidays are frozen when it is stored."""
DEV_ROSTER = Path(__file__).parent / "examples" / "roster.yaml"
"""Who works here when `--dev` is told nothing else."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker; the exit code says why it ended: 0 told to stop, 2 bad configuration, 5 something unreachable."""
    parser = argparse.ArgumentParser(prog="worker.py", description="Runs escalations until it is told to stop.")
    parser.add_argument("--dev", action="store_true", help="bring up Temporal, PostgreSQL and a mail sink as well")
    parser.add_argument("--roster", type=Path, help="a roster file to store first (with --dev: the example's)")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.load()
        configure_logging(settings)
        asyncio.run(_run(settings, dev=options.dev, roster=options.roster))
    except (SettingsError, InvalidPolicy, InvalidRoster, InvalidDsn) as error:
        return _complain(error, EXIT_BAD_INPUT)
    except NotReady as error:
        return _complain(error, EXIT_BAD_INPUT if error.is_setting else EXIT_UNREACHABLE)
    except (TemporalUnreachable, EmbeddedError, ActivityError) as error:
        return _complain(error, EXIT_UNREACHABLE)
    return 0


async def _run(settings: Settings, *, dev: bool, roster: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # Files first: a mistake in one is found before anything is started.
    compiled = _compiled(settings.policies_dir)
    require_channels((one.policy for one in compiled), open_channels(settings))
    team = _team(roster or DEV_ROSTER) if roster or dev else None
    async with AsyncExitStack() as open_things:
        if dev:
            require_writable(settings.data_dir, "ESCALATIONS_DATA_DIR")
            settings = await open_things.enter_async_context(_own_servers(settings))
        runtime = worker_runtime(settings)
        await require(start_checks(settings))
        if not await relay_answers(settings.smtp_host, settings.smtp_port):
            # No reason to stop: the relay may come later, and messages wait for it.
            log.warning("mail relay does not answer", host=settings.smtp_host, port=settings.smtp_port)
        database = await open_things.enter_async_context(
            Database.open(settings.require_dsn(), pool_size=settings.pool_size)
        )
        await _store(compiled, Policies(database, _now))
        if team is not None:
            await _install(team, database)
        await _look_ahead(database)
        client = await connect(settings, runtime=runtime)
        activities = _activities(client, settings, database, Rulebook(compiled))
        await open_things.enter_async_context(measured_loop(histogram_of(runtime)))
        await _work(_worker(client, settings, activities, stop), stop, settings)


async def _work(worker: Worker, stop: asyncio.Event, settings: Settings) -> None:
    """Run until the stop is asked for, or Temporal ends the worker; the end has a time limit either way."""
    running = asyncio.create_task(worker.run())
    running.add_done_callback(lambda _: stop.set())
    log.info("worker ready", task_queue=settings.task_queue, namespace=worker.client.namespace)
    await stop.wait()
    log.info("worker stopping", grace_seconds=settings.graceful_shutdown_seconds)
    try:
        async with asyncio.timeout(settings.graceful_shutdown_seconds + STOP_SECONDS):
            await worker.shutdown()
            await running
    except TimeoutError:
        log.warning("worker did not stop in time", seconds=settings.graceful_shutdown_seconds + STOP_SECONDS)
    except RPCError as error:
        raise TemporalUnreachable(
            f"Temporal ended the worker: {error.message.rstrip('.')}; check the namespace and our rights there"
        ) from error


@asynccontextmanager
async def _own_servers(settings: Settings) -> AsyncIterator[Settings]:
    """The embedded servers, less what the environment already names; the settings to reach them."""
    # Here, because a production image does not have the wheels that the embedded servers come in.
    from runtime.embedded.stack import EmbeddedStack  # noqa: PLC0415

    stack = EmbeddedStack(
        settings.data_dir,
        search_attributes=SEARCH_ATTRIBUTES,
        temporal=not temporal_is_configured(),
        postgres=settings.dsn is None,
        smtp="smtp_host" not in settings.model_fields_set,
    )
    async with stack:
        settings = stack.settings(settings)
        await migrate(settings.require_dsn())
        if not temporal_is_configured():
            log.info("embedded servers ready", ui=stack.ui_url, folder=str(settings.data_dir))
        yield settings


def _compiled(folder: Path) -> list[Compiled]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise SettingsError(f"ESCALATIONS_POLICIES_DIR: `{folder}` holds no policy (*.yaml); name a folder that does")
    this_year = _now().year
    years = range(this_year, this_year + YEARS_AHEAD)
    texts = [(file, read_setting_file(file, "ESCALATIONS_POLICIES_DIR")) for file in files]
    return [compile_policy(text, source=str(file), years=years, read=beside(file)) for file, text in texts]


async def _store(compiled: Iterable[Compiled], policies: Policies) -> None:
    for one in compiled:
        ref = await policies.store(one.policy, one.checksum)
        log.info("policy stored", policy=ref.name, version=ref.version)


def _team(file: Path) -> NewRoster:
    now = _now()
    until = now + timedelta(days=HORIZON_DAYS)
    return new_roster(read_roster(file, now, until), now, until)


async def _install(team: NewRoster, database: Database) -> None:
    """Running shifts stay as they are; `escalations roster load --now` changes those.

    A roster that would leave cases without a home is not put in force: the one before serves until that is settled,
    because a worker that does not start would stop every case.
    """
    try:
        done = await install_roster(database, team, _now())
    except RosterRefused as error:
        log.warning(
            "roster not put in force",
            open_cases=[f"{case.escalation} of {case.person}" for case in error.cases],
            around_the_clock=error.accidental,
            advice="run `escalations roster load FILE --hand-on`, and write `always: true` where it is meant",
        )
        return
    log.info("roster stored", version=done.version, people=len(team.members), shifts=done.shifts)
    for change in done.changes:
        log.warning("a running shift will change at its end", shift=change.shift, at=change.takes_over.isoformat())


async def _look_ahead(database: Database) -> None:
    """Say so while there is time when soon nobody who works in shifts can be asked."""
    async with database.connection() as connection:
        shifts, now = await horizon(connection), _now()
    if shifts is not None and shifts.is_near(now):
        log.warning(
            "shifts end soon",
            last_shift_ends=shifts.last_shift_ends.isoformat(),
            known_until=shifts.known_until.isoformat(),
            advice=shifts.advice(now),
        )


def _activities(
    client: Client, settings: Settings, database: Database, rulebook: Rulebook
) -> list[Callable[..., object]]:
    records, directory, long_texts = Records(database), Directory(database, _now), LongTexts(database)
    delivery = DeliveryActivities(
        records=records,
        directory=directory,
        ledger=Ledger(database, _now),
        long_texts=long_texts,
        templates=Templates(),
        channels=open_channels(settings),
        clock=_now,
    )
    ownership = OwnershipActivities(directory)
    cases = Cases(EscalationClient(client, settings.task_queue))
    incidents = IncidentActivities(cases, Incidents(database), rules=settings.rules)
    return [
        ownership.assign_owner,
        ownership.release_owner,
        ownership.find_approver,
        delivery.deliver,
        RecordingActivities(records).record,
        LongTextActivities(long_texts).keep_text,
        PolicyActivities(Policies(database, _now), rules=settings.rules).load_policy,
        RecordingActivities(records).claim_life,
        HistoryActivities(records).customer_history,
        TriageActivities(rulebook, records, Sentiment(), NewPart()).triage,
        incidents.run_errand,
        incidents.record_incident,
    ]


def _worker(
    client: Client, settings: Settings, activities: Sequence[Callable[..., object]], stop: asyncio.Event
) -> Worker:
    async def end(_error: BaseException) -> None:
        stop.set()

    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[EscalationWorkflow, IncidentWorkflow],
        activities=activities,
        # Both stand in every workflow task of every history, so they are short, and name no machine.
        build_id=VERSION,
        identity=f"worker-{os.getpid()}",
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        max_concurrent_local_activities=settings.max_concurrent_activities,
        # Left to itself, the SDK sends a heartbeat only when most of its time limit has passed: too late if it is slow.
        max_heartbeat_throttle_interval=timedelta(seconds=3),
        on_fatal_error=end,
    )


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the one clock of the process; everything else is handed it)


def _complain(error: Exception, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    leave(main())
