"""The checks that a worker makes before it says that it is ready."""

from functools import partial

from starter.ground.checks import Check
from starter.ground.database import check_database
from starter.ground.temporal import check_temporal
from starter.settings import Settings


def start_checks(settings: Settings) -> tuple[Check, ...]:
    """What a worker with these settings needs."""
    return (
        Check(name="Temporal", look=partial(check_temporal, settings)),
        Check(name="PostgreSQL", look=partial(check_database, settings)),
    )
