"""The people of the team as the directory knows them, and how one version of the team differs from another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from escalation.people import WRITES_TO_CUSTOMERS, abilities
from escalation.roster.plan import Duty
from escalation.roster.team import Standing, TeamChange, team_changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the team as the directory knows them.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address; empty for none.
        addresses: Where messages go, in the order in which it is tried, see `escalation.reach`.
        urgent: The same for urgent messages.
        language: Language tag of their messages, if there are words in it; else the first of `languages` that has.
        languages: Tags of the languages they write to customers in; none: `language` alone.
        zone: IANA time zone of the times in their messages.
        skills: What they can do; a category's skill is the category's own name.
        tiers: Numbers of the tiers they serve, from 1.
        authority: The amount they may decide on alone, in the policy's currency units.
        max_open: How many escalations they hold at once.
        active: Whether they get any.
        scheduled: Whether they get any only while a shift of the roster has them.
        writes_to_customers: Whether their words may go to customers.
        shifts: When they work whatever the roster's shifts say, start and end as aware instants; a person who has some is
            scheduled. People who are not scheduled are never off shift.
        absences: When a person who is not scheduled is absent, as above.
    """

    id: str
    name: str
    address: str
    language: str = "en"
    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    skills: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    authority: int = 0
    max_open: int = 5
    active: bool = True
    scheduled: bool = False
    writes_to_customers: bool = True
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    absences: tuple[tuple[datetime, datetime], ...] = ()
    addresses: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()

    @property
    def abilities(self) -> tuple[str, ...]:
        """The abilities that a tier may require of them."""
        return abilities(self.skills, writes_to_customers=self.writes_to_customers)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoster:
    """A roster to be put in force.

    Attributes:
        duties: Its shifts, computed from the present instant on.
        covers_until: Up to where they were computed.
        source: File name to text, as it was read.
        checksum: Of all that the roster is made from; the same one again is the same version.
        unsaid: Ids of the people who would be asked around the clock although the roster does not say so by name.
    """

    members: Sequence[Member]
    duties: Sequence[Duty]
    covers_until: datetime
    source: Mapping[str, str]
    checksum: str
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """A person who can be asked at a tier.

    Attributes:
        shifts: Names of the shifts that have them; none: they are asked around the clock.
        until: When the last of these ends.
        open: How many escalations they hold now; None where no database was asked.
        most: How many they may hold.
    """

    person: str
    shifts: tuple[str, ...]
    until: datetime | None
    open: int | None
    most: int


def compared(
    before: Iterable[Mapping[str, Any]], members: Iterable[Member], duties: Iterable[Duty]
) -> tuple[TeamChange, ...]:
    """Who joins, leaves and changes.

    Args:
        before: Rows of the query `team`.
        members: The new version's people.
        duties: Its shifts.
    """
    shifts: dict[str, set[str]] = {}
    for duty in duties:
        shifts.setdefault(duty.person, set()).add(duty.shift)
    after = [_standing(_fields_of(member), sorted(shifts.get(member.id, ()))) for member in members]
    return team_changes([_standing(row, row["shifts"]) for row in before], after)


def _fields_of(member: Member) -> dict[str, Any]:
    return {name: getattr(member, name) for name in member.__slots__}


def _standing(row: Mapping[str, Any], shifts: Sequence[str]) -> Standing:
    on_duty = [name or "by hand" for name in shifts] if row["scheduled"] else ["around the clock"]
    facts = {
        "name": row["name"],
        "address": row["address"],
        "addresses": _in_order(row["addresses"]),
        "urgent": _in_order(row["urgent"]),
        "language": row["language"],
        "languages": _listed(row["languages"]),
        "zone": row["zone"],
        "skills": _listed(skill for skill in row["skills"] if skill != WRITES_TO_CUSTOMERS),
        "tiers": _listed(row["tiers"]),
        "authority": str(row["authority"]),
        "max_open": str(row["max_open"]),
        "active": "yes" if row["active"] else "no",
        WRITES_TO_CUSTOMERS: "yes" if row[WRITES_TO_CUSTOMERS] else "no",
        "shifts": _listed(on_duty) if row["tiers"] else "by name only",
    }
    return Standing(person=row["id"], name=row["name"], facts=tuple(facts.items()), active=row["active"])


def _in_order(values: Iterable[str]) -> str:
    return ", ".join(values) or "none"


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, values))) or "none"
