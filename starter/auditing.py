"""Compares the record with Temporal, case by case: where they disagree, and what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from activities.adapters.postgres.drift import Standing
from activities.adapters.postgres.reports import Finding, Problem
from escalation.case.naming import life_of
from escalation.vocabulary import Stage
from starter.supervision import Seen

_OVER = frozenset({Stage.CLOSED.value, Stage.CANCELLED.value})
_STUCK = "see docs/operations.md#stuck-cases"
_AGAIN = "its clocks are silent; open the ticket again, or restore Temporal's data"


def is_over(standing: Standing) -> bool:
    """Whether the record says that the case is over for good."""
    return standing.stage in _OVER


def compared(
    standings: Mapping[str, Standing], seen: Mapping[str, Seen], *, settled_before: datetime
) -> Iterator[Finding]:
    """Yield where record and Temporal disagree; what changed from `settled_before` on may still be under way."""
    yield from drifted(standings.values(), settled_before=settled_before)
    newest = _newest(standings)
    for standing in standings.values():
        name = life_of(standing.escalation)
        if name.life == newest[name.ticket]:  # else the ticket was opened again since, which is the remedy
            yield from _of_workflow(standing, seen.get(standing.escalation))
    for case, one in seen.items():
        if one.is_running and one.trouble:
            yield _finding(Problem.STUCK, case, f"{one.trouble}; {_STUCK}")
        elif case not in standings and _must_be_recorded(one) and one.started_at < settled_before:
            yield _finding(Problem.UNRECORDED, case, f"its workflow is {one.status}, and the record does not know it")


def _newest(standings: Iterable[str]) -> Mapping[str, int]:
    """Number of the latest escalation of each ticket."""
    newest: dict[str, int] = {}
    for name in map(life_of, standings):
        newest[name.ticket] = max(name.life, newest.get(name.ticket, 0))
    return newest


def drifted(standings: Iterable[Standing], *, settled_before: datetime) -> Iterator[Finding]:
    """Find where the record disagrees with itself; a booking may be on its way back until it is settled."""
    for one in standings:
        if one.drift:
            yield _finding(Problem.DRIFTED, one.escalation, f"{one.drift}; see docs/failures.md")
        if one.booking and one.as_of < settled_before:
            yield _finding(Problem.LEFT_BOOKED, one.escalation, one.booking)


def _of_workflow(one: Standing, seen: Seen | None) -> Iterator[Finding]:
    if is_over(one):
        return
    if seen is None:
        what = f"the record says {one.stage}, and Temporal knows no workflow; {_AGAIN}"
        yield _finding(Problem.MISSING, one.escalation, what)
    elif not seen.is_running:
        what = f"the record says {one.stage}, and its workflow is {seen.status.replace('_', ' ')}; {_AGAIN}"
        yield _finding(Problem.CUT_OFF, one.escalation, what)


def _must_be_recorded(seen: Seen) -> bool:
    """An incident is recorded elsewhere; a case that failed or was stopped may never have been opened."""
    return seen.is_escalation and seen.status in {"running", "completed"}


def _finding(problem: Problem, escalation: str, detail: str) -> Finding:
    return Finding(problem=problem, escalation=escalation, detail=detail)
