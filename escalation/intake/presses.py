"""Plans what a colleague's press does: a button of ours in a chat, or an alert acknowledged at the pager."""

from escalation.case.commands import Acknowledge, Decline
from escalation.intake.delivery import Author
from escalation.intake.subject import Commands, NothingToDo, Planning
from escalation.intake.values import word_of
from escalation.messages.buttons import pressed
from escalation.program_texts import ProgramText


def acknowledged(one: Planning) -> Commands:
    """The alert was acknowledged: the person takes the case."""
    one.choice("acknowledged")
    one.must_be_escalated()
    person = _acting(one)
    if person == one.known.owner:
        raise NothingToDo(f"{person} has the case already")
    if person != one.known.offered_to:
        raise NothingToDo(f"the case is not offered to {person}")
    return (Acknowledge(by=person),)


def button(one: Planning) -> Commands:
    """A button was pressed: the person takes the case, or declines it."""
    one.choice("button")
    one.must_be_escalated()
    person, event = _acting(one), one.event
    meant = pressed(event.action, event.value)
    if meant is not None and meant.to != person:
        raise NothingToDo(f"the button was for {meant.to}, and {person} pressed it")
    asked = meant.answer if meant else word_of(event.action)
    if asked in ("acknowledge", "ack", "decline") and person != one.known.offered_to:
        raise NothingToDo(f"the case is not offered to {person}")
    if asked in ("acknowledge", "ack"):
        return (Acknowledge(by=person, packet_read=meant is not None and meant.reads_packet),)
    if asked == "decline":
        return (Decline(by=person, why=one.event.text or ProgramText.DECLINED.say(where=one.source.place)),)
    raise NothingToDo(f"`{one.event.action}` is not one of our buttons")


def _acting(one: Planning) -> str:
    """The person who acts, by the id they have there."""
    if one.person:
        return one.person
    author: Author = one.event.author
    who = f"the user `{author.id}` of {one.source.title} is" if author.id else "the person who did it is"
    raise NothingToDo(f"{who} not mapped to a person, and no one acts under a name")
