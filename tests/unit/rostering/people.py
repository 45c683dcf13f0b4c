"""People of a roster's text, for tests."""

from escalation.roster.files import RosterPerson
from escalation.roster.files.reading import read_entries
from escalation.roster.files.shifts import read_plan


def load_roster(text: str, source: str) -> tuple[RosterPerson, ...]:
    """The people of a roster, in the order of the file; its shifts are checked too, less their iCalendar files."""
    entries, problems = read_entries(text, source)
    read_plan(entries, problems)
    problems.raise_if_any()
    return entries.people
