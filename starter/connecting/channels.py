"""Connecting a channel to colleagues: a test of it, and the settings that it needs."""

import base64
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.ports.sending import CheckedChannel, Envelope, Sent, SettlingChannel
from escalation.messages.fates import State
from escalation.reach import InvalidReach, parse_reach
from escalation.vocabulary import Channel, Severity
from runtime.channels import open_channels
from runtime.settings import PREFIX, Settings
from starter.connecting.files import NotConnected


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The steps to connect a channel."""

    asks: str  # what `connect` asks for; it is as secret as a password
    setting: str  # the field of `Settings` that gets it
    signs_with: str = ""  # the field that gets the secret which messages are signed with; empty for none
    webhooks: str = ""  # what the secret of its webhooks is, where it sends some and people can do without
    found: str = "a test message was sent; look for it there"


CHANNELS: Mapping[Channel, Way] = {
    Channel.SLACK: Way(
        asks="Bot token (xoxb-…)", setting="slack_token", webhooks="Signing secret of the app, for its buttons"
    ),
    Channel.TEAMS: Way(
        asks="URL of the workflow",
        setting="teams_urls",
        webhooks="Security token of the outgoing webhook, so that people can accept there",
        found="a test card was posted; look for it in Teams",
    ),
    Channel.PAGERDUTY: Way(
        asks="Integration key of the service (Events API v2)",
        setting="pagerduty_keys",
        webhooks="Secret of the webhook subscription, so that people can accept there",
        found="a test alert was triggered and resolved; the person on call there may have been paged",
    ),
    Channel.WEBHOOK: Way(
        asks="URL of your webhook", setting="webhook_urls", signs_with="webhook_secrets", found="it took a test message"
    ),
    Channel.APPRISE: Way(
        asks="URL of the service, as Apprise writes it",
        setting="apprise_urls",
        found="a test notification was sent; look for it there",
    ),
}
"""Those that are connected; mail has settings of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The credential of a channel."""

    key: str = field(repr=False)  # a token, an integration key, or a URL
    secret: str = field(default="", repr=False)  # what messages to a webhook are signed with; empty for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class TestedChannel:
    """A channel that took a test."""

    __test__ = False

    found: str
    variables: Mapping[str, str] = field(repr=False)
    address: str


def signing_secret() -> str:
    """A new secret to sign the messages to a webhook with."""
    return f"whsec_{base64.b64encode(random.token_bytes(32)).decode()}"


async def tested_channel(
    channel: Channel, name: str, key: Key, settings: Settings, already: Mapping[str, str], now: datetime
) -> TestedChannel:
    """Test a channel: a message is sent where that is the only way, and in PagerDuty an alert that is resolved at once.

    Args:
        name: How the roster will name it; of no meaning in Slack.
        already: What the file with the secrets has.

    Raises:
        NotConnected: It has this name already, or what was given cannot be used.
        RecipientRefused: It refuses the test.
        ChannelUnavailable: It does not answer, or refuses the key.
    """
    variables = _variables(channel, name, key, settings, already)
    changed = Settings.load(**{variable.removeprefix(PREFIX).lower(): value for variable, value in variables.items()})
    adapter = open_channels(changed, lambda: now)[channel]
    address = f"{channel}:{name}"
    if channel is Channel.SLACK:
        if not isinstance(adapter, CheckedChannel):
            raise AssertionError("Slack can be asked who we are")
        return TestedChannel(found=await adapter.check(name), variables=variables, address="slack:U0123ABCD")
    receipt = await adapter.send(_test_message(channel, name, now))
    if isinstance(adapter, SettlingChannel):
        over = Sent(key="test", to=name, channel=channel, receipt=receipt, subject="", body="", state=State.OVER)
        await adapter.settle(over)
    return TestedChannel(found=CHANNELS[channel].found, variables=variables, address=address)


def _test_message(channel: Channel, name: str, now: datetime) -> Envelope:
    return Envelope(
        key=f"escalations/test/{name}/{now:%Y%m%dT%H%M%SZ}",
        thread="escalations-test",
        address=name,
        name=name,
        subject="Test message",
        body="Escalations is connected.\nThis is a test; nothing has to be done.",
        language="en",
        at=now,
        to_staff=True,
        channel=channel,
        urgent=True,
        severity=Severity.SEV4,
        kinds=("test",),
    )


def _variables(channel: Channel, name: str, key: Key, settings: Settings, already: Mapping[str, str]) -> dict[str, str]:
    """The settings to write; names that are set already stay beside the new one."""
    if any(character.isspace() or not character.isprintable() for character in f"{key.key}{key.secret}"):
        raise NotConnected(("what was given has blanks or control characters in it; copy it again",))
    way = CHANNELS[channel]
    if channel is Channel.SLACK:
        return _once(f"{PREFIX}{way.setting.upper()}", key.key, already)
    try:
        parse_reach(f"{channel}:{name}")
    except InvalidReach as error:
        raise NotConnected((f"--name: {error}",)) from None
    values = {way.setting: key.key, **({way.signs_with: key.secret} if way.signs_with else {})}
    return {f"{PREFIX}{each.upper()}": _added(each, name, value, settings, already) for each, value in values.items()}


def _once(variable: str, value: str, already: Mapping[str, str]) -> dict[str, str]:
    if already.get(variable, value) != value:
        raise NotConnected(
            (f"the file with the secrets has another {variable} already; take it out, or use --without-messages",)
        )
    return {variable: value}


def _added(field_name: str, name: str, value: str, settings: Settings, already: Mapping[str, str]) -> str:
    # `NAME=VALUE` after those that are set in the environment and in the file.
    set_here: Mapping[str, Any] = getattr(settings, field_name)
    entries = {each: known.get_secret_value() for each, known in set_here.items()}
    entries |= {each: known for each, _, known in (e.partition("=") for e in _entries(field_name, already))}
    if name in entries:
        raise NotConnected((f"`{name}` is connected already; take it out of the settings, or choose another --name",))
    return " ".join(f"{each}={known}" for each, known in (entries | {name: value}).items())


def _entries(field_name: str, already: Mapping[str, str]) -> list[str]:
    return already.get(f"{PREFIX}{field_name.upper()}", "").split()
