"""Puts a roster in force, and finds another home for the cases of people who are not asked any more."""

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
from starter.cli.roster.handing_on import HandedOn, hand_on

_CASES_NAMED = 20


class Loading:
    """One load of a roster.

    Args:
        database: Where it is put in force.
        roster: The roster.
        now: The present instant.
        until: Up to when its shifts are computed.
    """

    def __init__(self, database: Database, roster: Roster, now: datetime, until: datetime) -> None:
        self._database = database
        self._roster = roster
        self._now = now
        self._until = until

    async def install(self, file: Path, *, at_once: bool, hand_on: bool, dry_run: bool) -> Installed:
        """Put it in force.

        Raises:
            BadInput: It leaves open cases without a home, or asks people around the clock by accident.
        """
        new = new_roster(self._roster, self._now, self._until)
        try:
            return await install_roster(
                self._database, new, self._now, at_once=at_once, hand_on=hand_on, dry_run=dry_run
            )
        except RosterRefused as error:
            raise BadInput("\n".join(refusals(str(file), error))) from None

    async def hand_on(self, cases: Cases | None, done: Installed, by: str) -> tuple[HandedOn, ...]:
        """Hand on the cases without a home; without a client, only name them."""
        if cases is None:
            return tuple(HandedOn(escalation=case.escalation, person=case.person) for case in done.homeless)
        return await hand_on(
            cases,
            done.homeless,
            self._roster.people,
            lambda tier: who_is_there(self._database, self._now, tier),
            by=by,
        )


def refusals(file: str, error: RosterRefused) -> list[str]:
    """Why a roster is not put in force, one line each."""
    lines = [
        f"{file}: `{person}` was asked on shifts, and would be asked around the clock; put them on a shift, or write "
        "`always: true`"
        for person in error.accidental
    ]
    by_person: dict[str, list[str]] = {}
    for case in error.cases:
        by_person.setdefault(case.person, []).append(life_of(case.escalation).ticket)
    for person, tickets in by_person.items():
        more = f" and {len(tickets) - _CASES_NAMED} more" if len(tickets) > _CASES_NAMED else ""
        lines.append(
            f"{file}: `{person}` leaves with {amount_of(len(tickets), 'open case')}: "
            f"{', '.join(tickets[:_CASES_NAMED])}{more}; reassign them, keep `{person}` active, or add --hand-on"
        )
    return lines


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
        unanswered=done.unanswered,
        dry_run=dry_run,
    )
