"""Zendesk Support, by its REST API and an API token."""

from collections.abc import Mapping, Sequence

from activities.adapters.desks.api import PAGE, DeskApi, found_on_pages, list_at, segment, text_at, without_markup
from activities.ports.desks import DeskTicket, Requester
from escalation.intake.delivery import DeskStatus

# `new` is not among them: a ticket that escalated is not new any more.
_WORDS: Mapping[str, DeskStatus] = {
    "open": DeskStatus.OPEN,
    "hold": DeskStatus.OPEN,
    "pending": DeskStatus.PENDING,
    "solved": DeskStatus.SOLVED,
    "closed": DeskStatus.CLOSED,
}


class Zendesk:
    """Tickets of one account."""

    def __init__(self, api: DeskApi) -> None:
        self._api = api

    async def me(self) -> str:
        """See the port."""
        return text_at(await self._api.get("/api/v2/users/me.json"), "user", "id")

    async def read(self, ticket: str) -> DeskTicket:
        """See the port."""
        found = await self._api.get(f"/api/v2/tickets/{segment(ticket)}.json")
        status = text_at(found, "ticket", "status")
        return DeskTicket(
            status=_WORDS.get(status.lower()),
            assignee=text_at(found, "ticket", "assignee_id"),
            is_over=status.lower() == "closed",
        )

    async def requester(self, ticket: str) -> Requester:
        """See the port."""
        found = await self._api.get(f"/api/v2/tickets/{segment(ticket)}.json?include=users")
        id_ = text_at(found, "ticket", "requester_id")
        who = next((one for one in list_at(found, "users") if text_at(one, "id") == id_), None)
        language = text_at(who, "locale").partition("-")[0]
        return Requester(id=id_, name=text_at(who, "name"), address=text_at(who, "email"), language=language)

    async def has_note(self, ticket: str, marker: str) -> bool:
        """See the port."""

        async def page(number: int) -> Sequence[str]:
            beginning = f"/api/v2/tickets/{segment(ticket)}/comments.json?sort_order=desc"
            found = await self._api.get(f"{beginning}&per_page={PAGE}&page={number + 1}")
            return [text_at(one, "body") for one in list_at(found, "comments")]

        return await found_on_pages(marker, page)

    async def write(self, ticket: str, *, status: DeskStatus | None, assignee: str, note: str) -> None:
        """See the port; one request. A comment is public unless it says otherwise, so it always says so."""
        change: dict[str, object] = {}
        if status is not None:
            change["status"] = status.value
        if assignee:
            change["assignee_id"] = assignee
        if note:
            change["comment"] = {"body": without_markup(note, "[<`"), "public": False}
        await self._api.put(f"/api/v2/tickets/{segment(ticket)}.json", {"ticket": change})
