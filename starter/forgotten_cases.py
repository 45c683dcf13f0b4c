"""Reads a case from the record that Temporal has deleted."""

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.reports import Reports
from escalation.case.events import Event
from escalation.case.naming import case_name, escalation_id
from workflows.contract import Status


async def remembered(database: Database, ticket: str) -> tuple[Status, tuple[Event, ...]] | None:
    """The record's newest escalation of a ticket, or the one that is named, with its timeline; None where it has none."""
    name = case_name(ticket)
    lives = await Reports(database).lives(name.ticket, name.life)
    if not lives:
        return None
    newest = lives[-1]
    escalation = escalation_id(name.ticket, newest.number)
    view = await Records(database).view(escalation)
    status = Status(escalation=escalation, view=view, clocks=(), unrecorded=0, sending=0)
    return status, tuple(event for _, event in newest.timeline)
