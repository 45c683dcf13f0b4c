"""Who had how much, and who took what how soon: the load on people and tiers, added up from timelines.

Counters only. Loads are kept by the hour, so what is kept grows with the hours and people of a log, not with its tickets.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate

from escalation.events import (
    Acknowledged,
    ClockStopped,
    Declined,
    Event,
    Offered,
    OfferLapsed,
    OverseerHeld,
    OwnerSought,
    ShiftEnded,
    TierSkipped,
)
from escalation.vocabulary import ClockName
from starter.simulating.report import PersonLoad, SkippedHour, TierLoad, distribution
from starter.simulating.staffing import Lack

_HOUR = 3600
_ENDS = frozenset({"owner_sought", "offered", "overseer_held", "resolved", "cancelled"})
"""Events after which whoever owned the case has it no more."""
_COUNTED = _ENDS | {"acknowledged", "declined", "offer_lapsed", "shift_ended", "tier_skipped", "clock_stopped"}
"""All others are passed over: most of a timeline is messages and thresholds."""


class Load:
    """The sums of any number of timelines."""

    def __init__(self) -> None:
        self._cases: Counter[str] = Counter()
        self._seconds: Counter[str] = Counter()
        self._changes: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._tiers: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._took: defaultdict[int, Counter[int]] = defaultdict(Counter)
        self._searches: Counter[tuple[int, int, int]] = Counter()
        self._skips: Counter[tuple[int, int, int]] = Counter()
        self._lacks: Counter[tuple[int, Lack]] = Counter()

    def add(self, events: Iterable[Event], ended_at: datetime, lacks: Iterable[tuple[int, Lack]] = ()) -> None:
        """One more timeline.

        Args:
            events: All of it, in order.
            ended_at: When the replay stopped; what somebody has then is counted up to it.
            lacks: Tiers that were skipped, and why.
        """
        self._lacks.update(lacks)
        owner, since, tier = "", ended_at, 1
        for event in events:
            if event.kind not in _COUNTED:
                continue
            if owner and event.kind in _ENDS:
                self._had(owner, since, event.at)
                owner = ""
            if isinstance(event, Acknowledged | OverseerHeld):
                owner, since = event.person, event.at
            if isinstance(event, Offered):
                tier = event.tier
            self._add_to_tier(event, tier)
        if owner:
            self._had(owner, since, ended_at)

    def people(self) -> tuple[PersonLoad, ...]:
        """By person, the most loaded first."""
        found = (
            PersonLoad(
                person=person,
                cases=self._cases[person],
                hours=round(self._seconds[person] / _HOUR, 1),
                most_at_once=max(accumulate(change for _, change in sorted(changes.items()))),
            )
            for person, changes in self._changes.items()
        )
        return tuple(sorted(found, key=lambda one: (-one.cases, one.person)))

    def tiers(self) -> tuple[TierLoad, ...]:
        """By tier, from the front line up."""
        numbers = sorted({number for counts in self._tiers.values() for number in counts})
        return tuple(
            TierLoad(
                tier=number,
                skipped=self._tiers["tier_skipped"][number],
                skipped_because={lack: count for lack in Lack if (count := self._lacks[number, lack])},
                skipped_hours=self._skipped_hours(number),
                offered=self._tiers["offered"][number],
                acknowledged=self._tiers["acknowledged"][number],
                declined=self._tiers["declined"][number],
                lapsed=self._tiers["offer_lapsed"][number],
                handed_over=self._tiers["shift_ended"][number],
                seconds_to_acknowledge=distribution(self._took[number]),
            )
            for number in numbers
        )

    def _skipped_hours(self, tier: int) -> tuple[SkippedHour, ...]:
        found = (
            SkippedHour(weekday=weekday, hour=hour, skipped=count, searches=self._searches[number, weekday, hour])
            for (number, weekday, hour), count in self._skips.items()
            if number == tier
        )
        return tuple(sorted(found, key=lambda one: (-one.skipped, one.weekday, one.hour)))

    def _had(self, person: str, start: datetime, end: datetime) -> None:
        self._cases[person] += 1
        self._seconds[person] += int((end - start).total_seconds())
        changes = self._changes[person]
        changes[int(start.timestamp()) // _HOUR] += 1
        # Within the hour in which one ends the next may begin: both count for it.
        changes[int(end.timestamp()) // _HOUR + 1] -= 1

    def _add_to_tier(self, event: Event, tier: int) -> None:
        match event:
            case OwnerSought(tier=asked):
                self._searches[_hour_of_week(asked, event.at)] += 1
            case TierSkipped(tier=skipped):
                self._tiers[event.kind][skipped] += 1
                self._skips[_hour_of_week(skipped, event.at)] += 1
            case Offered() | Acknowledged() | Declined() | OfferLapsed() | ShiftEnded():
                self._tiers[event.kind][tier] += 1
            case ClockStopped(clock=ClockName.ACKNOWLEDGE, cause="acknowledged"):
                self._took[tier][event.business_seconds] += 1
            case _:
                pass


def _hour_of_week(tier: int, at: datetime) -> tuple[int, int, int]:
    return tier, at.weekday(), at.hour
