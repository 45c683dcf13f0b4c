"""The ports by which a message leaves: the ledger of what was sent, and the channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from escalation.lifecycle.asking import Act, Ask
from escalation.messages.authorship import Author
from escalation.vocabulary import Channel as ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to send one message on one channel.

    Attributes:
        sent: It was sent already; do not send.
        maybe_sent: An earlier attempt ended between sending and recording; the receiver may see it twice.
        first: Key of the message that began the conversation with this recipient on this channel: the first that was
            sent, else one that is being sent and was claimed earlier. Empty where it is this one.
    """

    sent: bool = False
    maybe_sent: bool = False
    first: str = ""


class Ledger(Protocol):
    """The delivery ledger: what was sent, to whom, when, how often it was tried."""

    async def claim(self, escalation: str, key: str, *, channel: ChannelName, kind: str, to: str) -> Claim:
        """Claim a message before it is sent.

        Raises:
            ClaimedElsewhere: Another attempt is sending it right now; try again after its lease.
        """

    async def sent(self, escalation: str, key: str, *, channel: ChannelName, receipt: str, letter: "Envelope") -> None:
        """Record that it was handed over, and what it said; `receipt` is what the receiver answered."""

    async def failed(self, escalation: str, key: str, *, channel: ChannelName, error: str, final: bool) -> None:
        """Record a failed attempt and give the claim back; `final` when it will not be tried again there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLink:
    """How the person a message goes to can act on it, without logging in.

    Attributes:
        base: Address of the pages, such as `https://escalations.example.com/act`.
        token: The secret part. Kept nowhere but in the message.
        ask: What it is good for.
        expires_at: Until when, aware UTC.
    """

    base: str
    token: str
    ask: Ask
    expires_at: datetime

    def url(self, act: Act) -> str:
        """Where this is done: a page that asks, and changes nothing by being opened."""
        return f"{self.base}/{self.token}/{act}"


class Links(Protocol):
    """Knows which links are good for what."""

    async def keep(self, escalation: str, key: str, person: str, link: ActionLink) -> None:
        """Make it work; earlier ones of the same message still do, since one of them may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A rendered message, ready for a channel.

    Attributes:
        key: Unique among all messages, see `escalation.messages.keys.message_id`; goes out as Message-ID or its like.
        thread: The escalation's id; messages of one escalation belong together.
        answers: Key of the message that began the conversation with this recipient; empty where this one does.
        address: Where to.
        name: Whom to.
        subject: One line, the same for all messages of an escalation.
        body: Plain text.
        language: Tag of the language it is written in.
        at: When it was rendered, aware UTC.
        author: Who wrote its words.
        to_staff: Whether it goes to a person of the team, not to the customer.
        copy_to: A further address that gets the same, unseen by the recipient; empty for none.
        link: How the recipient can act; its addresses are in the body. None where nothing is asked, or no server is known.
    """

    key: str
    thread: str
    address: str
    name: str
    subject: str
    body: str
    language: str
    at: datetime
    answers: str = ""
    author: Author = Author.PROGRAM
    to_staff: bool = False
    copy_to: str = ""
    link: ActionLink | None = None

    @property
    def body_to_keep(self) -> str:
        """The body without what opens a link."""
        return self.body if self.link is None else self.body.replace(self.link.token, "…")


class Channel(Protocol):
    """A way to reach people."""

    async def send(self, envelope: Envelope) -> str:
        """Send it.

        Returns:
            What the receiver answered, for the ledger.

        Raises:
            RecipientRefused: It will never work; do not try again.
            ChannelUnavailable: It may work later.
        """
