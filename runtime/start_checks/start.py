"""The checks that a worker makes before it says that it is ready."""

from functools import partial

from runtime.settings import Settings
from runtime.start_checks.checks import Check
from runtime.start_checks.database import check_database
from runtime.start_checks.temporal import check_temporal


def start_checks(settings: Settings) -> tuple[Check, ...]:
    """The checks of a worker with these settings."""
    return (
        Check(name="Temporal", look=partial(check_temporal, settings)),
        Check(name="PostgreSQL", look=partial(check_database, settings)),
    )
