"""Applies what a help desk sent about one ticket, in order; one workflow for each source and ticket, while there is something.

It carries nothing: what is to be applied is in the inbox, and a signal only says that there is more. So a signal that is lost
or comes twice does no harm, and the history of a run stays short.
"""

from datetime import timedelta

from temporalio import workflow

from workflows.options import INTAKE_TYPE

with workflow.unsafe.imports_passed_through():
    from activities.contracts import ApplyInput
    from activities.intake import IntakeActivities
    from workflows.activity_calls import STEADY

ROUNDS = 50  # after this number of activities, a run continues as new
ATTEMPT = timedelta(minutes=2)
"""Longest attempt: each of its events asks the escalation, which may take 15 s to say that no worker answers."""
HEARTBEAT = timedelta(seconds=10)  # after so long without a sign of life, another worker continues


@workflow.defn(name=INTAKE_TYPE)
class IntakeWorkflow:
    """Applies the events of one ticket until none is left."""

    @workflow.init
    def __init__(self, wanted: ApplyInput) -> None:  # noqa: ARG002 (`run` gets it too)
        self._has_news = False

    @workflow.run
    async def run(self, wanted: ApplyInput) -> None:
        """Apply what is in the inbox; ends when nothing is left."""
        for _ in range(ROUNDS):
            self._has_news = False
            report = await workflow.execute_activity_method(
                IntakeActivities.apply_deliveries,
                wanted,
                start_to_close_timeout=ATTEMPT,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=STEADY,
            )
            if report.again_in is not None:
                await self._rest(timedelta(seconds=report.again_in))
            elif not (report.has_more or self._has_news):
                return
        workflow.continue_as_new(wanted)

    @workflow.signal
    def delivered(self) -> None:
        """There is something new in the inbox."""
        self._has_news = True

    async def _rest(self, pause: timedelta) -> None:
        try:
            await workflow.wait_condition(
                lambda: self._has_news, timeout=pause, timeout_summary="until it is tried again"
            )
        except TimeoutError:
            return
