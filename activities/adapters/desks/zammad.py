"""Zammad, by its REST API and an access token."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from activities.adapters.desks.api import DeskApi, segment, text_at
from activities.ports.desks import DeskTicket, Requester
from escalation.intake.delivery import DeskStatus

# `new` is not among them: a ticket that escalated is not new any more.
_WORDS: Mapping[str, DeskStatus] = {
    "open": DeskStatus.OPEN,
    "pending reminder": DeskStatus.PENDING,
    "pending close": DeskStatus.PENDING,
    "closed": DeskStatus.SOLVED,
    "merged": DeskStatus.CLOSED,
}
_STATES = {DeskStatus.OPEN: "open", DeskStatus.PENDING: "pending reminder", DeskStatus.SOLVED: "closed"}
REMINDER = timedelta(days=3)  # a pending state needs a time; our own clocks remind long before it


class Zammad:
    """Tickets of one Zammad."""

    def __init__(self, api: DeskApi, clock: Callable[[], datetime]) -> None:
        self._api, self._clock = api, clock

    async def me(self) -> str:
        """See the port."""
        return text_at(await self._api.get("/api/v1/users/me"), "id")

    async def read(self, ticket: str) -> DeskTicket:
        """See the port."""
        found = await self._api.get(f"/api/v1/tickets/{segment(ticket)}?expand=true")
        state = text_at(found, "state").lower()
        owner = text_at(found, "owner_id")
        return DeskTicket(
            status=_WORDS.get(state),
            assignee="" if owner == "1" else owner,  # user 1 is how Zammad writes "no one"
            is_over=state == "merged",
        )

    async def requester(self, ticket: str) -> Requester:
        """See the port."""
        id_ = text_at(await self._api.get(f"/api/v1/tickets/{segment(ticket)}"), "customer_id")
        who = await self._api.get(f"/api/v1/users/{segment(id_)}")
        name = f"{text_at(who, 'firstname')} {text_at(who, 'lastname')}".strip()
        return Requester(id=id_, name=name, address=text_at(who, "email"))

    async def has_note(self, ticket: str, marker: str) -> bool:
        """See the port. Zammad gives all articles at once."""
        articles = await self._api.get(f"/api/v1/ticket_articles/by_ticket/{segment(ticket)}")
        return isinstance(articles, list) and any(marker in text_at(one, "body") for one in articles)

    async def write(self, ticket: str, *, status: DeskStatus | None, assignee: str, note: str) -> None:
        """See the port; one request. The article is of type `note`: an internal one of type `email` would be sent."""
        change: dict[str, object] = {}
        if status in _STATES:
            change["state"] = _STATES[status]
        if status is DeskStatus.PENDING:
            change["pending_time"] = (self._clock() + REMINDER).isoformat()
        if assignee:
            change["owner_id"] = assignee
        if note:
            change["article"] = {"body": note, "type": "note", "internal": True, "content_type": "text/plain"}
        await self._api.put(f"/api/v1/tickets/{segment(ticket)}", change)
