"""Jira Service Management, by its REST API and an API token."""

from collections.abc import Mapping, Sequence
from typing import Any

from activities.adapters.desks.api import PAGE, DeskApi, at, found_on_pages, list_at, segment, text_at, without_markup
from activities.ports.desks import DeskTicket, Requester
from escalation.intake.delivery import DeskStatus

_CATEGORIES: Mapping[str, DeskStatus] = {
    "new": DeskStatus.OPEN,
    "indeterminate": DeskStatus.OPEN,
    "done": DeskStatus.SOLVED,
}
# Names of states that wait for the customer; workflows differ, so one that has none is left as it is.
_WAITING = ("waiting for customer", "pending", "waiting")


class Jira:
    """Requests of one site."""

    def __init__(self, api: DeskApi) -> None:
        self._api = api

    async def me(self) -> str:
        """See the port."""
        return text_at(await self._api.get("/rest/api/2/myself"), "accountId")

    async def read(self, ticket: str) -> DeskTicket:
        """See the port."""
        path = f"/rest/api/2/issue/{segment(ticket)}"
        found = await self._api.get(f"{path}?fields=status,assignee")
        return DeskTicket(
            status=_word_for(at(found, "fields", "status")), assignee=text_at(found, "fields", "assignee", "accountId")
        )

    async def requester(self, ticket: str) -> Requester:
        """See the port; empty where the person lets no one see their address."""
        found = await self._api.get(f"/rest/api/2/issue/{segment(ticket)}?fields=reporter")
        who = at(found, "fields", "reporter")
        id_ = text_at(who, "accountId") or text_at(who, "key")
        return Requester(id=id_, name=text_at(who, "displayName"), address=text_at(who, "emailAddress"))

    async def has_note(self, ticket: str, marker: str) -> bool:
        """See the port."""

        async def page(number: int) -> Sequence[str]:
            beginning = f"/rest/api/2/issue/{segment(ticket)}/comment?orderBy=-created"
            found = await self._api.get(f"{beginning}&maxResults={PAGE}&startAt={number * PAGE}")
            return [text_at(one, "body") for one in list_at(found, "comments")]

        return await found_on_pages(marker, page)

    async def write(self, ticket: str, *, status: DeskStatus | None, assignee: str, note: str) -> None:
        """See the port. The note goes first: it alone could be doubled by a repeat."""
        if note:
            path = f"/rest/servicedeskapi/request/{segment(ticket)}/comment"
            await self._api.post(path, {"body": without_markup(note, "{[!"), "public": False})
        if assignee:
            await self._api.put(f"/rest/api/2/issue/{segment(ticket)}/assignee", {"accountId": assignee})
        if status is not None:
            await self._move(ticket, status)

    async def _move(self, ticket: str, status: DeskStatus) -> None:
        """Take the transition that leads to such a status, if the workflow has one from here."""
        path = f"/rest/api/2/issue/{segment(ticket)}/transitions"
        for one in list_at(await self._api.get(path), "transitions"):
            if _word_for(at(one, "to")) is status:
                await self._api.post(path, {"transition": {"id": text_at(one, "id")}})
                return


def _word_for(status: Any) -> DeskStatus | None:
    if text_at(status, "name").lower() in _WAITING:
        return DeskStatus.PENDING
    return _CATEGORIES.get(text_at(status, "statusCategory", "key").lower())
