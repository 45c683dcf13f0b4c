"""The commands of an escalation. Imperative names; `decide` answers with events or refuses.

Each command is plain frozen data with its wire name in `kind`. `by` is the id of the person who asks, or
`customer`, or `system`. The first group comes from support tools, the second from the workflow, which
reports what its activities and timers found.

The class attribute `labels` says by language what a command (under `""`) and its fields are called on the agent's page.
English ones follow from the names where there are none; the older commands have theirs in `starter/http/agent/words/`.
"""

from collections.abc import Mapping
from typing import get_args

from escalation.case.commands.closing import *
from escalation.case.commands.consulting import *
from escalation.case.commands.conversation import *
from escalation.case.commands.correcting import *
from escalation.case.commands.desk import *
from escalation.case.commands.linking import *
from escalation.case.commands.ownership import *
from escalation.case.commands.reports import *
from escalation.case.commands.retargeting import *
from escalation.case.values import *

SupportCommand = (
    OwnershipCommand
    | ConversationCommand
    | ConsultingCommand
    | RetargetingCommand
    | CorrectingCommand
    | ClosingCommand
    | LinkingCommand
    | DeskCommand
)
"""What support tools may ask of an open escalation."""

Command = Open | SupportCommand | AdoptPolicy | WorkflowReport
"""Anything that `decide` takes; `adopt_policy` is what the workflow makes of `apply_policy`."""


def wire_name(command_type: type[Command]) -> str:
    """The `kind` of a command type."""
    return str(command_type.__dataclass_fields__["kind"].default)


SUPPORT_COMMANDS: Mapping[str, type[SupportCommand]] = {wire_name(one): one for one in get_args(SupportCommand)}
"""Support commands by wire name."""
