"""The mapping file, key by key."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from escalation.documents.shape import Section, written
from escalation.documents.zone_name import ZoneName
from escalation.intake.conditions import ALWAYS, parse_condition
from escalation.intake.delivery import DeskStatus, EventKind
from escalation.intake.paths import parse_path, place_of
from escalation.intake.source import Paths
from escalation.vocabulary import Category, Severity


def _paths(value: Any) -> Paths:
    several = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in several):
        raise ValueError("a path is a text; write keys with dots between them, such as `ticket.id`, or a list of such")
    return tuple(map(parse_path, several))


def _words(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str | int) for each in several):
        raise ValueError("words are missing here; write one, or a list of them")
    return tuple(map(str, several))


_Paths = Annotated[Any, BeforeValidator(_paths)]
_Path = Annotated[Any, BeforeValidator(lambda value: _paths(value)[0])]
_Condition = Annotated[Any, BeforeValidator(parse_condition)]
_Words = Annotated[Any, BeforeValidator(_words)]
_Place = Annotated[Any, BeforeValidator(lambda value: place_of(value) if isinstance(value, str) else _paths(value)[0])]
_Header = Annotated[str, written(r"[a-z0-9-]{1,100}", "write a header's name in lower case")]


class SchemeEntry(Section):
    """One way to prove who sends."""

    scheme: Literal["hmac", "secret"]
    """`hmac`: a signature over the request; `secret`: the secret itself, in a header, as bearer token or as password."""
    header: _Header = "authorization"
    """The header with the signature or the secret."""
    over: str = "{body}"
    """What is signed: text with `{body}`, `{timestamp}`, `{id}`, `{method}` and `{url}` in it."""
    hash: Literal["sha1", "sha256", "sha512"] = "sha256"
    """The hash of the signature."""
    encoding: Literal["hex", "base64"] = "hex"
    """How the signature is written."""
    prefix: str = ""
    """What it begins with, such as `sha256=`."""
    separator: str = ""
    """What separates several signatures."""
    timestamp: _Place | None = None
    """The header with the sender's time, or a path to it, such as `@header.x-signature | after t= | until ,` or `@body.sent`."""
    window: Annotated[int, Field(ge=0, le=86_400)] = 0
    """Seconds that this time may be off; 0: any time, for senders that stamp before they queue."""
    id: _Header | None = None
    """The header with the delivery's id, where that is signed."""
    key: Literal["text", "base64", "whsec"] = "text"
    """How the secret becomes the key."""
    query: str = ""
    """The query parameter that may have the secret, for senders that can set no header."""


class AnswerEntry(Section):
    """What a sender gets with the 200, as JSON: a challenge that it wants back, or what it shows to a person."""

    when: _Condition
    """What has to hold: `{path: word}` lines, or a list of such."""
    say: dict[str, str] = Field(default_factory=dict)
    """Names, and texts as they are."""
    repeat: dict[str, _Path] = Field(default_factory=dict)
    """Names, and the paths of the texts in the request."""


class EnvelopeEntry(Section):
    """How a body is read that has its values in an object of its own, as Standard Webhooks suggests."""

    inside: Annotated[str, Field(min_length=1, max_length=100)]
    """The key of that object."""
    event: Annotated[str, Field(min_length=1, max_length=100)]
    """The key of the word that other bodies have as `event`."""


class HandshakeEntry(Section):
    """A GET by which a sender finds out whether we know the secret."""

    query: Annotated[str, Field(min_length=1, max_length=100)]
    """The parameter with its own proof: HMAC-SHA256 over `signs`, hex. The answer is the HMAC over that."""
    signs: Annotated[str, Field(min_length=1, max_length=200)]
    """The text that its proof is over."""


class Places(Section):
    """Where things are in a body. Each is a path, or several of which the first that finds something counts."""

    ticket: _Paths = ()
    """The ticket's number."""
    also: _Paths = ()
    """Another id of the same ticket, where some bodies have only that."""
    at: _Paths = ()
    """When it happened, by the vendor's clock."""
    subject: _Paths = ()
    """The ticket's subject."""
    text: _Paths = ()
    """What was written now."""
    description: _Paths = ()
    """The ticket's own text. It counts as written where a ticket is created or tagged; in a message without words it does not."""
    url: _Paths = ()
    """The ticket's page."""
    tags: _Paths = ()
    """The ticket's tags, or those that were added."""
    tags_before: _Paths = ()
    """The tags that it had, where `tags` are not only those that were added."""
    attachments: _Paths = ()
    """Files that came with the text."""
    status: _Paths = ()
    """The ticket's status now."""
    status_before: _Paths = ()
    """The status that it had."""
    priority: _Paths = ()
    """The ticket's priority now."""
    assignee_id: _Paths = ()
    """Who has the ticket."""
    assignee_name: _Paths = ()
    """Their name."""
    customer_id: _Paths = ()
    """Whose ticket it is."""
    customer_name: _Paths = ()
    """Their name."""
    customer_address: _Paths = ()
    """Their mail address."""
    language: _Paths = ()
    """The tag of the language they write."""
    customer_zone: _Paths = ()
    """Their time zone, such as `Europe/Berlin`."""
    merged_into: _Paths = ()
    """The ticket in which a merged one goes on."""
    author_id: _Paths = ()
    """Who did it."""
    author_name: _Paths = ()
    """Their name."""
    author_address: _Paths = ()
    """Their mail address."""
    action: _Paths = ()
    """Which button was pressed."""
    value: _Paths = ()
    """What we put into the button."""
    public: _Condition | None = None
    """What has to hold so that a message is public; otherwise it is private."""
    customer: _Condition | None = None
    """What has to hold so that the author is the customer."""
    agent: _Condition | None = None
    """What has to hold so that the author is an agent."""
    machine: _Condition | None = None
    """What has to hold so that the author is a machine."""
    automatic: _Condition | None = None
    """What has to hold so that a message of the customer is an automatic one, such as an absence note."""
    html: _Condition | None = None
    """What has to hold so that the text is HTML."""


class RuleEntry(Places):
    """When a body means something, and what."""

    kind: EventKind
    """What it means."""
    when: _Condition
    """What has to hold: `{path: word}` lines, or a list of such."""
    unless: _Condition = ()
    """What must not hold."""
    each: _Path | None = None
    """A list of which each item is looked at, as `@item`."""
    key: _Paths = ()
    """Values that identify it together, whatever delivery it comes in."""
    and_more: bool = False
    """Whether later rules count too."""


class MappingEntries(Places):
    """The mapping of one product's webhooks."""

    extends: str = ""
    """A shipped mapping that this one changes."""
    title: str = ""
    """What people call the product."""
    signature: tuple[SchemeEntry, ...] = ()
    """Ways to prove who sends; the first whose header is there decides."""
    answers: tuple[AnswerEntry, ...] = ()
    """What goes back with the 200; the first that holds counts."""
    handshake: HandshakeEntry | None = None
    """What the sender asks before it sends."""
    key: _Paths = ()
    """Where the delivery's id is; without one, a hash identifies it."""
    key_when: _Condition = ALWAYS
    """What has to hold so that an id in the body is the delivery's; one in a header always is."""
    event_key: _Paths = ()
    """Values that identify one event together, in a body that holds several."""
    batch: _Path | None = None
    """The list of events in a body that holds several."""
    envelope: EnvelopeEntry | None = None
    """Where the values are in a body without `event`."""
    form_field: str = ""
    """In a form, the field with the JSON."""
    zone: ZoneName = "UTC"
    """Of times without an offset."""
    what: _Paths = ()
    """The vendor's word for the event."""
    statuses: dict[DeskStatus, _Words] = Field(default_factory=dict)
    """Our states of a ticket, and the vendor's words for each."""
    severities: dict[Severity, _Words] = Field(default_factory=dict)
    """Our severities, and the vendor's priorities for each."""
    usual_category: Category = Category.SERVICE
    """The category of a ticket in which triage sees none."""
    escalating_tags: _Words = ()
    """Tags that ask for an escalation."""
    events: dict[str, RuleEntry] = Field(default_factory=dict)
    """Rules by name, looked at in this order; `null` leaves out one of the mapping that is extended."""
    then: dict[str, str] = Field(default_factory=dict)
    """What an event leads to."""
