"""Stores the team of a test, for a worker that other tests share."""

from collections.abc import Iterable
from pathlib import Path

from activities.adapters.postgres.roster import store_roster
from escalation.roster.members import Member
from examples.demo.stage import ROSTER
from starter.http.backend import Backend

NAMED = ("ana", "ben", "lea", "lena", "liam", "olu", "uwe")
"""Ids of everyone the tests of this folder address."""


def roster_of_all(folder: Path) -> Path:
    """Write the roster with which the worker starts: the example's, and everyone who is named here."""
    text = ROSTER.read_text(encoding="utf-8")
    missing = [one for one in NAMED if f"id: {one}," not in text]
    lines = [
        f"  - {{id: {one}, name: {one.title()}, address: {one}@example.com, tiers: [], skills: [], max_open: 0}}"
        for one in missing
    ]
    written = folder / "roster.yaml"
    written.write_text("\n".join((text.rstrip(), *lines, "")), encoding="utf-8")
    return written


async def store_team(backend: Backend, team: Iterable[Member]) -> None:
    """Store a team in place of the one before.

    The worker learns after seconds who is new, and refuses a command for them until then. So everyone the tests of
    this folder address is always there; those who are not in the team serve no tier, and are asked for nothing.
    """
    team = tuple(team)
    named = {one.id for one in team}
    others = [Member(id=one, name=one.title(), address=f"{one}@example.com") for one in NAMED if one not in named]
    await store_roster(backend.database, [*team, *others])
