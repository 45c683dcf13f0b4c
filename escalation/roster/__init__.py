"""Who is on shift when: patterns, rotations, overrides and absences turned into stretches of time.

Pure functions on plain data. Instants are aware datetimes; zone data comes from the ``tzdata`` package.

    duties = expand(plan, since, until)
    people = {duty.person for duty in on_shift(duties, at)}
"""

from escalation.roster.changeover import Change, Succession, succeed
from escalation.roster.coverage import gaps, on_shift
from escalation.roster.expansion import expand, idle_overrides
from escalation.roster.plan import (
    DAYS_A_WEEK,
    Absence,
    Duty,
    Listed,
    Override,
    Pattern,
    Plan,
    Rotation,
    Shift,
    Turn,
)
from escalation.roster.team import Difference, Standing, Step, TeamChange, team_changes
from escalation.roster.turns import turns

__all__ = [
    "DAYS_A_WEEK",
    "Absence",
    "Change",
    "Difference",
    "Duty",
    "Listed",
    "Override",
    "Pattern",
    "Plan",
    "Rotation",
    "Shift",
    "Standing",
    "Step",
    "Succession",
    "TeamChange",
    "Turn",
    "expand",
    "gaps",
    "idle_overrides",
    "on_shift",
    "succeed",
    "team_changes",
    "turns",
]
