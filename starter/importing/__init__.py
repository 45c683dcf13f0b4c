"""Real tickets in: reads another tool's log, turns each incident into a plan, and plays the plans.

log lines --read_incidents--> Incident --plan--> Plan --Player--> running escalations
"""

from starter.importing.incidents import Incident, Rejected, TicketState, UnreadableLog, UnreadableRow, Update
from starter.importing.mapping import SERVICENOW, LogMapping
from starter.importing.pace import Pace
from starter.importing.plans import OWNER, Plan, Step, plan
from starter.importing.reader import read_incidents

__all__ = [
    "OWNER",
    "SERVICENOW",
    "Incident",
    "LogMapping",
    "Pace",
    "Plan",
    "Rejected",
    "Step",
    "TicketState",
    "UnreadableLog",
    "UnreadableRow",
    "Update",
    "plan",
    "read_incidents",
]
