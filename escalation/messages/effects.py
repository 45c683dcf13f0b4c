"""What a decision asks the world to do. The workflow starts them; activities carry them out.

Every effect has a key made of business facts, never of an attempt number, so a repeat can be recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Discriminator

from escalation.vocabulary import Category, Channel, MessageKind, NoticeKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing a person of the team is told.

    Attributes:
        about: What happened.
        text: The facts, short: clock and threshold, a quotation, a name.
        due: The instant it is about, aware UTC.
        late: Whether it is told later than it should have been.
    """

    about: NoticeKind
    text: str = ""
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one recipient.

    Attributes:
        key: Unique in the escalation, made of business facts.
        message: Which template.
        to: `customer`, or a person's id.
        channels: In the order in which they are tried; empty once one of them carries it.
        facts: What the template needs beyond the case itself; texts, and instants in ISO 8601.
        notices: With `MessageKind.NOTICE`, what the person is told.
    """

    key: str
    message: MessageKind
    to: str
    channels: tuple[Channel, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Send a message."""

    kind: Literal["deliver"] = "deliver"
    message: Message

    @property
    def key(self) -> str:
        """The message's key."""
        return self.message.key


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOwner:
    """Book somebody for an offer.

    Attributes:
        offer: Number of the offer in its escalation; the key.
        tier: Number of the tier to look in.
        category: The category's skill is required.
        severity: For the priority of the search.
        skills: What else the person must have.
        authority: The least authority limit, in the policy's currency units.
        tried: People not to be asked again.
        person: Book this person rather than look for one.
        language: The customer's language tag; whoever writes in it is preferred. Empty: no preference.
        tell_shift_end: Whether the answer must say when their shift ends.
    """

    kind: Literal["assign_owner"] = "assign_owner"
    offer: int
    tier: int
    category: Category
    severity: Severity
    skills: tuple[str, ...] = ()
    authority: int = 0
    tried: tuple[str, ...] = ()
    person: str = ""
    language: str = ""
    tell_shift_end: bool = False

    @property
    def key(self) -> str:
        """Names the offer."""
        return f"assign/{self.offer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOwner:
    """Give back the booking of an offer."""

    kind: Literal["release_owner"] = "release_owner"
    offer: int

    @property
    def key(self) -> str:
        """Names the offer."""
        return f"release/{self.offer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindApprover:
    """Name somebody who can decide on a request for approval; nobody is booked.

    Attributes:
        approval: Number of the request in its escalation; the key.
        tier: Number of the tier to look in.
        authority: The least authority limit, in the policy's currency units.
        besides: People who must not decide on it, such as who asked.
    """

    kind: Literal["find_approver"] = "find_approver"
    approval: int
    tier: int
    authority: int
    besides: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the request."""
        return f"approver/{self.approval}"


Request = AssignOwner | ReleaseOwner | FindApprover
"""What is answered, or at least changes what will be answered."""

Effect = Annotated[Deliver | Request, Discriminator("kind")]


def instant_text(at: datetime | None) -> str:
    """An instant as message facts carry it: ISO 8601 in UTC to the second; empty for none."""
    if at is None:
        return ""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="seconds")
