"""What goes into an incident's workflow and comes out of it; see `workflows.messages` for the rules."""

from dataclasses import dataclass, field

from escalation.incident.commands import OpenIncident
from escalation.incident.events import IncidentEvent
from escalation.incident.state import Incident
from escalation.incident.view import IncidentView
from escalation.incident.vocabulary import IncidentStage


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAnswer:
    """What an accepted command is answered with; the same again for the same command id.

    Attributes:
        seq: Number of the last event it caused.
        linked: How many escalations are linked now.
        bulletin: Number of the latest bulletin; 0 before the first.
    """

    stage: IncidentStage
    seq: int
    linked: int
    bulletin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCarried:
    """All that a run hands to the next one; what is still to be told follows from the state."""

    state: Incident
    unrecorded: tuple[IncidentEvent, ...] = ()
    recorded: int = 0
    answers: dict[str, IncidentAnswer] = field(default_factory=dict)
    recent: tuple[IncidentEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStart:
    """The workflow's only argument.

    Attributes:
        history_limit: Events after which the run continues as new, at least 20; 0 leaves it to the server.
        carried: From the run before; None in the first.
    """

    request: OpenIncident
    history_limit: int = 0
    carried: IncidentCarried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStatus:
    """Answer of the `status` query."""

    view: IncidentView
    unrecorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded:
    """The workflow's result."""

    linked: int
    bulletins: int
    events: int
