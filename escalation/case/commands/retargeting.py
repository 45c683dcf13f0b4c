"""Commands that give clocks other targets."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import ActorId, Id, Number, Remark, Within
from escalation.case.values import PolicyRef
from escalation.phrasing import called
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    """Correct the severity; running clocks get their new targets.

    Attributes:
        severity: How bad it is for the customer, SEV1 is worst.
        why: The reason, for the timeline.
    """

    labels = called("Correct the severity", "Schweregrad berichtigen")
    kind: Literal["change_severity"] = "change_severity"
    severity: Severity
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDue:
    """Set the instant at which a running clock is due; pauses, severity and policy no longer change it.

    Attributes:
        clock: Which; a promise to the customer has a command of its own.
        at: The instant, aware UTC; None gives the clock back to the policy.
    """

    labels = called(
        "Set a due date",
        "Frist setzen",
        at=("Due at; empty returns it to the policy", "Fällig am; leer: wieder nach der Richtlinie"),
    )
    kind: Literal["set_due"] = "set_due"
    clock: ClockName
    at: datetime | None
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPolicy:
    """Switch the case to another policy, or another version; running clocks get its targets.

    The workflow loads it and asks with `adopt_policy`. The same policy again brings a case under the rules that new cases follow now.

    Attributes:
        policy: Name of the policy.
        version: Its version; the newest if not given.
        why: Why it changes.
    """

    labels = called("Apply another policy", "Eine andere Richtlinie anwenden")
    kind: Literal["apply_policy"] = "apply_policy"
    policy: Id
    version: Annotated[Number, Within(0)] = 0
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptPolicy:
    """Follow this policy from now on, and these rules of our own unless the case follows later ones already."""

    kind: Literal["adopt_policy"] = "adopt_policy"
    policy: Policy
    ref: PolicyRef
    by: ActorId
    why: Remark
    rules: int = 1


RetargetingCommand = ChangeSeverity | SetDue | ApplyPolicy  # by when it is to be done
