"""The port `Cases` over the client, by which an incident's activities reach escalations.

The client knows already how Temporal says that an escalation has ended, is not there, or does not answer, so this
adapter is in this folder, not with the drivers of the activities.
"""

from activities.errors import CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from escalation.case.commands import SupportCommand
from escalation.errors import NoRoom
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
