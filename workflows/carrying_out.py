"""Carrying out one effect of an escalation, once the record knows of it; what comes of it is a command again."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import assert_never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from escalation.case.commands import Command
    from escalation.lifecycle.draft import Decision
    from escalation.messages.effects import AssignOwner, Deliver, Effect, FindApprover, ReleaseOwner
    from workflows import activity_calls
    from workflows.escalation_run import EscalationRun
    from workflows.history_length import HistoryLength


async def carry_out(case: EscalationRun, effect: Effect, history: HistoryLength) -> tuple[Decision, ...]:
    """Carry out the effect, and return the decisions on its outcome."""
    # The record must know of an effect before the world does: deliveries read the case there.
    seq = case.state.seq
    await workflow.wait_condition(lambda: case.recorded >= seq or case.state.is_unrecorded)
    if isinstance(effect, Deliver) and effect.message.waits:
        await _its_time(case, effect)
        history.look()
        if case.pending.get(effect.key) is not effect:
            return ()  # it went out with another one
        to, now = effect.message.to, workflow.now()
        if effect.message.not_before is not None or len(case.waiting(to, now)) > 1:
            return case.release(to, now)
        effect = case.begin(effect.message)
    outcome = await _done(case, effect)
    history.look()
    if case.pending.get(effect.key) is effect:  # else it was asked for again meanwhile
        del case.pending[effect.key]
    if isinstance(effect, Deliver) and isinstance(outcome, datetime):
        return (case.hold(effect.message, outcome, workflow.now()),)
    return () if outcome is None or isinstance(outcome, datetime) else (case.apply(outcome, workflow.now()),)


async def _its_time(case: EscalationRun, effect: Deliver) -> None:
    """Return when a message that waits may go out, or went out with another one."""

    def is_gone() -> bool:
        return case.pending.get(effect.key) is not effect

    not_before = effect.message.not_before
    if not_before is None:
        await workflow.wait_condition(lambda: is_gone() or not case.is_searching or case.state.offer_delayed)
    elif (left := not_before - workflow.now()) > timedelta():
        with suppress(TimeoutError):
            await workflow.wait_condition(is_gone, timeout=left, timeout_summary="quiet hours")


async def _done(case: EscalationRun, effect: Effect) -> Command | datetime | None:
    escalation = case.state.escalation
    match effect:
        case Deliver():
            return await activity_calls.deliver(escalation, effect)
        case AssignOwner():
            return await activity_calls.assign(escalation, effect)
        case FindApprover():
            return await activity_calls.find_approver(escalation, effect)
        case ReleaseOwner():
            return await activity_calls.release(escalation, effect)
        case _:
            assert_never(effect)
