"""A directory in memory, which answers at once: who takes a case in a simulation, and who decides on requests.

`Rostered` has the booking rule of PostgreSQL again (`book` in `activities/sql/migrations/0006_roster.sql`); a change to one
needs the other, and tests/integration/postgres/test_simulated_directory.py compares them on random teams.
"""

import re
from collections import Counter
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import NamedTuple, Protocol

from escalation.messages.effects import AssignOwner, FindApprover
from escalation.policy import Ladder
from escalation.roster.files import Roster, RosterPerson
from simulation.attendance import Attendance


class Lack(StrEnum):
    """A reason for which no one in a tier is available, the simplest first: people, then hours, then limits."""

    NOBODY_FIT = "nobody_fit"  # no one has the skills and the authority
    NOBODY_THERE = "nobody_there"  # none of those are on shift
    ALL_AT_LIMIT = "all_at_limit"  # everyone on shift is at their limit


class Booking(Protocol):
    """A replay's request to a directory."""

    def knows(self, person: str) -> bool:
        """Whether a person that the log names can be asked at all."""

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:
        """The id of the person who is asked to take the case at this instant; None if there is no one."""

    def release(self, ticket: str, offer: int, at: datetime) -> None:
        """Give the booking of an offer back, if there is one."""

    def on_shift_until(self, person: str, at: datetime) -> datetime | None:
        """Return the end of a person's current shift; None without an end."""

    def zone(self, person: str) -> str | None:
        """IANA time zone of a person; None where no one has this id, so that nothing waits for them."""

    def approver(self, wanted: FindApprover, at: datetime) -> str | None:
        """The id of a person who can decide, or None; no one is booked."""

    def lack(self, wanted: AssignOwner, at: datetime) -> Lack:
        """Return why no one could be booked just now, if no one was tried before."""


class Unlimited:
    """As many people per tier as are needed, named after it: `specialist-1` is asked first, then `specialist-2`.

    They never go home, and decide on nothing: the overseer does.
    """

    def __init__(self, ladder: Ladder) -> None:
        self._names = [re.sub(r"[^a-z0-9]+", "-", tier.name.lower()).strip("-") for tier in ladder.tiers]

    def knows(self, person: str) -> bool:  # noqa: ARG002 (everyone)
        """Always true."""
        return True

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:  # noqa: ARG002 (always a person)
        """Always a person who was not tried yet."""
        names = (f"{self._names[wanted.tier - 1]}-{number}" for number in count(1))
        return wanted.person or next(name for name in names if name not in wanted.tried)

    def release(self, ticket: str, offer: int, at: datetime) -> None:
        """Nothing: no one is ever busy."""

    def on_shift_until(self, person: str, at: datetime) -> datetime | None:  # noqa: ARG002 (no one goes home)
        """Nothing ends it."""
        return None

    def zone(self, person: str) -> str | None:  # noqa: ARG002 (the same for all)
        """UTC: no roster says another one."""
        return "UTC"

    def approver(self, wanted: FindApprover, at: datetime) -> str | None:  # noqa: ARG002 (never anyone)
        """Always None."""
        return None

    def lack(self, wanted: AssignOwner, at: datetime) -> Lack:  # noqa: ARG002 (there is always a person)
        """Never asked for."""
        return Lack.NOBODY_FIT


class _Held(NamedTuple):
    """The booking that a ticket has."""

    offer: int
    person: str


class Rostered:
    """The people of a roster, as the real directory books them (`activities/sql/migrations/0006_roster.sql`).

    On shift at that instant, of the tier, skilled, authorised, below their load limit, not yet tried; of those who speak
    the customer's language, or of all if no one does, the one with the fewest open cases, then the one who was neither
    booked nor given free for the longest time. Each offer of a ticket must be asked for once, and in their order.
    """

    def __init__(self, roster: Roster) -> None:
        self._people = sorted((person for person in roster.people if person.active), key=lambda person: person.id)
        self._active = frozenset(person.id for person in self._people)
        self._zones = {person.id: person.zone for person in self._people}
        self._attendance = Attendance(roster)
        self._held: dict[str, _Held] = {}
        self._open: Counter[str] = Counter()
        self._touched: dict[str, datetime] = {}
        self._able = lru_cache(maxsize=256)(self._with_skills)

    def knows(self, person: str) -> bool:
        """Everyone on the roster who is active."""
        return person in self._active

    def book(self, ticket: str, wanted: AssignOwner, at: datetime) -> str | None:
        """The best of those who are there; a person named is booked if they are there, whatever they have to do."""
        held = self._held.get(ticket)
        if wanted.person:
            is_there = wanted.person in self._active and self._attendance.is_there(wanted.person, at)
            found = wanted.person if is_there else None
        else:
            own = held.person if held else ""
            free = [
                person
                for person in self._there(wanted, at)
                if person.id not in wanted.tried and self._open[person.id] - (person.id == own) < person.max_open
            ]
            found = self._best(free, wanted.language, own)
        if found is not None:
            self._hand_back(ticket, at)
            self._held[ticket] = _Held(wanted.offer, found)
            self._open[found] += 1
            self._touch(found, at)
        return found

    def release(self, ticket: str, offer: int, at: datetime) -> None:
        """Give the booking of an offer back, if there is one."""
        held = self._held.get(ticket)
        if held is not None and held.offer == offer:
            self._hand_back(ticket, at)

    def on_shift_until(self, person: str, at: datetime) -> datetime | None:
        """Return the end of a person's current shift; None without an end."""
        return self._attendance.until(person, at)

    def zone(self, person: str) -> str | None:
        """The roster's zone."""
        return self._zones.get(person)

    def approver(self, wanted: FindApprover, at: datetime) -> str | None:
        """The person on shift at the tier with enough authority and the fewest open cases."""
        found = (
            person.id
            for person in self._able(wanted.tier, wanted.authority, frozenset())
            if person.id not in wanted.besides and self._attendance.is_there(person.id, at, wanted.tier)
        )
        return min(found, key=lambda id_: self._open[id_], default=None)

    def lack(self, wanted: AssignOwner, at: datetime) -> Lack:
        """Return why no one could be booked just now, if no one was tried before."""
        if not self._able(wanted.tier, wanted.authority, _skills(wanted)):
            return Lack.NOBODY_FIT
        return Lack.ALL_AT_LIMIT if self._there(wanted, at) else Lack.NOBODY_THERE

    def _there(self, wanted: AssignOwner, at: datetime) -> list[RosterPerson]:
        able = self._able(wanted.tier, wanted.authority, _skills(wanted))
        return [person for person in able if self._attendance.is_there(person.id, at, wanted.tier)]

    def _with_skills(self, tier: int, authority: int, skills: frozenset[str]) -> tuple[RosterPerson, ...]:
        """Those of a tier who could take such a case if they were there, by id."""
        return tuple(
            person
            for person in self._people
            if tier in person.tiers and person.authority >= authority and skills <= set(person.abilities)
        )

    def _best(self, free: list[RosterPerson], language: str, own: str) -> str | None:
        """The first by language, open cases besides this one, and idleness; by id where all of that is equal."""

        def rank(person: RosterPerson) -> tuple[bool, int, float]:
            touched = self._touched.get(person.id)
            idle_since = touched.timestamp() if touched else float("-inf")
            return not _speaks(person, language), self._open[person.id] - (person.id == own), idle_since

        return min(free, key=rank).id if free else None

    def _hand_back(self, ticket: str, at: datetime) -> None:
        held = self._held.pop(ticket, None)
        if held is not None:
            self._open[held.person] -= 1
            self._touch(held.person, at)

    def _touch(self, person: str, at: datetime) -> None:
        """Tickets may be a little out of order in the log: the latest instant counts."""
        self._touched[person] = max(at, self._touched.get(person, at))


def _skills(wanted: AssignOwner) -> frozenset[str]:
    return frozenset((wanted.category.value, *wanted.skills))


def _speaks(person: RosterPerson, language: str) -> bool:
    """A preference: without one, everyone counts as speaking it."""
    wanted = _base(language)
    return not wanted or wanted in map(_base, person.languages or (person.language,))


def _base(language: str) -> str:
    return language.partition("-")[0].lower()
