"""An escalation that is over leaves the ticket's workflow id to the next one."""

from dataclasses import replace

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from workflows.options import WORKFLOW_TYPE

with workflow.unsafe.imports_passed_through():
    from escalation.case.naming import CaseName
    from workflows.carried import Start
    from workflows.escalation_run import EscalationRun


async def moved_out(case: EscalationRun, start: Start) -> bool:
    """Go on in a workflow named after this life; what waits, its review perhaps, is not lost.

    Args:
        start: What its workflow began with.

    Returns:
        Whether it did. Where another workflow has that name, the escalation stays where it is.
    """
    info, name = workflow.info(), str(CaseName(ticket=case.state.ticket, life=case.state.life))
    try:
        await workflow.start_child_workflow(
            WORKFLOW_TYPE,
            replace(start, carried=case.carried()),
            id=name,
            parent_close_policy=ParentClosePolicy.ABANDON,
            search_attributes=info.typed_search_attributes,
            priority=info.priority,
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.error("the workflow id of this life is taken by another workflow", extra={"taken": name})
        return False
    return True
