"""Runs every check of an installation, and says how to fix each problem."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.on_shift import horizon
from activities.errors import ActivityError
from activities.ports.connections import Connections
from activities.ports.desks import Desk
from escalation.business_time.zones import zone_data_version
from escalation.errors import InvalidFile, InvalidPolicy
from escalation.mail_in.meaning import MAIL
from escalation.phrasing import amount_of, minute
from runtime.channels import open_channels, require_channels
from runtime.connection import connect, silent_runtime
from runtime.desks import open_desk
from runtime.first_load import compiled_policies
from runtime.settings import Settings, SettingsError
from runtime.start_checks.places import relay_answers
from runtime.start_checks.start import check_database
from runtime.start_checks.temporal import RPC_TIMEOUT, check_temporal
from runtime.unreachable import TemporalUnreachable
from starter.doctor.channels import channel_looks
from starter.doctor.finding import Finding, Health, Look, found
from starter.doctor.identity import identity_looks
from starter.doctor.mail_in import mail_in_looks
from starter.webhooks.file import connections_of

SECONDS = 15.0  # how long one look may take
SILENCE = timedelta(seconds=90)
"""After this long without a poll a worker counts as ended. The server ends a poll without work after a minute."""

_EXPECTED = (SettingsError, ActivityError, InvalidFile, InvalidPolicy, TemporalUnreachable)


async def examine(settings: Settings, now: datetime, *, own_sink: bool = False) -> list[Finding]:
    """Look at all of it, at once.

    Args:
        settings: Those of the environment; the DSN may be filled in.
        own_sink: Whether the worker, `worker.py --dev`, takes its mail itself.
    """
    looks = [
        *_servers(settings, now, own_sink=own_sink),
        *_files(settings, now),
        *identity_looks(settings, now),
        *mail_in_looks(settings),
    ]
    try:
        connections = connections_of(settings, with_secrets=True)
    except InvalidFile as error:
        broken = Finding(what="webhook file", health=Health.BAD, says=str(error))
        return [*await _all([*looks, *channel_looks(settings, {}, now)]), broken]
    return await _all([*looks, *channel_looks(settings, connections, now), *_products(settings, connections, now)])


async def _all(looks: list[tuple[str, Look]]) -> list[Finding]:
    return list(await asyncio.gather(*(_within_time(what, look) for what, look in looks)))


async def _within_time(what: str, look: Look) -> Finding:
    try:
        async with asyncio.timeout(SECONDS):
            return await look()
    except TimeoutError:
        return Finding(what=what, health=Health.BAD, says=f"no answer within {SECONDS:g} s; check that it runs")
    except _EXPECTED as error:
        return Finding(what=what, health=Health.BAD, says=str(error))


def _servers(settings: Settings, now: datetime, *, own_sink: bool) -> Iterator[tuple[str, Look]]:
    async def temporal() -> Finding:
        await check_temporal(settings)
        return Finding(what="Temporal", health=Health.WELL, says="answers; namespace and search attributes are there")

    async def postgres() -> Finding:
        await check_database(settings)
        return Finding(what="PostgreSQL", health=Health.WELL, says="answers; the schema is up to date")

    async def mail() -> Finding:
        if own_sink:
            says = (
                f"none is set, and the worker's own mail sink takes the mail: read it in `{settings.data_dir / 'mail'}`"
            )
            return Finding(what="mail relay", health=Health.UNUSED, says=says)
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        if await relay_answers(settings.smtp_host, settings.smtp_port):
            return Finding(what="mail relay", health=Health.WELL, says=f"answers at {where}")
        advice = f"does not answer at {where}; start it, or set ESCALATIONS_SMTP_HOST and ESCALATIONS_SMTP_PORT"
        return Finding(what="mail relay", health=Health.BAD, says=advice)

    yield "Temporal", temporal
    yield "workers", partial(workers_look, settings, now)
    yield "PostgreSQL", postgres
    yield "mail relay", mail
    yield "roster", partial(_roster, settings, now)


async def _roster(settings: Settings, now: datetime) -> Finding:
    async with Database.open(settings.require_dsn(), pool_size=1) as database, database.connection() as connection:
        people = await connection.fetchval("select count(*) from people")
        shifts = await horizon(connection)
    if not people:
        return Finding(
            what="roster", health=Health.BAD, says="has no one; load one with `escalations roster load FILE`"
        )
    if shifts is not None and shifts.is_near(now):
        return Finding(what="roster", health=Health.SOON, says=shifts.advice(now))
    known = f"; shifts are known up to {minute(shifts.end)}" if shifts else ""
    return Finding(what="roster", health=Health.WELL, says=f"{amount_of(people, 'person', 'people')}{known}")


def _files(settings: Settings, now: datetime) -> Iterator[tuple[str, Look]]:
    async def zones() -> Finding:
        says = f"release {zone_data_version()} of the package tzdata"
        return Finding(what="zone data", health=Health.WELL, says=says)

    async def policies() -> Finding:
        compiled = compiled_policies(settings.policies_dir, now)
        require_channels((one.policy for one in compiled), open_channels(settings, lambda: now))
        today = now.astimezone(UTC).date()
        due = [
            f"{one.policy.name}: {advice}" for one in compiled if one.review and (advice := one.review.warning(today))
        ]
        if due:
            return Finding(what="policies", health=Health.SOON, says="; ".join(due))
        names = ", ".join(one.policy.name for one in compiled)
        return Finding(what="policies", health=Health.WELL, says=f"{names}; every channel they use is set up")

    yield "zone data", zones
    yield "policies", policies


def _products(settings: Settings, connections: Connections, now: datetime) -> Iterator[tuple[str, Look]]:
    desks = {name: connection for name, connection in connections.items() if name != MAIL}
    if not desks:
        says = "set ESCALATIONS_WEBHOOKS to a webhook file to connect a help desk; see docs/webhooks.md"
        yield "help desks", partial(found, Finding(what="help desks", health=Health.UNUSED, says=says))
    for name, connection in desks.items():
        if connection.api is None:
            says = "webhooks are taken; its tickets are not kept in step, since the webhook file names no `api`"
            yield name, partial(found, Finding(what=name, health=Health.WELL, says=says))
        else:
            own = connection.source.own_actors
            yield name, partial(_desk, name, partial(open_desk, settings, name, connection.api, lambda: now), own)


async def _desk(name: str, opened: Callable[[], Desk], own_actors: frozenset[str]) -> Finding:
    me = await opened().me()
    if me not in own_actors:
        advice = f'its API answers, and our user there is {me}; write `own_actors: ["{me}"]` in the webhook file'
        return Finding(what=name, health=Health.BAD, says=f"{advice}, or our own changes there come back as events")
    return Finding(what=name, health=Health.WELL, says=f"its API answers; our user there is {me}")


async def workers_look(settings: Settings, now: datetime) -> Finding:
    """Check which workers poll, and when the latest did."""
    try:
        polls = await _polls(await connect(settings, runtime=silent_runtime()), settings.task_queue)
    except (RPCError, TemporalUnreachable):
        return Finding(what="workers", health=Health.BAD, says="not known while Temporal does not answer")
    alive = [each for each in polls if now - each <= SILENCE]
    if not alive:
        since = f" since {minute(max(polls))}" if polls else ""
        says = (
            f"none polls the task queue `{settings.task_queue}`{since}: no deadline fires, no message goes out and no "
            "command is answered; start one: `python worker.py`"
        )
        return Finding(what="workers", health=Health.BAD, says=says)
    return Finding(what="workers", health=Health.WELL, says=f"{amount_of(len(alive), 'worker')} at work")


async def _polls(client: Client, queue: str) -> list[datetime]:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    found = await client.workflow_service.describe_task_queue(request, timeout=RPC_TIMEOUT)
    return [each.last_access_time.ToDatetime(UTC) for each in found.pollers]
