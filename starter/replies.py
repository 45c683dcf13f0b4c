"""Passes a customer's message to an ended escalation on to the ticket's next one, so that a person answers it.

What needs no answer, such as thanks, is recorded where it belongs: an escalation whose workflow has ended is recalled from the
record for it (`starter.recalling`), also after Temporal has forgotten it, and so it is for a late review.

The next escalation is opened through triage, and given to the overseer where triage sees none in it. Then the message is sent to it
under the id it came with: a repeat finds the escalation it opened, which takes the message once.
"""

from dataclasses import replace

from escalation.case.commands import Cancel, SupportCommand
from escalation.case.naming import CaseName
from escalation.errors import CaseOver, InvalidTransition
from escalation.lifecycle.late_words import next_request, words_in
from escalation.lifecycle.table import POSSIBLE_IN
from escalation.people import CUSTOMER_MAY
from escalation.vocabulary import OVER
from starter.addressing import Target
from starter.duplicates import checked, note_in_other
from starter.errors import CommandRefused, EscalationEnded, NoSuchCase, UnknownEscalation
from starter.lives import find, read_name
from starter.opening import start
from starter.recalling import recall
from starter.transport import Transport
from workflows.contract import ESCALATED_AGAIN, Answer, Status

# How often a message looks for an escalation that takes it, while others end and begin.
_ROUNDS = 4
# What reaches an escalation that only the record still knows.
_COME_LATE = CUSTOMER_MAY | {"submit_review"}


async def send(
    transport: Transport, ticket: str, command: SupportCommand, *, command_id: str, task_queue: str
) -> Answer:
    """Send a command; what the customer says goes to the ticket's next escalation where this one is over.

    Args:
        ticket: Ticket number, or the id of one escalation.
        command_id: The same again is the same command.

    Raises:
        StarterError: As `Transport.update`, as `opening.start` where the next escalation cannot be opened, and as
            `duplicates.checked`.
    """
    if isinstance(command, Cancel):
        command = await checked(transport, ticket, command)
    name, sent, before = read_name(ticket), command, ""
    for left in reversed(range(_ROUNDS)):
        try:
            answer = await _send_once(transport, name, sent, command_id, task_queue)
        except (EscalationEnded, CommandRefused) as error:
            if command.kind not in CUSTOMER_MAY or not left:
                raise
            if _is_open(error) and sent is command and (reply := words_in(command, {})) is not None:
                sent = reply
                continue
            if not _is_over(error):
                raise
            refusal = error
        else:
            if isinstance(command, Cancel):
                await note_in_other(transport, ticket, command, command_id)
            return _with_note(answer, before)
        name = CaseName(ticket=name.ticket)
        status = await transport.query(await find(transport, name.ticket), "status", answer=Status)
        said = words_in(command, status.situation.offered if status.situation else {})
        if said is None:
            raise refusal
        # One that is open meanwhile stays as it is, and takes the message.
        sent, request, policy = said, next_request(status.view, said), status.view.policy.name
        opening = await start(transport, request, policy=policy, task_queue=task_queue, command_id=command_id)
        before = status.escalation if opening.started else before
    raise AssertionError("the last round raises")


async def _send_once(
    transport: Transport, name: CaseName, command: SupportCommand, command_id: str, task_queue: str
) -> Answer:
    """The answer of the escalation, recalled from the record where its workflow has ended."""
    ended: Target | None = None
    try:
        ended = await find(transport, name.short)
        return await transport.update(ended, command, command_id, answer=Answer)
    except UnknownEscalation as error:
        if command.kind not in _COME_LATE:
            raise
        missing: NoSuchCase = error
        ended = None
    except EscalationEnded as error:
        goes_on = words_in(command, {}) is not None  # to the next escalation
        if error.failure or goes_on or POSSIBLE_IN[type(command)].isdisjoint(OVER):
            raise
        missing = error
    answer = await recall(transport, name, ended, command, command_id, task_queue)
    if answer is None:
        raise missing
    return answer


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
