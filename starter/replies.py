"""Takes what a customer writes to an escalation that is over to the ticket's next one, so that a person answers it.

The next escalation is opened through triage, and given to the overseer where triage sees none in it. Then the message is sent to it
under the id it came with: a repeat finds the escalation it opened, which takes the message once.
"""

from dataclasses import replace

from escalation.case.commands import AnswerSurvey, OpenByTriage, RecordCustomerReply, Reopen, SupportCommand
from escalation.customer_words import own_words, reading_of
from escalation.errors import CaseOver
from escalation.lifecycle.view import CaseView
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import CUSTOMER, Reading, Reason
from starter.errors import CommandRefused, EscalationEnded
from starter.lives import find, read_name
from starter.opening import start
from starter.transport import Transport
from workflows.contract import ESCALATED_AGAIN, Answer, Status

_ROUNDS = 4
"""How often a message looks for an escalation that takes it, while others end and begin."""
_IN_EVIDENCE = 500
"""Characters of the message among the evidence; the timeline has all of it."""
_SATISFIED_FROM = 4
"""A score that needs no answer, where no policy can be asked any more."""


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
            reply = _words_of(command)
            if reply is None or not (left and _is_over(error)):
                raise
            sent = reply
        else:
            return _with_note(answer, before)
        target = await find(transport, read_name(ticket).ticket)
        status: Status = await transport.query(target, "status", answer=Status)
        # One that is open meanwhile stays as it is, and takes the message.
        request, policy = next_request(status.view, status.escalation, reply), status.view.policy.name
        opening = await start(transport, request, policy=policy, task_queue=task_queue, command_id=command_id)
        before = status.escalation if opening.started else before
    raise AssertionError("the last round raises")


def next_request(view: CaseView, escalation: str, reply: RecordCustomerReply) -> OpenByTriage:
    """How the ticket escalates again, with what the customer wrote.

    Args:
        view: The escalation before it.
        escalation: Its id.
        reply: What they wrote.
    """
    said = own_words(reply.text)[:_IN_EVIDENCE] or reply.text[:_IN_EVIDENCE]
    return OpenByTriage(
        ticket=view.ticket,
        summary=view.summary,
        customer=view.customer,
        by=view.contact if reply.by == CUSTOMER else reply.by,  # only people of the team open escalations
        contact=view.contact,
        our_fault=view.our_fault,
        severity=view.severity,
        category=view.category,
        subcategory=view.subcategory,
        reasons=(Reason.UNRESOLVED,),
        frustration=view.frustration,
        evidence=(f"{escalation} is over, and the customer wrote: {said}",),
        facts=TicketFacts(text=reply.text, language=view.customer.language, reopen_count=view.cycle),
        or_overseer=True,
    )


def _is_over(error: EscalationEnded | CommandRefused) -> bool:
    if isinstance(error, EscalationEnded):
        return not error.failure
    return error.type in (CaseOver.__name__, ESCALATED_AGAIN)


def _words_of(command: SupportCommand) -> RecordCustomerReply | None:
    """What the customer says with a command that needs an answer; None where nothing does."""
    match command:
        case RecordCustomerReply(automatic=False):
            reading = command.as_ or reading_of(command.text)
            return None if reading in (Reading.THANKS, Reading.CONFIRMATION) else command
        case Reopen(by=by) if by == CUSTOMER:
            return RecordCustomerReply(text=command.why, as_=Reading.OBJECTION)
        case AnswerSurvey():
            objects = bool(command.comment) and reading_of(command.comment) is Reading.OBJECTION
            text = f"{command.score}/5. {command.comment}".strip()
            unhappy = command.score < _SATISFIED_FROM or objects
            return RecordCustomerReply(text=text, by=command.by, as_=Reading.OBJECTION) if unhappy else None
        case _:
            return None


def _with_note(answer: Answer, before: str) -> Answer:
    if not before or before == answer.escalation:
        return answer
    note = f"{before} was over; the message is in {answer.escalation}, which was opened for it"
    return replace(answer, warnings=(note, *answer.warnings))
