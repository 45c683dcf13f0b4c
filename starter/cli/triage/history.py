"""Customers' histories for a whole export: each customer is asked for once, not once for each ticket."""

from datetime import datetime

from activities.ports.record import Records
from activities.triage_contracts import CustomerHistory
from escalation.case.naming import case_name, escalation_id

MOST_REMEMBERED = 10_000  # customers; of more, those asked for first are forgotten


class AskedOnce:
    """Histories from the record, remembered as long as this lives.

    A ticket's own escalation does not count as history. Where the remembered answer may hold it, the record is asked for that
    ticket alone.

    Args:
        since: Escalations opened earlier do not count, aware; None for no limit.
    """

    def __init__(self, records: Records, since: datetime | None = None, *, most: int = MOST_REMEMBERED) -> None:
        self._records = records
        self._since = since
        self._most = most
        self._known: dict[str, CustomerHistory] = {}

    async def of(self, customer: str, ticket: str) -> CustomerHistory | None:
        """The customer's escalations besides that of the ticket; None for an unknown customer.

        Args:
            customer: Their id; empty when unknown.
            ticket: Its number, or the escalation's full id; empty when unknown.
        """
        if not customer:
            return None
        whole = await self._whole(customer)
        escalation = _escalation(ticket)
        # It names only the latest; of more, the ticket's own may be among the others.
        names_all = len(whole.escalations) == whole.total
        if not escalation or (names_all and escalation not in whole.escalations):
            return whole
        return await self._records.customer_history(escalation, customer, self._since)

    async def _whole(self, customer: str) -> CustomerHistory:
        found = self._known.get(customer)
        if found is None:
            found = await self._records.customer_history("", customer, self._since)
            if len(self._known) >= self._most:
                del self._known[next(iter(self._known))]
            self._known[customer] = found
        return found


def _escalation(ticket: str) -> str:
    """Id of the escalation that a ticket number or id means; empty where the text is neither."""
    try:
        name = case_name(ticket)
    except ValueError:
        return ""
    return escalation_id(name.ticket, name.life or 1)
