"""How a case ends, and whether it begins again, as the state keeps it."""

from typing import assert_never

from escalation.case.events import (
    Cancelled,
    Closed,
    ClosingEvent,
    Reopened,
    ReopenWindowEnded,
    Resolved,
    Reviewed,
    ReviewSkipped,
    SurveyAnswered,
    SurveyExpired,
    SurveySent,
)
from escalation.case.state import CycleResult, State
from escalation.copies import changed
from escalation.lifecycle.folding.ownership import without_owner
from escalation.lifecycle.folding.pauses import end_all_pauses
from escalation.vocabulary import ClockName


def keep(state: State, event: ClosingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case Resolved():
            return _resolved(state, event)
        case Reopened():
            return changed(
                without_owner(state),
                cycle=event.cycle,
                cycle_opened_at=event.at,
                outcome=None,
                resolved_at=None,
                closed_at=None,
                score=None,
                round=1,
                tried=(),
            )
        case SurveyAnswered():
            return changed(state, score=event.score)
        case Closed():
            return changed(state, closed_at=event.at)
        case Cancelled():
            state = end_all_pauses(without_owner(state), event.at)
            return changed(state, closed_at=event.at, offer_booked=False, consult=None, approval=None)
        case SurveySent() | SurveyExpired() | ReopenWindowEnded() | Reviewed() | ReviewSkipped():
            return state
        case _:
            assert_never(event)


def _resolved(state: State, event: Resolved) -> State:
    run = state.runs.get(ClockName.RESOLUTION)
    result = CycleResult(
        cycle=state.cycle,
        opened_at=state.cycle_opened_at,
        resolved_at=event.at,
        outcome=event.outcome,
        breached=run is not None and run.breached,
    )
    return changed(
        end_all_pauses(state, event.at),
        results=(*state.results, result),
        outcome=event.outcome,
        solution=event.solution,
        resolved_at=event.at,
        offered_to="",
        options=(),
        default_option="",
        offer_booked=False,
        proposal="",
        shift_until=None,
        consult=None,
        approval=None,
    )
