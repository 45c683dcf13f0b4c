"""What may be asked of an escalation. Imperative names; `decide` answers with events or refuses.

Each command is plain frozen data with its wire name in `kind`. `by` is the id of the person who asks, or
`customer`, or `system`. The first group comes from support tools, the second from the workflow, which
reports what its activities and timers found.
"""

from collections.abc import Mapping
from typing import get_args

from escalation.case.commands.closing import AnswerSurvey, Cancel, ClosingCommand, Reopen, Resolve, SubmitReview
from escalation.case.commands.consulting import (
    AnswerConsult,
    Approve,
    Consult,
    ConsultingCommand,
    RefuseApproval,
    RequestApproval,
)
from escalation.case.commands.conversation import (
    AddNote,
    ChangeFrustration,
    Choose,
    ConversationCommand,
    MakePromise,
    OfferOptions,
    Pause,
    RecordBounce,
    RecordCustomerReply,
    RequestInformation,
    Resume,
    TellCustomer,
)
from escalation.case.commands.linking import (
    LinkIncident,
    LinkingCommand,
    ProposeResolution,
    RelayBulletin,
    UnlinkIncident,
    WithdrawProposal,
)
from escalation.case.commands.ownership import (
    Acknowledge,
    Decline,
    Escalate,
    NewCase,
    Open,
    OpenByTriage,
    OwnershipCommand,
    Reassign,
)
from escalation.case.commands.reports import (
    FireDueClocks,
    RecordApprover,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordDeliveryFailed,
    RecordGaveUp,
    RecordNobodyAvailable,
    WorkflowReport,
)
from escalation.case.commands.retargeting import AdoptPolicy, ApplyPolicy, ChangeSeverity, RetargetingCommand, SetDue
from escalation.case.commands.values import Customer, Option, Packet

SupportCommand = (
    OwnershipCommand | ConversationCommand | ConsultingCommand | RetargetingCommand | ClosingCommand | LinkingCommand
)
"""What support tools may ask of an open escalation."""

Command = Open | SupportCommand | AdoptPolicy | WorkflowReport
"""Anything that `decide` takes; `adopt_policy` is what the workflow makes of `apply_policy`."""


def wire_name(command_type: type[Command]) -> str:
    """The `kind` of a command type."""
    return str(command_type.__dataclass_fields__["kind"].default)


SUPPORT_COMMANDS: Mapping[str, type[SupportCommand]] = {wire_name(one): one for one in get_args(SupportCommand)}
"""Support commands by wire name."""


__all__ = [
    "SUPPORT_COMMANDS",
    "Acknowledge",
    "AddNote",
    "AdoptPolicy",
    "AnswerConsult",
    "AnswerSurvey",
    "ApplyPolicy",
    "Approve",
    "Cancel",
    "ChangeFrustration",
    "ChangeSeverity",
    "Choose",
    "ClosingCommand",
    "Command",
    "Consult",
    "ConsultingCommand",
    "ConversationCommand",
    "Customer",
    "Decline",
    "Escalate",
    "FireDueClocks",
    "LinkIncident",
    "LinkingCommand",
    "MakePromise",
    "NewCase",
    "OfferOptions",
    "Open",
    "OpenByTriage",
    "Option",
    "OwnershipCommand",
    "Packet",
    "Pause",
    "ProposeResolution",
    "Reassign",
    "RecordApprover",
    "RecordAssignment",
    "RecordAssignmentDelayed",
    "RecordBounce",
    "RecordCustomerReply",
    "RecordDeliveryFailed",
    "RecordGaveUp",
    "RecordNobodyAvailable",
    "RefuseApproval",
    "RelayBulletin",
    "Reopen",
    "RequestApproval",
    "RequestInformation",
    "Resolve",
    "Resume",
    "RetargetingCommand",
    "SetDue",
    "SubmitReview",
    "SupportCommand",
    "TellCustomer",
    "UnlinkIncident",
    "WithdrawProposal",
    "WorkflowReport",
    "wire_name",
]
