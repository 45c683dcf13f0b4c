"""Help desks with the part of their REST APIs that we call: one set of tickets behind four dialects.

Each answers as the product does: ids as text or number, statuses in its own words, notes where the product shows them. A test
can let the next calls fail before they are carried out (`refuse`), or after (`lose_answers`): the change is made, and the answer
never comes.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from html import unescape
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response


@dataclass
class PeerTicket:
    """A ticket there."""

    status: str = "open"
    customer: str = "Ada Lovelace <ada@example.com>"
    customer_id: int = 77
    locale: str = "de-DE"
    subject: str = ""
    priority: str | None = None
    tags: tuple[str, ...] = ()
    assignee: str = ""
    notes: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)

    @property
    def requester(self) -> dict[str, str]:
        """Name and address of the customer."""
        name, address = parseaddr(self.customer)
        return {"name": name, "email": address}


@dataclass
class PeerDesk:
    """Tickets, and what went wrong."""

    tickets: dict[str, PeerTicket] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    authorization: str = ""
    refusals: list[Response] = field(default_factory=list)
    lost_answers: int = 0
    outage: int = 0
    """While set, the status that answers every call."""

    def refuse(self, status: int, *, times: int = 1, **headers: str) -> None:
        """Answer the next calls with this status."""
        self.refusals += [
            Response(status_code=status, headers={k.replace("_", "-"): v for k, v in headers.items()})
        ] * times

    def lose_answers(self, times: int) -> None:
        """Carry out the next changes, then answer 502 as a proxy does."""
        self.lost_answers = times

    def written(self, number: str, change: Mapping[str, Any]) -> None:
        """Our user changed a ticket by Zendesk's dialect; what a help desk makes of that is up to it."""

    def app(self) -> FastAPI:
        """All four dialects."""
        app = FastAPI(openapi_url=None)

        @app.middleware("http")
        async def trouble(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
            self.calls.append(f"{request.method} {request.url.path}")
            self.authorization = request.headers.get("authorization", "")
            if self.outage:
                return Response(status_code=self.outage)
            if self.refusals:
                return self.refusals.pop(0)
            answer = await proceed(request)
            if request.method != "GET" and self.lost_answers:
                self.lost_answers -= 1
                return Response(status_code=502)
            return answer

        _zendesk(app, self)
        _zammad(app, self)
        _freshdesk(app, self)
        _jira(app, self)
        return app


BOT = "8675309"
"""Id of our user in each of them."""


def _missing() -> Response:
    return JSONResponse({"error": "RecordNotFound", "description": "Not found"}, status_code=404)


def _zendesk(app: FastAPI, desk: PeerDesk) -> None:
    @app.get("/api/v2/users/me.json")
    async def me() -> Any:
        return {"user": {"id": int(BOT), "role": "agent"}}

    @app.get("/api/v2/tickets/{ticket}.json")
    async def show(ticket: str, include: str = "") -> Any:
        one = desk.tickets.get(ticket)
        if one is None:
            return _missing()
        assignee = int(one.assignee) if one.assignee else None
        shown = {"id": 1, "status": one.status, "assignee_id": assignee, "requester_id": one.customer_id}
        requester = {"id": one.customer_id, **one.requester, "locale": one.locale}
        users = [{"id": 76, "email": "agent@example.com"}, requester]
        return {"ticket": shown, **({"users": users} if include == "users" else {})}

    @app.get("/api/v2/tickets/{ticket}/comments.json")
    async def comments(ticket: str, per_page: int = 100, page: int = 1) -> Any:
        notes = desk.tickets[ticket].notes[::-1][per_page * (page - 1) :][:per_page]
        return {"comments": [{"id": n, "body": text, "public": False} for n, text in enumerate(notes)]}

    @app.put("/api/v2/tickets/{ticket}.json")
    async def update(ticket: str, request: Request) -> Any:
        one, change = desk.tickets.get(ticket), (await request.json())["ticket"]
        if one is None:
            return _missing()
        one.status = change.get("status", one.status)
        one.assignee = str(change.get("assignee_id", one.assignee))
        if "comment" in change:
            # Public unless it says otherwise.
            is_public = change["comment"].get("public", True)
            (one.public if is_public else one.notes).append(change["comment"]["body"])
        desk.written(ticket, change)
        return {"ticket": {"id": 1}}


def _zammad(app: FastAPI, desk: PeerDesk) -> None:
    @app.get("/api/v1/users/me")
    async def me() -> Any:
        return {"id": int(BOT), "login": "escalations@example.com"}

    @app.get("/api/v1/tickets/{ticket}")
    async def show(ticket: str) -> Any:
        one = desk.tickets.get(ticket)
        if one is None:
            return _missing()
        return {"id": 7, "state": one.status, "owner_id": int(one.assignee or 1), "customer_id": 77}

    @app.get("/api/v1/users/77")
    async def user() -> Any:
        one = next(iter(desk.tickets.values())).requester
        return {"firstname": one["name"].split()[0], "lastname": one["name"].split()[1], "email": one["email"]}

    @app.get("/api/v1/ticket_articles/by_ticket/{ticket}")
    async def articles(ticket: str) -> Any:
        return [{"body": text, "internal": True} for text in desk.tickets[ticket].notes]

    @app.put("/api/v1/tickets/{ticket}")
    async def update(ticket: str, request: Request) -> Any:
        one, change = desk.tickets[ticket], await request.json()
        if change.get("state", "").startswith("pending") and "pending_time" not in change:
            return JSONResponse({"error": "Missing required value for field 'pending_time'!"}, status_code=422)
        one.status = change.get("state", one.status)
        one.assignee = str(change.get("owner_id", one.assignee))
        if "article" in change:
            is_note = change["article"]["internal"] and change["article"]["type"] == "note"
            (one.notes if is_note else one.public).append(change["article"]["body"])
        return {"id": 7}


def _freshdesk(app: FastAPI, desk: PeerDesk) -> None:
    @app.get("/api/v2/agents/me")
    async def me() -> Any:
        return {"id": int(BOT), "contact": {"email": "escalations@example.com"}}

    words = {"open": 2, "pending": 3, "solved": 4, "closed": 5}

    @app.get("/api/v2/tickets/{ticket}")
    async def show(ticket: str, include: str = "") -> Any:
        one = desk.tickets.get(ticket)
        if one is None:
            return Response(status_code=404)  # without a body
        if include == "requester":
            return {"status": 2, "requester": {"id": 77, **one.requester}}
        return {
            "status": words[one.status],
            "responder_id": int(one.assignee) if one.assignee else None,
        }

    @app.get("/api/v2/tickets/{ticket}/conversations")
    async def conversations(ticket: str, per_page: int = 30, page: int = 1) -> Any:
        notes = desk.tickets[ticket].notes[per_page * (page - 1) :][:per_page]
        return [{"body_text": text, "private": True} for text in notes]

    @app.post("/api/v2/tickets/{ticket}/notes")
    async def note(ticket: str, request: Request) -> Any:
        one, body = desk.tickets[ticket], await request.json()
        (one.notes if body.get("private", True) else one.public).append(unescape(body["body"].replace("<br>", "\n")))
        return {"id": 3}

    @app.put("/api/v2/tickets/{ticket}")
    async def update(ticket: str, request: Request) -> Any:
        one, change = desk.tickets[ticket], await request.json()
        if "status" in change:
            one.status = next(word for word, number in words.items() if number == change["status"])
        one.assignee = str(change.get("responder_id", one.assignee))
        return {"id": 3}


def _jira(app: FastAPI, desk: PeerDesk) -> None:
    @app.get("/rest/api/2/myself")
    async def me() -> Any:
        return {"accountId": BOT, "active": True}

    categories = {
        "open": "new",
        "in progress": "indeterminate",
        "waiting for customer": "indeterminate",
        "resolved": "done",
    }

    @app.get("/rest/api/2/issue/{key}")
    async def show(key: str) -> Any:
        one = desk.tickets.get(key)
        if one is None:
            return JSONResponse(
                {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}, 404
            )
        status = {"name": one.status.title(), "statusCategory": {"key": categories[one.status]}}
        reporter = {"accountId": "77", "displayName": one.requester["name"], "emailAddress": one.requester["email"]}
        return {
            "fields": {
                "status": status,
                "reporter": reporter,
                "assignee": {"accountId": one.assignee} if one.assignee else None,
            }
        }

    @app.get("/rest/api/2/issue/{key}/comment")
    async def comments(key: str, maxResults: int = 50, startAt: int = 0) -> Any:  # noqa: N803 (Jira's names)
        notes = desk.tickets[key].notes[::-1]
        return {"total": len(notes), "comments": [{"body": text} for text in notes[startAt:][:maxResults]]}

    @app.get("/rest/api/2/issue/{key}/transitions")
    async def transitions(key: str) -> Any:
        return {
            "transitions": [
                {"id": str(number), "to": {"name": name.title(), "statusCategory": {"key": category}}}
                for number, (name, category) in enumerate(categories.items())
                if name != desk.tickets[key].status
            ]
        }

    @app.post("/rest/api/2/issue/{key}/transitions", status_code=204)
    async def move(key: str, request: Request) -> Response:
        number = int((await request.json())["transition"]["id"])
        desk.tickets[key].status = list(categories)[number]
        return Response(status_code=204)

    @app.put("/rest/api/2/issue/{key}/assignee", status_code=204)
    async def assign(key: str, request: Request) -> Response:
        desk.tickets[key].assignee = (await request.json())["accountId"]
        return Response(status_code=204)

    @app.post("/rest/servicedeskapi/request/{key}/comment", status_code=201)
    async def comment(key: str, request: Request) -> Any:
        body = await request.json()
        one = desk.tickets[key]
        (one.public if body.get("public", True) else one.notes).append(body["body"])
        return {"id": "10000"}
