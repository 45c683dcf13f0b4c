"""Freshdesk, by its REST API and an API key."""

from collections.abc import Mapping, Sequence
from html import escape

from activities.adapters.desks.api import PAGE, DeskApi, at, found_on_pages, segment, text_at
from activities.ports.desks import DeskTicket, Requester
from escalation.intake.delivery import DeskStatus

_NUMBERS: Mapping[str, DeskStatus] = {
    "2": DeskStatus.OPEN,
    "3": DeskStatus.PENDING,
    "4": DeskStatus.SOLVED,
    "5": DeskStatus.CLOSED,
}


class Freshdesk:
    """Tickets of one account."""

    def __init__(self, api: DeskApi) -> None:
        self._api = api

    async def me(self) -> str:
        """See the port."""
        return text_at(await self._api.get("/api/v2/agents/me"), "id")

    async def read(self, ticket: str) -> DeskTicket:
        """See the port. Freshdesk takes changes of closed tickets, so none of them is over."""
        found = await self._api.get(f"/api/v2/tickets/{segment(ticket)}")
        return DeskTicket(status=_NUMBERS.get(text_at(found, "status")), assignee=text_at(found, "responder_id"))

    async def requester(self, ticket: str) -> Requester:
        """See the port."""
        who = at(await self._api.get(f"/api/v2/tickets/{segment(ticket)}?include=requester"), "requester")
        return Requester(id=text_at(who, "id"), name=text_at(who, "name"), address=text_at(who, "email"))

    async def has_note(self, ticket: str, marker: str) -> bool:
        """See the port."""

        async def page(number: int) -> Sequence[str]:
            path = f"/api/v2/tickets/{segment(ticket)}/conversations?per_page={PAGE}&page={number + 1}"
            found = await self._api.get(path)
            return [text_at(one, "body_text") for one in found] if isinstance(found, list) else []

        return await found_on_pages(marker, page)

    async def write(self, ticket: str, *, status: DeskStatus | None, assignee: str, note: str) -> None:
        """See the port. The note goes first: it alone could be doubled by a repeat."""
        if note:
            body = "<br>".join(escape(line) for line in note.splitlines())
            await self._api.post(f"/api/v2/tickets/{segment(ticket)}/notes", {"body": body, "private": True})
        change: dict[str, object] = {}
        if status is not None:
            change["status"] = next(int(number) for number, word in _NUMBERS.items() if word is status)
        if assignee:
            change["responder_id"] = int(assignee) if assignee.isdigit() else assignee
        if change:
            await self._api.put(f"/api/v2/tickets/{segment(ticket)}", change)
