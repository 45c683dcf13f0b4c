"""The activity that looks up what a customer has been through; triage asks the record for the same itself."""

from temporalio import activity

from activities.contracts import CustomerHistory, HistoryInput
from activities.ports import Records
from activities.translate import translated


class HistoryActivities:
    """What the record knows of a customer."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn(name="customer_history")
    @translated
    async def customer_history(self, whose: HistoryInput) -> CustomerHistory:
        """The customer's other escalations."""
        return await self._records.customer_history(whose.escalation, whose.customer)
