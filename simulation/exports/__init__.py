"""Reads another tool's log, and turns each ticket into commands to replay or to play.

log lines --read_ticket_logs--> TicketLog --Story--> Life --Replay or Player-->
"""

from simulation.exports.lives import Course, Life, Pace, course_of, life_of, play_of, read_lives, read_plays
from simulation.exports.mapping import SERVICENOW, ExportMapping, InvalidMapping, load_mapping
from simulation.exports.phrases import OWNER
from simulation.exports.rows import read_ticket_logs
from simulation.exports.story import Step
from simulation.exports.ticket_log import Rejected, Row, TicketLog, UnreadableLog

__all__ = [
    "OWNER",
    "SERVICENOW",
    "Course",
    "ExportMapping",
    "InvalidMapping",
    "Life",
    "Pace",
    "Rejected",
    "Row",
    "Step",
    "TicketLog",
    "UnreadableLog",
    "course_of",
    "life_of",
    "load_mapping",
    "play_of",
    "read_lives",
    "read_plays",
    "read_ticket_logs",
]
