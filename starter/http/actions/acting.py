"""Turns the form behind a link into a command, sent once, as the person whom the link is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.links import KeptLink
from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerConsult,
    Approve,
    CompleteAction,
    Decline,
    Reassign,
    RefuseApproval,
    SupportCommand,
    TellCustomer,
)
from escalation.lifecycle.asking import Act
from escalation.program_texts import ProgramText
from starter.client import EscalationClient

LONGEST: Mapping[Act, int] = {
    Act.DECLINE: 2_000,
    Act.TAKE_OVER: 2_000,
    Act.ANSWER: 20_000,
    Act.REFUSE: 20_000,
    Act.REPLY: 20_000,
    Act.NOTE: 20_000,
}
"""Characters of the text that goes with it; the others have none."""
NEEDS_TEXT = frozenset(LONGEST) - {Act.TAKE_OVER}
TO_CUSTOMER = frozenset({Act.REFUSE, Act.REPLY})  # the customer reads the text word for word


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that a person sent."""

    text: str = ""
    packet_read: bool = False  # whether they confirm that they read the hand-off packet
    tell_customer: bool = False  # whether the customer gets a letter about an approval
    anyway: bool = False  # whether it goes out in spite of a warning about its wording
    next_step: str = ""
    next_by: datetime | None = None  # by when; that is a promise
    keeps: bool = False  # whether the letter keeps the promise that is open
    replaces: bool = False  # whether the new time takes the place of that promise
    unread: bool = False  # whether `next_by` was written and cannot be read
    typed_by: str = ""
    only_looks: bool = False  # whether they want to see the letter first
    language: str = ""  # in which they want to see the page instead; nothing is done then. Empty for none
    was: tuple[str, str] = ("", "")  # what was wrong with the form when that was asked, and the words that it is about


async def act_on(client: EscalationClient, link: KeptLink, act: Act, form: Form) -> int:
    """Do it; the same form again does nothing twice.

    Returns:
        Number of the last event that it caused.

    Raises:
        StarterError: As `EscalationClient.send`.
        TemporalUnreachable: No server answered.
    """
    seq = 0
    for number, command in enumerate(commands_of(link, act, form), start=1):
        answer = await client.send(link.escalation, command, command_id=f"link:{link.id}:{act}:{number}")
        seq = answer.seq
    return seq


def _letter(by: str, form: Form) -> TellCustomer:
    return TellCustomer(
        by=by,
        text=form.text,
        next_step=form.next_step,
        next_by=form.next_by,
        fulfils_promise=form.keeps,
        replaces=form.replaces,
        anyway=form.anyway,
    )


def commands_of(link: KeptLink, act: Act, form: Form) -> tuple[SupportCommand, ...]:
    """The commands of a form, in order."""
    by, text = link.person, form.text
    commands: Mapping[Act, tuple[SupportCommand, ...]] = {
        Act.ACKNOWLEDGE: (Acknowledge(by=by, packet_read=form.packet_read),),
        Act.DECLINE: (Decline(by=by, why=text),),
        Act.ANSWER: (AnswerConsult(by=by, answer=text),),
        Act.APPROVE: (Approve(by=by, tell_customer=form.tell_customer),),
        Act.REFUSE: (RefuseApproval(by=by, explanation=text, anyway=form.anyway),),
        Act.REPLY: (_letter(by, form),),
        Act.NOTE: (AddNote(by=by, text=text),),
        # An offer to oneself, accepted at once: the booking follows, and the owner before is informed.
        Act.TAKE_OVER: (
            Reassign(by=by, to=by, why=text or ProgramText.TAKEN_OVER.say()),
            Acknowledge(by=by, packet_read=True),
        ),
        Act.DONE: (CompleteAction(by=by, number=link.ask.number),),
    }
    return commands[act]
