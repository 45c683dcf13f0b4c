"""Half-open intervals of time: union and difference."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

Stretch: TypeAlias = tuple[datetime, datetime]
"""From the first instant up to but not including the second."""


def joined(stretches: Iterable[Stretch], *, touching: bool = True) -> list[Stretch]:
    """Return the same time in order and without overlaps.

    Args:
        stretches: in any order.
        touching: whether stretches that only touch become one as well.
    """
    found: list[Stretch] = []
    for begin, end in sorted(stretches):
        if found and (begin < found[-1][1] or (touching and begin == found[-1][1])):
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def without(stretches: Iterable[Stretch], cuts: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of the stretches, in order, when the cuts are taken away."""
    taken = joined(cuts)
    found: list[Stretch] = []
    at = 0
    for begin, end in sorted(stretches):
        while at < len(taken) and taken[at][1] <= begin:
            at += 1
        reached = begin
        for cut_begin, cut_end in taken[at:]:
            if cut_begin >= end:
                break
            if reached < cut_begin:
                found.append((reached, cut_begin))
            reached = max(reached, cut_end)
        if reached < end:
            found.append((reached, end))
    return found
