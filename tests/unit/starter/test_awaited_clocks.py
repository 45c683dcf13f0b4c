"""What people see of the clocks of a case."""

from datetime import timedelta

from escalation.vocabulary import ClockName
from starter.awaited_clocks import awaited
from tests.unit.domain.case import MONDAY
from workflows.contract import ClockStatus


def clock(name: ClockName, next_at: timedelta | None) -> ClockStatus:
    return ClockStatus(
        clock=name,
        cycle=1,
        started_at=MONDAY,
        due=MONDAY + timedelta(days=30),
        next_threshold="",
        next_at=MONDAY + next_at if next_at else None,
        paused=False,
    )


def test_of_follow_ups_the_next_one_is_due_and_none_after_the_last() -> None:
    tomorrow = timedelta(days=1)
    (shown,) = awaited([clock(ClockName.FOLLOW_UP, tomorrow)])
    assert shown.due == MONDAY + tomorrow
    assert list(awaited([clock(ClockName.FOLLOW_UP, None)])) == []


def test_other_clocks_are_due_at_their_target() -> None:
    window = clock(ClockName.REOPEN_WINDOW, None)
    assert list(awaited([window])) == [window]
