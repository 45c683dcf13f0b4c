"""The activity that writes the record."""

from temporalio import activity

from activities.contracts import RecordInput
from activities.ports import Records
from activities.translate import translated


class RecordingActivities:
    """Keeps what happened, after the workflow is gone."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn(name="record")
    @translated
    async def record(self, batch: RecordInput) -> None:
        """Append events and replace the view; asked again with the same batch, nothing happens."""
        await self._records.append(batch)
