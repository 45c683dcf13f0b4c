"""Waits a moment for the record, from which the next page shows what was done."""

import asyncio
from contextlib import suppress

import structlog

from activities.errors import DatabaseUnavailable, NotYetRecorded
from activities.ports.record import Records

LOOKS, PAUSE = 20, 0.1  # how often, and how many seconds apart, it is looked

log = structlog.stdlib.get_logger("http")


async def until_recorded(records: Records, escalation: str, seq: int) -> None:
    """Return once the record has the event with this number, after two seconds, or where PostgreSQL does not answer.

    The command was accepted before; what became of the record must not be taken for a failure of it.

    Args:
        records: Where to look.
        escalation: Its id; it may be so new that the record does not have it yet.
        seq: Number of the event.
    """
    try:
        for _ in range(LOOKS):
            with suppress(NotYetRecorded):
                if (await records.view(escalation)).last_seq >= seq:
                    return
            await asyncio.sleep(PAUSE)
    except DatabaseUnavailable:
        log.warning("the record could not be asked after an action", escalation=escalation)
