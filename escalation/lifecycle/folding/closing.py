"""Folds events that end a case or begin it again."""

from dataclasses import replace
from typing import Any, assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import CycleResult, PlannedAction, Unanswered
from escalation.clocks.causes import NOT_SATISFIED
from escalation.clocks.definition import REOPENED
from escalation.copies import changed
from escalation.lifecycle.folding.conversation import with_unanswered, with_words
from escalation.lifecycle.folding.kept import WORDS_KEPT
from escalation.lifecycle.folding.ownership import without_owner
from escalation.lifecycle.folding.pauses import end_all_pauses
from escalation.vocabulary import CUSTOMER, ClockName, TicketNews


def _is_choice(state: State, why: str) -> bool:
    # Whether they chose a solution too late: its title is not in their words.
    latest = state.unanswered[-1] if state.unanswered else None
    return latest is not None and latest.is_choice and latest.text == why[:WORDS_KEPT]


def keep(state: State, event: events.ClosingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.Resolved():
            return _resolved(state, event)
        case events.Reopened():
            if event.by == CUSTOMER and event.why and not _is_choice(state, event.why):
                state = with_words(state, event.why, event.at)
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
                is_reviewed=False,
                kept_at_solution="",
                checked=(),  # what was done did not hold, so it is to be done or looked at again
                checked_before=tuple(dict.fromkeys((*state.checked_before, *state.checked))),
                # That the help desk had it as solved is over; that the ticket is deleted there is not.
                ticket_news=None if state.ticket_news is TicketNews.SOLVED else state.ticket_news,
            )
        case events.SurveyAnswered():
            return _rated(state, event)
        case events.Closed():
            return changed(state, closed_at=event.at)
        case events.Cancelled():
            state = end_all_pauses(without_owner(state), event.at)
            return changed(state, closed_at=event.at, offer_booked=False, consult=None, approval=None, owed_time="")
        case events.ActionAgreed():
            agreed = PlannedAction(number=event.number, owner=event.owner, what=event.what, due=event.due)
            return changed(state, actions=(*state.actions, agreed))
        case events.ActionCompleted():
            return _with_action(state, event.number, done_at=event.at)
        case events.ActionLapsed():
            return _with_action(state, event.number, lapsed=True)
        case events.SurveySent():
            return changed(state, surveyed=state.cycle, left_out=frozenset())  # it asks what a follow-up asks too
        case events.Reviewed():
            return changed(state, is_reviewed=True)
        case events.SurveyExpired() | events.ReopenWindowEnded() | events.ReviewSkipped():
            return state
        case _:
            assert_never(event)


def _rated(state: State, event: events.SurveyAnswered) -> State:
    state = changed(state, score=event.score)
    if event.comment:
        state = with_words(state, event.comment, event.at)
    if not NOT_SATISFIED.says(event):
        return state
    return with_unanswered(state, Unanswered(text=event.comment[:WORDS_KEPT], at=event.at, score=event.score))


def _with_action(state: State, number: int, **facts: Any) -> State:
    return changed(
        state, actions=tuple(replace(one, **facts) if one.number == number else one for one in state.actions)
    )


def _resolved(state: State, event: events.Resolved) -> State:
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
        left_out=frozenset(),
        solution=event.solution,
        owed_time="",
        checked=tuple(dict.fromkeys((*state.checked, *event.checked))),
        resolved_at=event.at,
        offered_to="",
        options=(),
        default_option="",
        offer_booked=False,
        proposal="",
        shift_until=None,
        consult=None,
        approval=None,
        ended={clock: state.runs[clock] for clock in REOPENED if clock in state.runs},
    )
