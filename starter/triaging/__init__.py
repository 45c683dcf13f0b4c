"""Tickets for triage: reads an export of any help desk, and counts what was said of it."""

from starter.triaging.mapping import TicketMapping, load_ticket_mapping
from starter.triaging.rows import Ticket
from starter.triaging.tally import Tally, Totals
from starter.triaging.tickets import read_tickets

__all__ = ["Tally", "Ticket", "TicketMapping", "Totals", "load_ticket_mapping", "read_tickets"]
