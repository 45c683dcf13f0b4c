"""The ports: what activities need from the world. Adapters and fakes carry the same names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.contracts import (
    ApproverInput,
    AssignInput,
    ClaimLifeInput,
    CustomerHistory,
    IncidentRecordInput,
    KeepTextInput,
    LoadedPolicy,
    RecordInput,
)
from escalation.case.commands import SupportCommand
from escalation.lifecycle.view import CaseView
from escalation.messages.authorship import Author
from escalation.policy import Policy, PolicyRef
from escalation.triage import TriageRules
from escalation.vocabulary import Channel as ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the support team.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address.
        language: Language tag of their messages, where there are words in it.
        zone: IANA time zone of the times in their messages.
        languages: Tags of the languages they write in; the next best ones, in this order.
        active: Whether they are still asked; who left keeps their name for history.
    """

    id: str
    name: str
    address: str
    language: str = "en"
    zone: str = "UTC"
    languages: tuple[str, ...] = ()
    active: bool = True


class Directory(Protocol):
    """Who works here, who is free, who is booked."""

    async def assign(self, request: AssignInput) -> str | None:
        """Book the best person for the offer, in one transaction; the same offer gives the same person again.

        Returns:
            The person's id, or None if no one fits.
        """

    async def release(self, escalation: str, offer: int) -> None:
        """Give the booking back; nothing happens where there is none."""

    async def approver(self, request: ApproverInput) -> str | None:
        """The person on shift at the tier with enough authority and the fewest open cases.

        Books no one. Another call may return another person.

        Returns:
            The person's id, or None if there is no one.
        """

    async def person(self, person: str) -> Person:
        """The person with this id.

        Raises:
            UnknownPerson: No one has this id.
        """

    async def on_shift_until(self, person: str) -> datetime | None:
        """When the person's present shift ends, shifts that follow without a gap taken together.

        Returns:
            An aware instant; None when nothing ends it, because they are asked around the clock. One that has
            passed, or the present one: they are not on shift.

        Raises:
            UnknownPerson: No one has this id.
        """


class Records(Protocol):
    """The record of what happened, kept after the workflow has ended."""

    async def append(self, batch: RecordInput) -> None:
        """Write the events and the view in one transaction; what is already there is left as it is.

        If an earlier batch wrote another event with the same number, it came from a workflow task that got
        lost: it and what follows it are set aside, and the batch takes their place.

        Raises:
            RecordConflict: Another event in the way was handed over at the same instant, the batch is late (a newer
                one was taken, and this one is not a repeat), or it leaves a gap.
        """

    async def view(self, escalation: str) -> CaseView:
        """The current view.

        Raises:
            NotYetRecorded: There is none (yet); asking again later may help.
        """

    async def claim_life(self, claim: ClaimLifeInput) -> int:
        """Number an escalation of a ticket: one more than the ticket ever had, or the number that this run has already.

        Bookings of the ticket's earlier escalations are given back, because those have ended.
        """

    async def customer_history(self, escalation: str, customer: str) -> CustomerHistory:
        """The customer's other escalations; `escalation` is an id, or the first run id of a workflow."""


class LongTexts(Protocol):
    """Texts that are too long to travel, each whole and once for each escalation."""

    async def keep(self, text: KeepTextInput) -> None:
        """Store it; nothing happens where it is stored already."""

    async def whole(self, escalation: str, reference: str) -> str:
        """The text that is kept under this reference; see `escalation.bounds.reference_to`.

        Raises:
            NotYetKept: There is none (yet); asking again later may help.
        """


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

    async def sent(self, escalation: str, key: str, *, channel: ChannelName, receipt: str) -> None:
        """Record that it was handed over; `receipt` is what the receiver answered."""

    async def failed(self, escalation: str, key: str, *, channel: ChannelName, error: str, final: bool) -> None:
        """Record a failed attempt and give the claim back; `final` when it will not be tried again there."""


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


class Templates(Protocol):
    """Turns a message into words."""

    def render(self, template: "TemplateFacts") -> "Rendered":
        """The message in the first of the languages that has words for it; in English where none has.

        Raises:
            UnrenderableMessage: The template is missing or asks for a fact that is not there.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """What a template may use; see `activities/templates/`.

    Attributes:
        kind: Which template.
        languages: Tags of the reader's languages, the one they like best first.
        frustration: 0 to 4; chooses the tone.
        zone: IANA zone for instants.
        values: Names the template may use.
    """

    kind: str
    languages: tuple[str, ...]
    frustration: int
    zone: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message in words.

    Attributes:
        headline: One line that says what it is about; it goes above the body.
        body: Plain text, ending in a newline.
        language: Tag of the language it is written in.
    """

    headline: str
    body: str
    language: str


class Policies(Protocol):
    """Compiled policies, by name and version."""

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        """The policy; version 0 is the newest.

        Raises:
            UnknownPolicy: There is none of this name or version.
        """

    async def store(self, policy: Policy, checksum: str) -> PolicyRef:
        """Keep it; the same checksum is kept once, a changed one becomes the next version."""


class Sentiment(Protocol):
    """How a text sounds."""

    def tone(self, text: str, language: str) -> float | None:
        """-1 (worst) to 1 (best), the same for the same text; None where it cannot judge the language, or is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTriage:
    """The triage rules of a policy.

    Attributes:
        rules: As compiled.
        checksum: SHA-256 over their canonical JSON, hex.
    """

    rules: TriageRules
    checksum: str


class Rulebook(Protocol):
    """The triage rules that a worker knows, by the name of their policy."""

    async def load(self, policy: str) -> LoadedTriage:
        """The rules.

        Raises:
            UnknownPolicy: There is no such policy, or it has no triage rules.
        """


class Cases(Protocol):
    """The running escalations, as an incident reaches them."""

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> str:
        """Ask an escalation for something; again under the same id, it is done once.

        Returns:
            Who oversees it; empty where it is not an incident that asks.

        Raises:
            CaseOver: It is resolved or has ended.
            CaseRefused: It does not take this.
            UnknownCase: There is none of this ticket.
            CaseUnanswered: No answer came; the command may still be executed.
        """


class Incidents(Protocol):
    """The record of what happened to incidents."""

    async def append(self, batch: IncidentRecordInput) -> None:
        """Write the events and the summary in one transaction; what is already there is left as it is.

        Raises:
            RecordConflict: Another event has this number, or the batch leaves a gap.
        """
