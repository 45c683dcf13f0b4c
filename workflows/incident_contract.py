"""The wire contract of incidents: what their workflows answer."""

from dataclasses import dataclass

from escalation.incident.view import IncidentView
from escalation.incident.vocabulary import IncidentStage


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAnswer:
    """The answer to an accepted command; the same again for the same command id.

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
class IncidentStatus:
    """Answer of the `status` query."""

    view: IncidentView
    unrecorded: int
