"""What an event means for the clocks, said as events of its own: clocks that ended, and targets that moved.

A clock ends in two ways: the table in `escalation.clocks.definition` drops it with the event, or it is a response clock and the
policy counts the event as the answer. Either way a measured clock says how long it took.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from escalation.business_time import ALWAYS_OPEN, elapsed
from escalation.case.events import ClockStopped, DueChanged, Event
from escalation.case.state import ClockRun, State
from escalation.clocks.deadlines import target_instant
from escalation.clocks.definition import CLOCKS
from escalation.clocks.timing import timing_of
from escalation.policy import Policy, StopCause
from escalation.vocabulary import ClockName

RESPONSES = frozenset({ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE})
"""Clocks that stop when the customer is answered, whatever the policy counts as that."""

MEASURED = frozenset(clock for clock, definition in CLOCKS.items() if definition.measured)
"""Clocks that say how long they took when they end."""

ANSWERED_BY: Mapping[str, StopCause] = {
    "customer_told": StopCause.TOLD,
    "information_requested": StopCause.ASKED,
    "options_offered": StopCause.OPTIONS_OFFERED,
    "acknowledged": StopCause.ACKNOWLEDGED,
}
"""Events that may be the answer."""


_ENDS_NOTHING = frozenset({"threshold_reached", "delivery_failed"})
"""Events that change runs and end none: a threshold fired, or clocks run again in place of those a letter had begun."""


def stopped_clocks(before: State, after: State, policy: Policy, event: Event) -> Iterable[ClockStopped]:
    """The measured clocks that ended with an event, in the order of their table.

    Args:
        before: The state before the event.
        after: The state after it.
        policy: The policy that held before.
        event: What happened.
    """
    answer = ANSWERED_BY.get(event.kind)
    if answer is None and (before.runs is after.runs or event.kind in _ENDS_NOTHING):
        return ()
    return _stopped(before, after, policy, event, answer)


def _stopped(
    before: State, after: State, policy: Policy, event: Event, answer: StopCause | None
) -> Iterator[ClockStopped]:
    for clock, run in before.runs.items():
        now = after.runs.get(clock)
        if clock not in MEASURED or (now is run and answer is None):
            continue
        is_gone = _is_another(run, now)
        is_answered = clock in RESPONSES and clock in policy.clocks and answer in policy.clocks[clock].stopped_by
        if is_gone or is_answered:
            yield from _measured(before, policy, clock, run, event)


def moved_targets(before: State, after: State, old: Policy, new: Policy, event: Event) -> Iterable[DueChanged]:
    """The clocks that run on and fall due at another instant than before.

    Args:
        before: The state before the event.
        after: The state after it.
        old: The policy that held before.
        new: The policy that holds now.
        event: What happened; its wire name is the cause.
    """
    same = before.pauses is after.pauses and before.severity is after.severity and old is new
    if same and event.kind != "due_set":
        return ()
    return _moved(before, after, old, new, event)


def _moved(before: State, after: State, old: Policy, new: Policy, event: Event) -> Iterator[DueChanged]:
    for clock, run in before.runs.items():
        if _is_another(run, after.runs.get(clock)):
            continue
        was, is_now = target_instant(before, old, clock), target_instant(after, new, clock)
        if was != is_now:
            yield DueChanged(at=event.at, clock=clock, cycle=run.cycle, old=was, new=is_now, cause=event.kind)


def _is_another(run: ClockRun, now: ClockRun | None) -> bool:
    return now is None or now.cycle != run.cycle


def _measured(before: State, policy: Policy, clock: ClockName, run: ClockRun, event: Event) -> Iterator[ClockStopped]:
    timing = timing_of(before, policy, clock)
    if timing is None:
        return
    yield ClockStopped(
        at=event.at,
        clock=clock,
        cycle=run.cycle,
        started_at=run.started_at,
        business_seconds=timing.elapsed(run, event.at),
        wall_seconds=_whole_seconds(run.started_at, event.at),
        breached=run.breached,
        cause=event.kind,
    )


def _whole_seconds(start: datetime, end: datetime) -> int:
    # Business time counts whole seconds, so the wall clock beside it must begin and end on them too.
    return elapsed(ALWAYS_OPEN, start, end)
