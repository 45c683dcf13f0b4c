"""The port to the inbox: events that help desks and chats sent, until they are applied and after; and to addresses that bounced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from escalation.intake.delivery import Plan


class EntryState(StrEnum):
    """The state of an event."""

    STORED = "stored"  # accepted, and not applied yet
    APPLIED = "applied"
    IGNORED = "ignored"  # there was nothing to do; the reason says why
    SUPERSEDED = "superseded"  # a later event about the same fact was applied before it came
    DEAD = "dead"  # it could not be applied; a person has to look at it
    DROPPED = "dropped"  # a person decided that it will not be applied


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An event to store."""

    key: str
    ticket: str = ""
    kind: str = ""
    fact: str = ""  # what of the ticket it says, where only the newest counts; empty where each counts
    at: datetime | None = None  # the sender's own time, aware UTC; None where it says none
    state: EntryState = EntryState.STORED
    reason: str = ""
    event: str | None = None  # what was read, as JSON; None where the body could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event of the inbox."""

    id: int
    source: str
    key: str
    hash: str  # SHA-256 of the body it came in, hex
    ticket: str
    kind: str
    fact: str
    at: datetime | None
    state: EntryState
    reason: str  # why it is in this state, where that needs saying
    error: str  # what the latest attempt said, while it is tried again
    commands: int
    attempts: int
    repeats: int  # how often it was sent again
    received_at: datetime
    tried_since: datetime  # from when on it was to be applied, aware UTC: it was stored then, or retried
    settled_at: datetime | None
    event: str | None  # what was read, as JSON; None where it could not be read, or after it was dropped
    request: str | None  # what came, as JSON; None except with the first event of a body, and after it was dropped
    became: tuple[str, ...] = ()
    planned: str | None = None  # what is being sent to its case, as JSON; None where no attempt got that far


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The result of storing the events of one request."""

    new: int
    repeated: int
    waiting: bool  # whether any of the new ones is to be applied


class Inbox(Protocol):
    """The events that came in. Every method may raise `DatabaseUnavailable`."""

    async def waiting(self, source: str, ticket: str, *, most: int) -> Sequence[Entry]:
        """Return what is to be applied to a ticket, by the sender's time where it is known."""

    async def newest(self, source: str, ticket: str) -> Mapping[str, datetime]:
        """For each fact of a ticket, the sender's time of the newest event that was applied, or needed nothing."""

    async def also_known_as(self, source: str, other_id: str) -> Sequence[str]:
        """Numbers under which a ticket with this other id came in, the latest first."""

    async def priority_before(self, entry: Entry) -> str:
        """The vendor's word for the priority that another body showed last; empty where none did."""

    async def applied_since(self, source: str, ticket: str, since: datetime) -> int:
        """Return the number of a ticket's events that became commands since then."""

    async def begin(self, entry: int, planned: Plan | None) -> None:
        """Record what is sent to the case next, so that a repeat sends the same; None: what it is is to be found again."""

    async def settle(
        self, entry: int, state: EntryState, *, reason: str = "", became: Sequence[str] = (), at: datetime
    ) -> None:
        """Record what became of an event, with the wire names of its commands; one that is settled already stays as it is."""

    async def postpone(self, entry: int, error: str) -> None:
        """Record that an attempt failed, and what it said."""


class BouncedAddresses(Protocol):
    """Addresses to which no mail is sent, since it came back. Every method may raise `DatabaseUnavailable`."""

    async def bounced(self, address: str, status: str, at: datetime) -> None:
        """A report says that the address does not exist, or takes no mail."""

    async def is_bounced(self, address: str, at: datetime) -> bool:
        """Whether a report of the last month says so, and no mail has come from there since."""
