"""Checks the channels to colleagues, and that every roster address is on a configured channel."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import partial

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import queries
from activities.ports.connections import Connections
from activities.ports.sending import Channel, CheckedChannel
from escalation.reach import Reach, ways
from escalation.vocabulary import Channel as ChannelName
from runtime.channels import names_on, open_channels
from runtime.settings import Settings
from starter.doctor.finding import Finding, Health, Look, found

_SIGNED_BY_SLACK = "x-slack-signature"
# Addresses that are listed at most.
_MOST_NAMED = 5


def channel_looks(settings: Settings, connections: Connections, now: datetime) -> Iterator[tuple[str, Look]]:
    """A look at each channel that is set up, and at the addresses of the roster."""
    channels = open_channels(settings, lambda: now)
    for channel, adapter in channels.items():
        if isinstance(adapter, CheckedChannel):
            for name in sorted(names_on(channel, settings) or {""}):
                what = f"channel {channel}:{name}" if name else f"channel {channel}"
                advice = _unheard(channel, connections)
                yield what, partial(_checked, what, adapter, name, advice)
    for name in sorted(frozenset(settings.webhook_urls) ^ frozenset(settings.webhook_secrets)):
        says = "set it in both ESCALATIONS_WEBHOOK_URLS and ESCALATIONS_WEBHOOK_SECRETS"
        half = Finding(what=f"channel webhook:{name}", health=Health.BAD, says=says)
        yield half.what, partial(found, half)
    yield "addresses", partial(_addresses, settings, channels)


async def _checked(what: str, adapter: CheckedChannel, name: str, advice: str) -> Finding:
    says = await adapter.check(name)
    return Finding(
        what=what, health=Health.SOON if advice else Health.WELL, says="; ".join(filter(None, (says, advice)))
    )


def _unheard(channel: ChannelName, connections: Connections) -> str:
    """Say what to do where messages have buttons that lead nowhere."""
    signed = {scheme.header for one in connections.values() for scheme in one.source.schemes}
    if channel is not ChannelName.SLACK or _SIGNED_BY_SLACK in signed:
        return ""
    return (
        "the buttons in its messages do nothing until `escalations connect slack --without-messages` takes its webhooks"
    )


async def _addresses(settings: Settings, channels: Mapping[ChannelName, Channel]) -> Finding:
    async with Database.open(settings.require_dsn(), pool_size=1) as database, database.connection() as connection:
        rows = await connection.fetch(queries("directory")["addresses"])
    reached = [(row["id"], reach) for row in rows for reach in ways((*row["urgent"], *row["addresses"]))]
    lost = [f"{reach} of {person}" for person, reach in reached if not _is_set_up(reach, channels, settings)]
    if lost:
        more = f" and {len(lost) - _MOST_NAMED} more" if len(lost) > _MOST_NAMED else ""
        advice = "set up the channel with `escalations connect`, or correct the roster; the next address is tried"
        says = f"not set up: {', '.join(lost[:_MOST_NAMED])}{more}; {advice}"
        return Finding(what="addresses", health=Health.BAD, says=says)
    return Finding(
        what="addresses", health=Health.WELL, says="every address in the roster is on a channel that is set up"
    )


def _is_set_up(reach: Reach, channels: Collection[ChannelName], settings: Settings) -> bool:
    names = names_on(reach.channel, settings)
    return reach.channel in channels and (names is None or reach.at in names)
