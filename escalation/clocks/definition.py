"""The clocks: which events start and stop them, and in which stages they can run at all.

A clock is one promise about time. This table is the only place where a clock is started or stopped; when it
falls due is worked out in `escalation.clocks.deadlines` from what is kept here: its start, and what fired already.

Rules, in the order in which an event is applied:

1. a clock outside its stages is dropped, and one whose wait is over;
2. a clock whose stop is among the event's tags is dropped, and one that `clock_stopped` names: what answers a
   customer is the policy's matter, so `escalation.clocks.answers` tells when a response clock stops;
3. a clock whose start is among the tags starts a new cycle; a running one only if it `restarts`.

An event has its wire name as tag, and a few that depend on what it says (`tags`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from escalation.case.events import (
    ClockStopped,
    CustomerReplied,
    DueSet,
    Event,
    Opened,
    PolicyApplied,
    Promised,
    SeverityChanged,
    ThresholdReached,
)
from escalation.case.state import ACTIVE, ClockRun, State
from escalation.copies import changed
from escalation.vocabulary import CUSTOMER, ClockName, MessageKind, Outcome, PauseCause, Stage

TO_CUSTOMER = "to_customer"
"""Tag of any message that goes to the customer, but for word of a limit on contacts."""
SOLVED = "solved"
"""Tag of a resolution that is not for want of a reply."""
REVIEW_DUE = "review_due"
"""Tag of a closing that asks for a review."""

OPENED_WAITING = "opened_waiting"
"""Tag of an opening that waits for the customer already."""
SET_ASIDE = "set_aside"
"""Tag of a customer's message that went over the limit on contacts: it moves no other clock than that of the limit."""

AUTOMATIC = "automatic"
"""Tag of a message that a machine sent for the customer: it moves no clock."""

_RESPONSES = frozenset({"customer_told", "information_requested", "options_offered"})
_CONSULTING = frozenset(
    {
        "consulted",
        "consult_answered",
        "approval_requested",
        "approval_granted",
        "approval_refused",
        "granted_within_authority",
    }
)
_PROGRESS = _RESPONSES | _CONSULTING | {"noted", "customer_replied", "resumed"}
_AFTERWARDS = frozenset({Stage.RESOLVED, Stage.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDefinition:
    """When a clock runs.

    Attributes:
        starts: Tags that start it.
        stops: Tags that stop it.
        stages: Stages in which it can run.
        waits_for: What must be waited for, or it is dropped.
        restarts: Whether a start while it runs begins a new cycle; otherwise it runs on.
        measured: Whether the time it took is recorded when it ends, as `clock_stopped`.
    """

    starts: frozenset[str]
    stops: frozenset[str] = frozenset()
    stages: frozenset[Stage]
    waits_for: PauseCause | None = None
    restarts: bool = False
    measured: bool = False


CLOCKS: Mapping[ClockName, ClockDefinition] = {
    ClockName.ACKNOWLEDGE: ClockDefinition(
        starts=frozenset({"offered"}),
        stops=frozenset({"declined", "offer_lapsed"}),
        stages=frozenset({Stage.OFFERED}),
        restarts=True,
        measured=True,
    ),
    ClockName.FIRST_RESPONSE: ClockDefinition(starts=frozenset({"opened"}), stages=ACTIVE, measured=True),
    ClockName.NEXT_RESPONSE: ClockDefinition(
        starts=frozenset({"customer_replied", "messages_put_forward"}),
        # What the customer writes after the solution is answered before the case closes.
        stops=frozenset({"resolved"}),
        stages=ACTIVE | {Stage.RESOLVED},
        measured=True,
    ),
    ClockName.PROMISE: ClockDefinition(
        starts=frozenset({"promised"}),
        stops=frozenset({"promise_kept", "promise_lapsed"}),
        stages=ACTIVE,
        restarts=True,
    ),
    ClockName.CUSTOMER_UPDATE: ClockDefinition(starts=frozenset({"opened", TO_CUSTOMER}), stages=ACTIVE, restarts=True),
    ClockName.CHECK_IN: ClockDefinition(
        starts=frozenset({"acknowledged", "overseer_held"}) | _PROGRESS,
        stages=frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER}),
        restarts=True,
    ),
    ClockName.CONSULT: ClockDefinition(
        starts=frozenset({"consulted"}),
        stops=frozenset({"consult_answered"}),
        stages=ACTIVE,
        restarts=True,
        measured=True,
    ),
    ClockName.APPROVAL: ClockDefinition(
        starts=frozenset({"approval_requested"}),
        stops=frozenset({"approval_granted", "approval_refused"}),
        stages=ACTIVE,
        restarts=True,
        measured=True,
    ),
    ClockName.RESOLUTION: ClockDefinition(starts=frozenset({"opened", "reopened"}), stages=ACTIVE, measured=True),
    ClockName.SHIFT_END: ClockDefinition(
        # Not while the customer has the ball: a new owner would have nothing to do. When they answer, it starts again.
        starts=frozenset({"acknowledged", "shift_noted", "customer_replied"}),
        stops=frozenset({"shift_ended"}),
        stages=frozenset({Stage.WORKING}),
    ),
    ClockName.CHOICE: ClockDefinition(
        starts=frozenset({"options_offered"}),
        stops=frozenset({"option_chosen", "choice_lapsed"}),
        stages=ACTIVE,
        restarts=True,
    ),
    ClockName.CUSTOMER_REPLY: ClockDefinition(
        starts=frozenset({"information_requested", OPENED_WAITING}),
        # A case that was opened waiting waits before somebody takes it, too.
        stages=frozenset({Stage.UNASSIGNED, Stage.OFFERED, Stage.WAITING_ON_CUSTOMER}),
        waits_for=PauseCause.WAITING_ON_CUSTOMER,
        restarts=True,
    ),
    ClockName.CONTACT_LIMIT: ClockDefinition(
        # What was set aside is put forward whatever becomes of the case, or it would never be read.
        starts=frozenset({SET_ASIDE}),
        stops=frozenset({"messages_put_forward"}),
        stages=ACTIVE | _AFTERWARDS,
    ),
    ClockName.FOLLOW_UP: ClockDefinition(starts=frozenset({SOLVED}), stages=_AFTERWARDS),
    ClockName.SATISFACTION: ClockDefinition(
        starts=frozenset({"survey_sent"}),
        stops=frozenset({"survey_answered", "survey_expired"}),
        stages=_AFTERWARDS,
    ),
    ClockName.REOPEN_WINDOW: ClockDefinition(
        starts=frozenset({"resolved"}), stops=frozenset({"reopen_window_ended"}), stages=_AFTERWARDS
    ),
    ClockName.REVIEW: ClockDefinition(
        starts=frozenset({REVIEW_DUE}),
        stops=frozenset({"reviewed", "review_skipped"}),
        stages=frozenset({Stage.CLOSED}),
    ),
}
"""Every clock of the design, in the order of `ClockName`."""


def tags(event: Event) -> tuple[str, ...]:
    """What the clocks see in an event: its wire name, and what it says between the lines."""
    kind = event.kind
    says = _BETWEEN_THE_LINES.get(kind)
    if says is not None and says[1](event):
        return (kind, says[0])
    if event.kind == "customer_replied" and event.automatic:
        return (AUTOMATIC,)
    if event.kind == "customer_replied" and event.set_aside_until is not None:
        return (SET_ASIDE,)
    return (kind,)


def _brings_news(event: Any) -> bool:
    # Word of a limit is no news of the case: whoever owes the customer an update owes it as before.
    return event.to == CUSTOMER and event.message is not MessageKind.CONTACT_LIMITED


_BETWEEN_THE_LINES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "message_queued": (TO_CUSTOMER, _brings_news),
    "resolved": (SOLVED, lambda event: event.outcome is not Outcome.NO_REPLY),
    "opened": (OPENED_WAITING, lambda event: event.waiting_on is PauseCause.WAITING_ON_CUSTOMER),
    "closed": (REVIEW_DUE, lambda event: event.review_due),
}
"""The tag that an event of this name has beside its name, and when. `Any`: each takes just the event it stands under."""


_Runs = Mapping[ClockName, ClockRun]


def clocks_after(state: State, stage: Stage, event: Event) -> tuple[_Runs, Mapping[ClockName, int]]:
    """The running clocks and how often each was started, after an event; the very same mappings where it can move none.

    Args:
        state: The state before its clocks follow.
        stage: The stage that the event leads to.
        event: The event.
    """
    runs = state.runs
    if stage is state.stage and event.kind not in _MAY_MOVE:
        return runs, state.starts
    changes = _ABOUT_ONE_CLOCK.get(event.kind)
    if changes is not None:
        return changes(runs, event), state.starts
    seen = tags(event)
    if stage is state.stage and _MOVING.isdisjoint(seen):
        return runs, state.starts
    ended, begun = _moved_by(seen, state.stage, stage)
    left = {clock: run for clock, run in runs.items() if clock not in ended} if ended else dict(runs)
    for clock, wait in _WAITING.items():
        if clock in left and not state.is_paused_by(wait):
            del left[clock]
    started = _started(left, begun, state, stage, event)
    if not started:
        return left, state.starts
    starts = dict(state.starts)
    for clock in started:
        starts[clock] = starts.get(clock, 0) + 1
        left[clock] = _begun(state, clock, starts[clock], event, left.get(clock))
    return left, starts


def ended_by(event: Event, before: Stage, after: Stage) -> frozenset[ClockName]:
    """The clocks that an event would end, whether they run or not.

    Args:
        event: What happened.
        before: The stage before it.
        after: The stage that it leads to.
    """
    if before is after and event.kind not in _MAY_MOVE:
        return frozenset()
    return _moved_by(tags(event), before, after)[0]


def _with_fired(runs: _Runs, event: ThresholdReached) -> _Runs:
    run = runs.get(event.clock)
    if run is None:
        return runs
    fired = changed(run, fired=(*run.fired, event.threshold), breached=run.breached or event.breach)
    return {**runs, event.clock: fired}


def _with_target(runs: _Runs, event: DueSet) -> _Runs:
    run = runs.get(event.clock)
    return runs if run is None else {**runs, event.clock: changed(run, eta=event.due)}


def _without(runs: _Runs, event: ClockStopped) -> _Runs:
    run = runs.get(event.clock)
    if run is None or run.cycle != event.cycle:
        return runs
    return {clock: one for clock, one in runs.items() if one is not run}


_ABOUT_ONE_CLOCK: Mapping[str, Callable[[_Runs, Any], _Runs]] = {
    "threshold_reached": _with_fired,
    "due_set": _with_target,
    "clock_stopped": _without,
}
"""What the events do that name the clock they are about. `Any`: each takes just the event it stands under."""


@cache
def _moved_by(seen: tuple[str, ...], before: Stage, after: Stage) -> tuple[frozenset[ClockName], tuple[ClockName, ...]]:
    """The clocks that such an event ends wherever they run, and those that it begins where nothing is in the way."""
    ended = {clock for tag in seen for clock in _STOPPED_BY.get(tag, ())}
    if after is not before:
        ended |= CLOCKS.keys() - _POSSIBLE[after]
    begun = (clock for tag in seen for clock in _STARTED_BY.get(tag, ()))
    return frozenset(ended), tuple(clock for clock in begun if clock in _POSSIBLE[after])


def _started(
    left: Mapping[ClockName, ClockRun], begun: Sequence[ClockName], state: State, stage: Stage, event: Event
) -> list[ClockName]:
    if isinstance(event, (SeverityChanged, PolicyApplied)):
        return [clock for clock in event.restarted if clock in _POSSIBLE[stage]]
    return [
        clock
        for clock in begun
        if (clock not in left or CLOCKS[clock].restarts)
        and (clock is not ClockName.SHIFT_END or state.shift_until is not None)
    ]


def _begun(state: State, clock: ClockName, cycle: int, event: Event, before: ClockRun | None) -> ClockRun:
    repeats = before.repeats + 1 if before and event.kind == "overseer_held" else 0
    # A shift may have ended while the customer was waited for; then the case is handed over now.
    shift = state.shift_until if clock is ClockName.SHIFT_END else None
    eta = max(shift, event.at) if shift is not None else _eta(event, before)
    return ClockRun(cycle=cycle, started_at=_anchor(clock, event), eta=eta, repeats=repeats)


def _by_tag(tags_of: Callable[[ClockDefinition], frozenset[str]]) -> Mapping[str, tuple[ClockName, ...]]:
    every = {tag for definition in CLOCKS.values() for tag in tags_of(definition)}
    return {
        tag: tuple(clock for clock, definition in CLOCKS.items() if tag in tags_of(definition)) for tag in sorted(every)
    }


_STARTED_BY = _by_tag(lambda definition: definition.starts)
_STOPPED_BY = _by_tag(lambda definition: definition.stops)
_MOVING = frozenset({*_STARTED_BY, *_STOPPED_BY, "severity_changed", "policy_applied"})
"""Tags of events that can move a clock though the stage stays; most messages and notes move none."""
_MAY_MOVE = frozenset({*_MOVING, *_BETWEEN_THE_LINES, *_ABOUT_ONE_CLOCK})
"""Wire names of events that have such a tag, at least for what they may say, or are about one clock."""
_POSSIBLE = {stage: frozenset(clock for clock in CLOCKS if stage in CLOCKS[clock].stages) for stage in Stage}
"""The clocks that can run in a stage."""
_WAITING = {clock: definition.waits_for for clock, definition in CLOCKS.items() if definition.waits_for is not None}


def _eta(event: Event, run: ClockRun | None) -> datetime | None:
    """What a person named as the target; it still stands where the clock only begins a new cycle with new rules."""
    if isinstance(event, Promised):
        return event.eta
    if isinstance(event, CustomerReplied):
        return event.set_aside_until
    return run.eta if run and isinstance(event, (SeverityChanged, PolicyApplied)) else None


def _anchor(clock: ClockName, event: Event) -> datetime:
    """What a clock counts from: the event, except that an opening can tell of an earlier instant.

    What the customer has to do counts from the opening also then: nobody has reminded them before.
    """
    if isinstance(event, Opened) and event.since is not None and CLOCKS[clock].waits_for is None:
        return event.since
    return event.at
