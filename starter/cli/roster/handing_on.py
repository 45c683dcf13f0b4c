"""Hands on the open cases of people who are not asked any more, through the ordinary commands."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from activities.adapters.postgres.roster import OpenCase
from escalation.case.commands import Decline, Reassign
from escalation.case.naming import life_of
from escalation.errors import Refused
from escalation.lifecycle.view import CaseView
from escalation.roster.files import RosterPerson
from escalation.roster.members import OnShift
from starter.cli.cases import Cases
from starter.errors import StarterError, TemporalUnreachable

WhoIsThere = Callable[[int], Awaitable[Sequence[OnShift]]]
"""Everyone who can be asked at a tier now, fewest open cases first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """What became of an open case whose person is not asked any more.

    Attributes:
        escalation: Its id.
        person: Who had it, or was offered it.
        to: Who is offered it now; empty where it went back to its tier, or nothing was done.
        problem: Why it was not handed on; empty when all is well.
    """

    escalation: str
    person: str
    to: str = ""
    problem: str = ""


async def hand_on(
    cases: Cases, homeless: Iterable[OpenCase], people: Sequence[RosterPerson], there: WhoIsThere, *, by: str
) -> tuple[HandedOn, ...]:
    """Hand on each case: an offer goes back to its tier, a case that is owned is offered to a colleague.

    A case that cannot be handed on does not keep the others from it.

    Args:
        cases: Takes the commands.
        homeless: The cases.
        people: The team.
        there: Finds who can be asked.
        by: Who hands them on.
    """
    return tuple([await _one(cases, case, people, there, by) for case in homeless])


async def _one(cases: Cases, case: OpenCase, people: Sequence[RosterPerson], there: WhoIsThere, by: str) -> HandedOn:
    ticket, why = life_of(case.escalation).ticket, f"{case.person} is no longer on the team"
    try:
        view = (await cases.status(ticket)).view
        if view.offered_to == case.person:
            await cases.send(ticket, Decline(by=case.person, why=why), command_id=None)
            return HandedOn(escalation=case.escalation, person=case.person)
        if view.owner == case.person:
            to = _colleague(view, people, await there(view.tier))
            await cases.send(ticket, Reassign(to=to, by=by, why=why), command_id=None)
            return HandedOn(escalation=case.escalation, person=case.person, to=to)
    except (StarterError, TemporalUnreachable, Refused) as error:
        return HandedOn(escalation=case.escalation, person=case.person, problem=str(error))
    return HandedOn(escalation=case.escalation, person=case.person, to=view.owner or view.offered_to)


def _colleague(view: CaseView, people: Sequence[RosterPerson], there: Sequence[OnShift]) -> str:
    """Who is there and can do it; else who of the tier can, so that the case finds its way when they are not there."""
    able = {
        person.id
        for person in people
        if person.active and view.tier in person.tiers and view.category.value in person.skills
    }
    present = [one.person for one in there if one.person in able and (one.open is None or one.open < one.most)]
    return next(iter([*present, *sorted(able), view.overseer]))
