"""Hands on the work of people who left, through the ordinary commands."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from activities.adapters.postgres.roster import Left
from escalation.case.commands import Decline, HandOn, Reassign, SupportCommand
from escalation.case.naming import life_of
from escalation.errors import Refused
from escalation.lifecycle.view import CaseView
from escalation.program_texts import ProgramText
from escalation.roster.files import RosterPerson
from escalation.roster.files.successors import successor
from escalation.roster.members import OnShift
from escalation.vocabulary import LeftBehind
from starter.cli.cases import Cases
from starter.errors import StarterError, TemporalUnreachable

WhoIsThere = Callable[[int], Awaitable[Sequence[OnShift]]]
"""Everyone who can be asked at a tier now, fewest open cases first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """What became of what a person who is not asked any more had in a case.

    Attributes:
        what: What they had to do there; empty for the case itself.
        to: Who has it or is offered it now; empty where the case went back to its tier, or nothing was done.
        problem: Why it was not handed on; empty when all is well.
    """

    escalation: str
    person: str
    what: tuple[LeftBehind, ...] = ()
    to: str = ""
    problem: str = ""


class HandingOn:
    """Hands on what people left."""

    def __init__(self, people: Sequence[RosterPerson], there: WhoIsThere, *, by: str) -> None:
        self._people = people
        self._there = there
        self._by = by

    async def planned(self, left: Iterable[Left]) -> tuple[HandedOn, ...]:
        """What would become of each, as the record has the cases; nothing is done."""
        return tuple([await self._planned(one) for one in left])

    async def done(self, cases: Cases, left: Iterable[Left]) -> tuple[HandedOn, ...]:
        """Hand on each; one that cannot be handed on does not keep the others from it."""
        return tuple([await self._done(cases, one) for one in left])

    async def _planned(self, left: Left) -> HandedOn:
        plan = HandedOn(escalation=left.escalation, person=left.person, what=left.what)
        if left.view is None or (not left.what and left.view.offered_to == left.person):
            return plan
        return replace(plan, to=await self._successor(left.view, left))

    async def _done(self, cases: Cases, left: Left) -> HandedOn:
        plan = HandedOn(escalation=left.escalation, person=left.person, what=left.what)
        ticket = life_of(left.escalation).ticket if not left.what else left.escalation
        try:
            view = (await cases.status(ticket)).view
            command, to = await self._command(view, left)
            if command is not None:
                await cases.send(ticket, command, command_id=None)
        except (StarterError, TemporalUnreachable, Refused) as error:
            return replace(plan, problem=str(error))
        return replace(plan, to=to)

    async def _command(self, view: CaseView, left: Left) -> tuple[SupportCommand | None, str]:
        """What to ask of the case, and who has it then; no command where it went on by itself."""
        why = ProgramText.LEFT_THE_TEAM.say(person=left.person)
        if not left.what and view.offered_to == left.person:
            return Decline(by=left.person, why=why), ""
        if not left.what and view.owner != left.person:
            return None, view.owner or view.offered_to
        to = await self._successor(view, left)
        if left.what:
            return HandOn(person=left.person, to=to, by=self._by, why=why), to
        return Reassign(to=to, by=self._by, why=why), to

    async def _successor(self, view: CaseView, left: Left) -> str:
        asks = {view.consult.by} if view.consult is not None and LeftBehind.ADVICE in left.what else set()
        return successor(
            self._people,
            await self._there(view.tier),
            tier=view.tier,
            skill=view.category.value,
            overseer=view.overseer,
            besides={left.person, *asks},
        )
