"""Which clocks run after an event, by the table in `escalation.clocks.definition`.

Rules, in the order in which an event is applied:

1. a clock outside its stages is dropped, and one whose wait is over;
2. a clock that the event stops is dropped, and one that `clock_stopped` names: what answers a customer is the policy's
   matter, so `escalation.clocks.answers` says when a response clock stops;
3. a clock that the event starts begins a new cycle; a running one only if it `restarts`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, ResolvedTime
from escalation.clocks.anatomy import ClockDefinition
from escalation.clocks.causes import Cause, When
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FromCase
from escalation.copies import changed
from escalation.vocabulary import ClockName, Stage

# Events that give running clocks other targets, and may begin a new cycle of them.
_RETARGETING = (events.SeverityChanged, events.PolicyApplied, events.Corrected)

Runs: TypeAlias = Mapping[ClockName, ClockRun]
Causes: TypeAlias = Mapping[type[events.Happened], Sequence[tuple[ClockName, Cause]]]


def clocks_after(state: State, stage: Stage, event: events.Event) -> tuple[Runs, Mapping[ClockName, int]]:
    """The running clocks and how often each was started, after an event; the very same mappings where it can move none.

    Args:
        state: The state before its clocks follow.
        stage: The stage that the event leads to.
    """
    runs = state.runs
    if stage is state.stage and type(event) not in _MAY_MOVE:
        return runs, state.starts
    if isinstance(event, (events.ThresholdReached, events.DueSet, events.ClockStopped)):
        return _about_one_clock(runs, event), state.starts
    ended = ended_by(event, state.stage, stage)
    left = {clock: run for clock, run in runs.items() if clock not in ended and not _waits_in_vain(clock, state)}
    started = _started(left, state, stage, event)
    if not started and len(left) == len(runs):
        return runs, state.starts
    starts = dict(state.starts)
    for clock in started:
        if isinstance(event, events.Reopened) and clock in event.continued:
            left[clock] = _continued(state, clock, event)
            continue
        starts[clock] = starts.get(clock, 0) + 1
        left[clock] = _begun(state, clock, starts[clock], event, left.get(clock))
    return left, starts


def ended_by(event: events.Event, before: Stage, after: Stage) -> frozenset[ClockName]:
    """The clocks that an event would end, whether they run or not.

    Args:
        before: The stage before it.
        after: The stage that it leads to.
    """
    stopped = frozenset(_caused(_STOPPED_BY, event))
    return stopped if before is after else stopped | (CLOCKS.keys() - POSSIBLE[after])


def _waits_in_vain(clock: ClockName, state: State) -> bool:
    wait = CLOCKS[clock].waits_for
    return wait is not None and not state.is_paused_by(wait)


def _about_one_clock(runs: Runs, event: events.ThresholdReached | events.DueSet | events.ClockStopped) -> Runs:
    """The runs after an event that names the clock it is about."""
    run = runs.get(event.clock)
    if run is None:
        return runs
    match event:
        case events.ThresholdReached():
            fired = changed(run, fired=(*run.fired, event.threshold), breached=run.breached or event.breach)
            return {**runs, event.clock: fired}
        case events.DueSet():
            return {**runs, event.clock: changed(run, eta=event.due)}
        case events.ClockStopped():
            return {clock: one for clock, one in runs.items() if one is not run or one.cycle != event.cycle}
        case _:
            assert_never(event)


def _started(left: Runs, state: State, stage: Stage, event: events.Event) -> Sequence[ClockName]:
    if isinstance(event, _RETARGETING):
        named = dict.fromkeys((*event.restarted, *_caused(_STARTED_BY, event)))
        return [clock for clock in named if clock in POSSIBLE[stage]]
    return [
        clock
        for clock in _caused(_STARTED_BY, event)
        if clock in POSSIBLE[stage]
        and (clock not in left or CLOCKS[clock].restarts)
        and _has_target(clock, state, event)
    ]


def _has_target(clock: ClockName, state: State, event: events.Event) -> bool:
    source = CLOCKS[clock].target
    return not isinstance(source, FromCase) or source.instant(state, event) is not None


def _begun(state: State, clock: ClockName, cycle: int, event: events.Event, before: ClockRun | None) -> ClockRun:
    definition = CLOCKS[clock]
    eta = definition.target.instant(state, event) if isinstance(definition.target, FromCase) else None
    if eta is None and before is not None and isinstance(event, _RETARGETING):
        # What a person named still counts, unless it has come: the clock only begins a new cycle with new rules.
        eta = before.eta if before.eta is not None and before.eta > event.at else None
    started_at = event.at
    if isinstance(event, events.Opened) and event.since is not None and definition.waits_for is None:
        # An opening can be about an earlier instant. What the customer has to do counts from the opening also then:
        # no one has reminded them before.
        started_at = event.since
    repeats = before.repeats + 1 if before and isinstance(event, events.OverseerHeld) else 0
    begun = ClockRun(cycle=cycle, started_at=started_at, eta=eta, repeats=repeats)
    if isinstance(event, events.Promised):
        return changed(begun, promise=event.what, incident=event.incident, author=event.by if event.pages else "")
    if before is None:
        return begun
    return changed(begun, promise=before.promise, incident=before.incident, author=before.author)


def _continued(state: State, clock: ClockName, event: events.Reopened) -> ClockRun:
    run, since = state.ended[clock], state.results[-1].resolved_at
    return changed(
        run,
        resolved=(*run.resolved, ResolvedTime(start=since, end=event.at, by=event.by)),
        extra=run.extra + event.continued[clock],
        eta=None if run.eta is None else run.eta + (event.at - since),
    )


def _caused(causes: Causes, event: events.Event) -> list[ClockName]:
    found = causes.get(type(event), ())
    return [clock for clock, cause in found if not isinstance(cause, When) or cause.says(event)]


def _by_event(causes_of: Callable[[ClockDefinition], Sequence[Cause]]) -> Causes:
    """The table turned round: by type of event, the clocks it starts or stops; those it always does come first."""
    found: dict[type[events.Happened], list[tuple[ClockName, Cause]]] = {}
    for clock, definition in CLOCKS.items():
        for cause in causes_of(definition):
            found.setdefault(cause.event if isinstance(cause, When) else cause, []).append((clock, cause))
    return {event: sorted(pairs, key=lambda pair: isinstance(pair[1], When)) for event, pairs in found.items()}


_STARTED_BY = _by_event(lambda definition: definition.starts())
_STOPPED_BY = _by_event(lambda definition: definition.stops())
# Events that can move a clock though the stage stays; most messages and notes move none.
_MAY_MOVE = frozenset(
    {*_STARTED_BY, *_STOPPED_BY, *_RETARGETING, events.ThresholdReached, events.DueSet, events.ClockStopped}
)
POSSIBLE: Mapping[Stage, frozenset[ClockName]] = {
    stage: frozenset(clock for clock in CLOCKS if stage in CLOCKS[clock].stages) for stage in Stage
}
"""The clocks that can run in a stage."""
