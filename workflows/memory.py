"""What a running workflow remembers of its own story: what the record has not yet, and how it answered."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

REMEMBERED_ANSWERS = 50
"""How many command ids are remembered, so that a repeated command gets its first answer."""

E = TypeVar("E")
A = TypeVar("A")


@dataclass(slots=True, kw_only=True)
class Memory(Generic[E, A]):
    """Events of type `E` and answers of type `A`, as far as a workflow needs them itself.

    Attributes:
        unrecorded: Events the record has not confirmed, oldest first.
        recorded: Number of the last event it has.
        answers: Latest command ids with their answers, oldest first.
        recent: The latest events, recorded or not; as many as its `maxlen` says.
    """

    unrecorded: list[E] = field(default_factory=list)
    recorded: int = 0
    answers: dict[str, A] = field(default_factory=dict)
    recent: deque[E] = field(default_factory=deque)

    def remember(self, events: Iterable[E]) -> None:
        """These happened; the record has to hear of them."""
        new = tuple(events)
        self.unrecorded.extend(new)
        self.recent.extend(new)

    def remember_answer(self, command_id: str, answer: A) -> A:
        """The command was answered so, and is again; the oldest answer is forgotten where there are too many."""
        self.answers[command_id] = answer
        if len(self.answers) > REMEMBERED_ANSWERS:
            del self.answers[next(iter(self.answers))]
        return answer

    def confirm_recorded(self, count: int) -> None:
        """The record has this many more events."""
        del self.unrecorded[:count]
        self.recorded += count
