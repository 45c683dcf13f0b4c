"""Reads the webhook file: the products that may send webhooks, and the settings for their tickets.

sources:
  zendesk:
    secrets: [ZENDESK_SECRET]
    policy: gold
    own_actors: ["8675309"]
    people: {"1337": ana}
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from activities.ports.connections import ApiAccess, Connection, Connections, Product
from escalation.documents.problems import Problems
from escalation.documents.shape import Section, note_misfits, written
from escalation.documents.text_file import read_text_file
from escalation.documents.yaml import read_document
from escalation.documents.zone_name import ZoneName
from escalation.errors import InvalidFile
from escalation.intake.files import load_source
from escalation.mail_in.meaning import MAIL, SOURCE
from runtime.settings import Settings

_Name = Annotated[
    str,
    written(
        r"(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*",
        "write lower-case letters, digits and single dashes, such as `zendesk-eu`",
    ),
]
_Variable = Annotated[str, written(r"[A-Z][A-Z0-9_]{0,99}", "name an environment variable, such as `ZENDESK_SECRET`")]
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class InvalidWebhooks(InvalidFile):
    """The webhook file cannot be used."""


class ApiSection(Section):
    """The REST API of a help desk, through which its tickets are updated."""

    product: Product
    """Whose API it is."""
    url: Annotated[str, Field(min_length=1, max_length=200)]
    """Address of the help desk, such as `https://example.zendesk.com`."""
    user: _Text | None = None
    """Whose token it is; Zendesk and Jira ask for the mail address."""
    token: _Variable
    """Environment variable with the API token."""


class SourceSection(Section):
    """A product that sends webhooks."""

    mapping: _Text | None = None
    """Name of a shipped mapping, or a mapping file beside this one; the name of the source when left out."""
    secrets: tuple[_Variable, ...] = ()
    """Environment variables with the secrets that sign; several while one is rotated."""
    policy: _Text = "default"
    """Policy that its tickets follow."""
    prefix: _Text | None = None
    """Put before its ticket ids, so that two help desks with a ticket 7 do not meet."""
    own_actors: tuple[_Text, ...] = ()
    """Ids of the API user with which we write there; what it did is not news."""
    people: dict[_Text, _Text] = Field(default_factory=dict)
    """Ids of its users, each with the id of the same person in the roster."""
    language: Annotated[str, written("[A-Za-z0-9_-]{2,35}", "write a language tag, such as `de`")] | None = None
    """Language of letters to a new customer whose ticket names none; English without it."""
    zone: ZoneName | None = None
    """Time zone of a new customer whose ticket names none; UTC without it."""
    changes_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 60
    """Most changes of one ticket that are applied in an hour; more of them look like a loop."""
    api: ApiSection | None = None
    """Keep its tickets in step: status, owner, and notes on what happened."""
    same_body_hours: Annotated[int, Field(ge=1, le=100_000)] = 72
    """For how long the same body is a repeat, where the product gives its deliveries no id."""


class WebhooksSection(Section):
    """The webhook file."""

    sources: Annotated[dict[_Name, SourceSection], Field(min_length=1)]
    """By name; the address of one is /webhooks/NAME."""


def connections_of(settings: Settings, *, with_secrets: bool) -> Connections:
    """The connections of this process: those of the webhook file, and mail where an address for it is set.

    Raises:
        InvalidFile: As `load_connections`.
    """
    source = replace(SOURCE, usual_zone=settings.mail_in_zone)
    mail = Connection(source=source, policy=settings.mail_in_policy, changes_per_hour=settings.mail_in_per_hour)
    by_mail = {MAIL: mail} if settings.mail_in_address else {}
    if settings.webhooks is None:
        return by_mail
    return {**load_connections(settings.webhooks, os.environ if with_secrets else None), **by_mail}


def load_connections(file: Path, environment: Mapping[str, str] | None) -> Connections:
    """The connections that a webhook file describes.

    Args:
        environment: Where the secrets are; None where none is needed, since nothing is received.

    Raises:
        InvalidWebhooks: The file cannot be used, or a secret is missing; one line each.
        InvalidFile: A mapping file cannot be used.
    """
    document = read_document(read_text_file(file, InvalidWebhooks), kind="a webhook file")
    problems = Problems(str(file), document, InvalidWebhooks, places=True)
    problems.raise_if_any()
    try:
        read = WebhooksSection.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        note_misfits(error.errors(), problems, WebhooksSection, "the webhook file")
        problems.raise_if_any()
        raise AssertionError("an error has a problem") from None
    found = {name: _connection(name, one, file, environment, problems) for name, one in read.sources.items()}
    problems.raise_if_any()
    return found


def _connection(
    name: str, section: SourceSection, file: Path, environment: Mapping[str, str] | None, problems: Problems
) -> Connection:
    place = ("sources", name)
    mapping = section.mapping or name
    beside = file.parent / mapping
    return Connection(
        source=load_source(
            name,
            str(beside) if beside.is_file() else mapping,
            own_actors=frozenset(section.own_actors),
            prefix=section.prefix or "",
            language=section.language or "",
            zone=section.zone or "",
        ),
        secrets=_secrets(section, place, environment, problems),
        policy=section.policy,
        people=section.people,
        changes_per_hour=section.changes_per_hour,
        same_body=timedelta(hours=section.same_body_hours),
        api=_api(section.api),
    )


def _api(section: ApiSection | None) -> ApiAccess | None:
    if section is None:
        return None
    return ApiAccess(product=section.product, url=section.url, user=section.user or "", token=section.token)


def _secrets(
    section: SourceSection, place: tuple[str, str], environment: Mapping[str, str] | None, problems: Problems
) -> tuple[str, ...]:
    if environment is None:
        return ()
    found = {variable: environment.get(variable, "") for variable in section.secrets}
    for number, (variable, value) in enumerate(found.items()):
        if not value:
            problems.add((*place, "secrets", number), f"the environment has no `{variable}`", "set it to the secret")
    return tuple(found.values())
