"""The people of a roster file. `starter.rostering` reads the whole of it, shifts and all."""

from starter.rostering.model import RosterPerson
from starter.rostering.people import load_roster
from starter.rostering.problems import InvalidRoster

__all__ = ["InvalidRoster", "RosterPerson", "load_roster"]
