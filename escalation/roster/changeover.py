"""Replaces one version of a roster by another without changing a running shift.

Each shift changes over at an instant of its own: when the last duty of it that runs now is over. Up to then the earlier
version holds, from then on the later one. A shift that does not run now changes over at once, and so does every shift
that the change leaves alone until then. On request running shifts change at once too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.business_time import Span
from escalation.roster.plan import Duty
from escalation.roster.stretches import Stretch, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A person's time on a running shift that differs between the versions, before that shift ends."""

    person: str
    tier: int
    shift: str
    before: tuple[Span, ...]  # when they are on shift by the earlier version, from now to the end of the running shift
    after: tuple[Span, ...]  # when by the later one, in the same time
    takes_over: datetime  # when the later version begins to hold for the shift


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """The changes to the stored duties."""

    # shift to the instant from which on its new duties hold; shifts that are not named: now
    takes_over: Mapping[str, datetime]
    new: tuple[Duty, ...]  # the later version's duties, none of them before its shift changes over
    changes: tuple[Change, ...]  # what differs on running shifts, by shift, tier and person


def succeed(stored: Sequence[Duty], planned: Sequence[Duty], now: datetime, *, at_once: bool = False) -> Succession:
    """Work out how the planned duties follow the stored ones.

    Args:
        stored: the earlier version's duties that end after ``now``.
        planned: the later version's.
        at_once: whether running shifts change now instead of at their end.
    """
    ends = _ends_of_running(stored, now)
    differing = {shift: _differences(stored, planned, shift, (now, end)) for shift, end in ends.items()}
    takes_over = {shift: now if at_once and differing[shift] else end for shift, end in ends.items()}
    changes = tuple(
        Change(person=person, tier=tier, shift=shift, before=before, after=after, takes_over=takes_over[shift])
        for shift in sorted(differing)
        for (tier, person), (before, after) in sorted(differing[shift].items(), key=lambda each: each[0])
    )
    new = tuple(_from(duty, takes_over.get(duty.shift, now)) for duty in planned)
    return Succession(takes_over=takes_over, new=tuple(duty for duty in new if duty.start < duty.end), changes=changes)


def _ends_of_running(stored: Iterable[Duty], now: datetime) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    for duty in stored:
        if duty.start <= now < duty.end:
            ends[duty.shift] = max(duty.end, ends.get(duty.shift, duty.end))
    return ends


_Spans = tuple[Span, ...]


def _differences(
    stored: Iterable[Duty], planned: Iterable[Duty], shift: str, within: Stretch
) -> dict[tuple[int, str], tuple[_Spans, _Spans]]:
    before, after = _by_person(stored, shift, within), _by_person(planned, shift, within)
    return {
        key: (before.get(key, ()), after.get(key, ()))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }


def _by_person(duties: Iterable[Duty], shift: str, within: Stretch) -> dict[tuple[int, str], _Spans]:
    found: dict[tuple[int, str], list[Stretch]] = defaultdict(list)
    for duty in duties:
        begin, end = max(duty.start, within[0]), min(duty.end, within[1])
        if duty.shift == shift and begin < end:
            found[duty.tier, duty.person].append((begin, end))
    return {
        key: tuple(Span(start=begin, end=end) for begin, end in joined(stretches)) for key, stretches in found.items()
    }


def _from(duty: Duty, instant: datetime) -> Duty:
    start = max(duty.start, instant)
    return Duty(person=duty.person, tier=duty.tier, shift=duty.shift, start=start, end=duty.end)
