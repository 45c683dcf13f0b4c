"""Activities that book people and release the bookings."""

from temporalio import activity

from activities.contracts import Approver, ApproverInput, Assigned, AssignInput, ReleaseInput
from activities.ports.directory import Directory
from activities.temporal_errors import translated


class OwnershipActivities:
    """Finds, books and releases owners."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @activity.defn(name="assign_owner")
    @translated
    async def assign_owner(self, request: AssignInput) -> Assigned:
        """Book the best person for an offer; asked again for the same offer, it answers the same."""
        person = await self._directory.assign(request)
        if person is None or not request.request.tell_shift_end:
            return Assigned(person=person)
        return Assigned(person=person, until=await self._directory.on_shift_until(person))

    @activity.defn(name="find_approver")
    @translated
    async def find_approver(self, request: ApproverInput) -> Approver:
        """Find a person who can decide on a request for approval; no one is booked."""
        return Approver(person=await self._directory.approver(request))

    @activity.defn(name="release_owner")
    @translated
    async def release_owner(self, request: ReleaseInput) -> None:
        """Give the booking of an offer back; asked again, nothing happens."""
        await self._directory.release(request.escalation, request.offer)
