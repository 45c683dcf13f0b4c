"""Settings for the channels that send by HTTP, such as Slack and PagerDuty; a part of `runtime.settings`."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from runtime.setting_values import (
    NamedSecrets,
    Networks,
    are_signing_secrets,
    is_file,
    is_ticket_url,
    is_web_url,
    write,
)


class ChannelSettings(BaseModel):
    """Settings for the channels that send by HTTP; mail has settings of its own."""

    model_config = ConfigDict(defer_build=True)  # only `Settings`, which has all of them, is ever read

    slack_token: SecretStr | None = Field(
        default=None,
        description="The token of the bot that posts in Slack; [set-up](channels.md#slack). Never printed.",
        json_schema_extra=write("xoxb-…"),
    )
    slack_api: Annotated[str, AfterValidator(is_web_url)] = Field(
        default="https://slack.com/api/",
        description="The address of Slack's Web API.",
        json_schema_extra=write("a URL, for example https://slack.com/api/"),
    )
    pagerduty_keys: NamedSecrets = Field(
        default_factory=dict,
        description="Integration keys of PagerDuty's Events API v2, under the names that the roster uses. Never printed.",
        json_schema_extra=write("NAME=KEY, several with blanks between them"),
    )
    pagerduty_url: Annotated[str, AfterValidator(is_web_url)] = Field(
        default="https://events.pagerduty.com/v2/enqueue",
        description="The address that events for PagerDuty are sent to.",
        json_schema_extra=write("a URL, for example https://events.eu.pagerduty.com/v2/enqueue"),
    )
    teams_urls: NamedSecrets = Field(
        default_factory=dict,
        description="URLs of the workflows that post in Microsoft Teams, under the names that the roster uses. Never printed.",
        json_schema_extra=write("NAME=URL, several with blanks between them"),
    )
    webhook_urls: NamedSecrets = Field(
        default_factory=dict,
        description="URLs of your own webhooks, under the names that the roster uses. Never printed.",
        json_schema_extra=write("NAME=URL, several with blanks between them"),
    )
    webhook_secrets: Annotated[NamedSecrets, AfterValidator(are_signing_secrets)] = Field(
        default_factory=dict,
        description="The signing secrets of these webhooks, under the same names. Never printed.",
        json_schema_extra=write("NAME=whsec_…, several with blanks between them"),
    )
    apprise_urls: NamedSecrets = Field(
        default_factory=dict,
        description="URLs of services as Apprise writes them, under the names that the roster uses; needs the extra `apprise`. "
        "Never printed.",
        json_schema_extra=write("NAME=URL, several with blanks between them"),
    )
    ticket_url: Annotated[str, AfterValidator(is_ticket_url)] | None = Field(
        default=None,
        description="The address of a ticket's page; messages to colleagues in chats and pagers link to it.",
        json_schema_extra=write("a URL with {ticket}, for example https://desk.example.com/tickets/{ticket}"),
    )
    allowed_networks: Networks = Field(
        default=(),
        description="Private networks into which messages may be sent by HTTP, even without TLS. Others are refused.",
        json_schema_extra=write("networks with blanks between them, for example 10.1.2.0/24"),
    )
    http_ca_file: Annotated[Path, AfterValidator(is_file)] | None = Field(
        default=None,
        description="Certificates to trust besides the system's for messages sent by HTTP, in PEM.",
        json_schema_extra=write("a file, for example /etc/ssl/our-authority.pem"),
    )
