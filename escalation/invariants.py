"""What must always be true of an escalation. Checked by tests, by the demo, and by whoever audits a record."""

from collections.abc import Iterable, Mapping

from escalation.deadlines import Due, deadlines
from escalation.events import Event, ThresholdReached
from escalation.policy import Policy
from escalation.state import State
from escalation.vocabulary import ClockName, PauseCause, Stage


def violations(state: State, policy: Policy, armed: Mapping[ClockName, Due] | None = None) -> tuple[str, ...]:
    """What is wrong with this state, a sentence each; empty when all is well.

    Args:
        state: The state.
        policy: Its policy.
        armed: `deadlines` of the two, where they are known already.
    """
    known = deadlines(state, policy) if armed is None else armed
    return tuple(text for text, holds in _checks(state, policy, known) if not holds)


def doubled_thresholds(timeline: Iterable[Event]) -> tuple[tuple[ClockName, int, str], ...]:
    """(clock, cycle, threshold) of the thresholds that fired more than once; empty when all is well."""
    seen: set[tuple[ClockName, int, str]] = set()
    doubled = []
    for event in timeline:
        if isinstance(event, ThresholdReached):
            key = (event.clock, event.cycle, event.threshold)
            if key in seen:
                doubled.append(key)
            seen.add(key)
    return tuple(doubled)


def _checks(state: State, policy: Policy, armed: Mapping[ClockName, Due]) -> tuple[tuple[str, bool], ...]:
    needs_owner = state.stage in (Stage.WORKING, Stage.WAITING_ON_CUSTOMER)
    return (
        ("an open escalation has a contact", not state.is_open or bool(state.contact)),
        ("an open escalation has an armed clock", not state.is_open or bool(armed)),
        ("an owner and an offer exclude each other", not (state.owner and state.offered_to)),
        ("who works on it owns it", not needs_owner or bool(state.owner)),
        ("who is asked is named", (state.stage is Stage.OFFERED) == bool(state.offered_to)),
        ("a wait for the customer is a stage", not _waits(state) or state.stage in _WAITING),
        ("a cancelled escalation has no clock", state.stage is not Stage.CANCELLED or not state.runs),
        ("what was set aside is put forward", not state.set_aside or ClockName.CONTACT_LIMIT in armed),
        ("the tier is on the ladder", 1 <= state.tier <= policy.ladder.top),
    )


_WAITING = (Stage.WAITING_ON_CUSTOMER, Stage.UNASSIGNED, Stage.OFFERED)
"""The stage of a wait, and those before somebody takes a case that was opened waiting."""


def _waits(state: State) -> bool:
    return state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER)
