"""The port to the running escalations."""

from typing import Protocol

from escalation.case.commands import SupportCommand


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
