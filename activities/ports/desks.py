"""The ports to help desks, whose tickets follow our escalations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from escalation.case.events import Event
from escalation.intake.delivery import DeskStatus
from escalation.lifecycle.view import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTicket:
    """A ticket as its help desk has it."""

    status: DeskStatus | None  # none where ours has no word for it
    assignee: str  # id of its agent there; empty for none
    is_over: bool = False  # whether the help desk takes no changes of it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Whose ticket it is, in the help desk's words."""

    id: str
    name: str
    address: str  # their mail address; empty where it has none, or does not show it
    language: str = ""  # the tag of their language; empty where it does not say


class Desk(Protocol):
    """One help desk, by its API."""

    async def me(self) -> str:
        """Id of our own user there.

        Raises:
            RecipientRefused: Our user may not ask.
            ChannelUnavailable: No answer, or our token is refused.
        """

    async def read(self, ticket: str) -> DeskTicket:
        """The ticket as it is now.

        Raises:
            RecipientRefused: There is no such ticket, or our user may not see it.
            ChannelUnavailable: No answer, or not now.
        """

    async def requester(self, ticket: str) -> Requester:
        """Whose ticket it is; errors as in `read`."""

    async def has_note(self, ticket: str, marker: str) -> bool:
        """Whether one of its notes, however many there are, has this text; errors as in `read`."""

    async def write(self, ticket: str, *, status: DeskStatus | None, assignee: str, note: str) -> None:
        """Change the ticket; the note is internal.

        Args:
            status: None leaves it.
            assignee: Id of an agent there; empty leaves it.

        Raises:
            RecipientRefused: It never takes this.
            ChannelUnavailable: It did not take it, or maybe did; read the ticket before it is repeated.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLink:
    """A ticket that is kept in step."""

    ticket: str
    source: str
    desk_ticket: str
    linked_at: datetime
    changed: int  # counts up with what the record takes
    done: int  # the count that the help desk reflects
    escalation: str
    noted: int  # the last event that a note covers
    planned: int | None  # the last event that the note being written covers; None while none is
    note: str
    in_step_at: datetime | None  # when the help desk last took everything; None for never
    error: str
    lost_at: datetime | None  # when it was given up; None while it is written to


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest escalation of a ticket, as the record has it."""

    id: str
    view: CaseView
    recorded: int


class DeskLinks(Protocol):
    """Tickets that are kept in step, and the state of each."""

    async def link(self, ticket: str, source: str, desk_ticket: str, at: datetime) -> None:
        """Keep a ticket in step from now on; nothing happens where it is already."""

    async def link_of(self, ticket: str) -> DeskLink | None:
        """Return the link of a ticket, or None."""

    async def newest(self, ticket: str) -> Newest | None:
        """Its newest escalation; None where the record has none yet."""

    async def since(self, escalation: str, seq: int, *, most: int) -> tuple[Event, ...]:
        """Its events after one number."""

    async def plan(self, ticket: str, escalation: str, seq: int, note: str) -> None:
        """Store the next note before it is written, with the last event that it covers."""

    async def in_step(self, ticket: str, changed: int, at: datetime) -> None:
        """The help desk took it, up to this count."""

    async def failed(self, ticket: str, error: str) -> None:
        """The latest attempt did not succeed."""

    async def lost(self, ticket: str, why: str, at: datetime) -> None:
        """Nothing is written to it any more."""


Desks = Mapping[str, Desk]  # by the name of the connection; those that have an API key
