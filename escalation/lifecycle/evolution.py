"""Folding events into state. Total: an event that was once written never fails to fold.

The order for each event: its own facts, then the streak of automatic messages, then the stage it leads to (`escalation.lifecycle.table`), then the end of a
wait that the stage leaves behind, then the clocks (`escalation.clocks.running`).
"""

from collections.abc import Iterable
from functools import reduce

from escalation.case import events
from escalation.case.events import Event
from escalation.case.state import State
from escalation.case.state_parts import PauseInterval
from escalation.clocks.fatigue import follow_streaks
from escalation.clocks.running import clocks_after
from escalation.clocks.undelivered import follow
from escalation.copies import changed, shared
from escalation.lifecycle.folding import keep_facts
from escalation.lifecycle.folding.kept import QUOTED_KEPT, WORDS_KEPT
from escalation.lifecycle.folding.pauses import end_pause
from escalation.lifecycle.table import stage_after
from escalation.vocabulary import CUSTOMER, ClimbCause, ClockName, PauseCause, Stage


class NotOpened(LookupError):
    """A timeline does not begin with its opening."""


def evolve(state: State | None, event: Event) -> State:
    """The state after one more event.

    Args:
        state: The state before; None only for the opening.

    Raises:
        NotOpened: There is no state and the event is not the opening.
    """
    if state is None:
        if not isinstance(event, events.Opened):
            raise NotOpened(f"a timeline begins with `opened`, not with `{event.kind}`")
        state, stage = _opened(event), Stage.UNASSIGNED
        runs, starts = clocks_after(state, stage, event)
        return changed(state, runs=runs, starts=starts)
    after = follow_streaks(state, keep_calm(keep_facts(state, event), event), event)
    stage = stage_after(after, event)
    if state.stage is Stage.WAITING_ON_CUSTOMER and stage is not state.stage:
        after = end_pause(after, PauseCause.WAITING_ON_CUSTOMER, event.at)
    runs, starts = clocks_after(after, stage, event)
    if after.unanswered and ClockName.NEXT_RESPONSE not in runs:
        after = changed(after, unanswered=())
    return follow(state, changed(after, seq=state.seq + 1, stage=stage, runs=runs, starts=starts), event)


def fold(timeline: Iterable[Event]) -> State:
    """The state a whole timeline leads to.

    Raises:
        NotOpened: The timeline is empty or does not begin with its opening.
    """
    state = reduce(evolve, timeline, None)
    if state is None:
        raise NotOpened("the timeline is empty")
    return state


def _opened(event: events.Opened) -> State:
    since = event.since or event.at
    pauses: tuple[PauseInterval, ...] = ()
    if event.waiting_on is not None:
        pauses = (PauseInterval(cause=event.waiting_on, start=since, end=None, by=event.by),)
    return State(
        **shared(event, State, besides=frozenset({"customer_words"})),
        seq=1,
        stage=Stage.UNASSIGNED,
        opened_at=event.at,
        cycle_opened_at=since,
        start_tier=event.tier,
        pauses=pauses,
        opening_words=event.customer_words[:QUOTED_KEPT],
        customer_words=event.customer_words[:WORDS_KEPT],
        customer_wrote_at=event.since if event.customer_words else None,
    )


def keep_calm(state: State, event: events.Event) -> State:
    """The state after an event that was bad for the customer, or changed their frustration."""
    return changed(state, calm_since=event.at) if _restarts(event) else state


def _restarts(event: events.Event) -> bool:
    match event:
        case events.ThresholdReached():
            return event.breach
        case events.Climbed():
            return event.cause is not ClimbCause.COMMAND
        case events.DeliveryFailed():
            return event.to == CUSTOMER
        case _:
            return isinstance(event, (events.FrustrationChanged, events.PromiseLapsed, events.Reopened))
