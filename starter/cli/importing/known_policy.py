"""Checks in the record that a policy exists before anything is done."""

from collections.abc import Callable
from datetime import datetime

from activities.adapters.postgres.policies import Policies
from activities.errors import UnknownPolicy
from starter.cli.record.database import open_record, record_is_certain
from starter.errors import CommandRefused


async def must_be_known(policy: str, now: Callable[[], datetime]) -> None:
    """Refuse the name of a policy that no worker has stored.

    Without a configured record nothing is refused here: an opening reports it.

    Raises:
        CommandRefused: there is none of this name; `UnknownPolicy`.
        SettingsError: what says where the record is cannot be read.
        DatabaseUnavailable: no server answers there, or tables are missing.
    """
    if not record_is_certain():
        return
    async with open_record() as database:
        try:
            await Policies(database, now).load(policy)
        except UnknownPolicy as error:
            raise CommandRefused(UnknownPolicy.__name__, str(error)) from error
