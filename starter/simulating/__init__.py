"""Tries a policy on the past: a log's incidents live again at virtual time, under the very rules that workers follow.

log lines --read_log--> Life --Replay--> events --Tally--> Report

A log that is to meet the shifts of other years is moved there by whole weeks, between the first arrow and the second.

No server, no waiting: between two steps of the log our own clocks fire at their instants, and an answer that the
world would give (whom the directory books) is given at once.
"""

from starter.simulating.event_log import lives_of_events
from starter.simulating.fitting import Fit, FitRow, fit_targets, with_targets
from starter.simulating.lives import Life, lives_of_servicenow
from starter.simulating.mapping import EventMapping, load_mapping
from starter.simulating.parallel import Trial, processors, tallied
from starter.simulating.placing import LogSpan, PlacedRoster, RosterTime, place, span_of
from starter.simulating.replay import Replay
from starter.simulating.report import Report
from starter.simulating.staffing import Booking, Rostered, Unlimited
from starter.simulating.tally import Tally

__all__ = [
    "Booking",
    "EventMapping",
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
    "lives_of_events",
    "lives_of_servicenow",
    "load_mapping",
    "place",
    "processors",
    "span_of",
    "tallied",
    "with_targets",
]
