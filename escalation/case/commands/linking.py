"""Commands that an incident sends to its linked escalations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import FEW, MANY, TICKETS, ActorId, Id, Number, Person, Remark, Text
from escalation.case.values import InLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkIncident:
    """Link the escalation to an incident."""

    kind: Literal["link_incident"] = "link_incident"
    incident: Id
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkIncident:
    """Unlink the escalation from an incident."""

    kind: Literal["unlink_incident"] = "unlink_incident"
    incident: Id
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayBulletin:
    """Send the customer an update that all customers of the incident get.

    Attributes:
        number: Of the bulletin; it is taken once.
        next_by: When the next step happens; becomes a promise, unless it has passed by now.
        languages: The update by language; customers of other languages get `text`.
        page: Whether this escalation notifies the overseer, for all linked escalations that have the same one.
        heard: Overseers who have heard of it from others.
    """

    kind: Literal["relay_bulletin"] = "relay_bulletin"
    incident: Id
    number: Number
    text: Text
    next_step: Remark = ""
    next_by: datetime | None = None
    languages: Annotated[tuple[InLanguage, ...], FEW] = ()
    page: bool = False
    heard: Annotated[tuple[Person, ...], MANY, TICKETS] = ()
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResolution:
    """The incident is fixed: the owner should check whether that solves the case, and resolve it.

    Attributes:
        number: Of the bulletin; it is taken once.
        page: As in `RelayBulletin`.
        heard: As in `RelayBulletin`.
    """

    kind: Literal["propose_resolution"] = "propose_resolution"
    incident: Id
    number: Number
    solution: Text
    root_cause: Text = ""
    page: bool = False
    heard: Annotated[tuple[Person, ...], MANY, TICKETS] = ()
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProposal:
    """The solution of the incident did not hold: notify the person who has the case, or resolved it.

    Attributes:
        number: Of the bulletin; it is taken once.
        why: What shows that it did not hold.
        page: As in `RelayBulletin`.
        heard: As in `RelayBulletin`.
    """

    kind: Literal["withdraw_proposal"] = "withdraw_proposal"
    incident: Id
    number: Number
    why: Text
    page: bool = False
    heard: Annotated[tuple[Person, ...], MANY, TICKETS] = ()
    by: ActorId


LinkingCommand = LinkIncident | UnlinkIncident | RelayBulletin | ProposeResolution | WithdrawProposal
"""What its incident has to say."""
