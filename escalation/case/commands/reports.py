"""Commands by which the workflow reports due timers and the results of activities."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.vocabulary import SYSTEM, Errand


@dataclass(frozen=True, slots=True, kw_only=True)
class FireDueClocks:
    """Carry out every threshold that is due now, in order."""

    kind: Literal["fire_due_clocks"] = "fire_due_clocks"
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssignment:
    """The directory booked a person for the offer.

    Attributes:
        until: When their shift ends, aware UTC, where the policy hands cases over then; None while nothing ends it.
    """

    kind: Literal["record_assignment"] = "record_assignment"
    offer: int
    person: str
    until: datetime | None = None
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNobodyAvailable:
    """The directory found no one for the offer."""

    kind: Literal["record_nobody_available"] = "record_nobody_available"
    offer: int
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssignmentDelayed:
    """The directory could not be asked for a while; the search continues, unless it can never be answered.

    Attributes:
        is_final: Whether asking again cannot help.
    """

    kind: Literal["record_assignment_delayed"] = "record_assignment_delayed"
    offer: int
    error: str
    is_final: bool = False
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGaveUp:
    """Something could not be done in the stated time, or never can be.

    Attributes:
        error: The kind of error; no values in it.
    """

    kind: Literal["record_gave_up"] = "record_gave_up"
    what: Errand
    error: str
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordApprover:
    """The directory named a person who can decide on a request for approval; empty if there is none."""

    kind: Literal["record_approver"] = "record_approver"
    approval: int
    person: str
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeliveryFailed:
    """A message could not be delivered on any channel.

    Attributes:
        key: The message's key.
        error: What the last channel said; no addresses in it.
    """

    kind: Literal["record_delivery_failed"] = "record_delivery_failed"
    key: str
    to: str
    error: str
    by: str = SYSTEM


WorkflowReport = (
    FireDueClocks
    | RecordAssignment
    | RecordNobodyAvailable
    | RecordAssignmentDelayed
    | RecordApprover
    | RecordDeliveryFailed
    | RecordGaveUp
)
"""What the workflow reports."""
