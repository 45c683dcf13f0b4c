"""The client: how support tools open, manage and query escalations.

    async with EscalationClient.connect() as client:
        await client.open(Open(ticket="4711", …))
        await client.send("4711", Acknowledge(by="ana"))

What may be asked of an escalation are the commands of `escalation.case.commands`. A ticket number names its newest
escalation; so does `escalation-4711`. `escalation-4711~2` is the second one (see `escalation.case.naming`). A tool that
may send the same command twice (a web form, a queue, a retry) gives a `command_id`: the same id gets the same answer.

`send` raises, from `starter.errors`: `CommandRefused`, `UnknownEscalation`, `EscalationEnded`, `WorkersBusy` and
`TemporalUnreachable`. Questions raise the same but the first; an escalation that ended as it should still answers.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeVar

from temporalio.client import Client

from escalation.vocabulary import ClockName
from runtime.connection import connect, silent_runtime
from runtime.exiting import native_threads, until_ended
from runtime.settings import Settings
from starter.errors import CommandRefused, EscalationEnded, TemporalUnreachable, UnknownEscalation, WorkersBusy
from starter.listing import Filter, Listed, rows
from starter.lives import find
from starter.supervision import Supervisor
from starter.transport import Transport
from workflows.contract import Answer, Status

if TYPE_CHECKING:
    # A method imports what it alone needs: to ask for the status takes a third of all this.
    from escalation.case.commands import Open, OpenByTriage, SupportCommand
    from escalation.case.events import Event
    from escalation.clocks.explain import ClockExplanation
    from escalation.lifecycle.view import CaseView
    from escalation.messages.effects import Message
    from escalation.messages.facts import SaysWhenNext
    from starter.incidents import IncidentClient
    from starter.opening import Opening

T = TypeVar("T")

RPC_TIMEOUT = timedelta(seconds=5)
ATTEMPTS = 3
LONGEST_WAIT_FOR_NAMES = 1.0  # seconds


class EscalationClient:
    """Opens escalations, steers them, and asks how they are."""

    def __init__(
        self, client: Client, task_queue: str, *, rpc_timeout: timedelta = RPC_TIMEOUT, attempts: int = ATTEMPTS
    ) -> None:
        """Use a connection of the caller's; nothing is sent yet.

        Args:
            client: From `runtime.connection.connect`.
            rpc_timeout: How long one attempt may take.
            attempts: How often an unanswered call is made, all under one command id.
        """
        self._transport = Transport(client, rpc_timeout=rpc_timeout, attempts=attempts)
        self._task_queue = task_queue
        self.supervisor = Supervisor(self._transport)

    @classmethod
    @asynccontextmanager
    async def connect(cls, settings: Settings | None = None) -> AsyncIterator[Self]:
        """A client with a connection of its own, which is closed at the end of the block.

        Raises:
            SettingsError: A setting is wrong.
            TemporalUnreachable: No server answered, or it refused us.
        """
        settings = settings or Settings.load()
        before = native_threads()
        client = cls(await connect(settings, runtime=silent_runtime()), settings.task_queue)
        threads = native_threads() - before
        try:
            yield client
        finally:
            # Threads of the SDK that outlive the interpreter abort the process with exit code 134 or 139 after its work
            # (temporalio/sdk-python, issue 300). They end with the last reference to the connection.
            client._transport.close()
            await until_ended(threads)

    @cached_property
    def incidents(self) -> "IncidentClient":
        """The same for incidents, to which many escalations are linked."""
        from starter.incidents import IncidentClient  # noqa: PLC0415

        return IncidentClient(self._transport, self._task_queue)

    async def open(
        self,
        request: "Open | OpenByTriage",
        *,
        policy: str = "default",
        command_id: str | None = None,
        again: bool = True,
    ) -> "Opening":
        """Escalate a ticket; an escalation of it that is open stays as it is, with `started=False`.

        A ticket whose escalation is over escalates again: `life` of the answer says for which time.

        Args:
            request: What is known of it; `OpenByTriage` escalates it only if triage says so, and as what it says.
            command_id: The same again finds what the first request opened, also when that is over.
            again: False leaves a ticket alone whose escalation is over, with `started=False`.

        Raises:
            CommandRefused: the request makes no sense, triage says no, or a text is far too long for the server.
            WorkersBusy: the escalation before still runs, and no worker moved it out of the way.
            TemporalUnreachable: no server answered; open it again, it cannot open twice.
        """
        from starter.opening import start  # noqa: PLC0415

        return await start(
            self._transport, request, policy=policy, task_queue=self._task_queue, command_id=command_id, again=again
        )

    async def send(self, ticket: str, command: "SupportCommand", *, command_id: str | None = None) -> Answer:
        """Send a command and wait for its answer.

        What a customer says to an escalation that is over opens the ticket's next one, which takes it: the answer names that.

        Args:
            ticket: Ticket number, or the id of one escalation.
            command_id: The same again is the same command: it is done once; drawn when not given.
        """
        from starter.replies import send  # noqa: PLC0415

        chosen = command_id or str(uuid.uuid4())
        return await send(self._transport, ticket, command, command_id=chosen, task_queue=self._task_queue)

    async def status(self, ticket: str) -> Status:
        """Return the case now, and every running clock with its next threshold."""
        return await self._ask(ticket, "status", answer=Status)

    async def outlook(self, ticket: str) -> "SaysWhenNext":
        """Return what comes next for the customer, and by when, as a letter would say it now."""
        from escalation.messages.facts import SaysWhenNext  # noqa: PLC0415

        return await self._ask(ticket, "outlook", answer=SaysWhenNext)

    async def rehearse(
        self, ticket: str, command: "SupportCommand", *, at: datetime
    ) -> "tuple[CaseView, tuple[Message, ...]]":
        """Return the letters that a command would send, and the case after it; nothing is done.

        Args:
            ticket: As for `send`.

        Raises:
            CommandRefused: It would be refused, as `send` would say.
        """
        from escalation.lifecycle.rehearsing import Rehearsal  # noqa: PLC0415

        found = await self._ask(ticket, "rehearse", command.kind, command, at, answer=Rehearsal)
        if found.view is None:
            raise CommandRefused(found.type, found.refusal)
        return found.view, found.letters

    async def strangers(self, ticket: str, *names: str) -> tuple[str, ...]:
        """Return those of these people who are not in the roster; empty if no worker can tell."""
        try:
            return tuple(await self._ask(ticket, "strangers", list(names), answer=list[str]))
        except (UnknownEscalation, EscalationEnded, WorkersBusy):
            return ()

    async def names(self, ticket: str) -> Mapping[str, str]:
        """Names of the people of the roster by id, for people to read; none where no worker says so within a second."""
        try:
            async with asyncio.timeout(LONGEST_WAIT_FOR_NAMES):
                return await self._ask(ticket, "names", answer=dict[str, str])
        except (UnknownEscalation, EscalationEnded, WorkersBusy, TemporalUnreachable, TimeoutError):
            return {}

    async def timeline(self, ticket: str) -> "tuple[Event, ...]":
        """Its latest events, oldest first; the record in PostgreSQL has all of them."""
        from escalation.case.events import Event  # noqa: PLC0415

        return tuple(await self._ask(ticket, "timeline", answer=list[Event]))

    async def explain(
        self, ticket: str, clock: ClockName | None = None, *, at: datetime | None = None
    ) -> "tuple[ClockExplanation, ...]":
        """Explain when the case's clocks, or one of them, are due and why: which time counted, and which did not.

        Args:
            clock: Only this one.
            at: Up to when time is counted, aware; None is now. Never earlier than the latest event.
        """
        from escalation.clocks.explain import ClockExplanation  # noqa: PLC0415

        until = datetime.now(UTC) if at is None else at  # noqa: TID251 (a client is an edge)
        return tuple(await self._ask(ticket, "explain", clock or "", until, answer=list[ClockExplanation]))

    async def list(self, wanted: Filter | None = None, *, limit: int = 100) -> tuple[Listed, ...]:
        """The escalations that the server knows, every open one by default, in no order; it may lag behind by a second."""
        return await rows(self._transport, wanted or Filter(), limit=limit)

    async def _ask(self, ticket: str, question: str, *args: object, answer: type[T]) -> T:
        return await self._transport.query(await find(self._transport, ticket), question, *args, answer=answer)
