"""Who is on shift when: patterns, rotations, overrides and absences turned into stretches of time.

Pure functions on plain data. Instants are aware datetimes; zone data comes from the ``tzdata`` package.

    duties = expand(plan, since, until)
    people = {duty.person for duty in on_shift(duties, at)}
"""

from escalation.roster.changeover import *
from escalation.roster.expansion import *
from escalation.roster.plan import *
from escalation.roster.stretches import *
from escalation.roster.team import *
from escalation.roster.turns import *
