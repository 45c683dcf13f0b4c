"""The side effects that a decision asks for. The workflow starts them; activities carry them out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Discriminator

from escalation.message_kinds import MessageKind
from escalation.messages import keys
from escalation.messages.facts import Facts, Notices
from escalation.messages.notices import Notice
from escalation.quiet_hours import Week
from escalation.vocabulary import Category, Channel, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one recipient."""

    key: str  # unique in the escalation, see `escalation.messages.keys`
    to: str
    channels: tuple[Channel, ...] = ()  # in the order in which they are tried; empty once one of them carries it
    facts: Facts  # what it says beyond the case itself; their type says which template it has
    admits_fault: bool = False  # whether it says, as the first letter since that is known, that it was our fault
    # what else a letter to the customer says, because it was due at the same instant (`escalation.messages.merging`)
    also: tuple[Facts, ...] = ()
    # when it goes out, aware UTC, because of the recipient's quiet hours; None for at once
    not_before: datetime | None = None
    # the hours in which it waits where the recipient is a colleague, whose zone the directory knows
    quiet_week: Week = ()
    after_search: bool = False  # whether it waits until the search for an owner that began with it has an answer

    @property
    def waits(self) -> bool:
        """Whether it has something to wait for before it is sent; no attempt to send it was made yet."""
        return self.not_before is not None or self.after_search

    @property
    def kind(self) -> MessageKind:
        """Which template it has."""
        return self.facts.kind

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices in it; none where it is another message."""
        return self.facts.notices if isinstance(self.facts, Notices) else ()


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
    """Book a person for an offer."""

    kind: Literal["assign_owner"] = "assign_owner"
    offer: int  # number of the offer in its escalation; the key
    tier: int  # number of the tier to look in
    category: Category  # the category's skill is required
    severity: Severity  # for the priority of the search
    skills: tuple[str, ...] = ()  # what else the person must have
    authority: int = 0  # the least authority limit, in the policy's currency units
    tried: tuple[str, ...] = ()  # people not to be asked again
    person: str = ""  # book this person rather than look for one
    language: str = ""  # the customer's language tag; people who write it are preferred. Empty: no preference
    tell_shift_end: bool = False  # whether the answer must say when their shift ends

    @property
    def key(self) -> str:
        """Names the offer."""
        return keys.search(self.offer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOwner:
    """Give back the booking of an offer."""

    kind: Literal["release_owner"] = "release_owner"
    offer: int

    @property
    def key(self) -> str:
        """Names the offer."""
        return keys.release(self.offer)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindApprover:
    """Find a person who can decide on a request for approval; no one is booked."""

    kind: Literal["find_approver"] = "find_approver"
    approval: int  # number of the request in its escalation; the key
    tier: int  # number of the tier to look in
    authority: int  # the least authority limit, in the policy's currency units
    besides: tuple[str, ...] = ()  # people who must not decide on it, such as who asked

    @property
    def key(self) -> str:
        """Names the request."""
        return keys.approver(self.approval)


Request = AssignOwner | ReleaseOwner | FindApprover  # what is answered, or at least changes what will be answered

Effect = Annotated[Deliver | Request, Discriminator("kind")]
