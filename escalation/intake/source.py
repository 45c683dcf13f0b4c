"""A connected product: its mapping, compiled, and who we are there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Literal

from escalation.intake.conditions import ALWAYS, Condition
from escalation.intake.delivery import DeskStatus, EventKind
from escalation.intake.paths import Path
from escalation.program_texts import place_of
from escalation.vocabulary import Category, Severity

Paths = tuple[Path, ...]
FIELDS = (
    *("ticket", "also", "at", "subject", "text", "description", "url", "tags", "tags_before", "attachments"),
    *("status", "status_before", "priority", "assignee_id", "assignee_name", "customer_id", "customer_name"),
    *("customer_address", "language", "customer_zone", "merged_into", "author_id", "author_name"),
    *("author_address", "action", "value"),
)
"""What a mapping can find in a body; each is a path, or several of which the first that finds something counts."""
FLAGS = ("public", "customer", "agent", "machine", "automatic", "html")
"""What a mapping can say about a message, each as a condition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One way to prove who sends.

    Attributes:
        kind: `hmac` over the request, or the `secret` itself in a header, as a password, or in the query.
        header: Where the signature or the secret is.
        over: What is signed, such as `v0:{timestamp}:{body}`, in its pieces.
        prefix: What each signature begins with.
        separator: Between several signatures; empty where there is one.
        timestamp: Where the sender's time is; None where no time is signed.
        window: Seconds that this time may be off; 0 where it is from when the sender queued.
        id: Header with the delivery's id, where that is signed.
        key: How the secret becomes the key.
        query: Name of the query parameter with the secret; empty for none.
    """

    kind: Literal["hmac", "secret"]
    header: str
    over: tuple[str, ...] = ()
    digest: str = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    separator: str = ""
    timestamp: Path | None = None
    window: int = 0
    id: str = ""
    key: Literal["text", "base64", "whsec"] = "text"
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The JSON body that a sender gets with the 200.

    Attributes:
        when: Has to hold.
        repeat: Names, and where in the request their texts are.
    """

    when: Condition
    say: Mapping[str, str] = field(default_factory=dict)
    repeat: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """The handshake by which a sender checks that we know the secret.

    Attributes:
        query: The parameter of a GET with its own proof: HMAC-SHA256 over `signs`, hex. We answer with the HMAC over that.
        signs: The text.
    """

    query: str
    signs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How a body is read that has its values in an object of its own.

    Attributes:
        inside: The key of that object.
        event: The key of the word that other bodies have as `event`.
    """

    inside: str
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a body means something, and what.

    Attributes:
        unless: Must not hold.
        each: A list of which each item is looked at by itself.
        key: Values that identify it together, whatever delivery it comes in.
        and_more: Whether later rules are looked at too once this one holds.
        fields: Instead of those of the mapping.
        flags: Instead of those of the mapping.
    """

    name: str
    kind: EventKind
    when: Condition
    unless: Condition = ()
    each: Path | None = None
    key: Paths = ()
    and_more: bool = False
    fields: Mapping[str, Paths] = field(default_factory=dict)
    flags: Mapping[str, Condition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connected product.

    Attributes:
        name: Of the connection, such as `zendesk` or `zendesk-eu`: lower case, part of keys and addresses; never changed.
        prefix: Put before its ticket ids, so that two help desks with a ticket 7 do not meet.
        own_actors: Ids of the API user with which we write there; what it did is not news.
        schemes: Ways to prove who sends; the first whose header is there decides.
        answers: What goes back; the first that holds counts.
        handshake: What the sender asks first; None for nothing.
        key: Where the delivery's id is.
        key_when: What has to hold so that an id in the body is the delivery's.
        event_key: Values that identify one event together, in a body that holds several.
        batch: The list of events in a body that holds several.
        envelope: How a body is read that has its values in an object of its own; None where none does.
        form_field: In a form, the field with the JSON.
        zone: Of times without an offset.
        what: Where the vendor's word for the event is.
        fields: Where things are, by the names in `FIELDS`.
        flags: What holds of a message, by the names in `FLAGS`.
        statuses: The vendor's words for a status.
        severities: The vendor's words for a priority.
        usual_category: Of a ticket in which triage sees none.
        usual_language: Of letters to a new customer whose ticket names none.
        usual_zone: Time zone of a new customer whose ticket names none.
        escalating_tags: Tags that ask for an escalation.
        rules: In this order.
        then: What an event leads to, by the names in `escalation.intake.outcomes`.
    """

    name: str
    title: str
    prefix: str = ""
    own_actors: frozenset[str] = frozenset()
    schemes: tuple[Scheme, ...]
    answers: tuple[Answer, ...] = ()
    handshake: Handshake | None = None
    key: Paths = ()
    key_when: Condition = ALWAYS
    event_key: Paths = ()
    batch: Path | None = None
    envelope: Envelope | None = None
    form_field: str = ""
    zone: tzinfo = UTC
    what: Paths = ()
    fields: Mapping[str, Paths]
    flags: Mapping[str, Condition]
    statuses: Mapping[str, DeskStatus]
    severities: Mapping[str, Severity]
    usual_category: Category = Category.SERVICE
    usual_language: str = "en"
    usual_zone: str = "UTC"
    escalating_tags: frozenset[str] = frozenset()
    rules: tuple[Rule, ...]
    then: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where something happened, as program texts say it."""
        return place_of(self.title)

    def ticket_of(self, ticket: str) -> str:
        """Our number of a ticket there."""
        return f"{self.prefix}{ticket}"
