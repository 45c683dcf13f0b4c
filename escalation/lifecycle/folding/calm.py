"""Folds the instant since which nothing bad has happened to the customer."""

from escalation.case import events
from escalation.case.state import State
from escalation.copies import changed
from escalation.vocabulary import CUSTOMER, ClimbCause


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
