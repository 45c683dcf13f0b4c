"""Warnings about entries of a roster that are valid but probably not intended."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from escalation.roster import expand, idle_overrides
from escalation.roster.files import Roster
from starter.cli.roster.answers import Warned


def warnings_of(file: Path, roster: Roster, now: datetime, until: datetime) -> tuple[Warned, ...]:
    """Warnings about a roster, in the order of its file, then those of its iCalendar files.

    Args:
        roster: The roster, with iCalendar files read from `now` to `until`.
    """
    name = str(file)
    here = [*_around_the_clock(name, roster), *_never_asked(name, roster, now, until), *_idle(name, roster, now, until)]
    doubts = [Warned(file=source, line=line, text=text) for source, line, text in roster.doubts]
    return (*sorted(here, key=lambda each: each.line), *doubts)


def _around_the_clock(file: str, roster: Roster) -> Iterator[Warned]:
    # A roster without shifts says nothing about time, and so everyone in it is asked at any hour.
    if roster.unsaid:
        names = ", ".join(f"`{person}`" for person in sorted(roster.unsaid))
        text = f"there are no `shifts:`, so {names} are asked around the clock; add shifts, or `always: true` to each"
        yield Warned(file=file, line=1, text=text)


def _never_asked(file: str, roster: Roster, now: datetime, until: datetime) -> Iterator[Warned]:
    on_duty = {duty.person for duty in expand(roster.plan, now, until)}
    for person in roster.people:
        if person.active and person.tiers and person.id in roster.scheduled - on_duty:
            text = (
                f"`{person.id}` has no shift up to {until:%Y-%m-%d}, so is never asked; put them on a shift, or write "
                "`always: true` or `active: false`"
            )
            yield Warned(file=file, line=roster.person_lines[person.id], text=text)


def _idle(file: str, roster: Roster, now: datetime, until: datetime) -> Iterator[Warned]:
    """Overrides that are to come; iCalendar files are not looked at outside that time."""
    idle = idle_overrides(roster.plan)
    for override, line in roster.override_lines:
        if override in idle and override.end > now and override.start < until:
            yield Warned(file=file, line=line, text="no one whom this override replaces is on shift then")
