"""Gets a process ready for its first workflow task, which has 2 s like any other.

Building the readers of all that workflows read takes about half a second of processor time. Left to the first task, it
made the first case of a worker on a busy machine fail with `Potential deadlock detected` until a retry found them built.
"""

from activities.contracts import (
    ApplyInput,
    ApplyReport,
    Approver,
    Assigned,
    ClaimedLife,
    ErrandReport,
    KeepInStepInput,
    KeepInStepReport,
    LoadedPolicy,
    Recorded,
)
from activities.triage_contracts import Tone, TriageAnswer
from escalation.case.commands import SUPPORT_COMMANDS
from escalation.incident.commands import INCIDENT_COMMANDS
from workflows.carried import IncidentStart, MakeWay, Start
from workflows.converter import build_readers

READ = (
    *(Start, IncidentStart, MakeWay),
    *SUPPORT_COMMANDS.values(),
    *INCIDENT_COMMANDS.values(),
    *(Approver, Assigned, ClaimedLife, ErrandReport, LoadedPolicy, TriageAnswer, Tone, Recorded | None),
    *(ApplyInput, ApplyReport, KeepInStepInput, KeepInStepReport),
)
"""Everything that workflows read: how they start, what they are asked, and what activities answer."""


def be_ready() -> None:
    """Build the readers of all that workflows read; call it before a worker starts to poll."""
    build_readers(READ)
