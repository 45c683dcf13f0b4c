"""The ports to running escalations, as incidents and the intake reach them, and to the ticket itself."""

from dataclasses import dataclass
from typing import Protocol

from activities.ports.desks import Requester
from escalation.case.commands import OpenByTriage, SupportCommand
from escalation.case.values import Customer
from escalation.intake.delivery import DeskEvent
from escalation.vocabulary import Severity, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """The newest escalation of a ticket."""

    stage: Stage
    severity: Severity
    reopens: bool  # whether it is over and can be reopened
    is_open: bool  # whether it is neither closed nor cancelled
    offered_to: str
    owner: str
    customer: Customer
    promise: str = ""  # what the customer is promised now; empty while no promise is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The result of a command."""

    nothing: str = ""  # why it changed nothing; empty where it did


class Tickets(Protocol):
    """The escalations of tickets."""

    async def newest(self, ticket: str) -> Escalated | None:
        """Its newest escalation; None where it never escalated.

        Raises:
            CaseUnanswered: No answer came.
        """

    async def apply(
        self, ticket: str, command: SupportCommand | OpenByTriage, *, policy: str, command_id: str
    ) -> Applied:
        """Carry out a command; again under the same id, it is done once.

        Raises:
            CaseRefused: It is not taken; the message says why.
            CaseUnanswered: No answer came; the command may still be executed.
        """


class HelpDesk(Protocol):
    """The help desks themselves, where an API key is configured."""

    async def reread(self, source: str, event: DeskEvent) -> DeskEvent:
        """The event with the ticket's status as it is now; as it is where no key is configured.

        Raises:
            ChannelUnavailable: The help desk does not answer.
        """

    async def requester(self, source: str, ticket: str) -> Requester | None:
        """Whose ticket it is, by its id there; None where no key is configured, or we may not see it.

        Raises:
            ChannelUnavailable: The help desk does not answer.
        """


@dataclass(frozen=True, slots=True)
class NoHelpDesk:
    """A help desk that cannot be asked."""

    async def reread(self, source: str, event: DeskEvent) -> DeskEvent:  # noqa: ARG002 (the port has it)
        """The event as it came."""
        return event

    async def requester(self, source: str, ticket: str) -> None:
        """No one knows."""


class Cases(Protocol):
    """The running escalations, as an incident reaches them."""

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> str:
        """Ask an escalation for something; again under the same id, it is done once.

        Returns:
            Who oversees it; empty where it is not an incident that asks.

        Raises:
            CaseOver: It is resolved or has ended.
            CaseRefused: It does not take this.
            UnknownCase: There is none of this ticket.
            CaseUnanswered: No answer came; the command may still be executed.
        """
