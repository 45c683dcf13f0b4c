"""How far shifts are known, and the warnings about it."""

from datetime import datetime, timedelta

import pytest

from activities.adapters.postgres.on_shift import LOW_WATER, Horizon
from tests.unit.activities.builders import MONDAY

DAY = timedelta(days=1)


def horizon(last_shift: float, known: float) -> Horizon:
    """Both counted in days from Monday."""
    return Horizon(last_shift_ends=MONDAY + last_shift * DAY, known_until=MONDAY + known * DAY)


def told(of: Horizon, now: datetime = MONDAY) -> str:
    assert of.is_near(now)
    return of.advice(now)


@pytest.mark.parametrize("known", [30, 31, 400])
def test_thirty_days_are_enough(known: float) -> None:
    assert LOW_WATER == 30 * DAY
    assert not horizon(last_shift=known, known=known).is_near(MONDAY)


def test_the_week_end_before_the_horizon_is_not_an_end_of_the_roster() -> None:
    assert not horizon(last_shift=26.5, known=30).is_near(MONDAY)
    near = horizon(last_shift=26.5, known=29)
    assert told(near) == "shifts are known up to 2026-03-31 09:00:00 UTC; run `escalations roster load` again"


def test_a_roster_that_ends_by_itself_needs_more_shifts_before_it_is_loaded_again() -> None:
    assert told(horizon(last_shift=10, known=400)) == (
        "shifts are known up to 2026-03-12 09:00:00 UTC, and the roster has none after that; write them into it, then "
        "run `escalations roster load`"
    )


def test_what_has_run_out_already_is_shown_as_that() -> None:
    of = horizon(last_shift=10, known=11)
    assert told(of, MONDAY + 20 * DAY).startswith("no shift is known since 2026-03-13 09:00:00 UTC; run")
