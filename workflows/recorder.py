"""Writing to the record, for both workflows: for as long as it takes where PostgreSQL is down, and what if it refuses.

A record that contradicts the workflow is a fault for people to fix. The clocks continue meanwhile, and writing is tried
again from time to time; after `RECORD_LIMIT` the workflow learns of it, so that its timeline and its readers do.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.errors import DatabaseUnavailable
    from workflows.activity_calls import Method, ask_database, reason
    from workflows.memory import Memory

RECORD_REFUSED = timedelta(minutes=10)  # how long to wait before a refused record is tried again
RECORD_LIMIT = timedelta(hours=1)
"""How long the record may refuse before the workflow learns of it, and continues without."""
RECORD_GIVEN_UP = timedelta(hours=6)  # how long to wait from then on; only people can change what the record has

_UNREACHABLE = frozenset({DatabaseUnavailable.__name__, TimeoutError.__name__})

A = TypeVar("A")
E = TypeVar("E")
V = TypeVar("V")
R = TypeVar("R")


async def keep_recording(
    memory: Memory[E, Any],
    write: Callable[[tuple[E, ...]], Awaitable[None]],
    *,
    most: int,
    is_time: Callable[[], bool],
    before: Callable[[], Awaitable[None]] | None = None,
    after: Callable[[], None],
) -> None:
    """Write events as they come, until it is cancelled; what piles up meanwhile goes as one batch.

    Args:
        memory: Where the events are.
        write: Returns once the record has these events, the oldest that it does not have.
        most: Events of a batch at most.
        is_time: Whether there is something to write, and it should be written now.
        before: Called before each batch is put together; what its events refer to is stored there.
        after: Called after each batch.
    """
    while True:
        await workflow.wait_condition(is_time)
        if before is not None:
            await before()
        events = memory.next_batch(most)
        await write(events)
        memory.confirm_recorded(len(events))
        after()


async def write_down(write: Method[A, V, R], value: V, what: str, given_up: Callable[[str], None]) -> R:
    """Write by an activity until the record takes it; returns what it answered.

    Args:
        what: What is written, for logs and the Temporal UI.
        given_up: Called with the kind of error each time that the record has refused it for `RECORD_LIMIT`.
    """
    began, pause = workflow.now(), RECORD_REFUSED
    while True:
        try:
            return await ask_database(write, value, what, limit=RECORD_LIMIT)
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            if reason(error) in _UNREACHABLE:
                began = workflow.now()
                continue  # it was tried for `RECORD_LIMIT`, and will be reachable again one day
            workflow.logger.error("record refused", extra={"write": what, "error": reason(error)})
            if workflow.now() - began >= RECORD_LIMIT:
                pause = RECORD_GIVEN_UP
                given_up(reason(error))
        await workflow.sleep(pause, summary="record refused; an operator has to look")


def recording(events: Sequence[object], first_seq: int) -> str:
    """The name of a batch in logs and in the Temporal UI."""
    return f"record {len(events)} events from {first_seq}"
