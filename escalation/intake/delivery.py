"""A delivery by webhook, and the events read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from escalation.case.commands import OpenByTriage, SupportCommand
from escalation.case.values import Customer
from escalation.vocabulary import Severity, Stage

MOST_BYTES = 5_000_000  # of a body; a longer one is refused before it is parsed
LONGEST_ID = 200  # characters of an id and of a name; see docs/limits.md
MOST_EVENTS = 200  # in one body; the largest batch that a vendor documents has 100


BY_BODY = "body:"  # how keys begin that are made of the body; keys of events too


class SignatureRefused(Exception):
    """The request was not signed by someone who knows the secret; the message names the reason and no secret."""


class Unreadable(Exception):
    """The body cannot be understood; the message says what was expected, for the dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as it came in."""

    method: str  # in capitals, such as `POST`
    url: str  # as the sender called it: the public base URL with path and query. HubSpot signs it
    headers: Mapping[str, str]
    body: bytes  # exactly the bytes that came; signatures are over them


class EventKind(StrEnum):
    """An event of a ticket, in terms that all products share."""

    OPENED = "opened"
    TAGGED = "tagged"
    MESSAGE = "message"
    STATUS = "status"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"
    PRIORITY = "priority"
    ASSIGNED = "assigned"
    MERGED = "merged"
    DELETED = "deleted"
    SPAM = "spam"
    RESTORED = "restored"
    REQUESTER = "requester"
    ACKNOWLEDGED = "acknowledged"
    BUTTON = "button"
    BOUNCED = "bounced"
    OTHER = "other"


class DeskStatus(StrEnum):
    """The state of a ticket, in words that all help desks share."""

    OPEN = "open"
    PENDING = "pending"
    SOLVED = "solved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The author of an event in the other product. At most one of the flags is set; none if the body does not say."""

    id: str = ""  # their id there; people are mapped by it, never by their name
    name: str = ""
    address: str = ""
    is_machine: bool = False
    is_customer: bool = False
    is_agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent:
    """One thing that happened."""

    kind: EventKind
    what: str  # the same in the vendor's word, for people
    number: int  # its place in the delivery, from 0
    key: str  # identifies it among all events of its source, over repeats, also where a vendor batches them again
    ticket: str  # the ticket's id there; empty where the event is about none
    also: str = ""  # another id of the same ticket there, where some bodies have only that one
    at: datetime | None = None  # the vendor's own time, aware UTC; None where the body does not say
    author: Author = Author()  # who did it
    is_public: bool = False  # whether the customer may see `text`; False where the body does not say
    is_ours: bool = False  # whether our own API user or marker is in it
    is_automatic: bool = False  # whether the customer's mail program wrote it, such as an absence note
    text: str = ""  # what was written: plain, without quotes and signature
    attachments: tuple[str, ...] = ()
    subject: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    status: DeskStatus | None = None  # the ticket's status now; None where the body does not say
    status_before: DeskStatus | None = None  # the one it had; None where the body does not say
    priority: str = ""  # the vendor's word
    severity: Severity | None = None  # what the mapping makes of that word
    assignee: Author = Author()  # who has the ticket there now
    customer: Author = Author()  # whose ticket it is
    language: str = ""
    zone: str = ""  # the customer's time zone, by its IANA name; empty where the body names none that is known
    merged_into: str = ""  # the ticket in which it goes on; empty where the body does not name it
    action: str = ""  # of a button: what was pressed
    value: str = ""  # of a button: what we put into it
    problem: str = ""  # why it cannot be used, where others of the same body can

    def command_id(self, source: str, number: int = 0) -> str:
        """The id of the nth command made of it; the same over repeats."""
        return f"hook:{source}:{self.key}:{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A body that was understood."""

    # unique for its source, the same over repeats of the sender; at most 200 printable characters. It begins with
    # `BY_BODY` where the sender gave no id: then the same body may be news when it comes later
    key: str
    # in the order of the body; a repeat within it counts once. None: a ping, or about nothing of ours
    events: tuple[DeskEvent, ...]


class Words(Protocol):
    """Cuts a message down to what its sender wrote now, as plain text."""

    def __call__(self, text: str, *, html: bool) -> str:
        """The text without quotes, signature and markup.

        Args:
            text: From outside, at most 400,000 characters.
            html: Whether the product sends HTML there.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Our own knowledge of the ticket when an event is planned."""

    now: datetime  # aware UTC
    stage: Stage | None = None  # of the ticket's newest escalation; None where it never escalated
    reopens: bool = False  # whether that escalation, resolved or closed, can be reopened
    severity: Severity | None = None
    priority_before: str = ""  # the vendor's word for what an earlier body showed; empty where none did
    offered_to: str = ""  # id of the person it is offered to; empty for none
    owner: str = ""  # id of its owner; empty for none
    promise: str = ""  # what its customer is promised now; empty while no promise is open
    customer: Customer | None = None  # its customer; None where it never escalated
    people: Mapping[str, str]  # ids of the vendor's users, and the ids of the same people with us
    # the vendor's time of the newest event that was applied to the ticket, by `order_group` of the event
    latest: Mapping[str, datetime]
    # other tickets that have an open escalation, among them that which the ticket was merged into
    escalated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan for an event: commands, or the reason to ignore it."""

    ticket: str
    # to send, in this order; `OpenByTriage` opens, and does nothing where triage says no
    commands: tuple[SupportCommand | OpenByTriage, ...] = ()
    ignored: str = ""  # why nothing is to be done, in a sentence; empty where there are commands
    problem: str = ""  # why nothing can be done although something should be: a person has to look at it
    lacks_customer: bool = False  # whether that is because no one says whose ticket it is; the help desk may know
