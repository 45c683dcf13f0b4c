"""Stores the team of a test, for a worker that other tests share."""

from collections.abc import Iterable

from activities.adapters.postgres.roster import store_roster
from escalation.roster.members import Member
from starter.http.backend import Backend

NAMED = ("ana", "ben", "lea", "lena", "liam", "olu", "uwe")
"""Ids of everyone the tests of this folder address."""


async def store_team(backend: Backend, team: Iterable[Member]) -> None:
    """Store a team in place of the one before.

    The worker learns after seconds who is new, and refuses a command for them until then. So everyone the tests of
    this folder address is always there; those who are not in the team serve no tier, and are asked for nothing.
    """
    team = tuple(team)
    named = {one.id for one in team}
    others = [Member(id=one, name=one.title(), address=f"{one}@example.com") for one in NAMED if one not in named]
    await store_roster(backend.database, [*team, *others])
