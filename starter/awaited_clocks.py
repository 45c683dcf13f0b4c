"""Finds which of a case's running clocks have something to wait for, and when that is due."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from escalation.vocabulary import ClockName
from workflows.contract import ClockStatus


def awaited(clocks: Iterable[ClockStatus]) -> Iterator[ClockStatus]:
    """The clocks that people see; of follow-ups, which are several appointments, the next one, and none after the last."""
    for clock in clocks:
        if clock.clock is not ClockName.FOLLOW_UP:
            yield clock
        elif clock.next_at is not None:
            yield replace(clock, due=clock.next_at)
