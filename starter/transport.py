"""Sends commands and questions to an escalation's workflow, with errors a support tool can act on.

Every call (`starter.calls`) gets `rpc_timeout` and is retried without an answer, `attempts` times in all. A command keeps its id
over the repeats, so it is done once. When the last attempt got no answer either, the server is asked what it knows of
the escalation: that distinguishes an ended escalation, a missing worker and a missing server.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from temporalio.client import (
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from starter.addressing import Target
from starter.calls import BACK_OFF_SECONDS, Calls, NoAnswer, is_about_namespace
from starter.errors import CaseStuck, CommandRefused, EscalationEnded, NoSuchCase, UnknownEscalation, WorkersBusy
from starter.prechecks import as_sent, id_as_sent
from workflows.contract import NOT_RECORDED
from workflows.options import STAGE

T = TypeVar("T")

_RUN_ENDED = "AcceptedUpdateCompletedWorkflow"


class Sendable(Protocol):
    """A command, with the wire name under which it is sent."""

    @property
    def kind(self) -> str:
        """The wire name."""


class Transport(Calls):
    """Sends commands and questions to escalations, by their full id."""

    async def update(
        self,
        escalation: str | Target,
        command: Sendable,
        command_id: str,
        *,
        answer: type[T],
        through: Callable[[], Awaitable[T]] | None = None,
    ) -> T:
        """Send a command and wait for its answer.

        Args:
            escalation: Its workflow id, or that of an incident, or one particular run.
            command_id: The same again is the same command.
            through: Makes one attempt in another way than by an update alone.

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
                if through is not None:
                    return await through()
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

    async def query(self, escalation: str | Target, name: str, *args: object, answer: type[T]) -> T:
        """Ask an escalation something; also one that has ended, while the server keeps it.

        Args:
            answer: Type of the answer; any that pydantic can read.

        Raises:
            UnknownEscalation: there is no such escalation.
            EscalationEnded: it failed before it could answer anything.
            WorkersBusy: no worker answered.
            TemporalUnreachable: no server answered.
        """
        give_up = asyncio.get_running_loop().time() + self.rpc_timeout.total_seconds()
        while True:
            try:
                return await self.insist(lambda: self._ask_once(escalation, name, *args, answer=answer))
            except RPCError as error:
                raise await self._named(error, escalation) from error
            except NoAnswer as error:
                # A worker that says at once why it has no answer is busy with it: opening may take a second or two.
                if error.said and asyncio.get_running_loop().time() < give_up and await self._is_running(escalation):
                    await asyncio.sleep(BACK_OFF_SECONDS)
                    continue
                raise await self._silence(escalation, said=error.said) from error

    async def _ask_once(self, escalation: str | Target, name: str, *args: object, answer: type[T]) -> T:
        try:
            found: T = await self.handle(escalation).query(
                name, args=args, result_type=answer, rpc_timeout=self.rpc_timeout
            )
        except WorkflowQueryFailedError as error:
            raise NoAnswer(error.message) from error  # it is still being opened, or it failed
        except RPCError as error:
            if _says_it_ended(error) and await self._is_running(escalation):
                raise NoAnswer from error  # it was opened between the question and the look
            raise
        return found

    async def _send_once(self, escalation: str | Target, command: Sendable, command_id: str, answer: type[T]) -> T:
        handle = await self.handle(escalation).start_update(
            command.kind,
            command,
            id=command_id,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=answer,
            rpc_timeout=self.rpc_timeout,
        )
        found: T = await handle.result(rpc_timeout=self.rpc_timeout)
        return found

    async def _is_running(self, escalation: str | Target) -> bool:
        try:
            seen = await self.look(escalation)
        except RPCError:
            return False
        chain = escalation.chain if isinstance(escalation, Target) else None
        if chain and seen.raw_description.workflow_execution_info.first_run_id != chain:
            return False  # seen is the newest run under the workflow id: the ticket's next escalation
        return seen.status is WorkflowExecutionStatus.RUNNING

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
            return self.unreachable()
        if seen.status is WorkflowExecutionStatus.RUNNING and not Target.of(escalation).chain:
            return UnknownEscalation(str(escalation))  # it was opened after the question
        return await self._end_of(escalation, seen)

    async def _end_of(self, escalation: str | Target, seen: WorkflowExecution) -> NoSuchCase:
        stage = seen.typed_search_attributes.get(STAGE) or ""
        if seen.status is not WorkflowExecutionStatus.FAILED:
            return EscalationEnded(str(escalation), stage)
        failure = await self.failure(escalation)
        if failure.type == NOT_RECORDED:  # nothing but an attempt to recall it was ever there
            return UnknownEscalation(str(escalation))
        return EscalationEnded(str(escalation), stage, failure.said)

    async def _silence(self, escalation: str | Target, *, command_id: str = "", said: str = "") -> Exception:
        """No answer: is there no worker, no server, or has the escalation ended?"""
        try:
            seen = await self.look(escalation)
        except RPCError:
            return UnknownEscalation(str(escalation))
        except NoAnswer:
            return self.unreachable(command_id)
        if (said or command_id) and seen.status is not WorkflowExecutionStatus.RUNNING:
            return await self._end_of(escalation, seen)
        trouble = await self.trouble(seen)
        if trouble:
            return CaseStuck(str(escalation), trouble, command_id=command_id)
        return WorkersBusy(
            str(escalation), seconds=self.rpc_timeout.total_seconds() * self.attempts, command_id=command_id, said=said
        )


def _says_it_ended(error: RPCError | WorkflowUpdateFailedError) -> bool:
    if isinstance(error, RPCError):
        return error.status is RPCStatusCode.NOT_FOUND and not is_about_namespace(error)
    return isinstance(error.cause, ApplicationError) and error.cause.type == _RUN_ENDED
