"""Calls to the Temporal server that end: bounded in time, and retried while no one answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from traceback import clear_frames
from typing import NamedTuple, TypeVar

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.service import RPCError, RPCStatusCode

from runtime.connection import is_unconnected, no_namespace
from starter.addressing import Target
from starter.diagnosis import trouble_of
from starter.errors import CommandRefused, NotPrepared, TemporalUnreachable
from workflows.options import SEARCH_ATTRIBUTES

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
_WORD = re.compile(r"\w{1,100}")
BACK_OFF_SECONDS = 0.2  # pause before a call is made again, times the number of attempts so far


class Failure(NamedTuple):
    """The failure of an escalation: the name of the error, empty where it has none, and what it said."""

    type: str
    said: str


class NoAnswer(Exception):
    """A call ended without an answer; another one may get it."""

    def __init__(self, said: str = "") -> None:
        self.said = said  # what a worker reported instead of an answer; usually empty
        super().__init__(said)


class Calls:
    """Calls over one connection."""

    def __init__(self, client: Client, *, rpc_timeout: timedelta, attempts: int) -> None:
        self._client: Client | None = client
        self.rpc_timeout = rpc_timeout
        self.attempts = attempts

    @property
    def client(self) -> Client:
        """The connection.

        Raises:
            RuntimeError: It was closed.
        """
        if self._client is None:
            raise RuntimeError("the client is closed; send within the block of `async with EscalationClient.connect()`")
        return self._client

    def close(self) -> None:
        """Drop the connection; the SDK stops the threads of its runtime with the last reference to it."""
        self._client = None

    def handle(self, escalation: str | Target) -> WorkflowHandle[object, object]:
        """A handle for one call. Not kept in a closure: an error keeps its closures, and they the connection."""
        return Target.of(escalation).handle(self.client)

    async def insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call`, which is retried without an answer.

        Raises:
            NoAnswer: no attempt was answered.
            TemporalUnreachable: the server refused our credentials, or does not know the namespace.
        """
        for attempt in range(1, self.attempts):
            try:
                return await self._within_time(call)
            except NoAnswer:
                await asyncio.sleep(BACK_OFF_SECONDS * attempt)
        return await self._within_time(call)

    async def answer(self, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of `call` as `insist` gets it, with errors that a support tool can act on.

        Raises:
            CommandRefused: the server calls the request invalid.
            NotPrepared: it does not know a search attribute of ours.
            TemporalUnreachable: no server answered.
        """
        try:
            return await self.insist(call)
        except NoAnswer as error:
            raise self.unreachable() from error
        except RPCError as error:
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise self._invalid(error) from error
            raise

    async def _within_time(self, call: Callable[[], Awaitable[T]]) -> T:
        # The SDK repeats some failed calls by itself, for longer than one timeout: ours ends that too.
        try:
            async with asyncio.timeout(self.rpc_timeout.total_seconds()) as limit:
                return await _without_locals(call)
        except TimeoutError as error:
            raise NoAnswer from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            if isinstance(error.__cause__, asyncio.CancelledError) and not limit.expired():
                raise asyncio.CancelledError from error  # the SDK hides that it was our caller who gave up
            raise NoAnswer from error
        except RuntimeError as error:
            if is_unconnected(error):
                raise NoAnswer from error
            raise
        except RPCError as error:
            if error.status in _TRANSIENT:
                raise NoAnswer from error
            if error.status in _SHUT_OUT or is_about_namespace(error):
                raise self._shut_out(error) from error
            raise

    async def look(self, escalation: str | Target) -> WorkflowExecutionDescription:
        """Describe the workflow as the server knows it; no worker is asked.

        Raises:
            NoAnswer: the server did not answer in time.
            RPCError: there is none, or the server does not take the question.
        """
        return await self._within_time(lambda: self.handle(escalation).describe(rpc_timeout=self.rpc_timeout))

    async def trouble(self, seen: WorkflowExecutionDescription) -> str:
        """Return why it makes no progress; empty if it does, or the server does not say."""
        try:
            return await self._within_time(lambda: trouble_of(self.client, seen, rpc_timeout=self.rpc_timeout))
        except (RPCError, NoAnswer):
            return ""

    async def failure(self, escalation: str | Target) -> Failure:
        """Return why it failed; waits for the end of one that has not ended."""
        try:
            await self._within_time(lambda: self.handle(escalation).result(rpc_timeout=self.rpc_timeout))
        except WorkflowFailureError as error:
            cause: BaseException = error
            while cause.__cause__ is not None:
                cause = cause.__cause__
            type_ = cause.type or "" if isinstance(cause, ApplicationError) else ""
            return Failure(type=type_, said=cause.message if isinstance(cause, FailureError) else str(cause))
        except (RPCError, NoAnswer):
            pass
        return Failure(type="", said="its history in Temporal says why")

    def unreachable(self, command_id: str = "") -> TemporalUnreachable:
        """The error for a call that was not answered; with the id of a command, it says how to repeat that."""
        again = f"repeat with command id {command_id}" if command_id else "try again"
        return TemporalUnreachable(f"Temporal does not answer at {self._address}; {again} when it is back")

    def _invalid(self, error: RPCError) -> CommandRefused | NotPrepared:
        ours = [word for word in _WORD.findall(error.message) if word in SEARCH_ATTRIBUTES]
        if ours and "search attribute" in error.message:
            return NotPrepared(
                f"Temporal at {self._address}: namespace `{self.client.namespace}` does not know the search attribute "
                f"{ours[-1]}; run `escalations setup` once, then repeat"
            )
        return CommandRefused("InvalidArgument", error.message)

    def _shut_out(self, error: RPCError) -> TemporalUnreachable:
        if is_about_namespace(error):
            return no_namespace(self.client)
        return TemporalUnreachable(
            f"Temporal at {self._address} refused our credentials: {error.message.rstrip('.')}; "
            "check TEMPORAL_NAMESPACE, TEMPORAL_API_KEY and the profile"
        )

    @property
    def _address(self) -> str:
        return self.client.service_client.config.target_host


async def _without_locals(call: Callable[[], Awaitable[T]]) -> T:
    """The answer of a call; an error of it does not refer to the connection.

    The SDK's threads refer to the error for an unknown time, and it to the locals of the calls that it ended: the
    connection would outlive its client (`EscalationClient.connect`).
    """
    try:
        return await call()
    except BaseException as error:
        _drop_locals(error)
        raise


def _drop_locals(error: BaseException | None) -> None:
    if error is not None:
        clear_frames(error.__traceback__)
        _drop_locals(error.__cause__)
        if error.__context__ is not error.__cause__:
            _drop_locals(error.__context__)


def is_about_namespace(error: RPCError) -> bool:
    """Whether the server does not know the namespace."""
    return error.status is RPCStatusCode.NOT_FOUND and any(
        detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details
    )
