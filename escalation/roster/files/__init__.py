"""The roster file: the people of the support team, their skills, limits and shifts.

A YAML file; `docs/roster.md` explains every field, `examples/roster.yaml` and `examples/roster-shifts.yaml` show them.
"""

from escalation.roster.files.model import *
from escalation.roster.files.reading import *
from escalation.roster.files.roster import *
