"""Events that come from a linked incident."""

from dataclasses import dataclass
from typing import Literal

from escalation.case.events.base import Happened, said


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLinked(Happened):
    """The escalation was linked to an incident."""

    sentences = said("{by} linked it to incident {incident}", "{by} hat den Fall mit der Störung {incident} verbunden")
    kind: Literal["incident_linked"] = "incident_linked"
    incident: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentUnlinked(Happened):
    """The escalation was unlinked from its incident."""

    sentences = said("{by} unlinked it from incident {incident}", "{by} hat den Fall von der Störung {incident} gelöst")
    kind: Literal["incident_unlinked"] = "incident_unlinked"
    incident: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinRelayed(Happened):
    """The customer gets the bulletin that all customers of the incident get; the message event follows."""

    sentences = said(
        "bulletin {number} of {incident} went to the customer", "Rundbrief {number} zu {incident} ging hinaus"
    )
    kind: Literal["bulletin_relayed"] = "bulletin_relayed"
    incident: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionProposed(Happened):
    """The incident is fixed, which may solve this case too."""

    sentences = said('{incident} is fixed: "{solution}"', "{incident} ist behoben: „{solution}“")
    kind: Literal["resolution_proposed"] = "resolution_proposed"
    incident: str
    number: int
    solution: str
    root_cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWithdrawn(Happened):
    """The solution of the incident did not hold; what was proposed, if anything was, counts no more."""

    sentences = said(
        "the fix of {incident} did not hold[: {why}]", "Die Lösung von {incident} hat nicht gehalten[: {why}]"
    )
    kind: Literal["proposal_withdrawn"] = "proposal_withdrawn"
    incident: str
    number: int
    why: str
    by: str


LinkingEvent = IncidentLinked | IncidentUnlinked | BulletinRelayed | ResolutionProposed | ProposalWithdrawn
"""What its incident had to say."""
