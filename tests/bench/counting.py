"""What a history is made of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from tests.bench.bare_workflow import Steps


@dataclass(frozen=True, slots=True)
class Size:
    """What is stored of one workflow."""

    events: int
    bytes: int


def size(history: Sequence[HistoryEvent]) -> Size:
    """Events, and their bytes as they travel."""
    return Size(events=len(history), bytes=sum(event.ByteSize() for event in history))


def steps(history: Sequence[HistoryEvent]) -> Steps:
    """What a workflow did; a timer that is still running counts as nothing."""
    kinds = Counter(event.event_type for event in history)
    lengths = {
        event.event_id: event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta().total_seconds()
        for event in history
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED
    }
    fired = [
        event.timer_fired_event_attributes.started_event_id
        for event in history
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED
    ]
    return Steps(
        activities=kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED],
        upserts=kinds[EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES],
        updates=kinds[EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED],
        cancelled=kinds[EventType.EVENT_TYPE_TIMER_CANCELED],
        waits=tuple(lengths[one] for one in fired if one in lengths),
    )


def since_first_timer(history: Sequence[HistoryEvent]) -> list[HistoryEvent]:
    """The history from the first timer that fired, without that one; empty where none has."""
    for at, event in enumerate(history):
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            return list(history[at + 1 :])
    return []
