"""Tickets for triage: reads an export of any help desk, and counts what was said of it."""

from simulation.tickets.rows import Ticket
from simulation.tickets.tally import Tally, Totals
from simulation.tickets.tickets import read_tickets

__all__ = ["Tally", "Ticket", "Totals", "read_tickets"]
