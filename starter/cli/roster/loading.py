"""Loads a roster, and hands on the work of people who left."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.roster import Installed, Left, RosterRefused, install_roster
from escalation.case.commands import Decline, HandOn, Reassign, SupportCommand
from escalation.case.naming import life_of
from escalation.errors import Refused
from escalation.lifecycle.view import CaseView
from escalation.phrasing import amount_of
from escalation.program_texts import ProgramText
from escalation.roster.files import Roster, RosterPerson
from escalation.roster.files.successors import successor
from escalation.roster.members import NewRoster, OnShift
from escalation.vocabulary import LeftBehind
from starter.cli.cases import Cases
from starter.cli.exits import BadInput
from starter.cli.roster.answers import HandedOn, Loaded
from starter.errors import StarterError, TemporalUnreachable

_CASES_NAMED = 20


async def put_in_force(
    database: Database, file: Path, roster: NewRoster, now: datetime, *, at_once: bool, hand_on: bool, dry_run: bool
) -> Installed:
    """Put a roster in force.

    Raises:
        BadInput: People who have work would leave, or be asked around the clock; has a line for each.
    """
    try:
        return await install_roster(database, roster, now, at_once=at_once, hand_on=hand_on, dry_run=dry_run)
    except RosterRefused as error:
        raise BadInput("\n".join(refusals(str(file), error))) from None


def refusals(file: str, error: RosterRefused) -> list[str]:
    """Return why a roster is not put in force, one line each."""
    lines = [
        f"{file}: `{person}` was asked on shifts, and would be asked around the clock; put them on a shift, or write "
        "`always: true`"
        for person in error.accidental
    ]
    people = dict.fromkeys(case.person for case in error.left)
    for person in people:
        of_person = [case for case in error.left if case.person == person]
        open_cases = [case.escalation for case in of_person if not case.what]
        others = [case.escalation for case in of_person if case.what]
        if open_cases:
            lines.append(
                f"{file}: `{person}` leaves with {amount_of(len(open_cases), 'open case')}: {_tickets(open_cases)}; "
                f"reassign them, keep `{person}` active, or add --hand-on"
            )
        if others:
            what = ", ".join(dict.fromkeys(one for case in of_person for one in case.what))
            lines.append(
                f"{file}: `{person}` leaves with something to do in {amount_of(len(others), 'case')} ({what}): "
                f"{_tickets(others)}; keep `{person}` active, or add --hand-on"
            )
    return lines


def _tickets(escalations: Sequence[str]) -> str:
    more = f" and {len(escalations) - _CASES_NAMED} more" if len(escalations) > _CASES_NAMED else ""
    return ", ".join(life_of(one).ticket for one in escalations[:_CASES_NAMED]) + more


def loaded(
    file: Path, roster: Roster, done: Installed, handed_on: Sequence[HandedOn], *, at_once: bool, dry_run: bool
) -> Loaded:
    """The answer of a load."""
    return Loaded(
        file=str(file),
        people=len(roster.people),
        active=sum(person.active for person in roster.people),
        version=done.version,
        renewed=done.renewed,
        rows=done.shifts,
        covers_until=done.covers_until,
        at_once=at_once,
        changes=done.changes,
        open_cases=done.open_cases,
        team=done.team,
        handed_on=tuple(handed_on),
        dry_run=dry_run,
    )


WhoIsThere = Callable[[int], Awaitable[Sequence[OnShift]]]
"""Everyone who can be asked at a tier now, fewest open cases first."""


class HandingOn:
    """Hands on what people left."""

    def __init__(self, people: Sequence[RosterPerson], there: WhoIsThere, *, by: str, names: Mapping[str, str]) -> None:
        """Hand on in the name of a person.

        Args:
            people: Everyone in the new roster.
            there: Who can be asked at a tier.
            by: The person who hands on.
            names: Of those who leave, by id.
        """
        self._people = people
        self._names = names
        self._there = there
        self._by = by

    async def planned(self, left: Iterable[Left]) -> tuple[HandedOn, ...]:
        """Return what would become of each, as the record has the cases; nothing is done."""
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
        """Return what to ask of the case, and who has it then; no command where it went on by itself."""
        why = ProgramText.LEFT_THE_TEAM.say(person=self._names.get(left.person, left.person))
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
