"""Derives from an event which clocks it ends or moves, and by when the customer has to have an answer.

A clock ends in two ways: the table in `escalation.clocks.definition` drops it with the event, or it is a response clock and the
policy counts the event as the answer. Either way a measured clock says how long it took.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from escalation.business_time import ALWAYS_OPEN, elapsed
from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import ANSWERS, StopCause
from escalation.clocks.deadlines import target_instant
from escalation.clocks.definition import CLOCKS
from escalation.clocks.timing import timing_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName

ANSWERED_BY: Mapping[type[events.Happened], StopCause] = {
    events.CustomerTold: StopCause.TOLD,
    events.CustomerToldElsewhere: StopCause.TOLD,
    events.InformationRequested: StopCause.ASKED,
    events.OptionsOffered: StopCause.OPTIONS_OFFERED,
    events.Acknowledged: StopCause.ACKNOWLEDGED,
}
"""Events that may be the answer."""

# Fields of the state, besides the clock's own run.
_TARGETS_DEPEND_ON = ("pauses", "severity", "category", "subcategory", "customer", "frustration")

# Events that change runs and end none: a threshold fired, or clocks run again in place of those a letter had begun.
_ENDS_NOTHING = (events.ThresholdReached, events.DeliveryFailed)


def stopped_clocks(before: State, after: State, policy: Policy, event: events.Event) -> Iterable[events.ClockStopped]:
    """The measured clocks that ended with an event, in the order of their table, by the policy that held before it."""
    answer = ANSWERED_BY.get(type(event))
    if answer is None and (before.runs is after.runs or isinstance(event, _ENDS_NOTHING)):
        return ()
    return _stopped(before, after, policy, event, answer)


def _stopped(
    before: State, after: State, policy: Policy, event: events.Event, answer: StopCause | None
) -> Iterator[events.ClockStopped]:
    for clock, run in before.runs.items():
        now = after.runs.get(clock)
        if not CLOCKS[clock].measured or (now is run and answer is None):
            continue
        if _is_another(run, now) or (answer is not None and is_answered(clock, answer, policy)):
            yield from _measured(before, policy, clock, run, event)


def is_answered(clock: ClockName, answer: StopCause, policy: Policy) -> bool:
    """Whether the policy counts this as the answer that stops the clock."""
    return bool(CLOCKS[clock].answers) and clock in policy.clocks and answer in policy.clocks[clock].stopped_by


def answer_by(state: State, policy: Policy, *, is_owed: bool = False) -> datetime | None:
    """The instant by which a person has to answer the customer, aware UTC; None if no answer is due or no clock sets one.

    It is the first target of the running clocks that an answer meets, so never later than the customer was promised.

    Args:
        is_owed: Whether the customer just wrote; otherwise an answer is owed where a response clock runs.
    """
    responses = [clock for clock in state.runs if any(is_answered(clock, one, policy) for one in ANSWERS)]
    dues = [*_targets(state, policy, responses)]
    if not dues and not is_owed:
        return None
    return min([*dues, *_targets(state, policy, _promised(state, policy))], default=None)


def _promised(state: State, policy: Policy) -> Iterator[ClockName]:
    # The clocks of what the customer was promised besides an answer; an update that is held was promised to no one.
    yield ClockName.PROMISE
    if not any(state.holds_updates(due) for due in _targets(state, policy, (ClockName.CUSTOMER_UPDATE,))):
        yield ClockName.CUSTOMER_UPDATE


def _targets(state: State, policy: Policy, clocks: Iterable[ClockName]) -> Iterator[datetime]:
    for clock in clocks:
        due = target_instant(state, policy, clock) if clock in state.runs else None
        if due is not None:
            yield due


def moved_targets(
    before: State, after: State, old: Policy, new: Policy, event: events.Event
) -> Iterable[events.DueChanged]:
    """The clocks that run on and are due at another instant than before.

    Args:
        old: The policy that held before.
        new: The policy that holds now.
        event: What happened; its wire name is the cause.
    """
    same = old is new and all(getattr(before, name) is getattr(after, name) for name in _TARGETS_DEPEND_ON)
    if same and not isinstance(event, events.DueSet):
        return ()
    return _moved(before, after, old, new, event)


def _moved(before: State, after: State, old: Policy, new: Policy, event: events.Event) -> Iterator[events.DueChanged]:
    for clock, run in before.runs.items():
        if _is_another(run, after.runs.get(clock)):
            continue
        was, is_now = target_instant(before, old, clock), target_instant(after, new, clock)
        if was != is_now:
            yield events.DueChanged(at=event.at, clock=clock, cycle=run.cycle, old=was, new=is_now, cause=event.kind)


def _is_another(run: ClockRun, now: ClockRun | None) -> bool:
    return now is None or now.cycle != run.cycle


def _measured(
    before: State, policy: Policy, clock: ClockName, run: ClockRun, event: events.Event
) -> Iterator[events.ClockStopped]:
    timing = timing_of(before, policy, clock)
    if timing is None:
        return
    yield events.ClockStopped(
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
