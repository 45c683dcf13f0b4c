"""The clocks: which events start and stop them, and in which stages they can run at all.

A clock is one promise about time. This table is the only place where a clock is started or stopped; when it
falls due is worked out in `escalation.deadlines` from what is kept here: its start, and what fired already.

Rules, in the order in which an event is applied:

1. a clock outside its stages is dropped;
2. a clock whose stop is among the event's tags is dropped;
3. a clock whose start is among the tags starts a new cycle; a running one only if it `restarts`.

An event has its wire name as tag, and a few that depend on what it says (`tags`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.events import Closed, Event, MessageQueued, Promised, Resolved, SeverityChanged, ThresholdReached
from escalation.state import ACTIVE, ClockRun, State
from escalation.vocabulary import CUSTOMER, ClockName, Outcome, Stage

TO_CUSTOMER = "to_customer"
"""Tag of any message that goes to the customer."""
SOLVED = "solved"
"""Tag of a resolution that is not for want of a reply."""
REVIEW_DUE = "review_due"
"""Tag of a closing that asks for a review."""

_RESPONSES = frozenset({"customer_told", "information_requested", "options_offered"})
_PROGRESS = _RESPONSES | {"noted", "customer_replied", "resumed"}
_AFTERWARDS = frozenset({Stage.RESOLVED, Stage.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDefinition:
    """When a clock runs.

    Attributes:
        starts: Tags that start it.
        stops: Tags that stop it.
        stages: Stages in which it can run.
        restarts: Whether a start while it runs begins a new cycle; otherwise it runs on.
    """

    starts: frozenset[str]
    stops: frozenset[str] = frozenset()
    stages: frozenset[Stage]
    restarts: bool = False


CLOCKS: Mapping[ClockName, ClockDefinition] = {
    ClockName.ACKNOWLEDGE: ClockDefinition(
        starts=frozenset({"offered"}), stages=frozenset({Stage.OFFERED}), restarts=True
    ),
    ClockName.FIRST_RESPONSE: ClockDefinition(starts=frozenset({"opened"}), stops=_RESPONSES, stages=ACTIVE),
    ClockName.NEXT_RESPONSE: ClockDefinition(starts=frozenset({"customer_replied"}), stops=_RESPONSES, stages=ACTIVE),
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
    ClockName.RESOLUTION: ClockDefinition(starts=frozenset({"opened", "reopened"}), stages=ACTIVE),
    ClockName.CHOICE: ClockDefinition(
        starts=frozenset({"options_offered"}),
        stops=frozenset({"option_chosen", "choice_lapsed"}),
        stages=ACTIVE,
        restarts=True,
    ),
    ClockName.CUSTOMER_REPLY: ClockDefinition(
        starts=frozenset({"information_requested"}), stages=frozenset({Stage.WAITING_ON_CUSTOMER}), restarts=True
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


def tags(event: Event) -> frozenset[str]:
    """What the clocks see in an event: its wire name, and what it says between the lines."""
    match event:
        case MessageQueued(to=to) if to == CUSTOMER:
            return frozenset({event.kind, TO_CUSTOMER})
        case Resolved(outcome=outcome) if outcome is not Outcome.NO_REPLY:
            return frozenset({event.kind, SOLVED})
        case Closed(review_due=True):
            return frozenset({event.kind, REVIEW_DUE})
        case _:
            return frozenset({event.kind})


def apply_to_clocks(state: State, event: Event) -> State:
    """The state with its clocks started, stopped and marked as the event asks.

    Args:
        state: The state after everything else of the event was folded; its stage is the new one.
        event: The event.
    """
    seen = tags(event)
    restarted = event.restarted if isinstance(event, SeverityChanged) else ()
    runs = {clock: run for clock, run in state.runs.items() if not _stops(CLOCKS[clock], state.stage, seen)}
    starts = dict(state.starts)
    for clock, definition in CLOCKS.items():
        if clock in restarted or _starts(definition, state.stage, seen, running=clock in runs):
            starts[clock] = starts.get(clock, 0) + 1
            runs[clock] = ClockRun(cycle=starts[clock], started_at=event.at, eta=_eta(event, runs.get(clock)))
    if isinstance(event, ThresholdReached) and event.clock in runs:
        run = runs[event.clock]
        runs[event.clock] = replace(run, fired=(*run.fired, event.threshold), breached=run.breached or event.breach)
    return replace(state, runs=runs, starts=starts)


def _eta(event: Event, run: ClockRun | None) -> datetime | None:
    """What is promised now; a promise that only starts a new cycle still stands for its instant."""
    if isinstance(event, Promised):
        return event.eta
    return run.eta if run else None


def _stops(definition: ClockDefinition, stage: Stage, seen: frozenset[str]) -> bool:
    return stage not in definition.stages or bool(definition.stops & seen)


def _starts(definition: ClockDefinition, stage: Stage, seen: frozenset[str], *, running: bool) -> bool:
    return stage in definition.stages and bool(definition.starts & seen) and (definition.restarts or not running)
