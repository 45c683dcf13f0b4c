"""All settings that a process of this project reads from its environment.

Every setting is a field of `Settings` and an environment variable: `ESCALATIONS_` and the field's name in capitals.
How to reach Temporal is not here: that is the standard `TEMPORAL_*` environment and profile file (`runtime.connection`).

`docs/settings.md` is made from them: `python -m tests.unit.settings_page > docs/settings.md`.
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, model_validator
from pydantic_core import ErrorDetails

from escalation.lifecycle.rules_version import DEFAULT
from runtime.channel_settings import ChannelSettings
from runtime.http_settings import HttpSettings
from runtime.mail_in_settings import MailInSettings
from runtime.setting_values import (
    KNOWN_VERSIONS,
    POSITIVE,
    is_file,
    is_ip_and_port,
    is_known_version,
    is_postgres_url,
    is_sender,
    write,
)

PREFIX = "ESCALATIONS_"


class SettingsError(Exception):
    """A setting is missing or can't be used. One line for each: the variable, the problem, what to write."""


class LogFormat(StrEnum):
    """The format of log lines."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """The least urgent line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SmtpTls(StrEnum):
    """Encryption of the connection to the mail relay."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


def _agrees(starttls: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic's way
    if starttls and info.data.get("smtp_tls") not in {None, SmtpTls.STARTTLS}:
        raise ValueError(f"contradicts {PREFIX}SMTP_TLS, which replaces it")
    return starttls


class Settings(HttpSettings, MailInSettings, ChannelSettings):
    """The configuration of this process. Read it with `Settings.load()`, which explains bad values in one line each."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    dsn: Annotated[SecretStr, AfterValidator(is_postgres_url)] | None = Field(
        default=None,
        description="The PostgreSQL database that holds the record. Not needed with `worker.py --dev`, "
        "which brings its own. Its password is never printed.",
        json_schema_extra=write("postgresql://USER:PASSWORD@HOST:5432/DATABASE"),
    )
    task_queue: str = Field(
        default="escalations",
        min_length=1,
        description="The Temporal task queue that workers poll and clients start escalations on.",
        json_schema_extra=write("a name, for example escalations"),
    )
    smtp_host: str = Field(
        default="localhost",
        min_length=1,
        description="The mail relay for messages to customers and colleagues.",
        json_schema_extra=write("a host name, for example mail.example.com"),
    )
    smtp_port: int = Field(
        default=25,
        ge=1,
        le=65535,
        description="The relay's port.",
        json_schema_extra=write("a port from 1 to 65535, for example 587"),
    )
    smtp_username: str | None = Field(
        default=None,
        description="The account to log in to the relay with. Unset: no login.",
        json_schema_extra=write("an account name"),
    )
    smtp_password: SecretStr | None = Field(
        default=None,
        description="That account's password. Never printed.",
        json_schema_extra=write("the account's password"),
    )
    smtp_tls: SmtpTls | None = Field(
        default=None,
        description="How the connection to the relay is encrypted: `none`, `starttls`, or `implicit`, which is TLS from "
        "the first byte. If that fails, nothing is sent. Not set: `implicit` on port 465, `none` elsewhere.",
        json_schema_extra=write("none, starttls or implicit"),
    )
    smtp_ca_file: Annotated[Path, AfterValidator(is_file)] | None = Field(
        default=None,
        description="Certificates to trust at the relay besides the system's, in PEM.",
        json_schema_extra=write("a file, for example /etc/ssl/our-authority.pem"),
    )
    smtp_starttls: Annotated[bool, AfterValidator(_agrees)] = Field(
        default=False,
        description=f"The older way to write `{PREFIX}SMTP_TLS=starttls`.",
        json_schema_extra=write(f"nothing here, and {PREFIX}SMTP_TLS=starttls"),
    )
    mail_from: Annotated[str, AfterValidator(is_sender)] = Field(
        default="support@example.com",
        description="The sender of messages to customers.",
        json_schema_extra=write("an address, for example support@example.com"),
    )
    policies_dir: Path = Field(
        default=Path("policies"),
        description="The folder with the policy files.",
        json_schema_extra=write("a folder, for example policies"),
    )
    data_dir: Path = Field(
        default=Path(".escalations"),
        description="The folder where `worker.py --dev` keeps its servers' data, logs and received mail.",
        json_schema_extra=write("a folder, for example .escalations"),
    )
    log_format: LogFormat = Field(
        default=LogFormat.AUTO,
        description="The format of log lines. `auto`: readable on a terminal, JSON everywhere else.",
        json_schema_extra=write("auto, json or console"),
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO,
        description="The lowest level that is logged.",
        json_schema_extra=write("debug, info, warning or error"),
    )
    metrics_address: Annotated[str, AfterValidator(is_ip_and_port)] | None = Field(
        default=None,
        description="Where a worker serves its metrics to Prometheus. Unset: nowhere.",
        json_schema_extra=write("an IP address and a port to listen on, for example 127.0.0.1:9464"),
    )
    graceful_shutdown_seconds: int = Field(
        default=25,
        ge=0,
        description="How long a worker that is stopping waits for running activities.",
        json_schema_extra=write("whole seconds, for example 25"),
    )
    max_concurrent_workflow_tasks: int = Field(
        default=10,
        ge=1,
        description="How many workflow tasks one worker handles at a time.",
        json_schema_extra=POSITIVE,
    )
    max_concurrent_activities: int = Field(
        default=50, ge=1, description="How many activities one worker runs at a time.", json_schema_extra=POSITIVE
    )
    rules: Annotated[int, AfterValidator(is_known_version)] = Field(
        default=DEFAULT,
        description="The version of the program's own rules that new cases follow. Leave it unset while workers of two "
        "releases run, or while you may want to roll back (see operations.md, Changing a rule).",
        json_schema_extra=write(f"a version this release knows: {KNOWN_VERSIONS}"),
    )
    pool_size: int = Field(
        default=10,
        ge=1,
        description="The maximum number of connections that one process opens to PostgreSQL.",
        json_schema_extra=POSITIVE,
    )

    @model_validator(mode="before")
    @classmethod
    def _what_is_not_given_is_read(cls, given: dict[str, Any]) -> dict[str, Any]:
        """From the environment, in capitals or not; of one that is set to nothing the default counts."""
        written = {name.upper(): value for name, value in os.environ.items() if value}
        read = {field: written.get(f"{PREFIX}{field.upper()}") for field in cls.model_fields}
        return {field: value for field, value in read.items() if value is not None} | given

    @classmethod
    def load(cls, **changes: Any) -> Self:
        """Read the environment.

        Args:
            changes: Values by field name that count instead of those of the environment, written as they are there.

        Raises:
            SettingsError: a variable can't be used; one line for each, with no secret in it.
        """
        try:
            return cls(**changes)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
        # Raised outside the handler: pydantic's own text would only repeat it in its words.
        raise SettingsError("\n".join(_explain(detail) for detail in details))

    @property
    def encryption(self) -> SmtpTls:
        """Encryption of the connection to the relay, from whichever variable sets it."""
        if self.smtp_tls is not None:
            return self.smtp_tls
        if self.smtp_starttls:
            return SmtpTls.STARTTLS
        return SmtpTls.IMPLICIT if self.smtp_port == 465 else SmtpTls.NONE

    def require_dsn(self) -> str:
        """The whole DSN, password included, for a driver.

        Raises:
            SettingsError: none was configured.
        """
        if self.dsn is None:
            raise SettingsError(
                f"{PREFIX}DSN: is not set; write {hint('dsn')}, or start `worker.py --dev`, which brings a database"
            )
        return self.dsn.get_secret_value()


def _explain(detail: ErrorDetails) -> str:
    field = str(detail["loc"][0])
    problem = detail["msg"].removeprefix("Value error, ")
    if problem.startswith("Input should"):
        problem = problem.replace("Input should", "should", 1)
    return f"{PREFIX}{field.upper()}: {problem}; write {hint(field)}"


def hint(field: str) -> str:
    """The advice for a bad value of this setting."""
    extra = Settings.model_fields[field].json_schema_extra
    assert isinstance(extra, dict), f"{field} says nothing about what to write"  # noqa: S101 - our own table, above
    return str(extra["write"])
