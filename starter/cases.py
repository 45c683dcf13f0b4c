"""The ports `Cases` and `Tickets` over the client, by which incidents and the intake reach escalations.

The client knows already how Temporal says that an escalation has ended, is not there, or does not answer, so these
adapters are in this folder, not with the drivers of the activities.
"""

from temporalio.service import RPCError

from activities.errors import CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from activities.ports.tickets import Applied, Escalated
from escalation.case.commands import OpenByTriage, SupportCommand
from escalation.errors import NoRoom, ShouldNotEscalate
from escalation.vocabulary import ACTIVE, ClockName, Stage
from starter.client import EscalationClient
from starter.errors import CommandRefused, EscalationEnded, TemporalUnreachable, UnknownEscalation, WorkersBusy

_NOT_NOW = "InvalidTransition"


class Cases:
    """The running escalations."""

    def __init__(self, client: EscalationClient) -> None:
        self._client = client

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> str:
        """See the port."""
        try:
            answer = await self._client.send(ticket, command, command_id=command_id)
        except CommandRefused as error:
            # The commands of an incident are possible in every stage in which a case can still get a bulletin.
            if error.type == _NOT_NOW:
                raise CaseOver("the case is resolved or has ended; it takes no more bulletins") from error
            if error.type == NoRoom.__name__:
                raise CaseUnanswered(str(error)) from error
            raise CaseRefused(str(error)) from error
        except EscalationEnded as error:
            raise CaseOver(str(error)) from error
        except UnknownEscalation as error:
            raise UnknownCase(str(error)) from error
        except (WorkersBusy, TemporalUnreachable) as error:
            raise CaseUnanswered(str(error)) from error
        return answer.overseer


_REOPENABLE = frozenset({Stage.RESOLVED, Stage.CLOSED})


class Tickets:
    """The escalations of tickets."""

    def __init__(self, client: EscalationClient) -> None:
        self._client = client

    async def newest(self, ticket: str) -> Escalated | None:
        """See the port."""
        try:
            status = await self._client.status(ticket)
        except UnknownEscalation:
            return None
        except EscalationEnded as error:
            if error.failure:
                return None  # it never was an escalation
            raise CaseUnanswered(str(error)) from error
        except CommandRefused:
            return None  # nothing can have escalated under a name that is none
        except (WorkersBusy, TemporalUnreachable, RPCError) as error:
            raise CaseUnanswered(str(error)) from error
        view = status.view
        window = any(clock.clock is ClockName.REOPEN_WINDOW for clock in status.clocks)
        return Escalated(
            stage=view.stage,
            severity=view.severity,
            reopens=view.stage in _REOPENABLE and window,
            promise=view.promise,
            is_open=view.stage in ACTIVE or view.stage is Stage.RESOLVED,
            offered_to=view.offered_to,
            owner=view.owner,
            customer=view.customer,
        )

    async def apply(
        self, ticket: str, command: SupportCommand | OpenByTriage, *, policy: str, command_id: str
    ) -> Applied:
        """See the port."""
        try:
            if isinstance(command, OpenByTriage):
                opening = await self._client.open(command, policy=policy, command_id=command_id)
                return Applied(nothing="" if opening.started else "the ticket is escalated already")
            await self._client.send(ticket, command, command_id=command_id)
        except CommandRefused as error:
            if error.type == ShouldNotEscalate.__name__:
                return Applied(nothing=str(error))
            if error.type == NoRoom.__name__:
                raise CaseUnanswered(str(error)) from error
            raise CaseRefused(str(error)) from error
        except EscalationEnded as error:
            raise CaseRefused(str(error)) from error
        except UnknownEscalation:
            return Applied(nothing="the ticket is not escalated")
        except (WorkersBusy, TemporalUnreachable, RPCError) as error:
            raise CaseUnanswered(str(error)) from error
        return Applied()
