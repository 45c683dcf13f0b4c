"""The support team of the demo: it works in its help desk and its chat, and gives a command only where these have none."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from zlib import crc32

import httpx2

from activities.adapters.postgres.inbox import Inbox
from activities.ports.inbox import Entry, EntryState
from escalation.case.commands import Acknowledge, Open, RecordCustomerReply, SupportCommand
from escalation.case.naming import workflow_id
from escalation.messages.buttons import pressed
from escalation.vocabulary import Severity, Stage
from examples.demo.stage import now
from examples.demo.vendors import CHAT, DESK, PREFIX, Vendors
from starter.errors import CommandRefused, WorkersBusy
from starter.play import CaseClient, Opening, pauses
from tests.peers.help_desks import PeerTicket
from tests.peers.slack_like import Post
from workflows.contract import Status

PRIORITIES = {Severity.SEV1: "URGENT", Severity.SEV2: "HIGH", Severity.SEV3: "NORMAL", Severity.SEV4: "LOW"}
ACCEPT = "escalations.acknowledge"
OFFER_SECONDS, APPLIED_SECONDS = 5.0, 15.0  # until an offer is in the chat, and until what was sent is applied
_Found = TypeVar("_Found")
HTTP_SECONDS = 3.0  # Slack waits no longer


@dataclass(frozen=True, slots=True)
class Opened:
    """The result of an opening; see `starter.play.Opening`."""

    started: bool


class SupportTeam(CaseClient):
    """Files tickets and writes replies in the help desk, accepts offers in the chat, and does the rest by `client`.

    Args:
        http: Address of our server, where the chat sends what is pressed.
    """

    def __init__(self, client: CaseClient, vendors: Vendors, inbox: Inbox, http: str) -> None:
        self._client, self._vendors, self._inbox = client, vendors, inbox
        self.pressed: set[str] = set()
        self._http = httpx2.AsyncClient(base_url=http, timeout=HTTP_SECONDS)

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:  # noqa: ARG002 (the webhook file says it)
        """File the ticket with the tags that make it escalate."""
        customer, number = request.customer, request.ticket.removeprefix(PREFIX)
        reasons = (reason.replace("_", "-") for reason in request.reasons)
        ticket = PeerTicket(
            status="new",
            customer=f"{customer.name} <{customer.address}>",
            customer_id=crc32(customer.id.encode()),
            locale=customer.language,
            subject=request.summary,
            priority=PRIORITIES[request.severity],
            tags=("escalate", request.category, *reasons),
        )
        entry = await self._applied(DESK, number, await self._vendors.desk.create(number, ticket))
        if entry.state not in (EntryState.APPLIED, EntryState.IGNORED):
            raise CommandRefused("Webhook", entry.reason)
        return Opened(started=entry.state is EntryState.APPLIED)

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> object:
        """Do it where the team would."""
        if isinstance(command, RecordCustomerReply):
            if (await self._client.status(ticket)).view.stage in (Stage.CLOSED, Stage.CANCELLED):
                raise CommandRefused("CaseOver", "the case is over; a reply would open the ticket's next one")
            number = ticket.removeprefix(PREFIX)
            reply = await self._vendors.desk.reply(number, command.text, id_=command_id)
            return _taken(await self._applied(DESK, number, reply))
        if isinstance(command, Acknowledge) and (user := self._vendors.chatters.get(command.by)):
            entry = await self._press(ticket, user)
            if entry is not None and entry.state is EntryState.APPLIED:
                return entry
            # The message is late, or the offer has ended meanwhile; the command says which.
        return await self._client.send(ticket, command, command_id=command_id)

    async def status(self, ticket: str) -> Status:
        """The status of the case."""
        return await self._client.status(ticket)

    async def _press(self, ticket: str, user: str) -> Entry | None:
        """Accept an offer; None where none is in the chat, or its button has no effect."""
        offer = await _until(partial(self._offer, ticket, user), OFFER_SECONDS)
        if offer is None:
            return None
        press = self._vendors.chat.press(offer, ACCEPT, user, at=int(now().timestamp()))
        try:
            answer = await self._http.post(f"/webhooks/{CHAT}", content=press.body, headers=press.headers)
        except httpx2.TransportError:
            answer = None
        if answer is None or answer.status_code != 200:
            return None  # the chat sends it once: the person sees a warning sign
        self.pressed.add(press.trigger)
        return await self._applied(CHAT, ticket, press.trigger)

    async def _offer(self, ticket: str, user: str) -> Post | None:
        """The last message to this person that can still be accepted."""
        for post in reversed(self._vendors.chat.posts):
            if post.channel == f"D{user}" and (value := post.buttons.get(ACCEPT)):
                button = pressed(ACCEPT, value)
                if button is not None and button.escalation == workflow_id(ticket):
                    return post
        return None

    async def _applied(self, source: str, ticket: str, id_: str) -> Entry:
        """Return what became of an event that was accepted."""

        async def look() -> Entry | None:
            entries = await self._inbox.listed(source=source, ticket=ticket, most=100)
            return next((one for one in entries if id_ in one.key and one.state is not EntryState.STORED), None)

        if (entry := await _until(look, APPLIED_SECONDS)) is None:
            raise WorkersBusy(workflow_id(ticket), seconds=APPLIED_SECONDS)
        return entry


def _taken(entry: Entry) -> Entry:
    if entry.state is not EntryState.APPLIED:
        raise CommandRefused("Webhook", entry.reason)
    return entry


async def _until(look: Callable[[], Awaitable[_Found | None]], seconds: float) -> _Found | None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for pause in pauses():
                if (found := await look()) is not None:
                    return found
                await asyncio.sleep(pause)
    return None
