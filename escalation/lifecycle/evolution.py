"""Folding events into state. Total: an event that was once written never fails to fold.

The order for each event: its own facts, then the stage it leads to (`STAGE_AFTER`), then the end of a wait that
the stage leaves behind, then the clocks (`escalation.clocks.running`).
"""

from collections.abc import Iterable, Mapping
from functools import reduce

from escalation.case import events
from escalation.case.events import Event
from escalation.case.state import PauseInterval, State
from escalation.clocks.running import clocks_after
from escalation.clocks.undelivered import follow, stage_without
from escalation.copies import changed
from escalation.lifecycle import (
    folding_consulting,  # noqa: F401 (loaded for what it registers)
    folding_ownership,  # noqa: F401 (as above)
)
from escalation.lifecycle.folding import end_pause, keep_facts
from escalation.vocabulary import PauseCause, Stage

STAGE_AFTER: Mapping[str, Stage] = {
    "owner_sought": Stage.UNASSIGNED,
    "offered": Stage.OFFERED,
    "acknowledged": Stage.WORKING,
    "overseer_held": Stage.WORKING,
    "information_requested": Stage.WAITING_ON_CUSTOMER,
    "resolved": Stage.RESOLVED,
    "reopened": Stage.UNASSIGNED,
    "closed": Stage.CLOSED,
    "cancelled": Stage.CANCELLED,
}
"""The stage an event leads to; other events leave it as it is.

Three depend on the stage before: `customer_replied` ends a wait, so does the failure of the question, and who takes a case that was opened waiting for its
customer waits too.
"""


_FACTS = {
    kind: function
    for kind in events.EVENTS.values()
    if (function := keep_facts.dispatch(kind)) is not keep_facts.dispatch(object)
}
"""What `keep_facts` would call for the events that say something; a simulation cannot afford to ask it each time."""

_LEAD_ON = frozenset({*STAGE_AFTER, "customer_replied"})
"""Events after which the stage may be another one."""


class NotOpened(LookupError):
    """A timeline does not begin with its opening."""


def evolve(state: State | None, event: Event) -> State:
    """The state after one more event.

    Args:
        state: The state before; None only for the opening.
        event: What happened.

    Raises:
        NotOpened: There is no state and the event is not the opening.
    """
    if state is None:
        if not isinstance(event, events.Opened):
            raise NotOpened(f"a timeline begins with `opened`, not with `{event.kind}`")
        state, stage = _opened(event), Stage.UNASSIGNED
        runs, starts = clocks_after(state, stage, event)
        return changed(state, runs=runs, starts=starts)
    keep, stage = _FACTS.get(type(event)), state.stage
    after = state if keep is None else keep(event, state)
    if event.kind in _LEAD_ON:
        stage = _stage_after(state, event)
        if state.stage is Stage.WAITING_ON_CUSTOMER and stage is not Stage.WAITING_ON_CUSTOMER:
            after = end_pause(after, PauseCause.WAITING_ON_CUSTOMER, event.at)
    elif event.kind == "delivery_failed":
        stage = stage_without(after)
    runs, starts = clocks_after(after, stage, event)
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


def _stage_after(state: State, event: Event) -> Stage:
    after, is_waiting = STAGE_AFTER.get(event.kind), state.stage is Stage.WAITING_ON_CUSTOMER
    if after is None:
        ends_wait = is_waiting and isinstance(event, events.CustomerReplied) and not event.automatic
        return Stage.WORKING if ends_wait else state.stage
    if after is Stage.WORKING and not is_waiting and state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        return Stage.WAITING_ON_CUSTOMER  # as the ticket did when it was opened
    return after


def _opened(event: events.Opened) -> State:
    since = event.since or event.at
    pauses: tuple[PauseInterval, ...] = ()
    if event.waiting_on is not None:
        pauses = (PauseInterval(cause=event.waiting_on, start=since, end=None, by=event.by),)
    return State(
        seq=1,
        ticket=event.ticket,
        life=event.life,
        summary=event.summary,
        customer=event.customer,
        contact=event.contact,
        severity=event.severity,
        category=event.category,
        reasons=event.reasons,
        policy=event.policy,
        frustration=event.frustration,
        our_fault=event.our_fault,
        stage=Stage.UNASSIGNED,
        opened_at=event.at,
        cycle_opened_at=since,
        tier=event.tier,
        start_tier=event.tier,
        pauses=pauses,
        question=event.question,
        rules=event.rules,
    )
