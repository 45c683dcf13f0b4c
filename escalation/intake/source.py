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
    """One way to prove who sends."""

    # `hmac` over the request, or the `secret` itself in a header, as a password, or in the query
    kind: Literal["hmac", "secret"]
    header: str  # where the signature or the secret is
    over: tuple[str, ...] = ()  # what is signed, such as `v0:{timestamp}:{body}`, in its pieces
    digest: str = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""  # what each signature begins with
    separator: str = ""  # between several signatures; empty where there is one
    timestamp: Path | None = None  # where the sender's time is; None where no time is signed
    window: int = 0  # seconds that this time may be off; 0 where it is from when the sender queued
    id: str = ""  # header with the delivery's id, where that is signed
    key: Literal["text", "base64", "whsec"] = "text"  # how the secret becomes the key
    query: str = ""  # name of the query parameter with the secret; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The JSON body that a sender gets with the 200."""

    when: Condition  # has to hold
    say: Mapping[str, str] = field(default_factory=dict)
    repeat: Mapping[str, Path] = field(default_factory=dict)  # names, and where in the request their texts are


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """The handshake by which a sender checks that we know the secret."""

    # the parameter of a GET with its own proof: HMAC-SHA256 over `signs`, hex. We answer with the HMAC over that
    query: str
    signs: str  # the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Reads a body that has its values in an object of its own."""

    inside: str  # the key of that object
    event: str  # the key of the word that other bodies have as `event`


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a body means something, and what."""

    name: str
    kind: EventKind
    when: Condition
    unless: Condition = ()  # must not hold
    each: Path | None = None  # a list of which each item is looked at by itself
    key: Paths = ()  # values that identify it together, whatever delivery it comes in
    and_more: bool = False  # whether later rules are looked at too once this one holds
    fields: Mapping[str, Paths] = field(default_factory=dict)  # instead of those of the mapping
    flags: Mapping[str, Condition] = field(default_factory=dict)  # instead of those of the mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connected product."""

    # of the connection, such as `zendesk` or `zendesk-eu`: lower case, part of keys and addresses; never changed
    name: str
    title: str
    prefix: str = ""  # put before its ticket ids, so that two help desks with a ticket 7 do not meet
    own_actors: frozenset[str] = frozenset()  # ids of the API user with which we write there; what it did is not news
    schemes: tuple[Scheme, ...]  # ways to prove who sends; the first whose header is there decides
    answers: tuple[Answer, ...] = ()  # what goes back; the first that holds counts
    handshake: Handshake | None = None  # what the sender asks first; None for nothing
    key: Paths = ()  # where the delivery's id is
    key_when: Condition = ALWAYS  # what has to hold so that an id in the body is the delivery's
    event_key: Paths = ()  # values that identify one event together, in a body that holds several
    batch: Path | None = None  # the list of events in a body that holds several
    # how a body is read that has its values in an object of its own; None where none does
    envelope: Envelope | None = None
    form_field: str = ""  # in a form, the field with the JSON
    zone: tzinfo = UTC  # of times without an offset
    what: Paths = ()  # where the vendor's word for the event is
    fields: Mapping[str, Paths]  # where things are, by the names in `FIELDS`
    flags: Mapping[str, Condition]  # what holds of a message, by the names in `FLAGS`
    statuses: Mapping[str, DeskStatus]  # the vendor's words for a status
    severities: Mapping[str, Severity]  # the vendor's words for a priority
    usual_category: Category = Category.SERVICE  # of a ticket in which triage sees none
    usual_language: str = "en"  # of letters to a new customer whose ticket names none
    usual_zone: str = "UTC"  # time zone of a new customer whose ticket names none
    escalating_tags: frozenset[str] = frozenset()  # tags that ask for an escalation
    rules: tuple[Rule, ...]  # in this order
    # what an event leads to, by the names in `escalation.intake.outcomes`
    then: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The place of an event, as program texts name it."""
        return place_of(self.title)

    def ticket_of(self, ticket: str) -> str:
        """Our number of a ticket there."""
        return f"{self.prefix}{ticket}"
