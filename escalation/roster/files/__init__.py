"""The roster file: the people of the support team, their skills, limits and shifts.

A YAML file; `docs/roster.md` explains every field, `examples/roster.yaml` and `examples/roster-shifts.yaml` show them.
"""

from escalation.roster.files.model import RosterPerson
from escalation.roster.files.reading import InvalidRoster
from escalation.roster.files.roster import HORIZON_DAYS, Roster, members_of, new_roster, read_roster

__all__ = [
    "HORIZON_DAYS",
    "InvalidRoster",
    "Roster",
    "RosterPerson",
    "members_of",
    "new_roster",
    "read_roster",
]
