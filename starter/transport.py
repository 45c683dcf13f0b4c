"""Calls to Temporal that end: bounded in time, repeated under the same id, with errors a support tool can act on.

Every call gets `rpc_timeout` and is retried without an answer, `attempts` times in all. A command keeps its id
over the repeats, so it is done once. When the last attempt got no answer either, the server is asked what it knows of
the escalation: that distinguishes an ended escalation, a missing worker and a missing server.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple, Protocol, TypeVar

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from runtime.connection import no_namespace
from starter.acceptance import as_sent, id_as_sent
from starter.addressing import Target
from starter.diagnosis import trouble_of
from starter.errors import (
    CaseStuck,
    CommandRefused,
    EscalationEnded,
    TemporalUnreachable,
    UnknownEscalation,
    WorkersBusy,
)
from workflows.options import STAGE

T = TypeVar("T")

_TRANSIENT = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,  # what the SDK calls its own timeout
        RPCStatusCode.DATA_LOSS,
        RPCStatusCode.DEADLINE_EXCEEDED,
        # A question to a workflow that no worker has touched yet, or a command that came in with the end of its run.
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.INTERNAL,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.UNKNOWN,
    }
)
_SHUT_OUT = frozenset({RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED})
_RUN_ENDED = "AcceptedUpdateCompletedWorkflow"
_BACK_OFF_SECONDS = 0.2


class Sendable(Protocol):
    """A command, with the wire name under which it is sent."""

    @property
    def kind(self) -> str:
        """The wire name."""


class Failure(NamedTuple):
    """Why an escalation failed: the name of the error, empty where it has none, and what it said."""

    type: str
    said: str


class NoAnswer(Exception):
    """A call ended without an answer; another one may get it.

    Attributes:
        said: What a worker reported instead of an answer; usually empty.
    """

    def __init__(self, said: str = "") -> None:
        self.said = said
        super().__init__(said)


class Transport:
    """Sends commands and questions to escalations, by their full id."""

    def __init__(self, client: Client, *, rpc_timeout: timedelta, attempts: int) -> None:
        self.client = client
        self.rpc_timeout = rpc_timeout
        self._seconds = rpc_timeout.total_seconds()
        self._attempts = attempts

    async def update(self, escalation: str | Target, command: Sendable, command_id: str, *, answer: type[T]) -> T:
        """Send a command and wait for its answer.

        Args:
            escalation: Its workflow id, or that of an incident, or one particular run.
            command: What is asked.
            command_id: The same again is the same command.
            answer: Type of the answer.

        Raises:
            CommandRefused: the domain, or the server, does not take it.
            UnknownEscalation: there is no such escalation.
            EscalationEnded: it is over.
            WorkersBusy: no worker answered.
            TemporalUnreachable: no server answered.
        """
        command, command_id = as_sent(command), id_as_sent(command_id, "command_id")

        async def send() -> T:
            try:
                return await self._send_once(escalation, command, command_id, answer)
            except (RPCError, WorkflowUpdateFailedError) as error:
                if _says_it_ended(error) and await self._is_running(escalation):
                    raise NoAnswer from error  # this run handed over to the next one meanwhile
                raise

        try:
            return await self.insist(send)
        except WorkflowUpdateFailedError as error:
            raise await self._refusal(error.cause, escalation) from error
        except RPCError as error:
            raise await self._named(error, escalation) from error
        except NoAnswer as error:
            raise await self._silence(escalation, command_id=command_id) from error

    async def query(self, escalation: str | Target, name: str, *args: object, answer: Any) -> Any:
        """Ask an escalation something; also one that has ended, while the server keeps it.

        Args:
            escalation: Its id.
            name: Which question.
            args: What the question needs.
            answer: Type of the answer; any that pydantic can read.

        Raises:
            UnknownEscalation: there is no such escalation.
            EscalationEnded: it failed before it could answer anything.
            WorkersBusy: no worker answered.
            TemporalUnreachable: no server answered.
        """
        handle = Target.of(escalation).handle(self.client)

        async def ask() -> Any:
            try:
                return await handle.query(name, args=args, result_type=answer, rpc_timeout=self.rpc_timeout)
            except WorkflowQueryFailedError as error:
                raise NoAnswer(error.message) from error  # it is still being opened, or it failed

        try:
            return await self.insist(ask)
        except RPCError as error:
            raise await self._named(error, escalation) from error
        except NoAnswer as error:
            raise await self._silence(escalation, said=error.said) from error

    async def insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call`, which is retried without an answer.

        Raises:
            NoAnswer: no attempt was answered.
            TemporalUnreachable: the server refuses the connection.
        """
        for attempt in range(1, self._attempts):
            try:
                return await self._within_time(call)
            except NoAnswer:
                await asyncio.sleep(_BACK_OFF_SECONDS * attempt)
        return await self._within_time(call)

    async def _within_time(self, call: Callable[[], Awaitable[T]]) -> T:
        # The SDK repeats some failed calls by itself, for longer than one timeout: ours ends that too.
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await call()
        except TimeoutError as error:
            raise NoAnswer from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            if isinstance(error.__cause__, asyncio.CancelledError) and not limit.expired():
                raise asyncio.CancelledError from error  # the SDK hides that it was our caller who gave up
            raise NoAnswer from error
        except RPCError as error:
            if error.status in _TRANSIENT:
                raise NoAnswer from error
            if error.status in _SHUT_OUT or _is_about_namespace(error):
                raise self._shut_out(error) from error
            raise

    async def _send_once(self, escalation: str | Target, command: Sendable, command_id: str, answer: type[T]) -> T:
        handle = (
            await Target.of(escalation)
            .handle(self.client)
            .start_update(
                command.kind,
                command,
                id=command_id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                result_type=answer,
                rpc_timeout=self.rpc_timeout,
            )
        )
        found: T = await handle.result(rpc_timeout=self.rpc_timeout)
        return found

    async def look(self, escalation: str | Target) -> WorkflowExecutionDescription:
        """What the server knows of it; no worker is asked.

        Raises:
            NoAnswer: the server did not answer in time.
            RPCError: there is none, or the server does not take the question.
        """
        handle = Target.of(escalation).handle(self.client)
        return await self._within_time(lambda: handle.describe(rpc_timeout=self.rpc_timeout))

    async def trouble(self, seen: WorkflowExecutionDescription) -> str:
        """Why it makes no progress; empty where it does, or the server does not say."""
        try:
            return await self._within_time(lambda: trouble_of(self.client, seen, rpc_timeout=self.rpc_timeout))
        except (RPCError, NoAnswer):
            return ""

    async def _is_running(self, escalation: str | Target) -> bool:
        try:
            return (await self.look(escalation)).status is WorkflowExecutionStatus.RUNNING
        except RPCError:
            return False

    async def _refusal(self, cause: BaseException, escalation: str | Target) -> Exception:
        if isinstance(cause, ApplicationError) and cause.type != _RUN_ENDED:
            return CommandRefused(cause.type or "ApplicationError", cause.message)
        return await self._ended(escalation)

    async def _named(self, error: RPCError, escalation: str | Target) -> Exception:
        if error.status is RPCStatusCode.NOT_FOUND:
            return await self._ended(escalation)
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            return CommandRefused("InvalidArgument", error.message)
        return error

    async def _ended(self, escalation: str | Target) -> Exception:
        """It takes no commands: because it has ended, or because it never was?"""
        try:
            seen = await self.look(escalation)
        except RPCError:
            return UnknownEscalation(str(escalation))
        except NoAnswer:
            return self._unreachable()
        return await self._end_of(escalation, seen)

    async def _end_of(self, escalation: str | Target, seen: WorkflowExecution) -> EscalationEnded:
        stage = seen.typed_search_attributes.get(STAGE) or ""
        failed = seen.status is WorkflowExecutionStatus.FAILED
        return EscalationEnded(str(escalation), stage, (await self.failure(escalation)).said if failed else "")

    async def failure(self, escalation: str | Target) -> Failure:
        """Why it failed; waits for the end of one that has not ended."""
        handle = Target.of(escalation).handle(self.client)
        try:
            await self._within_time(lambda: handle.result(rpc_timeout=self.rpc_timeout))
        except WorkflowFailureError as error:
            cause: BaseException = error
            while cause.__cause__ is not None:
                cause = cause.__cause__
            type_ = cause.type or "" if isinstance(cause, ApplicationError) else ""
            return Failure(type=type_, said=cause.message if isinstance(cause, FailureError) else str(cause))
        except (RPCError, NoAnswer):
            pass
        return Failure(type="", said="its history in Temporal says why")

    async def _silence(self, escalation: str | Target, *, command_id: str = "", said: str = "") -> Exception:
        """No answer: is there no worker, no server, or has the escalation ended?"""
        try:
            seen = await self.look(escalation)
        except RPCError:
            return UnknownEscalation(str(escalation))
        except NoAnswer:
            return self._unreachable(command_id)
        if (said or command_id) and seen.status is not WorkflowExecutionStatus.RUNNING:
            return await self._end_of(escalation, seen)
        trouble = await self.trouble(seen)
        if trouble:
            return CaseStuck(str(escalation), trouble, command_id=command_id)
        return WorkersBusy(str(escalation), seconds=self._seconds * self._attempts, command_id=command_id, said=said)

    def _unreachable(self, command_id: str = "") -> TemporalUnreachable:
        again = f"repeat with command id {command_id}" if command_id else "try again"
        return TemporalUnreachable(f"Temporal does not answer any more at {self._address}; {again} when it is back")

    def _shut_out(self, error: RPCError) -> TemporalUnreachable:
        if _is_about_namespace(error):
            return no_namespace(self.client)
        return TemporalUnreachable(
            f"Temporal at {self._address} refused our credentials: {error.message.rstrip('.')}; "
            "check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and the profile"
        )

    @property
    def _address(self) -> str:
        return self.client.service_client.config.target_host

    def unanswered(self) -> TemporalUnreachable:
        """The error for a call that concerns no single escalation and was not answered."""
        return self._unreachable()


def _says_it_ended(error: RPCError | WorkflowUpdateFailedError) -> bool:
    if isinstance(error, RPCError):
        return error.status is RPCStatusCode.NOT_FOUND and not _is_about_namespace(error)
    return isinstance(error.cause, ApplicationError) and error.cause.type == _RUN_ENDED


def _is_about_namespace(error: RPCError) -> bool:
    return error.status is RPCStatusCode.NOT_FOUND and any(
        detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details
    )
