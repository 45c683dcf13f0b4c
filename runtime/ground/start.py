"""The checks that a worker makes before it says that it is ready."""

from functools import partial

from runtime.ground.checks import Check
from runtime.ground.database import check_database
from runtime.ground.temporal import check_temporal
from runtime.settings import Settings


def start_checks(settings: Settings) -> tuple[Check, ...]:
    """What a worker with these settings needs."""
    return (
        Check(name="Temporal", look=partial(check_temporal, settings)),
        Check(name="PostgreSQL", look=partial(check_database, settings)),
    )
