"""A delivery by webhook, and the events read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from escalation.case.commands import OpenByTriage, SupportCommand
from escalation.case.values import Customer
from escalation.vocabulary import Severity, Stage

MOST_BYTES = 5_000_000
"""Of a body; a longer one is refused before it is parsed."""
LONGEST_ID = 200
"""Characters of an id and of a name; see docs/limits.md."""
MOST_EVENTS = 200
"""In one body; the largest batch that a vendor documents has 100."""


BY_BODY = "body:"
"""How keys begin that are made of the body; keys of events too."""


class SignatureRefused(Exception):
    """The request was not signed by someone who knows the secret; the message names the reason and no secret."""


class Unreadable(Exception):
    """The body cannot be understood; the message says what was expected, for the dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as it came in.

    Attributes:
        method: In capitals, such as `POST`.
        url: As the sender called it: the public base URL with path and query. HubSpot signs it.
        body: Exactly the bytes that came; signatures are over them.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


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
    """The author of an event in the other product. At most one of the flags is set; none if the body does not say.

    Attributes:
        id: Their id there; people are mapped by it, never by their name.
    """

    id: str = ""
    name: str = ""
    address: str = ""
    is_machine: bool = False
    is_customer: bool = False
    is_agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent:
    """One thing that happened.

    Attributes:
        what: The same in the vendor's word, for people.
        number: Its place in the delivery, from 0.
        key: Identifies it among all events of its source, over repeats, also where a vendor batches them again.
        ticket: The ticket's id there; empty where the event is about none.
        also: Another id of the same ticket there, where some bodies have only that one.
        at: The vendor's own time, aware UTC; None where the body does not say.
        author: Who did it.
        is_public: Whether the customer may see `text`; False where the body does not say.
        is_ours: Whether our own API user or marker is in it.
        is_automatic: Whether the customer's mail program wrote it, such as an absence note.
        text: What was written: plain, without quotes and signature.
        status: The ticket's status now; None where the body does not say.
        status_before: The one it had; None where the body does not say.
        priority: The vendor's word.
        severity: What the mapping makes of that word.
        assignee: Who has the ticket there now.
        customer: Whose ticket it is.
        zone: The customer's time zone, by its IANA name; empty where the body names none that is known.
        merged_into: The ticket in which it goes on; empty where the body does not name it.
        action: Of a button: what was pressed.
        value: Of a button: what we put into it.
        problem: Why it cannot be used, where others of the same body can.
    """

    kind: EventKind
    what: str
    number: int
    key: str
    ticket: str
    also: str = ""
    at: datetime | None = None
    author: Author = Author()
    is_public: bool = False
    is_ours: bool = False
    is_automatic: bool = False
    text: str = ""
    attachments: tuple[str, ...] = ()
    subject: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    status: DeskStatus | None = None
    status_before: DeskStatus | None = None
    priority: str = ""
    severity: Severity | None = None
    assignee: Author = Author()
    customer: Author = Author()
    language: str = ""
    zone: str = ""
    merged_into: str = ""
    action: str = ""
    value: str = ""
    problem: str = ""

    def command_id(self, source: str, number: int = 0) -> str:
        """The id of the nth command made of it; the same over repeats."""
        return f"hook:{source}:{self.key}:{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A body that was understood.

    Attributes:
        key: Unique for its source, the same over repeats of the sender; at most 200 printable characters. It begins with
            `BY_BODY` where the sender gave no id: then the same body may be news when it comes later.
        events: In the order of the body; a repeat within it counts once. None: a ping, or about nothing of ours.
    """

    key: str
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
    """What we know about the ticket when an event is planned.

    Attributes:
        now: Aware UTC.
        stage: Of the ticket's newest escalation; None where it never escalated.
        reopens: Whether that escalation, resolved or closed, can be reopened.
        offered_to: Id of the person it is offered to; empty for none.
        owner: Id of its owner; empty for none.
        promise: What its customer is promised now; empty while no promise is open.
        customer: Its customer; None where it never escalated.
        people: Ids of the vendor's users, and the ids of the same people with us.
        latest: The vendor's time of the newest event that was applied to the ticket, by `order_group` of the event.
        escalated: Other tickets that have an open escalation, among them that which the ticket was merged into.
    """

    now: datetime
    stage: Stage | None = None
    reopens: bool = False
    severity: Severity | None = None
    offered_to: str = ""
    owner: str = ""
    promise: str = ""
    customer: Customer | None = None
    people: Mapping[str, str]
    latest: Mapping[str, datetime]
    escalated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan for an event: commands, or the reason to ignore it.

    Attributes:
        commands: To send, in this order; `OpenByTriage` opens, and does nothing where triage says no.
        ignored: Why nothing is to be done, in a sentence; empty where there are commands.
        problem: Why nothing can be done although something should be: a person has to look at it.
        lacks_customer: Whether that is because no one says whose ticket it is; the help desk may know.
    """

    ticket: str
    commands: tuple[SupportCommand | OpenByTriage, ...] = ()
    ignored: str = ""
    problem: str = ""
    lacks_customer: bool = False
