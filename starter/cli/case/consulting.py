"""Commands about what colleagues are asked: advice, and approval."""

from typing import Annotated

from cyclopts import App, Parameter, validators

from escalation.case.commands import AnswerConsult, Approve, Consult, RefuseApproval, RequestApproval
from escalation.vocabulary import ApprovalKind
from starter.cli.case.sending import Sender
from starter.cli.context import Context
from starter.cli.parameters import Asked, Ticket
from starter.cli.texts import Word, WrittenText

Amount = Annotated[int, Parameter(validator=validators.Number(gte=0))]


class ConsultingCommands:
    """Asks colleagues, and answers."""

    def __init__(self, context: Context) -> None:
        self._send = Sender(context)

    async def consult(self, ticket: Ticket, to: Word, question: WrittenText, *, asked: Asked) -> None:
        """Ask a colleague for advice; the case stays with its owner.

        Args:
            ticket: Ticket number, or the escalation's full id.
            to: Id of the colleague. One is asked at a time: another question takes the place of one not answered.
            question: What you want to know.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, Consult(by=asked.by, to=to, question=question), asked)

    async def answer_consult(self, ticket: Ticket, answer: WrittenText, *, asked: Asked) -> None:
        """Give the advice that you were asked for; an owner writes down what a colleague said."""
        await self._send(ticket, AnswerConsult(by=asked.by, answer=answer), asked)

    async def request_approval(
        self, ticket: Ticket, what: ApprovalKind, *, amount: Amount = 0, why: WrittenText, asked: Asked
    ) -> None:
        """Ask for a refund or an exception; what the owner's tier may grant alone is granted at once.

        Args:
            ticket: Ticket number, or the escalation's full id.
            what: What is to be granted.
            amount: How much, in whole units of the policy's currency; an exception may have none.
            why: What speaks for it; the approver reads it.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, RequestApproval(what=what, amount=amount, by=asked.by, why=why), asked)

    async def approve(self, ticket: Ticket, *, tell_customer: bool = False, asked: Asked) -> None:
        """Grant what you were asked to approve.

        Args:
            ticket: Ticket number, or the escalation's full id.
            tell_customer: The customer is told at once.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, Approve(by=asked.by, tell_customer=tell_customer), asked)

    async def refuse_approval(self, ticket: Ticket, explanation: WrittenText, *, asked: Asked) -> None:
        """Refuse what you were asked to approve.

        Args:
            ticket: Ticket number, or the escalation's full id.
            explanation: Why; the customer is told in these words.
            asked: Who asks, and the command's id.
        """
        await self._send(ticket, RefuseApproval(by=asked.by, explanation=explanation), asked)


def register(app: App, context: Context) -> None:
    """Add these commands to the command line."""
    of = ConsultingCommands(context)
    for command in (of.consult, of.answer_consult, of.request_approval, of.approve, of.refuse_approval):
        app.command(command)
