"""The workflow that changes messages in chats and pagers once their case has moved on.

A workflow of its own, so that a chat that is down neither holds up the record nor keeps a case from ending.
"""

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.settling import SettlingActivities
    from workflows.activity_calls import DELIVERY_ATTEMPT, DELIVERY_LIMIT, PATIENT

SETTLING = "settle_messages"


@workflow.defn(name=SETTLING)
class SettlingWorkflow:
    """Changes the messages of one escalation."""

    @workflow.run
    async def run(self, escalation: str) -> None:
        """Show what became of each; tried for as long as a message is."""
        await workflow.execute_activity_method(
            SettlingActivities.settle,
            escalation,
            start_to_close_timeout=DELIVERY_ATTEMPT,
            schedule_to_close_timeout=DELIVERY_LIMIT,
            retry_policy=PATIENT,
            summary="show what became of the messages",
        )


async def start_settling(escalation: str, seq: int) -> None:
    """Start it for what happened from this event on; it outlives the caller."""
    try:
        await workflow.start_child_workflow(
            SETTLING, escalation, id=f"settle-{escalation}-{seq}", parent_close_policy=ParentClosePolicy.ABANDON
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("messages are being changed already")
