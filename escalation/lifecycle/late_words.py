"""Turns a customer's command to an ended case into a message for the ticket's open or next escalation."""

from collections.abc import Mapping

from escalation.case.commands import AnswerSurvey, Choose, OpenByTriage, RecordCustomerReply, Reopen, SupportCommand
from escalation.copies import shared
from escalation.customer_words import asks_something, own_words, reading_of
from escalation.lifecycle.view import CaseView
from escalation.program_texts import ProgramText
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import CUSTOMER, Reading, Reason

# Characters of the message among the evidence; the timeline has all of it.
_IN_EVIDENCE = 500
# A score that needs no answer, where no policy can be asked any more.
_SATISFIED_FROM = 4
NOT_AGAIN = frozenset({"impact", "owner"})  # what the ticket's next escalation does not take over from the one before


def words_in(command: SupportCommand, offered: Mapping[str, str]) -> RecordCustomerReply | None:
    """The customer's message in a command that needs an answer; `offered` has the titles of past options, by id."""
    match command:
        case RecordCustomerReply(automatic=False):
            reading = Reading.OBJECTION if command.for_superior else command.as_ or reading_of(command.text)
            return None if reading in (Reading.THANKS, Reading.CONFIRMATION) else command
        case Reopen(by=by) if by == CUSTOMER:
            return RecordCustomerReply(text=command.why, as_=Reading.OBJECTION)
        case Choose() if command.option in offered:
            return RecordCustomerReply(text=offered[command.option], as_=Reading.CHOICE)
        case AnswerSurvey():
            objects = reading_of(command.comment) is Reading.OBJECTION or asks_something(command.comment)
            text = f"{command.score}/5. {command.comment}".strip()
            unhappy = command.score < _SATISFIED_FROM or objects
            return RecordCustomerReply(text=text, by=command.by, as_=Reading.OBJECTION) if unhappy else None
        case _:
            return None


def next_request(view: CaseView, reply: RecordCustomerReply) -> OpenByTriage:
    """The request that escalates the ticket again, with what the customer wrote.

    Args:
        view: The escalation before it, which is over.
        reply: What they wrote.
    """
    said = (own_words(reply.text) or reply.text)[:_IN_EVIDENCE]
    return OpenByTriage(
        **shared(view, OpenByTriage, besides=NOT_AGAIN | {"reasons"}),
        by=view.contact if reply.by == CUSTOMER else reply.by,  # only people of the team open escalations
        reasons=(Reason.UNRESOLVED,),
        evidence=(ProgramText.WROTE_AFTER_THE_END.say(said=said),),
        facts=TicketFacts(
            text=reply.text,
            language=view.customer.language,
            reopen_count=view.cycle,
            customer_asked_for_superior=reply.for_superior,
        ),
        or_overseer=True,
        customer_words=reply.text,
    )
