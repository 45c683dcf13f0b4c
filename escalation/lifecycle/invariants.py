"""Invariants of every escalation. Tests, the demo and `simulate` check them."""

from collections.abc import Iterable, Mapping

from escalation.case.events import Event, ThresholdReached
from escalation.case.state import State
from escalation.clocks.deadlines import Due, deadlines
from escalation.policy import Policy
from escalation.vocabulary import ACTIVE, OVER, ClockName, PauseCause, Stage


def violations(state: State, policy: Policy, armed: Mapping[ClockName, Due] | None = None) -> tuple[str, ...]:
    """The violated invariants of a state, one sentence each; pass `armed` where its deadlines are known already."""
    known = deadlines(state, policy) if armed is None else armed
    return tuple(_forgotten(state, known) + _contradicted(state, policy))


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


def _forgotten(state: State, armed: Mapping[ClockName, Due]) -> list[str]:
    """Yield what would let something fall asleep forever."""
    found = []
    if state.stage not in OVER:
        if not state.contact:
            found.append("an open escalation has a contact")
        if not armed:
            found.append("an open escalation has an armed clock")
    if state.stage not in ACTIVE and ClockName.NEXT_RESPONSE in state.runs and ClockName.NEXT_RESPONSE not in armed:
        found.append("what a customer wrote after the solution has a clock until it is answered")
    if state.set_aside and ClockName.CONTACT_LIMIT not in armed:
        found.append("held messages are released")
    return found


def _contradicted(state: State, policy: Policy) -> list[str]:
    """Yield what cannot be true at the same time."""
    stage, found = state.stage, []
    if state.owner and state.offered_to:
        found.append("an owner and an offer exclude each other")
    if stage in _OWNED and not state.owner:
        found.append("who works on it owns it")
    if (stage is _OFFERED) != bool(state.offered_to):
        found.append("who is asked is named")
    if stage not in _WAITING and state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        found.append("a wait for the customer is a stage")
    if stage is _CANCELLED and state.runs:
        found.append("a cancelled escalation has no clock")
    if not 1 <= state.tier <= policy.ladder.top:
        found.append("the tier is on the ladder")
    return found


_OFFERED, _CANCELLED = Stage.OFFERED, Stage.CANCELLED
_OWNED = frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER})
# The stage of a wait, and those before a person takes a case that was opened waiting.
_WAITING = frozenset({Stage.WAITING_ON_CUSTOMER, Stage.UNASSIGNED, Stage.OFFERED})
