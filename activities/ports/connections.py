"""The products whose webhooks are accepted, as listed in the webhook file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from escalation.intake.source import Source


class Product(StrEnum):
    """Help desks whose tickets can be kept in step."""

    ZENDESK = "zendesk"
    JIRA = "jira"
    ZAMMAD = "zammad"
    FRESHDESK = "freshdesk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAccess:
    """Access to the REST API of a help desk."""

    product: Product
    url: str
    user: str = ""  # whose token it is, where the product asks for that; empty otherwise
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connected product."""

    source: Source
    # any of them signs; several while one is rotated. Empty where only workers read the file
    secrets: tuple[str, ...] = field(default=(), repr=False)
    policy: str = "default"
    # ids of its users, and the ids of the same people in the roster
    people: Mapping[str, str] = field(default_factory=dict)
    changes_per_hour: int = 60  # most events of one ticket that are applied in an hour; more of them look like a loop
    # where the product gives its deliveries no id: for how long the same body counts as a repeat
    same_body: timedelta = timedelta(days=3)
    api: ApiAccess | None = None  # how its tickets are read again and kept in step; None where they are not


Connections = Mapping[str, Connection]  # by the name of the source
