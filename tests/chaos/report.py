"""A run in a plain table: what was done to it, what the oracle looked at, what was late, and how to repeat it."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from tests.chaos.evidence import Evidence, message
from tests.chaos.oracle import due_of, is_during, thresholds, verdict
from tests.chaos.run import Outcome
from tests.chaos.verdicts import Checked

RECOVERY = timedelta(seconds=10)
"""How long after a blow things may still be slow: the server waits that long for a killed worker's task."""
SHOWN = 20
_WIDTH = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Lags:
    """How late something was, in seconds; None where there was none of it."""

    what: str
    number: int
    median: float | None
    p95: float | None
    longest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one run says.

    Attributes:
        again: The command that repeats it.
        own: Problems that the project's own check found.
    """

    again: str
    blows: Sequence[tuple[str, int]]
    steps: tuple[int, int]
    checked: Sequence[Checked]
    own: Sequence[str]
    lags: Sequence[Lags]
    seconds: float

    @property
    def is_well(self) -> bool:
        """Whether nothing was wrong."""
        return not (self.own or any(one.wrong for one in self.checked))

    def lines(self) -> str:
        """For people."""
        steps, skipped = self.steps
        rows = [_row("failure", "times"), *(_row(what, number) for what, number in self.blows)]
        rows += ["", _row("looked at", "number", "wrong")]
        rows += [_row(one.what, one.number, len(one.wrong)) for one in self.checked]
        rows += [_row("the project's own check of its record", "", len(self.own))]
        rows += ["", _row("how late, in seconds", "number", "median", "95 %", "longest")]
        rows += [_row(one.what, one.number, *map(_figure, (one.median, one.p95, one.longest))) for one in self.lags]
        rows += ["", f"{steps - skipped} of {steps} steps of the log were played; {skipped} no longer fitted"]
        rows += self._problems()
        well = "nothing was lost, doubled or early" if self.is_well else "SOMETHING IS WRONG"
        return "\n".join((*rows, "", f"{well}; {self.seconds:.0f} s; repeat it with: {self.again}", ""))

    def json(self) -> str:
        """For a program."""
        return json.dumps({**asdict(self), "is_well": self.is_well}, indent=2) + "\n"

    def _problems(self) -> list[str]:
        found = [text for one in self.checked for text in one.wrong] + [f"own check: {text}" for text in self.own]
        more = [f"  and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        return ["", *(f"  {text}" for text in found[:SHOWN]), *more] if found else []


def report(outcome: Outcome, *, again: str, seconds: float) -> Report:
    """Judge a run.

    Args:
        outcome: What it left behind.
        again: The command that repeats it.
        seconds: How long it took.
    """
    return Report(
        again=again,
        blows=sorted(Counter(str(one.what) for one in outcome.evidence.disturbances).items()),
        steps=outcome.steps,
        checked=verdict(outcome.evidence),
        own=outcome.own_words,
        lags=lags(outcome.evidence),
        seconds=seconds,
    )


def lags(evidence: Evidence) -> tuple[Lags, ...]:
    """How late thresholds and letters were, apart for times of calm and the rest."""
    queued = {
        message(entry.escalation, entry.data["key"]): entry.at
        for entry in evidence.timeline
        if entry.kind == "message_queued"
    }
    came = {letter.key: letter.at for letter in sorted(evidence.letters, key=lambda one: one.at, reverse=True)}
    spans = [(due_of(entry), entry.at) for entry in thresholds(evidence)]
    letters = [(queued[key], at) for key, at in came.items() if key in queued]
    found = []
    for what, pairs in (("thresholds", spans), ("messages", letters)):
        calm: list[float] = []
        rest: list[float] = []
        for start, end in pairs:
            disturbed = is_during(start, end, evidence.disturbances, RECOVERY)
            (rest if disturbed else calm).append((end - start).total_seconds())
        found += [_lags(f"{what}, in calm", calm), _lags(f"{what}, disturbed", rest)]
    return tuple(found)


def _lags(what: str, seconds: Iterable[float]) -> Lags:
    sorted_ = sorted(seconds)
    median, p95, longest = (_quantile(sorted_, share) for share in (0.5, 0.95, 1.0))
    return Lags(what=what, number=len(sorted_), median=median, p95=p95, longest=longest)


def _quantile(sorted_: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of them does not exceed."""
    return sorted_[max(0, math.ceil(share * len(sorted_)) - 1)] if sorted_ else None


def _row(first: str, *rest: object) -> str:
    return first.ljust(_WIDTH) + "".join(str(one).rjust(10) for one in rest)


def _figure(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.3f}"
