"""The record of incidents in memory."""

from dataclasses import dataclass, field

from activities.contracts import IncidentRecordInput
from activities.errors import ActivityError, RecordConflict
from escalation.incident.events import IncidentEvent


@dataclass
class Incidents:
    """Timelines of incidents in memory. `unavailable` is raised instead while it is set."""

    timelines: dict[str, list[IncidentEvent]] = field(default_factory=dict)
    unavailable: ActivityError | None = None

    async def append(self, batch: IncidentRecordInput) -> None:
        if self.unavailable is not None:
            raise self.unavailable
        kept = self.timelines.get(batch.incident, [])
        if batch.first_seq > len(kept) + 1:
            raise RecordConflict(f"gap in the incident {batch.incident}: the record ends with event {len(kept)}")
        for number, event in enumerate(batch.events, batch.first_seq):
            if number <= len(kept) and kept[number - 1] != event:
                raise RecordConflict(f"the incident {batch.incident} has another event {number} already")
        new = batch.events[len(kept) - batch.first_seq + 1 :]
        self.timelines[batch.incident] = [*kept, *new]
