"""Waits a moment for the record, from which the next page shows what was done."""

import asyncio

from activities.adapters.postgres.records import Records

LOOKS, PAUSE = 20, 0.1
"""How often, and how many seconds apart, it is looked."""


async def until_recorded(records: Records, escalation: str, seq: int) -> None:
    """Return once the record has the event with this number, or after two seconds.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        NotYetRecorded: The escalation is not in the record at all.
    """
    for _ in range(LOOKS):
        if (await records.view(escalation)).last_seq >= seq:
            return
        await asyncio.sleep(PAUSE)
