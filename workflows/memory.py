"""Keeps the events that the record does not have yet, and the latest answers of a running workflow."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from escalation.case.codec import to_json

REMEMBERED_ANSWERS = 50  # how many command ids are remembered, so that a repeated command gets its first answer

BATCH_BYTES = 400_000  # most bytes of events that are recorded at once; at least one event is, whatever its size
RECENT_BYTES = 100_000  # most bytes of the latest events that are handed to the next run
ANSWERS_BYTES = 100_000  # most bytes of answers that are handed to the next run
SHOWN_BYTES = 1_000_000  # most bytes of events that a query answers with

E = TypeVar("E")
A = TypeVar("A")


@dataclass(slots=True, kw_only=True)
class Memory(Generic[E, A]):
    """Events of type `E` and answers of type `A`, as far as a workflow needs them itself."""

    unrecorded: list[E] = field(default_factory=list)  # events the record has not confirmed, oldest first
    recorded: int = 0  # number of the last event it has
    answers: dict[str, A] = field(default_factory=dict)  # latest command ids with their answers, oldest first
    recent: deque[E] = field(default_factory=deque)  # the latest events, recorded or not; as many as its `maxlen` says

    def remember(self, events: Iterable[E]) -> None:
        """These happened; the record has to hear of them."""
        new = tuple(events)
        self.unrecorded.extend(new)
        self.recent.extend(new)

    def remember_answer(self, command_id: str, answer: A) -> A:
        """The command was answered so, and is again; the oldest answer is forgotten if there are too many."""
        self.answers[command_id] = answer
        if len(self.answers) > REMEMBERED_ANSWERS:
            del self.answers[next(iter(self.answers))]
        return answer

    def next_batch(self, most: int) -> tuple[E, ...]:
        """The oldest unrecorded events, as many as allowed and as one payload may hold; at least one."""
        count = _fitting(self.unrecorded[:most], BATCH_BYTES)
        return tuple(self.unrecorded[: max(1, count)])

    def latest(self, most: int, most_bytes: int) -> tuple[E, ...]:
        """The latest events, oldest first, as far as a payload may hold them.

        Args:
            most: Events at most.
            most_bytes: Bytes of JSON at most.
        """
        newest_first = list(reversed(self.recent))[:most]
        return tuple(reversed(newest_first[: _fitting(newest_first, most_bytes)]))

    def latest_answers(self) -> dict[str, A]:
        """The latest answers, as far as a payload may hold them."""
        newest_first = list(reversed(self.answers.items()))
        return dict(reversed(newest_first[: _fitting(newest_first, ANSWERS_BYTES)]))

    def confirm_recorded(self, count: int) -> None:
        """Note that the record has this many more events."""
        del self.unrecorded[:count]
        self.recorded += count


def size_of(values: Iterable[object]) -> int:
    """Bytes of the values as JSON."""
    return sum(len(to_json(value).encode()) for value in values)


def _fitting(values: Sequence[object], most_bytes: int) -> int:
    """The number of values, from the first on, that fit into a number of bytes together."""
    left = most_bytes
    for count, value in enumerate(values):
        left -= size_of((value,))
        if left < 0:
            return count
    return len(values)
