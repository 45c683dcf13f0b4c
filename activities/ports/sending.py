"""The ports for sending messages: the delivery ledger, and the channels."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from escalation.lifecycle.asking import Act, Ask
from escalation.message_kinds import Author
from escalation.messages.buttons import Button
from escalation.messages.fates import State
from escalation.vocabulary import Channel as ChannelName
from escalation.vocabulary import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to send one message on one channel."""

    sent: bool = False  # it was sent already; do not send
    maybe_sent: bool = False  # an earlier attempt ended between sending and recording; the receiver may see it twice
    # key of the message that began the conversation with this recipient on this channel: the first that was sent, else
    # one that is being sent and was claimed earlier. Empty where it is this one
    first: str = ""
    receipt: str = ""  # what the receiver answered to that one; empty while it has not
    subject: str = ""  # what that one was about; empty while it was not sent


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

    async def is_behind(self, escalation: str, key: str, *, channel: ChannelName) -> bool:
        """Whether another message to the same recipient was claimed before this one, and may still be sent."""

    async def sent_on(self, escalation: str, channels: Collection[ChannelName]) -> tuple["Sent", ...]:
        """The messages to colleagues that were sent on these channels, in order."""

    async def showed(self, escalation: str, sent: "Sent") -> bool:
        """Record that the recipient was shown its state; False where another attempt showed one meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLink:
    """A link by which the recipient of a message acts on it without logging in."""

    base: str  # address of the pages, such as `https://escalations.example.com/act`
    token: str  # the secret part. Kept nowhere but in the message
    ask: Ask
    expires_at: datetime

    def url(self, act: Act) -> str:
        """Address of the page that asks; opening it changes nothing."""
        return f"{self.base}/{self.token}/{act}"


BEST_SCORE = 5  # of a survey; the worst is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLink:
    """A link to the customer's page that needs no login."""

    base: str  # address of the pages, such as `https://escalations.example.com/c`
    token: str  # the secret part. Kept nowhere but in the letter
    address: str  # where the letter goes; the link ends when the customer's address is corrected

    @property
    def url(self) -> str:
        """The page, which changes nothing by being opened."""
        return f"{self.base}/{self.token}"

    def rating(self, score: int) -> str:
        """The page with this answer to the survey chosen; its button sends it."""
        return f"{self.url}?rate={score}#rate"

    @property
    def urls(self) -> frozenset[str]:
        """Every address that a letter may have of it."""
        return frozenset((self.url, *map(self.rating, range(1, BEST_SCORE + 1))))


class CustomerLinks(Protocol):
    """Knows which links lead to which case."""

    async def keep(self, escalation: str, key: str, link: CustomerLink) -> None:
        """Make it work; earlier ones still do."""


class Links(Protocol):
    """Knows which links are good for what."""

    async def keep(self, escalation: str, key: str, person: str, link: ActionLink) -> None:
        """Make it work; earlier ones of the same message still do, since one of them may have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A rendered message, ready for a channel."""

    key: str  # unique among all messages, see `escalation.messages.keys.message_id`; goes out as Message-ID or its like
    thread: str  # the escalation's id; messages of one escalation belong together
    address: str
    name: str
    subject: str
    body: str
    language: str  # tag of the language it is written in
    at: datetime
    answers: str = ""  # key of the message that began the conversation with this recipient; empty where this one does
    author: Author = Author.PROGRAM
    to_staff: bool = False  # whether it goes to a person of the team, not to the customer
    copy_to: str = ""  # a further address that gets the same, unseen by the recipient; empty for none
    # how the recipient can act; its addresses are in the body. None where nothing is asked, or no server is known
    link: ActionLink | None = None
    # how the customer gets to their page; None in messages to colleagues, or where no server is known
    page: CustomerLink | None = None

    @property
    def body_to_keep(self) -> str:
        """The body without what opens a link."""
        body = self.body
        for one in (self.link, self.page):
            body = body if one is None else body.replace(one.token, "…")
        return body

    @property
    def addresses(self) -> frozenset[str]:
        """Addresses in the body that the program wrote."""
        acts = () if self.link is None else (self.link.url(act) for act in self.link.ask.acts)
        return frozenset((*acts, *(self.page.urls if self.page else ())))

    channel: ChannelName = ChannelName.EMAIL
    has_next: bool = False  # whether the recipient has a further address, to try where this one fails
    maybe_sent: bool = False  # whether an earlier attempt may have sent it
    # what the receiver answered to the message that began the conversation; empty where this one does
    begun_by: str = ""
    urgent: bool = False  # whether it should wake the recipient
    severity: Severity = Severity.SEV3
    cycle: int = 1  # resolution cycle, from 1
    tier: int = 0
    sequence: int = 0  # number of the last event that the record had; of two messages, the later one has the higher
    kinds: tuple[str, ...] = ()  # what it is about: the kind of message, or the kinds of its notices
    ticket: str = ""
    ticket_url: str = ""  # where the case can be seen; empty for nowhere
    buttons: tuple[Button, ...] = ()  # what can be answered at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was sent, and what became of it since."""

    key: str
    to: str
    channel: ChannelName
    receipt: str
    subject: str
    body: str  # as it was sent; empty where it is not kept
    shown: str = ""  # the fate that the recipient was shown last; empty where it is as it was sent
    state: State = State.OPEN
    by: str = ""  # name of the person who accepted, declined or has the case; empty for no one
    language: str = "en"  # tag of the language of the recipient


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


@runtime_checkable
class SettlingChannel(Channel, Protocol):
    """A way to reach people on which a message can be changed after it was sent."""

    async def settle(self, sent: Sent) -> None:
        """Show what became of the message; the same again changes nothing.

        Raises:
            RecipientRefused: It can't be changed.
            ChannelUnavailable: It may work later.
        """


@runtime_checkable
class CheckedChannel(Channel, Protocol):
    """A way to reach people that can be asked whether it works, without a message to anyone."""

    async def check(self, name: str) -> str:
        """Ask.

        Args:
            name: As the roster has it, where the settings hold several; any text otherwise.

        Returns:
            What was found, in words.

        Raises:
            RecipientRefused: It would refuse a message.
            ChannelUnavailable: It does not answer, or refuses us.
        """


@runtime_checkable
class SpeakingChannel(Channel, Protocol):
    """A chat in which a line can be said to a person outside of any message."""

    async def tell(self, address: str, text: str) -> None:
        """Say it; errors as of `send`."""


@runtime_checkable
class OrderedChannel(Channel, Protocol):
    """A way to reach people on which no message of a case overtakes another one to the same recipient."""

    in_order: bool
