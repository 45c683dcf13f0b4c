"""What may be asked of an escalation. Imperative names; `decide` answers with events or refuses.

Each command is plain frozen data with its wire name in `kind`. `by` is the id of the person who asks, or
`customer`, or `system`. The first group comes from support tools, the second from the workflow shell, which
reports what its activities and timers found.
"""

from collections.abc import Mapping
from typing import get_args

from escalation.commands.closing import AnswerSurvey, Cancel, Reopen, Resolve, SubmitReview
from escalation.commands.conversation import (
    AddNote,
    ChangeFrustration,
    ChangeSeverity,
    Choose,
    MakePromise,
    OfferOptions,
    Pause,
    RecordCustomerReply,
    RequestInformation,
    Resume,
    TellCustomer,
)
from escalation.commands.ownership import Acknowledge, Decline, Escalate, Open, Reassign
from escalation.commands.shell import (
    FireDueClocks,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordDeliveryFailed,
    RecordNobodyAvailable,
)
from escalation.commands.values import Customer, Option, Packet

SupportCommand = (
    Acknowledge
    | Decline
    | AddNote
    | TellCustomer
    | RequestInformation
    | RecordCustomerReply
    | ChangeSeverity
    | ChangeFrustration
    | MakePromise
    | OfferOptions
    | Choose
    | Escalate
    | Reassign
    | Pause
    | Resume
    | Resolve
    | Reopen
    | AnswerSurvey
    | Cancel
    | SubmitReview
)
"""What support tools may ask of an open escalation."""

ShellCommand = FireDueClocks | RecordAssignment | RecordNobodyAvailable | RecordAssignmentDelayed | RecordDeliveryFailed
"""What the workflow shell reports."""

Command = Open | SupportCommand | ShellCommand


def wire_name(command_type: type[Command]) -> str:
    """The `kind` of a command type."""
    return str(command_type.__dataclass_fields__["kind"].default)


SUPPORT_COMMANDS: Mapping[str, type[SupportCommand]] = {wire_name(one): one for one in get_args(SupportCommand)}
"""Support commands by wire name."""


__all__ = [
    "SUPPORT_COMMANDS",
    "Acknowledge",
    "AddNote",
    "AnswerSurvey",
    "Cancel",
    "ChangeFrustration",
    "ChangeSeverity",
    "Choose",
    "Command",
    "Customer",
    "Decline",
    "Escalate",
    "FireDueClocks",
    "MakePromise",
    "OfferOptions",
    "Open",
    "Option",
    "Packet",
    "Pause",
    "Reassign",
    "RecordAssignment",
    "RecordAssignmentDelayed",
    "RecordCustomerReply",
    "RecordDeliveryFailed",
    "RecordNobodyAvailable",
    "Reopen",
    "RequestInformation",
    "Resolve",
    "Resume",
    "ShellCommand",
    "SubmitReview",
    "SupportCommand",
    "TellCustomer",
    "wire_name",
]
