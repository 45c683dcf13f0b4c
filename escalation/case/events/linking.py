"""What an escalation heard from an incident."""

from dataclasses import dataclass
from typing import Literal

from escalation.case.events.base import Happened

__all__ = [
    "BulletinRelayed",
    "IncidentLinked",
    "IncidentUnlinked",
    "LinkingEvent",
    "ProposalWithdrawn",
    "ResolutionProposed",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLinked(Happened):
    """It is about this incident."""

    kind: Literal["incident_linked"] = "incident_linked"
    incident: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUnlinked(Happened):
    """It is not about this incident any more."""

    kind: Literal["incident_unlinked"] = "incident_unlinked"
    incident: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRelayed(Happened):
    """The customer gets the bulletin that all customers of the incident get; the message event follows."""

    kind: Literal["bulletin_relayed"] = "bulletin_relayed"
    incident: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionProposed(Happened):
    """The incident is fixed, which may solve this case too."""

    kind: Literal["resolution_proposed"] = "resolution_proposed"
    incident: str
    number: int
    solution: str
    root_cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWithdrawn(Happened):
    """The solution of the incident did not hold; what was proposed, if anything was, counts no more."""

    kind: Literal["proposal_withdrawn"] = "proposal_withdrawn"
    incident: str
    number: int
    why: str
    by: str


LinkingEvent = IncidentLinked | IncidentUnlinked | BulletinRelayed | ResolutionProposed | ProposalWithdrawn
"""What its incident had to say."""
