"""The channels a worker sends on: one adapter for each, made from the settings. `CONTRIBUTING.md` says how to add one."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import assert_never

from activities.adapters.http_sending import HttpSender
from activities.adapters.pagerduty import PagerDutyChannel
from activities.adapters.slack import SlackChannel
from activities.adapters.smtp import SmtpChannel, SmtpRelay
from activities.adapters.teams import TeamsChannel
from activities.adapters.webhook import WebhookChannel
from activities.ports.sending import Channel
from escalation.policy import Policy
from escalation.vocabulary import Channel as ChannelName
from runtime.settings import Settings, SettingsError, SmtpTls


def open_channels(settings: Settings, clock: Callable[[], datetime]) -> dict[ChannelName, Channel]:
    """The channels for which everything needed is set."""
    sender = HttpSender(clock, allowed=settings.allowed_networks, ca_file=settings.http_ca_file)
    made = {name: _adapter(name, settings, sender) for name in ChannelName}
    return {name: channel for name, channel in made.items() if channel is not None}


def names_on(channel: ChannelName, settings: Settings) -> frozenset[str] | None:
    """The names that the settings have on a channel; None where an address needs none.

    A webhook counts where both its URL and its secret are set.
    """
    names: Collection[str]
    match channel:
        case ChannelName.EMAIL | ChannelName.SLACK:
            return None
        case ChannelName.TEAMS:
            names = settings.teams_urls
        case ChannelName.PAGERDUTY:
            names = settings.pagerduty_keys
        case ChannelName.WEBHOOK:
            names = settings.webhook_urls.keys() & settings.webhook_secrets.keys()
        case ChannelName.APPRISE:
            names = settings.apprise_urls
        case _:
            assert_never(channel)
    return frozenset(names)


def require_channels(policies: Iterable[Policy], channels: Collection[ChannelName]) -> None:
    """Refuse policies that send on a channel that is not set up.

    Args:
        channels: Those of `open_channels`.

    Raises:
        SettingsError: One does; names the policy and the channel.
    """
    for policy in policies:
        for name in (*policy.customer_channels, *policy.staff_channels):
            if name not in channels:
                what = f"policy `{policy.name}` sends on `{name}`, which is not set up"
                raise SettingsError(f"{what}; set what docs/settings.md lists for it, or take it out of the policy")


def _adapter(name: ChannelName, settings: Settings, sender: HttpSender) -> Channel | None:
    """The adapter; None where a setting it cannot do without is not set."""
    made: Channel | None
    match name:
        case ChannelName.EMAIL:
            made = SmtpChannel(_relay(settings))
        case ChannelName.SLACK:
            token = settings.slack_token
            made = SlackChannel(sender, token.get_secret_value(), settings.slack_api) if token else None
        case ChannelName.TEAMS:
            made = TeamsChannel(sender, settings.teams_urls) if settings.teams_urls else None
        case ChannelName.PAGERDUTY:
            keys = settings.pagerduty_keys
            made = PagerDutyChannel(sender, keys, settings.pagerduty_url) if keys else None
        case ChannelName.WEBHOOK:
            urls, secrets = settings.webhook_urls, settings.webhook_secrets
            made = WebhookChannel(sender, urls, secrets) if urls and secrets else None
        case ChannelName.APPRISE:
            made = _apprise(settings) if settings.apprise_urls else None
        case _:
            assert_never(name)
    return made


def _apprise(settings: Settings) -> Channel:
    try:
        from activities.adapters.apprise import AppriseChannel  # noqa: PLC0415 (an extra, and slow to import)
    except ModuleNotFoundError as error:
        advice = "install the extra: pip install 'escalations[apprise]'"
        raise SettingsError(f"ESCALATIONS_APPRISE_URLS: needs {error.name}; {advice}") from error
    return AppriseChannel(settings.apprise_urls)


def _relay(settings: Settings) -> SmtpRelay:
    return SmtpRelay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        username=settings.smtp_username or "",
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else "",
        starttls=settings.encryption is SmtpTls.STARTTLS,
        implicit_tls=settings.encryption is SmtpTls.IMPLICIT,
        ca_file=settings.smtp_ca_file,
        replies_to=settings.mail_in_address or "",
        replies_secret=settings.mail_in_secret.get_secret_value() if settings.mail_in_secret else "",
    )
