"""The ports to the record: what happened to escalations and incidents, and the texts too long to travel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from activities.contracts import ClaimLifeInput, IncidentRecordInput, KeepTextInput, RecordInput
from activities.triage_contracts import CustomerHistory
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView


class Records(Protocol):
    """The record of what happened, kept after the workflow has ended."""

    async def append(self, batch: RecordInput) -> None:
        """Write the events and the view in one transaction; what is already there is left as it is.

        If an earlier batch wrote another event with the same number, it came from a run that was reset
        since: it and what follows it are set aside, and the batch takes their place.

        Raises:
            RecordConflict: Another event in the way was handed over at the same instant, the batch is late (a newer
                one was taken, and this one is not a repeat), or it leaves a gap.
        """

    async def view(self, escalation: str) -> CaseView:
        """The current view.

        Raises:
            NotYetRecorded: There is none (yet); asking again later may help.
        """

    async def events(self, escalation: str, kinds: Iterable[str]) -> tuple[Event, ...]:
        """The events of these kinds, in order; none where there is no such escalation (yet)."""

    async def timeline(self, ticket: str, life: int) -> tuple[Event, ...]:
        """All that happened to one escalation of a ticket, 0 for the latest; nothing where the record does not know it."""

    async def claim_life(self, claim: ClaimLifeInput) -> int:
        """Number an escalation of a ticket: one more than the ticket ever had, or the number that this run has already.

        Bookings of the ticket's earlier escalations are given back, because those have ended.
        """

    async def customer_history(self, escalation: str, customer: str, since: datetime | None = None) -> CustomerHistory:
        """The customer's other escalations, without cancelled ones.

        Args:
            escalation: The one that does not count: its id, or the first run id of its workflow.
            since: Those opened earlier do not count, aware; None for no limit.
        """


class LongTexts(Protocol):
    """Texts that are too long to travel, each whole and once for each escalation."""

    async def keep(self, text: KeepTextInput) -> None:
        """Store it; nothing happens where it is stored already."""

    async def whole(self, escalation: str, reference: str) -> str:
        """The text that is kept under this reference; see `escalation.bounds.reference_to`.

        Raises:
            NotYetKept: There is none (yet); asking again later may help.
        """


class Incidents(Protocol):
    """The record of what happened to incidents."""

    async def append(self, batch: IncidentRecordInput) -> None:
        """Write the events and the summary in one transaction; what is already there is left as it is.

        Raises:
            RecordConflict: Another event has this number, or the batch leaves a gap.
        """
