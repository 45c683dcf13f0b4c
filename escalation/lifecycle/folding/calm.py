"""Folds the instant since which nothing bad has happened to the customer."""

from escalation.case.events import (
    Climbed,
    DeliveryFailed,
    Event,
    FrustrationChanged,
    PromiseLapsed,
    Reopened,
    ThresholdReached,
)
from escalation.case.state import State
from escalation.copies import changed
from escalation.vocabulary import CUSTOMER, ClimbCause


def keep_calm(state: State, event: Event) -> State:
    """The state after an event that was bad for the customer, or changed their frustration."""
    return changed(state, calm_since=event.at) if _restarts(event) else state


def _restarts(event: Event) -> bool:
    match event:
        case ThresholdReached():
            return event.breach
        case Climbed():
            return event.cause is not ClimbCause.COMMAND
        case DeliveryFailed():
            return event.to == CUSTOMER
        case _:
            return isinstance(event, (FrustrationChanged, PromiseLapsed, Reopened))
