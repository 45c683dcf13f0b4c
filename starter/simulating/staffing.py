"""Who takes a case in a simulation. A directory in memory, which answers at once."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Protocol

from escalation.effects import AssignOwner
from escalation.policy import Ladder
from escalation.roster import Duty, expand
from starter.rostering import Roster, RosterPerson

_WEEK = timedelta(weeks=1)
_FIRST_WEEK = datetime(1970, 1, 5, tzinfo=UTC)


class Booking(Protocol):
    """What a replay asks of a directory."""

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:
        """The id of the person who is asked to take the case at this instant; None if there is nobody."""

    def release(self, ticket: str, offer: int) -> None:
        """Give the booking of an offer back, if there is one."""


class Unlimited:
    """As many people per tier as are needed, named after it: `specialist-1` is asked first, then `specialist-2`."""

    def __init__(self, ladder: Ladder) -> None:
        self._names = [re.sub(r"[^a-z0-9]+", "-", tier.name.lower()).strip("-") for tier in ladder.tiers]

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (always somebody)
        """Always somebody who was not tried yet."""
        return wanted.person or f"{self._names[wanted.tier - 1]}-{len(wanted.tried) + 1}"

    def release(self, ticket: str, offer: int) -> None:
        """Nothing: nobody is ever busy."""


class Rostered:
    """The people of a roster, as the real directory books them.

    On shift at that instant, of the tier, skilled, authorised, below their load limit, not yet tried; of those the
    one with the fewest open cases, then the one who was booked the longest ago.
    """

    def __init__(self, roster: Roster) -> None:
        self._people = {person.id: person for person in roster.people if person.active}
        self._roster = roster
        self._booked: dict[tuple[str, int], str] = {}
        self._open: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._numbers = count(1)
        self._week = lru_cache(maxsize=16)(self._duties)

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:
        """The best of those who are there; a person named is booked if the roster has them."""
        if wanted.person:
            found = wanted.person if wanted.person in self._people else None
        else:
            fitting = [person.id for person in self._people.values() if self._fits(person, wanted, at)]
            found = min(fitting, key=lambda id_: (self._open[id_], self._last.get(id_, 0)), default=None)
        if found is not None:
            self._booked[ticket, wanted.offer] = found
            self._open[found] += 1
            self._last[found] = next(self._numbers)
        return found

    def release(self, ticket: str, offer: int) -> None:
        """Give the booking of an offer back, if there is one."""
        person = self._booked.pop((ticket, offer), None)
        if person is not None:
            self._open[person] -= 1

    def _fits(self, person: RosterPerson, wanted: AssignOwner, at: datetime) -> bool:
        return (
            wanted.tier in person.tiers
            and person.id not in wanted.tried
            and self._open[person.id] < person.max_open
            and person.authority >= wanted.authority
            and {wanted.category, *wanted.skills} <= set(person.skills)
            and self._is_there(person.id, wanted.tier, at)
        )

    def _is_there(self, person: str, tier: int, at: datetime) -> bool:
        if person not in self._roster.scheduled:
            away = self._roster.plan.absences
            return not any(each.person == person and each.start <= at < each.end for each in away)
        duties = self._week((at - _FIRST_WEEK) // _WEEK)
        return any(duty.person == person and duty.tier == tier and duty.start <= at < duty.end for duty in duties)

    def _duties(self, week: int) -> tuple[Duty, ...]:
        start = _FIRST_WEEK + week * _WEEK
        return expand(self._roster.plan, start, start + _WEEK)
