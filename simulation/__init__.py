"""Tries a policy on past tickets: replays a log in virtual time, under the same rules that workers follow.

log lines --read_lives--> Life --Replay--> events --Tally--> Report

A log that is to meet the shifts of other years is moved there by whole weeks, between the first arrow and the second.

No server, no waiting: between two steps of the log our own clocks fire at their instants, and an answer that the
world would give (whom the directory books) is given at once.
"""

from simulation.exports import ExportMapping, Life, load_mapping, read_lives
from simulation.fitting import Fit, FitRow, fit_targets, with_targets
from simulation.parallel import Trial, processors, tallied
from simulation.placing import LogSpan, PlacedRoster, RosterTime, place, span_of
from simulation.replay import Replay
from simulation.report import Report
from simulation.staffing import Booking, Rostered, Unlimited
from simulation.tally import Tally

__all__ = [
    "Booking",
    "ExportMapping",
    "Fit",
    "FitRow",
    "Life",
    "LogSpan",
    "PlacedRoster",
    "Replay",
    "Report",
    "RosterTime",
    "Rostered",
    "Tally",
    "Trial",
    "Unlimited",
    "fit_targets",
    "load_mapping",
    "place",
    "processors",
    "read_lives",
    "span_of",
    "tallied",
    "with_targets",
]
