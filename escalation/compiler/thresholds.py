"""Compiles thresholds: parses them and checks that they are listed in the order in which they fire."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from escalation.business_time import Calendar, Duration
from escalation.clock_rules import Action, Basis, Threshold
from escalation.compiler.durations import read_duration, rough_seconds
from escalation.compiler.words import THRESHOLD
from escalation.documents.problems import Problems
from escalation.documents.yaml import Path

_SIGNED = {"-": Basis.BEFORE, "+": Basis.AFTER, "": Basis.ELAPSED}
DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A target that thresholds are measured against."""

    label: str  # what it is called in messages
    within: Duration | None  # the time allowed; None where it is an ETA
    calendar: Calendar

    @property
    def seconds(self) -> int:
        """About how many open seconds it takes."""
        return 0 if self.within is None else rough_seconds(self.within, self.calendar)

    def offset(self, threshold: Threshold) -> int:
        """About how many open seconds after the start of the clock a threshold fires."""
        by = 0 if threshold.by is None else rough_seconds(threshold.by, self.calendar)
        match threshold.basis:
            case Basis.PERCENT:
                return self.seconds * threshold.percent // 100
            case Basis.BEFORE:
                return self.seconds - by
            case Basis.AFTER:
                return self.seconds + by
            case Basis.ELAPSED:
                return by
            case _:
                assert_never(threshold.basis)


def read_threshold(
    text: str, actions: Iterable[Action], calendars: Sequence[Calendar], path: Path, problems: Problems
) -> Threshold | None:
    """The threshold at a path; None, with a problem noted, if it is invalid.

    Args:
        text: As it is written; its form was checked with the shape of the file.
        calendars: The calendars in which its clock may count.
    """
    match = THRESHOLD.fullmatch(text)
    if match is None:
        raise AssertionError(f"`{text}` passed the shape check and is not a threshold")
    if match["by"] is None:
        percent = 100 if text == DUE else int(match["percent"])
        name = DUE if percent == 100 else f"{percent}%"
        return Threshold(name=name, basis=Basis.PERCENT, percent=percent, actions=tuple(actions))
    by = read_duration(match["by"], calendars, path, problems)
    if by is None:
        return None
    return Threshold(name=text.replace(" ", ""), basis=_SIGNED[match["sign"]], by=by, actions=tuple(actions))


def check_order(written: Sequence[tuple[Path, Threshold]], limits: Iterable[Limit], problems: Problems) -> None:
    """Refuse duplicate thresholds, and those before the start of their clock, or not in the order in which they fire."""
    _refuse_twice(written, problems)
    for limit in limits:
        for path, threshold in written:
            if limit.within is not None and limit.offset(threshold) <= 0:
                what = f"`{threshold.name}` lies before the start of the clock for {limit.label}"
                problems.add(path, what, "write a shorter time, or a percentage")
        for (_, earlier), (path, later) in pairwise(written):
            if limit.offset(later) < limit.offset(earlier):
                what = f"`{later.name}` fires before `{earlier.name}`, which is above it, for {limit.label}"
                problems.add(path, what, "list thresholds in the order in which they fire")


def _refuse_twice(written: Sequence[tuple[Path, Threshold]], problems: Problems) -> None:
    seen: dict[tuple[object, ...], Path] = {}
    for path, threshold in written:
        moment = (threshold.basis, threshold.percent, threshold.by)
        if moment in seen:
            problems.add(path, f"`{path[-1]}` is the same as `{seen[moment][-1]}`", "put the actions of both into one")
        seen.setdefault(moment, path)
