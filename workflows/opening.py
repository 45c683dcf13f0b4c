"""Begins an escalation's workflow: it opens a ticket, or recalls an escalation that has ended.

What is to be opened is checked, judged by triage where it has to be, and numbered. What has ended is recalled from the record
for thanks, a review, or a late choice.
"""

from collections import deque
from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.contracts import RecallInput
    from activities.recording import RecordingActivities
    from escalation.bounds import Id, Number, accepted, accepted_as, shortened
    from escalation.case.commands import Open, OpenByTriage
    from escalation.case.naming import CaseName, workflow_id
    from escalation.lifecycle.decisions.opening import check_opening, check_start
    from escalation.lifecycle.draft import Decision
    from escalation.lifecycle.rules_version import require_known
    from workflows import activity_calls, preparing
    from workflows.carried import Recall, Start
    from workflows.contract import NOT_RECORDED
    from workflows.escalation_run import RECENT_EVENTS, EscalationRun
    from workflows.updates import refusing


async def opened(start: Start, asked: Open | OpenByTriage) -> tuple[EscalationRun, Decision, Start]:
    """The escalation, what follows from its opening, and the start for the runs to come.

    Raises:
        FailureError: It cannot be opened.
    """
    info = workflow.info()
    with refusing("open"):
        asked = accepted(asked)
        policy = accepted_as(Id, start.policy, "policy")
        version = accepted_as(Number, start.policy_version, "policy_version")
        check_start(asked, info.workflow_id)
    loaded = await activity_calls.load_policy(policy, version)
    # Before anything else is asked of the world: a replay by an older release has to fail in these words.
    require_known(loaded.rules)
    # The customer has waited since the request was made, however long a worker, the policy or triage took.
    now = info.workflow_start_time
    with refusing("open"):
        request = await preparing.judged(info.first_execution_run_id, asked, loaded.ref.name, now)
        check_opening(request)
        short = shortened(request)  # only now: triage reads more of what the customer wrote than travels on
        # After everything that may refuse it: an escalation that was never opened takes no number.
        life = await activity_calls.claim_life(request.ticket, info.first_execution_run_id, now)
        case, decision = EscalationRun.opened(short.command, loaded, now, life)
        case.keep_apart(short.long_texts)
    return case, decision, replace(start, request=short.command)  # what was judged, a text perhaps, stays behind


async def recalled(wanted: Recall) -> EscalationRun:
    """The escalation as it ended; waits while the record is unreachable.

    Raises:
        ApplicationError: The record does not know it, or it is open there, or this workflow is not named after it.
    """
    with refusing("recall"):
        wanted = accepted(wanted)
    asked = RecallInput(ticket=wanted.ticket, life=wanted.life)
    found = await activity_calls.ask_database(RecordingActivities.recall, asked, "recall from the record")
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
