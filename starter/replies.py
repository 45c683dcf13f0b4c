"""Takes what a customer writes to an escalation that is over to the ticket's next one, so that a person answers it.

The next escalation is opened through triage, and given to the overseer where triage sees none in it. Then the message is sent to it
under the id it came with: a repeat finds the escalation it opened, which takes the message once.
"""

from dataclasses import replace

from escalation.case.commands import RecordCustomerReply, SupportCommand
from escalation.errors import CaseOver, InvalidTransition
from escalation.lifecycle.late_words import next_request, words_in
from starter.errors import CommandRefused, EscalationEnded
from starter.lives import find, read_name
from starter.opening import start
from starter.transport import Transport
from workflows.contract import ESCALATED_AGAIN, Answer, Status

_ROUNDS = 4
"""How often a message looks for an escalation that takes it, while others end and begin."""


async def send(
    transport: Transport, ticket: str, command: SupportCommand, *, command_id: str, task_queue: str
) -> Answer:
    """Send a command; what the customer says goes to the ticket's next escalation where this one is over.

    Args:
        transport: How to ask the server.
        ticket: Ticket number, or the id of one escalation.
        command: What is asked.
        command_id: The same again is the same command.
        task_queue: Where workers listen.

    Raises:
        StarterError: As `Transport.update`, and as `opening.start` where the next escalation cannot be opened.
    """
    target, sent, before = await find(transport, ticket), command, ""
    for left in reversed(range(_ROUNDS)):
        try:
            answer = await transport.update(target, sent, command_id, answer=Answer)
        except (EscalationEnded, CommandRefused) as error:
            reply = words_in(command)
            if isinstance(command, RecordCustomerReply) and reply is None and isinstance(error, EscalationEnded):
                return await _needs_nothing(transport, ticket, error)
            if reply is None or not (left and (_is_over(error) or (_is_open(error) and sent is not reply))):
                raise
            sent = reply
            if _is_open(error):
                continue
        else:
            return _with_note(answer, before)
        target = await find(transport, read_name(ticket).ticket)
        status: Status = await transport.query(target, "status", answer=Status)
        # One that is open meanwhile stays as it is, and takes the message.
        request, policy = next_request(status.view, status.escalation, reply), status.view.policy.name
        opening = await start(transport, request, policy=policy, task_queue=task_queue, command_id=command_id)
        before = status.escalation if opening.started else before
    raise AssertionError("the last round raises")


async def _needs_nothing(transport: Transport, ticket: str, ended: EscalationEnded) -> Answer:
    """The answer to thanks, or to what a machine wrote, where no workflow runs any more that could keep it.

    Raises:
        EscalationEnded: It never was an escalation.
    """
    if ended.failure:
        raise ended
    status: Status = await transport.query(await find(transport, ticket), "status", answer=Status)
    note = f"{status.escalation} has ended; the message needs no answer, so nothing was opened, and its timeline stays as it is"
    return Answer(stage=status.view.stage, seq=status.view.last_seq, warnings=(note,), escalation=status.escalation)


def _is_over(error: EscalationEnded | CommandRefused) -> bool:
    if isinstance(error, EscalationEnded):
        return not error.failure
    return error.type in (CaseOver.__name__, ESCALATED_AGAIN)


def _is_open(error: EscalationEnded | CommandRefused) -> bool:
    """Whether a case takes no reopening, or no answer to a survey, because it is open; then what the customer says is a message to it."""
    return isinstance(error, CommandRefused) and error.type == InvalidTransition.__name__


def _with_note(answer: Answer, before: str) -> Answer:
    if not before or before == answer.escalation:
        return answer
    note = f"{before} was over; the message is in {answer.escalation}, which was opened for it"
    return replace(answer, warnings=(note, *answer.warnings))
