"""Checks that the actions of a clock's thresholds are among those it can do then (`escalation.clocks.actions`)."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from escalation.clock_rules import Action, Basis, Threshold
from escalation.clocks.actions import Phase
from escalation.clocks.definition import CLOCKS
from escalation.compiler.thresholds import DUE, Limit
from escalation.documents.problems import Problems, listed
from escalation.documents.yaml import Path
from escalation.vocabulary import ClockName


def check_actions(
    clock: ClockName, written: Sequence[tuple[Path, Threshold]], limits: Sequence[Limit], path: Path, problems: Problems
) -> None:
    """Refuse actions that make no sense on this clock at that time, and a clock that would end in nothing.

    Args:
        written: Its thresholds, in order, and the place of each.
        limits: Its targets; they decide whether `2h` after the start is before it is due.
        path: The place of its thresholds.
    """
    can = CLOCKS[clock].actions
    if can is None:
        raise AssertionError(f"the thresholds of `{clock}` are not written in a policy")
    for place, threshold in written:
        _refuse_repeated(place, threshold, problems)
        for phase in _phases(threshold, limits):
            for number, action in enumerate(threshold.actions):
                if action not in can.at(phase):
                    what = f"`{action}` makes no sense on `{clock}` {phase.value}"
                    problems.add((*place, number), what, _instead(can.at(phase)))
    if can.needs_at_last:
        _require_at_last(clock, can.needs, written, problems)
    elif not any(threshold.name == DUE and can.needs in threshold.actions for _, threshold in written):
        place = next((place for place, threshold in written if threshold.name == DUE), path)
        problems.add(place, f"`{clock}` does not `{can.needs}` when it is due", f"write `due: {can.needs}`")


def _require_at_last(
    clock: ClockName, needed: Action, written: Sequence[tuple[Path, Threshold]], problems: Problems
) -> None:
    *others, (last_place, last) = written
    if needed not in last.actions:
        what = f"the last threshold of `{clock}` does not `{needed}`"
        problems.add(last_place, what, f"write `{last_place[-1]}: {needed}`, or add a later threshold that does")
    for place, threshold in others:
        if needed in threshold.actions:
            what = f"`{needed}` ends `{clock}`, and `{last_place[-1]}` comes after it"
            problems.add(place, what, "keep it for the last threshold")


def _refuse_repeated(place: Path, threshold: Threshold, problems: Problems) -> None:
    for number, action in enumerate(threshold.actions):
        if action in threshold.actions[:number]:
            problems.add((*place, number), f"`{action}` is listed twice at `{place[-1]}`", "write it once")


def _phases(threshold: Threshold, limits: Iterable[Limit]) -> list[Phase]:
    """When it fires: after a time since the start, that may differ from target to target."""
    match threshold.basis:
        case Basis.BEFORE:
            return [Phase.BEFORE]
        case Basis.AFTER:
            return [Phase.AFTER]
        case Basis.PERCENT:
            return [_phase(threshold.percent, 100)]
        case Basis.ELAPSED:
            return sorted({_phase(limit.offset(threshold), limit.seconds) for limit in limits}, key=lambda it: it.name)
        case _:
            assert_never(threshold.basis)


def _phase(moment: int, due: int) -> Phase:
    if moment < due:
        return Phase.BEFORE
    return Phase.DUE if moment == due else Phase.AFTER


def _instead(actions: frozenset[Action]) -> str:
    return f"write one of {listed(sorted(actions))}" if actions else "no action is possible here; leave it out"
