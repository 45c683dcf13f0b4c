"""Keeps a ticket of a help desk in step; one workflow for each ticket, while there is something to write.

It carries nothing: what is to be written follows from the record, and a signal only says that there is news.
"""

from datetime import timedelta

from temporalio import workflow

from workflows.options import DESK_TYPE

with workflow.unsafe.imports_passed_through():
    from activities.contracts import KeepInStepInput
    from activities.desks import DeskActivities
    from workflows.activity_calls import PATIENT

ROUNDS = 50  # after this number of activities, a run continues as new
ATTEMPT = timedelta(minutes=1)  # longest attempt: a few requests, each of ten seconds at most


@workflow.defn(name=DESK_TYPE)
class DeskWorkflow:
    """Writes to one ticket until it shows what the record says."""

    @workflow.init
    def __init__(self, wanted: KeepInStepInput) -> None:  # noqa: ARG002 (`run` gets it too)
        self._has_news = False

    @workflow.run
    async def run(self, wanted: KeepInStepInput) -> None:
        """Write what is missing; ends when nothing is."""
        for _ in range(ROUNDS):
            self._has_news = False
            report = await workflow.execute_activity_method(
                DeskActivities.keep_in_step, wanted, start_to_close_timeout=ATTEMPT, retry_policy=PATIENT
            )
            if not (report.has_more or self._has_news):
                return
        workflow.continue_as_new(wanted)

    @workflow.signal
    def delivered(self) -> None:
        """Note that the record has news."""
        self._has_news = True
