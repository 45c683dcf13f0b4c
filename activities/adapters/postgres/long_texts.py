"""Long texts on PostgreSQL: `long_texts`."""

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from activities.contracts import KeepTextInput
from activities.errors import NotYetKept
from escalation.bounds import reference_to


class LongTexts:
    """Texts that are too long to travel, each whole and once for each escalation."""

    def __init__(self, database: Database) -> None:
        self._sql = Statements(database, "long_texts")

    async def keep(self, text: KeepTextInput) -> None:
        """Store it; nothing happens where it is stored already."""
        await self._sql.run("keep", text.escalation, reference_to(text.text), text.text, len(text.text), text.at)

    async def whole(self, escalation: str, reference: str) -> str:
        """The text that is kept under this reference.

        Raises:
            NotYetKept: There is none (yet); asking again later may help.
        """
        found: str | None = await self._sql.value("whole", escalation, reference)
        if found is None:
            raise NotYetKept(f"{escalation} has no text that is kept as {reference}")
        return found

    async def of_ticket(self, ticket: str, life: int, begins: str) -> tuple[str, ...]:
        """The texts of a ticket's escalations whose reference begins so, two at most.

        Args:
            life: Number of one of its escalations; 0 for all.
            begins: The first characters of the reference, or all of them.
        """
        return tuple(row["text"] for row in await self._sql.rows("of_ticket", ticket, life, begins))
