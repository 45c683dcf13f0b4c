"""The port to the team: who works here, who is free, who is booked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.contracts import ApproverInput, AssignInput
from escalation.people import Colleague
from escalation.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the support team."""

    id: str
    name: str
    address: str  # a mail address; empty for none
    language: str = "en"  # language tag of their messages, if there are words in it
    zone: str = "UTC"  # IANA time zone of the times in their messages
    languages: tuple[str, ...] = ()  # tags of the languages they write in; the next best ones, in this order
    active: bool = True  # whether they are still asked; who left keeps their name for history
    # where messages to them go, in the order in which it is tried, see `escalation.reach`
    addresses: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()


class Directory(Protocol):
    """The team: people, shifts and bookings."""

    async def assign(self, request: AssignInput) -> str | None:
        """Book the best person for the offer, in one transaction; the same offer gives the same person again.

        Returns:
            The person's id, or None if no one fits.
        """

    async def release(self, escalation: str, offer: int) -> None:
        """Give the booking back; nothing happens if there is none."""

    async def approver(self, request: ApproverInput) -> str | None:
        """The person on shift at the tier with enough authority and the fewest open cases.

        Books no one. Another call may return another person.

        Returns:
            The person's id, or None if there is no one.
        """

    async def person(self, person: str) -> Person:
        """The person with this id.

        Raises:
            UnknownPerson: No one has this id.
        """

    async def people(self, ids: Collection[str]) -> Mapping[str, Person]:
        """Those of the ids that someone has, also those who left."""

    async def person_at(self, reach: Reach) -> str | None:
        """The id of the person with this address, such as a Slack id; None where no one or more than one has it."""

    async def colleagues(self) -> tuple[Colleague, ...]:
        """Everyone, also those who left."""

    async def on_shift_until(self, person: str) -> datetime | None:
        """Return the end of the person's present shift; shifts that follow without a gap count as one.

        Returns:
            An aware instant; None when nothing ends it, because they are asked around the clock. One that has
            passed, or the present one: they are not on shift.

        Raises:
            UnknownPerson: No one has this id.
        """
