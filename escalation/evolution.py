"""Folding events into state. Total: an event that was once written never fails to fold.

The order for each event: its own facts, then the stage it leads to (`STAGE_AFTER`), then the end of a wait that
the stage leaves behind, then the clocks (`escalation.clocks`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce

from escalation import events
from escalation.clocks import apply_to_clocks
from escalation.events import Event
from escalation.folding import end_pause, keep_facts
from escalation.state import State
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
"""The stage an event leads to, whatever the stage before; other events leave it as it is."""


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
        return apply_to_clocks(_opened(event), event)
    after = replace(keep_facts(event, state), seq=state.seq + 1)
    after = replace(after, stage=_stage_after(state, event))
    if state.stage is Stage.WAITING_ON_CUSTOMER and after.stage is not Stage.WAITING_ON_CUSTOMER:
        after = end_pause(after, PauseCause.WAITING_ON_CUSTOMER, event.at)
    return apply_to_clocks(after, event)


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
    if isinstance(event, events.CustomerReplied) and state.stage is Stage.WAITING_ON_CUSTOMER:
        return Stage.WORKING
    return STAGE_AFTER.get(event.kind, state.stage)


def _opened(event: events.Opened) -> State:
    return State(
        seq=1,
        ticket=event.ticket,
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
        cycle_opened_at=event.at,
        tier=event.tier,
        start_tier=event.tier,
    )
