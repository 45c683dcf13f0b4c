"""Writes an escalation to the record: its long texts first, then the events that refer to them."""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.contracts import KeepTextInput, RecordInput
    from activities.recording import LongTextActivities, RecordingActivities
    from escalation.case.events import Event
    from workflows.escalation_run import EscalationRun
    from workflows.recorder import keep_recording, recording, write_down
    from workflows.settling import start_settling

RECORD_BATCH = 50  # most events that are recorded at once


async def keep_record(case: EscalationRun, *, given_up: Callable[[str], None], after: Callable[[], None]) -> None:
    """Write the case to the record as it continues, until it is cancelled.

    Args:
        given_up: Called with the kind of error each time that the record has refused it for too long.
        after: Called after each batch.
    """

    async def keep_long_texts() -> None:
        while case.unkept:
            text = KeepTextInput(escalation=case.state.escalation, text=case.unkept[0], at=workflow.now())
            what = f"keep a text of {len(text.text)} characters"
            await write_down(LongTextActivities.keep_text, text, what, given_up)
            del case.unkept[0]

    async def record(events: tuple[Event, ...]) -> None:
        batch = RecordInput(
            escalation=case.state.escalation,
            first_seq=case.recorded + 1,
            events=events,
            view=case.view,
            as_of=workflow.now(),
        )
        what = recording(events, batch.first_seq)
        written = await write_down(RecordingActivities.record, batch, what, given_up)
        if written is not None and written.settle:
            await start_settling(batch.escalation, batch.first_seq)

    await keep_recording(
        case, record, most=RECORD_BATCH, is_time=lambda: bool(case.unrecorded), before=keep_long_texts, after=after
    )
