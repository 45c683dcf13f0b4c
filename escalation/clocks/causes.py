"""Causes that start and stop clocks: events of a type, or only those that say something in particular."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from escalation.case import events
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, LeftBehind, Outcome, PauseCause, Withdrawable

E = TypeVar("E", bound=events.Happened)


@dataclass(frozen=True, slots=True)
class When(Generic[E]):
    """Events of a type that say something in particular."""

    event: type[E]
    name: str  # what `docs/states.md` calls such an event
    says: Callable[[E], bool]  # whether an event of that type does


Cause: TypeAlias = type[events.Event] | When[Any]  # starts or stops a clock


def cause_name(cause: Cause) -> str:
    """The name of a cause in `docs/states.md`: the wire name of its event, or its own."""
    return cause.name if isinstance(cause, When) else str(cause.__dataclass_fields__["kind"].default)


OPENED_WAITING = When(events.Opened, "opened_waiting", lambda event: event.waiting_on is PauseCause.WAITING_ON_CUSTOMER)
"""The case was waiting for the customer when it was opened."""

# A limit notice does not count as an update: the customer still waits for one.
TO_CUSTOMER = When(
    events.MessageQueued,
    "to_customer",
    lambda event: event.to == CUSTOMER and event.message is not MessageKind.CONTACT_LIMITED,
)
"""Any message to the customer but the notice about a limit on contacts."""

# What a machine sent for the customer, such as an absence note, moves no clock.
CUSTOMER_WROTE = When(
    events.CustomerReplied,
    "customer_replied",
    lambda event: not event.automatic and event.set_aside_until is None and not event.settled,
)
"""The customer wrote more than thanks, and the message reaches the team."""

NOT_SATISFIED = When(
    events.SurveyAnswered, "not_satisfied", lambda event: not event.satisfied or event.objection or event.asks
)
"""An answer to the survey with a low score, or with a comment that objects or asks."""

SET_ASIDE = When(
    events.CustomerReplied, "set_aside", lambda event: not event.automatic and event.set_aside_until is not None
)
"""The customer wrote more often than a limit on contacts allows: only the clock of that limit starts."""

SOLVED = When(events.Resolved, "solved", lambda event: event.outcome is not Outcome.NO_REPLY)
"""Any resolution except `no_reply`."""

PROMISE_BROKEN = When(events.PromiseLapsed, "promise_broken", lambda event: not event.settled)
"""A promise was not kept, and the customer is owed a new time."""

PROMISE_WITHDRAWN = When(events.Withdrawn, "promise_withdrawn", lambda event: event.what is Withdrawable.PROMISE)
"""A promise to the customer was taken back."""

OPTIONS_WITHDRAWN = When(events.Withdrawn, "options_withdrawn", lambda event: event.what is Withdrawable.OPTIONS)
"""The options that the customer could choose from were taken back."""

ASKED_INSTEAD = When(events.HandedOn, "asked_instead", lambda event: bool(event.adviser))
"""Another colleague is asked for advice, because the one who was asked left."""

NO_ADVISER = When(events.HandedOn, "no_adviser", lambda event: LeftBehind.ADVICE in event.what and not event.adviser)
"""The colleague who was asked for advice left, and no one else is left to ask."""

APPROVER_SOUGHT = When(events.HandedOn, "approver_sought", lambda event: LeftBehind.APPROVAL in event.what)
"""Another person is to decide on an approval, because the one who was asked left."""

REVIEW_DUE = When(events.Closed, "review_due", lambda event: event.review_due)  # a closing that asks for a review

LAST_DONE = When(events.ActionCompleted, "last_action_completed", lambda event: not event.left)
LAST_LAPSED = When(events.ActionLapsed, "last_action_lapsed", lambda event: not event.left)
"""No action is waited for any more."""
