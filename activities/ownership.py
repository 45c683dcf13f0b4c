"""Activities that book people and give them back."""

from temporalio import activity

from activities.contracts import Assigned, AssignInput, ReleaseInput
from activities.ports import Directory
from activities.translate import translated


class OwnershipActivities:
    """Who gets an escalation."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @activity.defn(name="assign_owner")
    @translated
    async def assign_owner(self, request: AssignInput) -> Assigned:
        """Book the best person for an offer; asked again for the same offer, it answers the same."""
        return Assigned(person=await self._directory.assign(request))

    @activity.defn(name="release_owner")
    @translated
    async def release_owner(self, request: ReleaseInput) -> None:
        """Give the booking of an offer back; asked again, nothing happens."""
        await self._directory.release(request.escalation, request.offer)
