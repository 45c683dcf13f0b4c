"""Half-open intervals of time: union and difference; who is on shift at an instant, and when no one is."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from escalation.business_time import Span
from escalation.roster.plan import Duty

Stretch: TypeAlias = tuple[datetime, datetime]  # from the first instant up to but not including the second


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


def on_shift(duties: Iterable[Duty], at: datetime) -> tuple[Duty, ...]:
    """Return the duties that run at an instant; one that ends then is over."""
    return tuple(duty for duty in duties if duty.start <= at < duty.end)


def gaps(covered: Iterable[Span], needed: Iterable[Span]) -> tuple[Span, ...]:
    """Return the parts of ``needed`` that nothing covers, in order; parts that touch are one.

    Args:
        covered: when a person is on shift, in any order; may overlap.
        needed: when a person should be on shift, such as the open windows of a calendar.
    """
    open_ones = joined((span.start, span.end) for span in needed)
    left = without(open_ones, ((span.start, span.end) for span in covered))
    return tuple(Span(start=begin, end=end) for begin, end in joined(left))
