"""Looks up mail addresses for the intake: which colleague has one, and which ones are blocked."""

from collections.abc import Mapping

from activities.ports.directory import Directory
from activities.ports.inbox import BouncedAddresses
from escalation.addresses import same_address
from escalation.intake.delivery import DeskEvent, EventKind, Known
from escalation.mail_in.meaning import PERMANENT
from escalation.reach import Reach
from escalation.vocabulary import CUSTOMER, Channel


class ByMail:
    """Knows people by their mail addresses, and addresses that bounced.

    Args:
        directory: Knows who has which address; None knows no one.
        bounced: Addresses that get no more mail; None marks none.
    """

    def __init__(self, directory: Directory | None = None, bounced: BouncedAddresses | None = None) -> None:
        self._directory, self._bounced = directory, bounced

    async def people(self, event: DeskEvent) -> Mapping[str, str]:
        """Find who wrote a mail, or did not get one, by address; a customer who is a colleague too writes as the customer."""
        if self._directory is None or event.author.is_customer:
            return {}
        addresses = {event.author.id, event.customer.address if event.kind is EventKind.BOUNCED else ""} - {""}
        found = {one: await self._directory.person_at(Reach(Channel.EMAIL, one)) for one in addresses}
        return {address: person for address, person in found.items() if person}

    async def note_bounced(self, event: DeskEvent, known: Known) -> None:
        """Send no more mail to an address that is at fault for good, if it is the one that the letter went to."""
        if self._bounced is None or event.kind is not EventKind.BOUNCED or event.priority != PERMANENT:
            return
        failed, to, customer = event.customer, event.assignee.id, known.customer
        is_customers = to == CUSTOMER and customer is not None and same_address(failed.address, customer.address)
        if is_customers or known.people.get(failed.address) == to:
            await self._bounced.bounced(failed.address, failed.id, known.now)
