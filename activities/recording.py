"""The activity that writes the record."""

from temporalio import activity

from activities.contracts import ClaimedLife, ClaimLifeInput, RecordInput
from activities.ports.record import Records
from activities.temporal_errors import translated


class RecordingActivities:
    """Keeps what happened, after the workflow has ended."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn(name="record")
    @translated
    async def record(self, batch: RecordInput) -> None:
        """Append events and replace the view; asked again with the same batch, nothing happens."""
        await self._records.append(batch)

    @activity.defn(name="claim_life")
    @translated
    async def claim_life(self, claim: ClaimLifeInput) -> ClaimedLife:
        """Number the escalation; asked again for the same run, the number is the same."""
        return ClaimedLife(life=await self._records.claim_life(claim))
