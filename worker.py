"""The worker process: reads configuration, connects, wires adapters into activities, runs until it receives a stop signal.

    python worker.py          against the Temporal, PostgreSQL and mail relay of the environment (docs/settings.md)
    python worker.py --dev    with Temporal, PostgreSQL, a mail sink and the HTTP server of its own, kept in a folder

The only place that joins adapters to activities. Nothing imports it.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import structlog
from temporalio.client import Client

from activities.adapters.desks.api import Rereading
from activities.adapters.new_part import NewPart
from activities.adapters.postgres.customer_links import CustomerLinks
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.faults import InvalidDsn
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.incidents import Incidents
from activities.adapters.postgres.ledger import Ledger
from activities.adapters.postgres.links import Links
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.mail import MailRecords
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.records import Records
from activities.adapters.sentiment import Sentiment
from activities.adapters.templates import Templates
from activities.adapters.triage_rules import Rulebook
from activities.button_presses import Presses
from activities.by_mail import ByMail
from activities.delivery import DeliveryActivities
from activities.desks import DeskActivities
from activities.errors import ActivityError
from activities.incidents import IncidentActivities
from activities.intake import IntakeActivities
from activities.ownership import OwnershipActivities
from activities.policies import PolicyActivities
from activities.ports.connections import Connections
from activities.ports.sending import SpeakingChannel
from activities.recording import LongTextActivities, RecordingActivities
from activities.settling import SettlingActivities, settling
from activities.triage import TriageActivities
from activities.writing import Writer
from escalation.errors import InvalidFile
from escalation.vocabulary import Channel
from runtime.channels import open_channels, require_channels
from runtime.connection import connect, worker_runtime
from runtime.desks import open_desks
from runtime.embedded.errors import EmbeddedError
from runtime.exit_codes import BAD_INPUT, OK, UNREACHABLE
from runtime.exiting import leave
from runtime.first_load import compiled_policies, install, look_ahead, remind_of_reviews, roster_of, store_policies
from runtime.log_setup import configure_logging, log_what_python_writes
from runtime.loop_lag import histogram_of, measured_loop
from runtime.own_servers import own_servers
from runtime.roster_watch import watched_roster
from runtime.serving import serve, stop_on_signals
from runtime.setting_values import ticket_link
from runtime.settings import Settings, SettingsError
from runtime.start_checks.checks import NotReady, require
from runtime.start_checks.places import relay_answers
from runtime.start_checks.start import start_checks
from runtime.unreachable import TemporalUnreachable
from starter.cases import Cases, Tickets
from starter.client import EscalationClient
from starter.own_http import own_http
from starter.webhooks.courier import DESK, INTAKE, Courier
from starter.webhooks.file import connections_of
from workflows.desk import DeskWorkflow
from workflows.escalation import EscalationWorkflow
from workflows.incident import IncidentWorkflow
from workflows.intake import IntakeWorkflow
from workflows.settling import SettlingWorkflow

log = structlog.stdlib.get_logger("worker")

DEV_ROSTER = Path(__file__).parent / "examples" / "roster.yaml"  # the roster that `--dev` uses by default


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker; the exit code says why it ended: 0 stopped by a signal, 2 bad configuration, 5 something unreachable."""
    parser = argparse.ArgumentParser(prog="worker.py", description="Run escalations until a stop signal.")
    parser.add_argument(
        "--dev", action="store_true", help="bring up Temporal, PostgreSQL, a mail sink and the HTTP server as well"
    )
    parser.add_argument("--roster", type=Path, help="a roster file to store first (with --dev: the example's)")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.load()
        configure_logging(settings)
        log_what_python_writes()
        asyncio.run(_run(settings, dev=options.dev, roster=options.roster))
    except (SettingsError, InvalidFile, InvalidDsn) as error:
        return _complain(error, BAD_INPUT)
    except NotReady as error:
        return _complain(error, BAD_INPUT if error.is_setting else UNREACHABLE)
    except (TemporalUnreachable, EmbeddedError, ActivityError) as error:
        return _complain(error, UNREACHABLE)
    return OK


async def _run(settings: Settings, *, dev: bool, roster: Path | None) -> None:
    stop = stop_on_signals()
    # Files first: a mistake in one is found before anything is started.
    compiled = compiled_policies(settings.policies_dir, _now())
    require_channels((one.policy for one in compiled), open_channels(settings, _now))
    connections = connections_of(settings, with_secrets=False)
    team = roster_of(roster or DEV_ROSTER, _now()) if roster or dev else None
    async with AsyncExitStack() as open_things:
        if dev:
            settings = await open_things.enter_async_context(own_servers(settings))
            settings = await open_things.enter_async_context(own_http(settings))
        runtime = worker_runtime(settings)
        await require(start_checks(settings))
        if not await relay_answers(settings.smtp_host, settings.smtp_port):
            # No reason to stop: the relay may come later, and messages wait for it.
            log.warning("mail relay does not answer", host=settings.smtp_host, port=settings.smtp_port)
        database = await open_things.enter_async_context(
            Database.open(settings.require_dsn(), pool_size=settings.pool_size)
        )
        await store_policies(compiled, Policies(database, _now))
        remind_of_reviews(compiled, _now())
        if team is not None:
            await install(team, database, _now())
        await look_ahead(database, _now())
        client = await connect(settings, runtime=runtime)
        activities = _activities(client, settings, database, Rulebook(compiled), connections)
        await open_things.enter_async_context(measured_loop(histogram_of(runtime)))
        await open_things.enter_async_context(watched_roster(Directory(database, _now).colleagues))
        for waiting, work in ((Inbox(database), INTAKE), (DeskLinks(database), DESK)):
            courier = Courier(waiting, work, client, settings.task_queue, _now)
            await open_things.enter_async_context(courier.running())
        workflows = [EscalationWorkflow, IncidentWorkflow, IntakeWorkflow, DeskWorkflow, SettlingWorkflow]
        await serve(client, settings, workflows=workflows, activities=activities, stop=stop)


def _activities(
    client: Client, settings: Settings, database: Database, rulebook: Rulebook, connections: Connections
) -> list[Callable[..., object]]:
    records, directory, long_texts = Records(database), Directory(database, _now), LongTexts(database)
    writer = Writer(
        records=records,
        directory=directory,
        long_texts=long_texts,
        templates=Templates(),
        clock=_now,
        public_url=settings.public_url or "",
        ticket_url=lambda ticket: ticket_link(settings.ticket_url, ticket),
    )
    marks_secret = settings.mail_in_secret.get_secret_value() if settings.mail_in_secret else ""
    ledger = Ledger(database, _now, marks_secret=marks_secret)
    channels = open_channels(settings, _now)
    links_in_letters = (Links(database, _now), CustomerLinks(database, _now))
    delivery = DeliveryActivities(writer, ledger, channels, *links_in_letters, bounced=MailRecords(database))
    ownership = OwnershipActivities(directory)
    cases = Cases(EscalationClient(client, settings.task_queue))
    incidents = IncidentActivities(cases, Incidents(database), rules=settings.rules)
    tickets, links = Tickets(EscalationClient(client, settings.task_queue)), DeskLinks(database)
    desks = open_desks(settings, connections, _now)
    chat = channels.get(Channel.SLACK)
    presses = Presses(directory, tickets, chat if isinstance(chat, SpeakingChannel) else None)
    by_mail = ByMail(directory, MailRecords(database))
    intake = IntakeActivities(
        Inbox(database), connections, tickets, _now, Rereading(desks), links, presses, by_mail=by_mail
    )
    return [
        ownership.assign_owner,
        ownership.release_owner,
        ownership.find_approver,
        delivery.deliver,
        SettlingActivities(ledger, records, directory, channels).settle,
        RecordingActivities(records, ledger, settling(channels)).record,
        LongTextActivities(long_texts).keep_text,
        PolicyActivities(Policies(database, _now), rules=settings.rules, pages=settings.public_url or "").load_policy,
        RecordingActivities(records).claim_life,
        RecordingActivities(records).recall,
        *((triage := TriageActivities(rulebook, records, Sentiment(), NewPart())).triage, triage.tone),
        incidents.run_errand,
        incidents.record_incident,
        intake.apply_deliveries,
        DeskActivities(links, desks, connections, tickets, _now).keep_in_step,
    ]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the one clock of the process; everything else is handed it)


def _complain(error: Exception, code: int) -> int:
    sys.stderr.write(f"{error}\n")
    return code


if __name__ == "__main__":
    leave(main())
