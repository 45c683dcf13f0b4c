"""Writing the record and long texts: at once where possible, for as long as it takes where PostgreSQL is down.

And what if it refuses.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.contracts import IncidentRecordInput, KeepTextInput, RecordInput
    from activities.errors import DatabaseUnavailable
    from activities.incidents import IncidentActivities
    from activities.long_texts import LongTextActivities
    from activities.recording import RecordingActivities
    from workflows.effects import DATABASE_ATTEMPT, ONCE, QUICK, STEADY
    from workflows.failures import is_final, reason

RECORD_REFUSED = timedelta(minutes=10)
"""How long to wait before a refused record is tried again."""
RECORD_LIMIT = timedelta(hours=1)
"""How long the record may refuse a case before letters go out without it, and overseer and owner learn of it."""
RECORD_GIVEN_UP = timedelta(hours=6)
"""How long to wait from then on; only people can change what the record has."""

_UNREACHABLE = frozenset({DatabaseUnavailable.__name__, TimeoutError.__name__})


A = TypeVar("A")
V = TypeVar("V")


async def record(batch: RecordInput, given_up: Callable[[str], None]) -> None:
    """Write to the record; returns once it is there.

    Args:
        batch: What to write.
        given_up: Called with the kind of error each time after `RECORD_LIMIT`.
    """
    what = f"record {len(batch.events)} events from {batch.first_seq}"
    await _until_taken(RecordingActivities.record, batch, what, given_up)


async def keep(text: KeepTextInput, given_up: Callable[[str], None]) -> None:
    """Store a long text outside the history; returns once it is there.

    Args:
        text: Which text.
        given_up: As for `record`.
    """
    await _until_taken(LongTextActivities.keep_text, text, f"keep a text of {len(text.text)} characters", given_up)


async def record_incident(batch: IncidentRecordInput, given_up: Callable[[str], None]) -> None:
    """Write to the record of incidents, by normal activities only; returns once it is there.

    Args:
        batch: What to write.
        given_up: As for `record`.
    """
    what = f"record {len(batch.events)} events from {batch.first_seq}"
    await _until_taken(IncidentActivities.record_incident, batch, what, given_up, is_durable=True)


async def _until_taken(
    write: Callable[[A, V], Awaitable[None]],
    value: V,
    what: str,
    given_up: Callable[[str], None],
    *,
    is_durable: bool = False,
) -> None:
    """Write until it is there.

    A local activity costs one history event and no payload, so it is tried first. Where PostgreSQL does not answer
    at once, a normal activity waits for it without holding anything up. A record that contradicts the workflow is a
    fault for people to fix: the clocks go on, and writing is tried again from time to time.

    Args:
        write: The activity.
        value: Its argument.
        what: For the UI and the log.
        given_up: Called with the kind of error each time after `RECORD_LIMIT`.
        is_durable: Whether to write only what no lost workflow task can take back: by a normal activity.
    """
    began, pause = workflow.now(), RECORD_REFUSED
    while True:
        try:
            if not is_durable and await _is_written_at_once(write, value):
                return
            await _write_patiently(write, value, what)
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
        else:
            return
        await workflow.sleep(pause, summary="record refused; an operator has to look")


async def _is_written_at_once(write: Callable[[A, V], Awaitable[None]], value: V) -> bool:
    try:
        await workflow.execute_local_activity_method(write, value, start_to_close_timeout=QUICK, retry_policy=ONCE)
    except FailureError as error:
        if is_final(error):
            raise
        return False
    return True


async def _write_patiently(write: Callable[[A, V], Awaitable[None]], value: V, what: str) -> None:
    await workflow.execute_activity_method(
        write,
        value,
        start_to_close_timeout=DATABASE_ATTEMPT,
        schedule_to_close_timeout=RECORD_LIMIT,
        retry_policy=STEADY,
        summary=what,
    )
