"""Who is on shift at an instant, and when no one is."""

from collections.abc import Iterable
from datetime import datetime

from escalation.business_time import Span
from escalation.roster.plan import Duty
from escalation.roster.stretches import joined, without


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
