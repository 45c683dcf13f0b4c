"""Real tickets in: reads another tool's log, turns each incident into a plan, and plays the plans.

log lines --read_incidents--> Incident --plan--> Plan --Player--> running escalations
"""

from simulation.exports.incidents import Incident, Rejected, TicketState, UnreadableLog, UnreadableRow, Update
from simulation.exports.mapping import SERVICENOW, LogMapping
from simulation.exports.pace import Pace
from simulation.exports.plans import OWNER, Plan, Step, plan
from simulation.exports.reader import read_incidents

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
