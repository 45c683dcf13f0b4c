"""Writes the team into the directory: `people` and `shifts`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the team as the directory knows them.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address.
        language: Language tag of their messages.
        zone: IANA zone in which times are told to them.
        skills: What they can do; a category's skill is the category's own name.
        tiers: Numbers of the tiers they serve, from 1.
        authority: The amount they may decide on alone, in the policy's currency units.
        max_open: How many escalations they hold at once.
        active: Whether they get any.
        shifts: When they work, start and end as aware instants; nobody with an empty one is ever off shift.
    """

    id: str
    name: str
    address: str
    language: str = "en"
    zone: str = "UTC"
    skills: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    authority: int = 0
    max_open: int = 5
    active: bool = True
    shifts: tuple[tuple[datetime, datetime], ...] = ()


async def store_roster(database: Database, members: Iterable[Member]) -> None:
    """Put these people into the directory, in one transaction, in place of what stood there under their ids.

    People it does not name stay as they are: bookings may still point at them. Set `active` to take somebody out.
    """
    sql = queries("directory")
    # By id, so that two who store at once wait for each other rather than for ever.
    people = sorted(members, key=lambda member: member.id)
    async with database.transaction() as connection:
        await connection.executemany(sql["put_person"], [_row(one) for one in people])
        await connection.execute(sql["clear_shifts"], [one.id for one in people])
        shifts = [(one.id, starts, ends) for one in people for starts, ends in one.shifts]
        await connection.executemany(sql["put_shift"], shifts)


def _row(member: Member) -> tuple[object, ...]:
    return (
        member.id,
        member.name,
        member.address,
        member.language,
        member.zone,
        list(member.skills),
        list(member.tiers),
        member.authority,
        member.max_open,
        member.active,
    )
