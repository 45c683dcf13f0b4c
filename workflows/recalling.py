"""Continuing an escalation whose workflow has ended, from the record: for thanks, a review, a late choice."""

from collections import deque

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.contracts import RecallInput
    from activities.recording import RecordingActivities
    from escalation.bounds import accepted
    from escalation.case.naming import CaseName, workflow_id
    from escalation.lifecycle.rules_version import require_known
    from workflows import activity_calls
    from workflows.carried import Recall
    from workflows.contract import NOT_RECORDED
    from workflows.escalation_run import RECENT_EVENTS, EscalationRun
    from workflows.updates import refusing


async def recalled(wanted: Recall) -> EscalationRun:
    """The escalation as it ended; waits while the record is unreachable.

    Raises:
        ApplicationError: The record does not know it, or it is open there, or this workflow is not named after it.
    """
    with refusing("recall"):
        wanted = accepted(wanted)
    found = await workflow.execute_activity_method(
        RecordingActivities.recall,
        RecallInput(ticket=wanted.ticket, life=wanted.life),
        start_to_close_timeout=activity_calls.DATABASE_ATTEMPT,
        retry_policy=activity_calls.STEADY,
        summary="recall from the record",
    )
    state = found.state
    names = {workflow_id(wanted.ticket), str(CaseName(ticket=wanted.ticket, life=wanted.life))}
    if state is None or state.is_open or workflow.info().workflow_id not in names:
        raise ApplicationError(
            "the record knows no such escalation that is over", type=NOT_RECORDED, non_retryable=True
        )
    require_known(state.rules)
    loaded = await activity_calls.load_policy(state.policy.name, state.policy.version)
    recent = deque(found.recent, maxlen=RECENT_EVENTS)
    return EscalationRun(state=state, policy=loaded.policy, pages=loaded.pages, recorded=state.seq, recent=recent)
