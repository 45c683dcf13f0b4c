"""Reads people's tasks and the messages that went out from the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from escalation.case.codec import from_json
from escalation.case.state_parts import HeldMessage
from escalation.lifecycle.view import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """A message as it went out.

    Attributes:
        number: Among all messages of the ticket that were asked for, from 1.
        to: `customer`, or a person's id.
        is_lost: Whether it came back, so that no one has read it.
    """

    number: int
    escalation: str
    key: str
    kind: str
    to: str
    subject: str
    body: str
    sent_at: datetime
    is_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A case in which something is for a person to do."""

    escalation: str
    view: CaseView
    review_due: bool  # whether it is closed and its review is theirs to write


async def people_names(database: Database) -> Mapping[str, str]:
    """Name of each person by id, also of those who left."""
    return {row["id"]: row["name"] for row in await Statements(database, "directory").rows("colleagues")}


class Desk:
    """Reads the record for a person at work."""

    def __init__(self, database: Database) -> None:
        self._sql = Statements(database, "tasks")

    async def letters(self, ticket: str, life: int = 0) -> tuple[SentLetter, ...]:
        """The messages of a ticket as they went out, the first one first; only of one escalation where it is named."""
        rows = await self._sql.rows("letters", ticket, life)
        return tuple(made(SentLetter, row, number=number) for number, row in enumerate(rows, start=1))

    async def held(self, ticket: str, life: int = 0) -> tuple[HeldMessage, ...]:
        """The messages of a ticket that wait for quiet hours to end; only of one escalation where it is named."""
        rows = await self._sql.rows("held", ticket, life)
        return tuple(held for row in rows for held in from_json(CaseView, row["view"]).held)

    async def concerning(self, person: str, most: int | None = None) -> tuple[Concern, ...]:
        """The cases in which something is for this person to do, what is due first; all of them without a number."""
        rows = await self._sql.rows("concerning", person, most)
        return tuple(
            Concern(escalation=row["id"], view=from_json(CaseView, row["view"]), review_due=bool(row["review_due"]))
            for row in rows
        )
