"""What support tools hold in their hands: one typed method for everything that may be asked of an escalation.

    client = EscalationClient(await connect(settings), settings.task_queue)
    await client.open(Open(ticket="4711", …))
    await client.acknowledge("4711", by="ana")

A ticket number names its newest escalation; so does `escalation-4711`. `escalation-4711~2` is the second one (see
`escalation.case.naming`). Every command takes a `command_id`: a tool that may send the
same command twice (a web form, a queue, a retry) gives the same id and gets the same answer; without one it is drawn.

Every command raises, from `starter.errors`: `CommandRefused`, `UnknownEscalation`, `EscalationEnded`, `WorkersBusy`
and `TemporalUnreachable`. Questions raise the same but the first; an escalation that ended as it should still answers.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerConsult,
    AnswerSurvey,
    ApplyPolicy,
    Approve,
    Cancel,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    Consult,
    Decline,
    Escalate,
    MakePromise,
    OfferOptions,
    Open,
    OpenByTriage,
    Option,
    Packet,
    Pause,
    Reassign,
    RecordBounce,
    RecordCustomerReply,
    RefuseApproval,
    Reopen,
    RequestApproval,
    RequestInformation,
    Resolve,
    Resume,
    SetDue,
    SubmitReview,
    SupportCommand,
    TellCustomer,
)
from escalation.case.events import Event
from escalation.clocks.explain import ClockExplanation
from escalation.vocabulary import CUSTOMER, ApprovalKind, CancelCause, ClockName, Outcome, Reason, Severity
from starter.incidents import IncidentClient
from starter.listing import Filter, Listed, rows
from starter.lives import find
from starter.opening import Opening, start
from starter.supervision import Supervisor
from starter.transport import Transport
from workflows.contract import Answer, Status

RPC_TIMEOUT = timedelta(seconds=5)
ATTEMPTS = 3


class EscalationClient:
    """Opens escalations, steers them, and asks how they are.

    Attributes:
        incidents: The same for incidents, to which many escalations are linked.
        supervisor: How all their workflows are, as the server knows it.
    """

    def __init__(
        self, client: Client, task_queue: str, *, rpc_timeout: timedelta = RPC_TIMEOUT, attempts: int = ATTEMPTS
    ) -> None:
        """Use a connection; nothing is sent yet.

        Args:
            client: From `starter.connection.connect`.
            task_queue: Where workers listen.
            rpc_timeout: How long one attempt may take.
            attempts: How often an unanswered call is made, all under one command id.
        """
        self._transport = Transport(client, rpc_timeout=rpc_timeout, attempts=attempts)
        self._task_queue = task_queue
        self.incidents = IncidentClient(self._transport, task_queue)
        self.supervisor = Supervisor(self._transport)

    async def open(
        self,
        request: Open | OpenByTriage,
        *,
        policy: str = "default",
        command_id: str | None = None,
        again: bool = True,
    ) -> Opening:
        """Escalate a ticket; an escalation of it that is open stays as it is, with `started=False`.

        A ticket whose escalation is over escalates again: `life` of the answer says for which time.

        Args:
            request: What is known of it; `OpenByTriage` escalates it only if triage says so, and as what it says.
            policy: Name of the policy it follows from now on.
            command_id: The same again finds what the first request opened, also when that is over.
            again: False leaves a ticket alone whose escalation is over, with `started=False`.

        Raises:
            CommandRefused: the request makes no sense, triage says no, or a text is far too long for the server.
            WorkersBusy: the escalation before still runs, and no worker moved it out of the way.
            TemporalUnreachable: no server answered; open it again, it cannot open twice.
        """
        return await start(
            self._transport, request, policy=policy, task_queue=self._task_queue, command_id=command_id, again=again
        )

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str | None = None) -> Answer:
        """Send any command; the methods below are this with one argument per field."""
        chosen = command_id or str(uuid.uuid4())
        return await self._transport.update(await find(self._transport, ticket), command, chosen, answer=Answer)

    async def acknowledge(
        self, ticket: str, *, by: str, packet_read: bool = False, command_id: str | None = None
    ) -> Answer:
        """Take the case that was offered to `by`; `packet_read` confirms the hand-off packet."""
        return await self.send(ticket, Acknowledge(by=by, packet_read=packet_read), command_id=command_id)

    async def decline(self, ticket: str, *, by: str, why: str, command_id: str | None = None) -> Answer:
        """Give the offer back; it goes to the next person at once."""
        return await self.send(ticket, Decline(by=by, why=why), command_id=command_id)

    async def note(self, ticket: str, text: str, *, by: str, tried: str = "", command_id: str | None = None) -> Answer:
        """Write down progress, which the customer does not see; `tried` is a step for the hand-off packet."""
        return await self.send(ticket, AddNote(by=by, text=text, tried=tried), command_id=command_id)

    async def tell_customer(
        self,
        ticket: str,
        text: str,
        *,
        by: str,
        next_step: str = "",
        next_by: datetime | None = None,
        fulfils_promise: bool = False,
        command_id: str | None = None,
    ) -> Answer:
        """Send the customer an update; `next_by`, an aware instant, becomes a promise."""
        command = TellCustomer(by=by, text=text, next_step=next_step, next_by=next_by, fulfils_promise=fulfils_promise)
        return await self.send(ticket, command, command_id=command_id)

    async def request_information(
        self, ticket: str, question: str, *, by: str, command_id: str | None = None
    ) -> Answer:
        """Ask the customer a question; the case waits for the answer."""
        return await self.send(ticket, RequestInformation(by=by, question=question), command_id=command_id)

    async def customer_replied(
        self, ticket: str, text: str, *, by: str = CUSTOMER, automatic: bool = False, command_id: str | None = None
    ) -> Answer:
        """The customer wrote; the case no longer waits on them, unless a machine wrote for them (`automatic`).

        `starter.automatic_replies.is_automatic` says of a mail whether a machine wrote it.
        """
        command = RecordCustomerReply(text=text, by=by, automatic=automatic)
        return await self.send(ticket, command, command_id=command_id)

    async def delivery_bounced(self, ticket: str, *, by: str, key: str = "", command_id: str | None = None) -> Answer:
        """A letter to the customer came back; what it had done to the clocks is undone. Without a key, the latest one."""
        return await self.send(ticket, RecordBounce(key=key, by=by), command_id=command_id)

    async def change_severity(
        self, ticket: str, severity: Severity, *, by: str, why: str, command_id: str | None = None
    ) -> Answer:
        """Correct the severity; running clocks get their new targets."""
        return await self.send(ticket, ChangeSeverity(severity=severity, by=by, why=why), command_id=command_id)

    async def set_due(
        self, ticket: str, clock: ClockName, at: datetime | None, *, by: str, why: str, command_id: str | None = None
    ) -> Answer:
        """Name the aware instant at which a running clock is due; it sticks. None gives it back to the policy."""
        return await self.send(ticket, SetDue(clock=clock, at=at, by=by, why=why), command_id=command_id)

    async def apply_policy(
        self, ticket: str, policy: str, *, by: str, why: str, version: int = 0, command_id: str | None = None
    ) -> Answer:
        """Follow another policy, or another version, from now on; 0 is the newest. Running clocks get its targets."""
        command = ApplyPolicy(policy=policy, version=version, by=by, why=why)
        return await self.send(ticket, command, command_id=command_id)

    async def change_frustration(self, ticket: str, level: int, *, by: str, command_id: str | None = None) -> Answer:
        """Correct how frustrated the customer is, 0 (calm) to 4 (furious)."""
        return await self.send(ticket, ChangeFrustration(level=level, by=by), command_id=command_id)

    async def promise(self, ticket: str, what: str, *, at: datetime, by: str, command_id: str | None = None) -> Answer:
        """Give the customer an ETA, an aware instant; it replaces one that has not lapsed."""
        return await self.send(ticket, MakePromise(what=what, at=at, by=by), command_id=command_id)

    async def offer_options(
        self, ticket: str, options: Sequence[Option], *, by: str, default: str = "", command_id: str | None = None
    ) -> Answer:
        """Offer the customer solutions; `default` is the option taken when they do not choose in time."""
        command = OfferOptions(options=tuple(options), by=by, default=default)
        return await self.send(ticket, command, command_id=command_id)

    async def choose(self, ticket: str, option: str, *, by: str = CUSTOMER, command_id: str | None = None) -> Answer:
        """The customer chose the option with this id."""
        return await self.send(ticket, Choose(option=option, by=by), command_id=command_id)

    async def escalate(
        self,
        ticket: str,
        packet: Packet,
        *,
        by: str,
        why: str = "",
        trigger: Reason | None = None,
        command_id: str | None = None,
    ) -> Answer:
        """Hand the case, with what is known of it, to the next tier, or to the tier that a hard `trigger` leads to."""
        command = Escalate(by=by, why=why, packet=packet, trigger=trigger)
        return await self.send(ticket, command, command_id=command_id)

    async def consult(self, ticket: str, to: str, question: str, *, by: str, command_id: str | None = None) -> Answer:
        """Ask a colleague for advice; the case stays with its owner, `by`."""
        return await self.send(ticket, Consult(by=by, to=to, question=question), command_id=command_id)

    async def answer_consult(self, ticket: str, answer: str, *, by: str, command_id: str | None = None) -> Answer:
        """Give the advice that was asked for, or write down what the colleague said."""
        return await self.send(ticket, AnswerConsult(by=by, answer=answer), command_id=command_id)

    async def request_approval(
        self, ticket: str, what: ApprovalKind, *, by: str, why: str, amount: int = 0, command_id: str | None = None
    ) -> Answer:
        """Ask for a refund or an exception; within the owner's authority it is granted at once."""
        command = RequestApproval(what=what, amount=amount, by=by, why=why)
        return await self.send(ticket, command, command_id=command_id)

    async def approve(
        self, ticket: str, *, by: str, tell_customer: bool = False, command_id: str | None = None
    ) -> Answer:
        """Grant what was asked for."""
        return await self.send(ticket, Approve(by=by, tell_customer=tell_customer), command_id=command_id)

    async def refuse_approval(self, ticket: str, explanation: str, *, by: str, command_id: str | None = None) -> Answer:
        """Refuse the request; the customer gets the explanation word for word."""
        return await self.send(ticket, RefuseApproval(by=by, explanation=explanation), command_id=command_id)

    async def reassign(self, ticket: str, to: str, *, by: str, why: str, command_id: str | None = None) -> Answer:
        """Offer the case to a particular person."""
        return await self.send(ticket, Reassign(to=to, by=by, why=why), command_id=command_id)

    async def pause(self, ticket: str, *, by: str, why: str, command_id: str | None = None) -> Answer:
        """Wait for a third party; clocks pause if the policy allows it."""
        return await self.send(ticket, Pause(by=by, why=why), command_id=command_id)

    async def resume(self, ticket: str, *, by: str, command_id: str | None = None) -> Answer:
        """The third party delivered; clocks continue."""
        return await self.send(ticket, Resume(by=by), command_id=command_id)

    async def resolve(
        self,
        ticket: str,
        *,
        by: str,
        outcome: Outcome,
        solution: str,
        root_cause: str = "",
        command_id: str | None = None,
    ) -> Answer:
        """Record the solution and notify the customer."""
        command = Resolve(by=by, outcome=outcome, solution=solution, root_cause=root_cause)
        return await self.send(ticket, command, command_id=command_id)

    async def reopen(self, ticket: str, *, by: str, why: str, command_id: str | None = None) -> Answer:
        """It is not solved after all: back to the previous owner, in a new cycle."""
        return await self.send(ticket, Reopen(by=by, why=why), command_id=command_id)

    async def answer_survey(
        self, ticket: str, score: int, *, comment: str = "", by: str = CUSTOMER, command_id: str | None = None
    ) -> Answer:
        """The customer answered the survey, from 1 (worst) to 5."""
        return await self.send(ticket, AnswerSurvey(score=score, comment=comment, by=by), command_id=command_id)

    async def cancel(
        self, ticket: str, *, by: str, cause: CancelCause, why: str = "", command_id: str | None = None
    ) -> Answer:
        """Cancel the escalation."""
        return await self.send(ticket, Cancel(by=by, cause=cause, why=why), command_id=command_id)

    async def submit_review(
        self, ticket: str, *, by: str, root_cause: str, prevention: str, command_id: str | None = None
    ) -> Answer:
        """What the team learned from a closed escalation."""
        command = SubmitReview(by=by, root_cause=root_cause, prevention=prevention)
        return await self.send(ticket, command, command_id=command_id)

    async def status(self, ticket: str) -> Status:
        """How it is now: the case, and every running clock with its next threshold."""
        found: Status = await self._transport.query(await find(self._transport, ticket), "status", answer=Status)
        return found

    async def timeline(self, ticket: str) -> tuple[Event, ...]:
        """Its latest events, oldest first; the record in PostgreSQL has all of them."""
        events: list[Event] = await self._transport.query(
            await find(self._transport, ticket), "timeline", answer=list[Event]
        )
        return tuple(events)

    async def explain(
        self, ticket: str, clock: ClockName | None = None, *, at: datetime | None = None
    ) -> tuple[ClockExplanation, ...]:
        """Why its clocks, or this one, are due when they are: which time counted, and which did not.

        Args:
            ticket: The ticket.
            clock: Only this one.
            at: Up to when time is counted, aware; None is now. Never earlier than the latest event.
        """
        until = datetime.now(UTC) if at is None else at  # noqa: TID251 (a client is an edge)
        found: list[ClockExplanation] = await self._transport.query(
            await find(self._transport, ticket), "explain", clock or "", until, answer=list[ClockExplanation]
        )
        return tuple(found)

    async def list(self, wanted: Filter | None = None, *, limit: int = 100) -> tuple[Listed, ...]:
        """The escalations that the server knows, in no particular order; it may lag behind by a second.

        Args:
            wanted: Which; None is every open one.
            limit: How many at most.

        Raises:
            TemporalUnreachable: no server answered.
        """
        return await rows(self._transport, wanted or Filter(), limit=limit)
