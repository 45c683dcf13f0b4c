"""Carrying out one effect of an escalation, once the record knows of it; what comes of it is a command again."""

from typing import assert_never

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from escalation.case.commands import Command
    from escalation.messages.effects import AssignOwner, Deliver, Effect, FindApprover, ReleaseOwner
    from workflows import activity_calls
    from workflows.escalation_run import EscalationRun
    from workflows.history_length import HistoryLength


async def carry_out(case: EscalationRun, effect: Effect, history: HistoryLength) -> Command | None:
    """What the workflow has to report of the effect; None where there is nothing to say."""
    # The record must know of an effect before the world does: deliveries read the case there.
    seq = case.state.seq
    await workflow.wait_condition(lambda: case.recorded >= seq or case.state.is_unrecorded)
    outcome = await _done(case, effect, history)
    if isinstance(effect, ReleaseOwner):  # usually by a local activity, which does not count as an arrival
        history.look()
    else:
        history.note()
    if case.pending.get(effect.key) is effect:  # else it was asked for again meanwhile
        del case.pending[effect.key]
    return outcome


async def _done(case: EscalationRun, effect: Effect, history: HistoryLength) -> Command | None:
    escalation = case.state.escalation
    match effect:
        case Deliver():
            return await activity_calls.deliver(escalation, effect)
        case AssignOwner():
            return await activity_calls.assign(escalation, effect)
        case FindApprover():
            return await activity_calls.find_approver(escalation, effect)
        case ReleaseOwner():
            return await activity_calls.release(escalation, effect, quick=await _is_safe(case, history))
        case _:
            assert_never(effect)


async def _is_safe(case: EscalationRun, history: HistoryLength) -> bool:
    """Whether what led to giving a booking back can no longer be lost, so that it can be done cheaply.

    A local activity runs before its workflow task is durable; a crash would run the task again, perhaps to another
    end. With something else under way more arrives soon, and then the present task is durable.
    """
    others = any(not isinstance(one, ReleaseOwner) for one in case.pending.values())
    if others:
        arrivals = history.arrivals
        await workflow.wait_condition(lambda: history.arrivals > arrivals)
    return others
