"""Fatigue: automatic updates to the customer, and reminders of them to staff, slow down while no person writes.

Two clocks start themselves again for as long as people are silent: `customer_update` with each holding update, and
`check_in` while the overseer holds the case. Their intervals and thresholds stay as they are, and all of them are in
the timeline. Whether one of them speaks depends on the streak since a person last wrote: the first ones do, then one in
several, then one a week (`escalation.policy.Fatigue`). A message of a person or of the customer ends the streak.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import Streak
from escalation.clocks.causes import CUSTOMER_WROTE, SET_ASIDE, Cause, When
from escalation.clocks.deadlines import target_instant
from escalation.clocks.definition import CLOCKS
from escalation.clocks.timing import timing_of
from escalation.copies import changed
from escalation.message_kinds import MessageKind
from escalation.policy import Fatigue, Policy
from escalation.vocabulary import SYSTEM, ClockName

_NONE = Streak()
_UPDATE, _CHECK_IN = ClockName.CUSTOMER_UPDATE, ClockName.CHECK_IN
# What ends a streak: a person or the customer writes, or the case begins or ends; for `check_in` progress.
_SIGNS: Mapping[ClockName, Sequence[Cause]] = {
    _UPDATE: (
        *(
            events.CustomerTold,
            events.CustomerToldElsewhere,
            events.InformationRequested,
            events.OptionsOffered,
            events.Resolved,
            events.Reopened,
            CUSTOMER_WROTE,
            SET_ASIDE,
        ),
        When(events.OptionChosen, "chosen", lambda event: event.by != SYSTEM),
    ),
    _CHECK_IN: tuple(one for one in CLOCKS[_CHECK_IN].starts() if one is not events.OverseerHeld),
}


def streak_of(state: State, clock: ClockName) -> Streak:
    """The automatic messages in a row about a clock."""
    return state.streaks.get(clock, _NONE)


def has_turn(state: State, policy: Policy, clock: ClockName, at: datetime) -> bool:
    """Whether the interval of a clock that ends at this instant, aware UTC, speaks."""
    streak, fatigue = streak_of(state, clock), policy.fatigue
    if _is_at_last_step(state, policy, clock):
        return streak.since is None or at - streak.since >= timedelta(seconds=fatigue.then.seconds)
    return streak.spoken < fatigue.at_cadence or streak.withheld + 1 >= fatigue.every


def _is_at_last_step(state: State, policy: Policy, clock: ClockName) -> bool:
    fatigue = policy.fatigue
    is_used_up = clock is _UPDATE and 0 < fatigue.in_all <= state.sent.get(MessageKind.HOLDING_UPDATE, 0)
    return is_used_up or streak_of(state, clock).spoken >= fatigue.at_cadence + fatigue.times


def has_ended(streak: Streak, fatigue: Fatigue) -> bool:
    """Whether the customer gets no more automatic updates until a person writes."""
    return 0 < fatigue.ends_after <= streak.spoken


def begins_step(streak: Streak, fatigue: Fatigue) -> bool:
    """Whether automatic updates are rarer from now on, or have ended."""
    steps = {fatigue.at_cadence, fatigue.at_cadence + fatigue.times, fatigue.ends_after or None}
    return streak.withheld == 0 and streak.spoken in steps


def next_letter_by(state: State, policy: Policy) -> datetime | None:
    """The latest instant at which the customer hears from us, aware UTC; None if no clock promises one."""
    due = _next_update(state, policy)
    return None if due is None else arrives_at(MessageKind.HOLDING_UPDATE, due, state, policy)


def arrives_at(letter: MessageKind, at: datetime, state: State, policy: Policy) -> datetime:
    """When the customer gets a letter that is written at an instant, aware UTC: then, or after their quiet hours."""
    until = policy.quiet_hours.customer_waits_until((letter,), state.severity, state.customer.zone, at)
    return until or at


def _next_update(state: State, policy: Policy) -> datetime | None:
    due = target_instant(state, policy, _UPDATE) if _UPDATE in state.runs else None
    if due is not None and state.holds_updates(due):
        return None
    streak, fatigue = streak_of(state, _UPDATE), policy.fatigue
    if due is None or has_turn(state, policy, _UPDATE, due):
        return None if has_ended(streak, fatigue) else due
    if has_ended(streak, fatigue):
        return None
    if not _is_at_last_step(state, policy, _UPDATE):
        for _ in range(fatigue.every - streak.withheld - 1):
            due = _one_interval_after(due, state, policy)
        return due
    quiet_until = (streak.since or due) + timedelta(seconds=fatigue.then.seconds)
    return _one_interval_after(max(due, quiet_until), state, policy)


def follow_streaks(before: State, after: State, event: events.Event) -> State:
    """The state after an event, with what it means for the streaks."""
    match event:
        case events.MessageQueued(message=MessageKind.HOLDING_UPDATE):
            return _with(after, _UPDATE, _turned(streak_of(after, _UPDATE), event.at))
        case events.HoldingUpdateWithheld():
            streak = streak_of(after, _UPDATE)
            return _with(after, _UPDATE, _turned(streak, event.at) if event.ended else _withheld(streak))
        case events.OverseerHeld() if before.overseer_holds:
            streak = streak_of(after, _CHECK_IN)
            return _with(after, _CHECK_IN, _withheld(streak) if event.unsaid else _turned(streak, event.at))
        case _ if not after.streaks:
            return after
        case _:
            ended = [clock for clock, signs in _SIGNS.items() if any(_is(event, sign) for sign in signs)]
            return changed(after, streaks={**after.streaks, **{clock: Streak(since=event.at) for clock in ended}})


def _is(event: events.Event, cause: Cause) -> bool:
    return isinstance(event, cause.event) and cause.says(event) if isinstance(cause, When) else isinstance(event, cause)


def _turned(streak: Streak, at: datetime) -> Streak:
    return Streak(spoken=streak.spoken + 1, since=at)


def _withheld(streak: Streak) -> Streak:
    return Streak(spoken=streak.spoken, withheld=streak.withheld + 1, since=streak.since)


def _with(state: State, clock: ClockName, streak: Streak) -> State:
    return changed(state, streaks={**state.streaks, clock: streak})


def _one_interval_after(due: datetime, state: State, policy: Policy) -> datetime:
    timing = timing_of(state, policy, _UPDATE)
    return due if timing is None else timing.interval_after(due)
