"""Who takes a case in a simulation. A directory in memory: it answers at once, and nobody is ever on holiday."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from escalation.effects import AssignOwner
from escalation.policy import Ladder
from starter.roster import RosterPerson


class Booking(Protocol):
    """What a replay asks of a directory."""

    def book(self, wanted: AssignOwner) -> str | None:
        """The id of the person who is asked to take the case; None if there is nobody."""


class Unlimited:
    """As many people per tier as are needed, named after it: `specialist-1` is asked first, then `specialist-2`."""

    def __init__(self, ladder: Ladder) -> None:
        self._names = [re.sub(r"[^a-z0-9]+", "-", tier.name.lower()).strip("-") for tier in ladder.tiers]

    def book(self, wanted: AssignOwner) -> str | None:
        """Always somebody who was not tried yet."""
        return wanted.person or f"{self._names[wanted.tier - 1]}-{len(wanted.tried) + 1}"


class Rostered:
    """The people of a roster: by tier, skill and authority, whoever was asked least so far.

    Lives are replayed one after the other, so how many cases somebody has open at a time (`max_open`) is not known here.
    """

    def __init__(self, people: Sequence[RosterPerson]) -> None:
        self._people = tuple(person for person in people if person.active)
        self._asked: Counter[str] = Counter()

    def book(self, wanted: AssignOwner) -> str | None:
        """The one asked least of those who fit; a person named is booked if the roster has them."""
        if wanted.person:
            return wanted.person if any(person.id == wanted.person for person in self._people) else None
        fitting = [person.id for person in self._people if _fits(person, wanted)]
        found = min(fitting, key=lambda id_: self._asked[id_], default=None)
        if found is not None:
            self._asked[found] += 1
        return found


def _fits(person: RosterPerson, wanted: AssignOwner) -> bool:
    return (
        wanted.tier in person.tiers
        and person.id not in wanted.tried
        and person.max_open > 0
        and person.authority >= wanted.authority
        and {wanted.category, *wanted.skills} <= set(person.skills)
    )
