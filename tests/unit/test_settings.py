"""What the environment says becomes settings, and a bad value is explained in one line."""

from pathlib import Path

import pytest

from escalation.lifecycle.rules_version import CHANGES, DEFAULT, latest
from runtime.settings import LogFormat, LogLevel, Settings, SettingsError
from tests.unit.settings_page import settings_table

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def an_empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ESCALATIONS_{name.upper()}", raising=False)


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    return str(caught.value)


def test_with_nothing_set_the_documented_defaults_hold() -> None:
    settings = Settings.load()

    assert settings.dsn is None
    assert settings.task_queue == "escalations"
    assert settings.mail_from == "support@example.com"
    assert settings.policies_dir == Path("policies")
    assert settings.data_dir == Path(".escalations")
    assert (settings.log_format, settings.log_level) == (LogFormat.AUTO, LogLevel.INFO)
    assert settings.metrics_address is None
    assert settings.graceful_shutdown_seconds == 25
    assert (settings.max_concurrent_workflow_tasks, settings.max_concurrent_activities) == (10, 50)
    assert settings.pool_size == 10


def test_each_variable_sets_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("ESCALATIONS_SMTP_PORT", "587")
    monkeypatch.setenv("ESCALATIONS_SMTP_TLS", "starttls")
    monkeypatch.setenv("ESCALATIONS_METRICS_ADDRESS", "127.0.0.1:9464")
    monkeypatch.setenv("ESCALATIONS_LOG_FORMAT", "json")

    settings = Settings.load()

    assert (settings.smtp_host, settings.smtp_port, settings.encryption) == ("mail.example.com", 587, "starttls")
    assert settings.metrics_address == "127.0.0.1:9464"
    assert settings.log_format is LogFormat.JSON


def test_a_variable_that_is_set_to_nothing_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", "")
    monkeypatch.setenv("ESCALATIONS_SMTP_PORT", "")

    settings = Settings.load()

    assert settings.dsn is None
    assert settings.smtp_port == 25
    assert "smtp_port" not in settings.model_fields_set


def test_the_passwords_are_for_the_drivers_and_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", "postgresql://app:not-for-logs@db.example.com/escalations")
    monkeypatch.setenv("ESCALATIONS_SMTP_PASSWORD", "not-for-logs")

    settings = Settings.load()

    assert settings.require_dsn() == "postgresql://app:not-for-logs@db.example.com/escalations"
    for printed in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        assert "not-for-logs" not in printed


def test_settings_never_change_once_read() -> None:
    settings = Settings.load()

    with pytest.raises(ValueError, match="frozen"):
        settings.task_queue = "other"  # type: ignore[misc]  # the mistake under test


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        (
            "ESCALATIONS_SMTP_PORT",
            "smtp",
            "ESCALATIONS_SMTP_PORT: should be a valid integer, unable to parse string as an integer; "
            "write a port from 1 to 65535, for example 587",
        ),
        (
            "ESCALATIONS_POOL_SIZE",
            "0",
            "ESCALATIONS_POOL_SIZE: should be greater than or equal to 1; "
            "write a whole number above zero, for example 10",
        ),
        (
            "ESCALATIONS_LOG_FORMAT",
            "xml",
            "ESCALATIONS_LOG_FORMAT: should be 'auto', 'json' or 'console'; write auto, json or console",
        ),
        (
            "ESCALATIONS_MAIL_FROM",
            "support",
            "ESCALATIONS_MAIL_FROM: is not a mail address: it has no @; write an address, for example support@example.com",
        ),
        (
            "ESCALATIONS_METRICS_ADDRESS",
            "9464",
            "ESCALATIONS_METRICS_ADDRESS: is not an IP address with a port; "
            "write an IP address and a port to listen on, for example 127.0.0.1:9464",
        ),
        (
            "ESCALATIONS_DSN",
            "mysql://db.example.com/escalations",
            "ESCALATIONS_DSN: is not a PostgreSQL URL; write postgresql://USER:PASSWORD@HOST:5432/DATABASE",
        ),
        (
            "ESCALATIONS_DSN",
            "postgresql://db.example.com",
            "ESCALATIONS_DSN: names no database; write postgresql://USER:PASSWORD@HOST:5432/DATABASE",
        ),
    ],
)
def test_a_bad_value_is_one_line_with_the_variable_the_problem_and_what_to_write(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, line: str
) -> None:
    monkeypatch.setenv(variable, value)

    assert refusal() == line


def test_several_bad_values_are_all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_SMTP_PORT", "smtp")
    monkeypatch.setenv("ESCALATIONS_LOG_LEVEL", "loud")

    lines = refusal().splitlines()

    assert [line.partition(":")[0] for line in lines] == ["ESCALATIONS_SMTP_PORT", "ESCALATIONS_LOG_LEVEL"]


def test_a_refusal_never_repeats_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", "mysql://app:not-for-logs@db.example.com/escalations")

    assert "not-for-logs" not in refusal()


def test_a_missing_database_is_explained_when_it_is_needed() -> None:
    with pytest.raises(SettingsError, match=r"^ESCALATIONS_DSN: is not set; write postgresql://.*worker\.py --dev"):
        Settings.load().require_dsn()


def test_every_field_is_documented_with_what_to_write() -> None:
    table = settings_table()

    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"| `ESCALATIONS_{name.upper()}` |" in table


def test_the_settings_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert page == settings_table(), "stale: run `python -m tests.unit.settings_page > docs/settings.md`"


def test_rules_of_a_release_to_come_are_refused_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_RULES", str(latest() + 1))

    assert refusal() == (
        "ESCALATIONS_RULES: is not a version of the rules that this release knows; "
        f"write a version this release knows: {', '.join(map(str, CHANGES))}"
    )


def test_new_cases_follow_rules_that_this_release_knows_by_default() -> None:
    assert Settings.load().rules == DEFAULT
    assert DEFAULT in CHANGES
    assert list(CHANGES) == sorted(CHANGES)


@pytest.mark.parametrize(
    ("variables", "encryption"),
    [
        ({}, "none"),
        ({"PORT": "465"}, "implicit"),
        ({"PORT": "465", "TLS": "none"}, "none"),
        ({"PORT": "465", "STARTTLS": "true"}, "starttls"),
        ({"PORT": "587", "TLS": "implicit"}, "implicit"),
        ({"STARTTLS": "true"}, "starttls"),
        ({"STARTTLS": "false", "TLS": "starttls"}, "starttls"),
    ],
)
def test_encryption_follows_from_what_was_set(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], encryption: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"ESCALATIONS_SMTP_{name}", value)
    assert Settings.load().encryption == encryption


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SMTP_STARTTLS": "true", "SMTP_TLS": "none"}, "ESCALATIONS_SMTP_STARTTLS: contradicts ESCALATIONS_SMTP_TLS"),
        ({"SMTP_TLS": "ssl"}, "ESCALATIONS_SMTP_TLS: should be 'none', 'starttls' or 'implicit'"),
        ({"SMTP_CA_FILE": "/no/such.pem"}, "ESCALATIONS_SMTP_CA_FILE: is not a file that can be read"),
        (
            {"MAIL_FROM": "ann@exam ple.com"},
            "ESCALATIONS_MAIL_FROM: is not a mail address: it contains a blank (U+0020)",
        ),
        ({"MAIL_FROM": "süd@example.com"}, "ESCALATIONS_MAIL_FROM: has non-ASCII characters before the @"),
    ],
)
def test_a_mail_setting_that_cannot_be_used_is_explained(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"ESCALATIONS_{name}", value)
    with pytest.raises(SettingsError, match="; write ") as refused:
        Settings.load()
    assert str(refused.value).startswith(said)
