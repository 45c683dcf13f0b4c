"""Reads a case from the record that Temporal does not know or has deleted."""

from typing import TYPE_CHECKING

from starter.errors import NoSuchCase, UnknownEscalation

if TYPE_CHECKING:
    from escalation.case.events import Event
    from workflows.contract import Status


async def from_record(ticket: str, unknown: UnknownEscalation) -> "tuple[Status, tuple[Event, ...]]":
    """The newest escalation of a ticket as the record has it, with its events.

    Args:
        ticket: Ticket number, or the id of one escalation.

    Raises:
        UnknownEscalation: The record does not know it either.
        NoSuchCase: The record cannot be read.
    """
    from activities.errors import DatabaseUnavailable, DatabaseUnfit  # noqa: PLC0415 (only where Temporal knows nothing)
    from runtime.settings import SettingsError  # noqa: PLC0415
    from starter.cli.record.database import open_record  # noqa: PLC0415
    from starter.forgotten_cases import remembered  # noqa: PLC0415

    try:
        async with open_record() as database:
            found = await remembered(database, ticket)
    except (SettingsError, DatabaseUnavailable, DatabaseUnfit):
        reason = f"{unknown}; the record, which has cases that ended long ago, could not be read: see ESCALATIONS_DSN"
        raise NoSuchCase(unknown.escalation, reason) from None
    if found is None:
        raise unknown
    return found
