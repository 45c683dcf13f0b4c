"""What an event of a ticket means for its escalation."""

from escalation.intake.delivery import DeskEvent, Known, Plan
from escalation.intake.source import Source


def order_group(event: DeskEvent) -> str:
    """Events of one group replace each other: one that is older than the newest applied is dropped. Empty: each counts."""
    del event
    return ""


def plan(event: DeskEvent, source: Source, known: Known) -> Plan:
    """What to ask of the ticket's escalation.

    Args:
        event: As read.
        source: Where it came from.
        known: What is known on our side.
    """
    del known
    return Plan(ticket=event.ticket, ignored=f"{source.name} has no mapping yet")
