"""The load on people and tiers, and how soon they took cases, computed from timelines.

Loads are kept by the hour, so what is kept grows with the hours and people of a log, not with its tickets.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate

from escalation.case.events import (
    Acknowledged,
    ClockStopped,
    Declined,
    Event,
    Offered,
    OfferLapsed,
    OverseerHeld,
    OwnerSought,
    Reassigned,
    ShiftEnded,
    TierSkipped,
)
from escalation.vocabulary import ClockName
from simulation.report import PersonLoad, SkippedHour, TierLoad, distribution
from simulation.staffing import Lack
from simulation.sums import LoadSums

_HOUR = 3600
# Events after which the owner no longer has the case.
_ENDS = frozenset({"owner_sought", "offered", "overseer_held", "resolved", "cancelled"})
# All others are passed over: most of a timeline is messages and thresholds.
_COUNTED = _ENDS | {
    *("acknowledged", "declined", "offer_lapsed", "reassigned", "shift_ended", "tier_skipped", "clock_stopped")
}


class Load:
    """Adds any number of timelines up."""

    def __init__(self, sums: LoadSums) -> None:
        self._sums = sums
        self._waited: int | None = 0
        self._lapsed: tuple[datetime | None, int] = (None, 0)

    def add(self, events: Iterable[Event], ended_at: datetime, lacks: Iterable[tuple[int, Lack]] = ()) -> None:
        """One more timeline.

        Args:
            events: All of it, in order.
            ended_at: When the replay stopped; open cases are counted up to it.
        """
        self._sums.lacks.update(lacks)
        owner, since, tier, self._waited = "", ended_at, 1, 0
        self._lapsed = (None, 0)
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
        """The load by person, highest first."""
        found = (
            PersonLoad(
                person=person,
                cases=self._sums.cases[person],
                hours=round(self._sums.seconds[person] / _HOUR, 1),
                most_at_once=max(accumulate(change for _, change in sorted(changes.items()))),
            )
            for person, changes in self._sums.changes.items()
        )
        return tuple(sorted(found, key=lambda one: (-one.cases, one.person)))

    def tiers(self) -> tuple[TierLoad, ...]:
        """The load by tier, from the front line up."""
        numbers = sorted({number for counts in self._sums.tiers.values() for number in counts})
        return tuple(
            TierLoad(
                tier=number,
                skipped=self._sums.tiers["tier_skipped"][number],
                skipped_because={lack: count for lack in Lack if (count := self._sums.lacks[number, lack])},
                skipped_hours=self._skipped_hours(number),
                offered=self._sums.tiers["offered"][number],
                acknowledged=self._sums.tiers["acknowledged"][number],
                declined=self._sums.tiers["declined"][number],
                lapsed=self._sums.tiers["offer_lapsed"][number],
                handed_over=self._sums.tiers["shift_ended"][number],
                seconds_to_acknowledge=distribution(self._sums.took[number]),
            )
            for number in numbers
        )

    def _skipped_hours(self, tier: int) -> tuple[SkippedHour, ...]:
        found = (
            SkippedHour(weekday=weekday, hour=hour, skipped=count, searches=self._sums.searches[number, weekday, hour])
            for (number, weekday, hour), count in self._sums.skips.items()
            if number == tier
        )
        return tuple(sorted(found, key=lambda one: (-one.skipped, one.weekday, one.hour)))

    def _had(self, person: str, start: datetime, end: datetime) -> None:
        self._sums.cases[person] += 1
        self._sums.seconds[person] += int((end - start).total_seconds())
        changes = self._sums.changes[person]
        changes[int(start.timestamp()) // _HOUR] += 1
        # Within the hour in which one ends the next may begin: both count for it.
        changes[int(end.timestamp()) // _HOUR + 1] -= 1

    def _add_to_tier(self, event: Event, tier: int) -> None:
        match event:
            case OwnerSought(tier=asked):
                self._sums.searches[_hour_of_week(asked, event.at)] += 1
            case TierSkipped(tier=skipped):
                self._sums.tiers[event.kind][skipped] += 1
                self._sums.skips[_hour_of_week(skipped, event.at)] += 1
            case Offered() | Acknowledged() | Declined() | OfferLapsed() | ShiftEnded():
                self._sums.tiers[event.kind][tier] += 1
            case Reassigned():
                self._waited = None
            case ClockStopped(clock=ClockName.ACKNOWLEDGE):
                self._add_wait(event, tier)
            case _:
                pass

    def _add_wait(self, stopped: ClockStopped, tier: int) -> None:
        """Count how long an offer was open. One who is named takes over the offer of the one who was asked before."""
        if stopped.cause == "offered":
            # An offer made at this very instant, because the one before lapsed then, has not been open yet.
            at, before = self._lapsed
            seconds = stopped.business_seconds or (before if at == stopped.at else 0)
            self._waited = (self._waited or 0) + seconds
            return
        # Named and taken at once, with no offer open before: the log does not say how long they were asked.
        is_unknown = self._waited is None and not stopped.business_seconds
        if stopped.cause == "acknowledged" and not is_unknown:
            self._sums.took[tier][(self._waited or 0) + stopped.business_seconds] += 1
        self._waited = 0
        if stopped.cause == "offer_lapsed":
            self._lapsed = (stopped.at, stopped.business_seconds)


def _hour_of_week(tier: int, at: datetime) -> tuple[int, int, int]:
    return tier, at.weekday(), at.hour
