"""Which channels a worker has, and what it says where one is missing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.vocabulary import Channel
from runtime.channels import open_channels, require_channels
from runtime.settings import Settings, SettingsError
from starter.connecting.channels import CHANNELS
from tests.example_policy import EXAMPLE

ROOT = Path(__file__).parents[2]
WITHOUT_ADAPTER = (
    "add the adapter to `_adapter` in runtime/channels.py, and here the settings that it cannot do without"
)

NEEDED: dict[Channel, dict[str, str]] = {
    Channel.EMAIL: {},
    Channel.SLACK: {"ESCALATIONS_SLACK_TOKEN": "xoxb-1"},
    Channel.TEAMS: {"ESCALATIONS_TEAMS_URLS": "support=https://example.com/workflow?sig=a=b"},
    Channel.PAGERDUTY: {"ESCALATIONS_PAGERDUTY_KEYS": "support=0123456789abcdef0123456789abcdef"},
    Channel.WEBHOOK: {
        "ESCALATIONS_WEBHOOK_URLS": "desk=https://example.com/hook",
        "ESCALATIONS_WEBHOOK_SECRETS": "desk=whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
    },
    Channel.APPRISE: {"ESCALATIONS_APPRISE_URLS": "ops=json://example.com/hook"},
}
"""What has to be set for each channel, beyond defaults."""


def _now() -> datetime:
    return datetime(2026, 3, 27, 12, 0, tzinfo=UTC)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # services of Apprise import what Python deprecates
@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_an_adapter_once_what_it_needs_is_set(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert channel in NEEDED, WITHOUT_ADAPTER
    for variable, value in NEEDED[channel].items():
        assert variable.removeprefix("ESCALATIONS_").lower() in Settings.model_fields, f"{variable} is no setting"
        monkeypatch.setenv(variable, value)
    assert channel in open_channels(Settings.load(), _now), WITHOUT_ADAPTER


def test_every_channel_but_mail_can_be_connected() -> None:
    forgotten = set(Channel) - set(CHANNELS) - {Channel.EMAIL}
    assert forgotten == set(), "say in `CHANNELS` of starter/connecting/channels.py what `connect` asks for"
    fields = {name for way in CHANNELS.values() for name in (way.setting, way.signs_with) if name}
    assert fields <= set(Settings.model_fields)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_is_described(channel: Channel) -> None:
    page = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    prefix = "mail" if channel is Channel.EMAIL else channel
    assert f"\n| `{prefix}:` | " in page, "say in docs/channels.md what follows the colon of its addresses"


@pytest.mark.parametrize("channel", [one for one in Channel if one is not Channel.EMAIL])
def test_every_channel_is_tried_on_a_peer(channel: Channel) -> None:
    assert (ROOT / "tests" / "integration" / "channels" / f"test_{channel}.py").is_file(), (
        "let a peer in tests/peers answer as the service does, and send to it"
    )


def test_a_policy_that_sends_on_a_channel_without_settings_is_refused_by_name() -> None:
    require_channels([EXAMPLE], open_channels(Settings.load(), _now))
    with pytest.raises(SettingsError, match=r"policy `example` sends on `email`, which is not set up; set what docs"):
        require_channels([EXAMPLE], [])
