"""Loads a roster, and hands on the work of people who left."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.on_shift import who_is_there
from activities.adapters.postgres.roster import Installed, RosterRefused, install_roster
from escalation.case.naming import life_of
from escalation.phrasing import amount_of
from escalation.roster.files import Roster, new_roster
from starter.cli.cases import Cases
from starter.cli.exits import BadInput
from starter.cli.roster.answers import Loaded
from starter.cli.roster.handing_on import HandedOn, HandingOn

_CASES_NAMED = 20


class Loading:
    """One load of a roster."""

    def __init__(self, database: Database, roster: Roster, now: datetime, until: datetime) -> None:
        self._database = database
        self._roster = roster
        self._now = now
        self._until = until

    async def install(self, file: Path, *, at_once: bool, hand_on: bool, dry_run: bool) -> Installed:
        """Put it in force.

        Raises:
            BadInput: It leaves something with people who leave, or asks people around the clock by accident.
        """
        new = new_roster(self._roster, self._now, self._until)
        try:
            return await install_roster(
                self._database, new, self._now, at_once=at_once, hand_on=hand_on, dry_run=dry_run
            )
        except RosterRefused as error:
            raise BadInput("\n".join(refusals(str(file), error))) from None

    async def hand_on(self, cases: Cases | None, done: Installed, by: str) -> tuple[HandedOn, ...]:
        """Hand on what people leave; without a client, only say to whom it would go."""
        handing_on = HandingOn(self._roster.people, lambda tier: who_is_there(self._database, self._now, tier), by=by)
        return await (handing_on.planned(done.left) if cases is None else handing_on.done(cases, done.left))


def refusals(file: str, error: RosterRefused) -> list[str]:
    """Why a roster is not put in force, one line each."""
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
