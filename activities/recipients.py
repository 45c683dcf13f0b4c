"""The recipient of a message: customer or colleague, their addresses, and who gets a copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from activities.errors import UnknownPerson, WrongAudience
from activities.ports.directory import Person
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Message
from escalation.messages.urgency import is_urgent
from escalation.people import FOR_STAFF, colleague
from escalation.reach import Reach, ways
from escalation.vocabulary import CUSTOMER, Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom a message goes to, customer or colleague."""

    name: str
    ways: tuple[Reach, ...]  # where to reach them, in the order in which it is tried
    languages: tuple[str, ...]  # tags of what they read, the one they like best first
    zone: str


def recipient_of(message: Message, view: CaseView, channel: Channel, people: Mapping[str, Person]) -> Recipient:
    """Whom the message goes to.

    Args:
        channel: To the customer, the channel.
        people: Of the team, by id.

    Raises:
        UnknownPerson: The recipient is not on the team, or no longer.
    """
    if message.to == CUSTOMER:
        customer = view.customer
        return Recipient(
            name=customer.name,
            ways=(Reach(channel, customer.address),),
            languages=(customer.language,),
            zone=customer.zone,
        )
    person = people.get(message.to)
    if person is None:
        raise UnknownPerson(f"no one has the id `{message.to}`; add them to the roster")
    if not person.active:
        raise UnknownPerson(f"`{message.to}` is no longer on the team; name a colleague, or correct the roster")
    urgent = is_urgent(message, view.severity)
    return Recipient(
        name=person.name,
        ways=ways(person.addresses, person.urgent, mail=person.address, is_urgent=urgent),
        languages=(person.language, *person.languages),
        zone=person.zone,
    )


def copy_to(message: Message, contact: Person | None, address: str) -> str:
    """The address of the customer's contact, who hears what the customer hears; empty without one."""
    hears = message.to == CUSTOMER and contact is not None and contact.active and contact.address != address
    return contact.address if contact is not None and hears else ""


def check_audience(message: Message) -> None:
    """The last gate before an address is looked up; the domain asks for no such message.

    Raises:
        WrongAudience: It is internal and addressed to a role, or a letter to the customer addressed to a colleague.
    """
    if message.kind in FOR_STAFF:
        if colleague(message.to) is None:
            raise WrongAudience(f"`{message.kind}` is for people of the team, not for `{message.to}`")
    elif message.to != CUSTOMER:
        raise WrongAudience(f"`{message.kind}` is a letter to the customer, not to a colleague")
