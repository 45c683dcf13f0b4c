"""Who takes over from a person who leaves the team."""

from collections.abc import Iterable, Sequence

from escalation.roster.files.model import RosterPerson
from escalation.roster.members import OnShift


def successor(
    people: Iterable[RosterPerson],
    there: Sequence[OnShift],
    *,
    tier: int,
    skill: str,
    overseer: str,
    besides: Iterable[str] = (),
) -> str:
    """The id of the person who takes over.

    First who is on shift at the tier, able, and has room, fewest open cases first. Then who of the tier is able, so that
    the case finds its way when they are not there; who is able further up, the next tier first; the overseer.

    Args:
        there: Who can be asked at the tier now, fewest open cases first.
        tier: Number of the case's tier.
        skill: What they must have.
        overseer: Id of the case's overseer.
        besides: Ids of those who must not, such as the one who leaves.
    """
    excluded = frozenset(besides)
    able = [one for one in people if one.active and skill in one.skills and one.id not in excluded]
    of_tier = {one.id for one in able if tier in one.tiers}
    present = (one.person for one in there if one.person in of_tier and (one.open is None or one.open < one.most))
    above = sorted((min(up), one.id) for one in able if (up := [number for number in one.tiers if number > tier]))
    return next(iter([*present, *sorted(of_tier), *(id_ for _, id_ in above), overseer]))
