"""The commands of an incident. Imperative names; `decide` answers with events or refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

from escalation.bounds import FEW, MANY, TICKETS, ActorId, Id, Name, Remark, Text, TicketId
from escalation.case.values import InLanguage
from escalation.incident.values import Errand, Outcome
from escalation.vocabulary import SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """Begin an incident.

    Attributes:
        name: Short and never used again, such as `mail-2026-03-02`; letters, digits, `.`, `_` and `-`.
        title: What is wrong, for people of the team.
        cause: What is known about the cause.
    """

    kind: Literal["open_incident"] = "open_incident"
    name: Id
    title: Name
    cause: Text = ""
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTickets:
    """Link escalations to the incident. They get the latest bulletin, not the older ones.

    Attributes:
        tickets: Ticket numbers of the escalations.
    """

    kind: Literal["link"] = "link"
    tickets: Annotated[tuple[TicketId, ...], MANY, TICKETS]
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkTickets:
    """Unlink tickets from the incident.

    Attributes:
        tickets: Ticket numbers of the escalations.
    """

    kind: Literal["unlink"] = "unlink"
    tickets: Annotated[tuple[TicketId, ...], MANY, TICKETS]
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellLinked:
    """Send each linked customer an update, once.

    Attributes:
        text: The update; empty where `languages` has it.
        next_step: What happens next.
        next_by: By when, as an instant with its offset; the next step becomes a promise to each of them.
        languages: The update by language of the customer. Those of other languages get `text`, or where that is empty
            the English one, else the first.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    kind: Literal["tell"] = "tell"
    text: Text = ""
    next_step: Remark = ""
    next_by: datetime | None = None
    languages: Annotated[tuple[InLanguage, ...], FEW] = ()
    anyway: bool = False
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Propose the solution to the owner of each linked escalation, once the cause is fixed.

    Attributes:
        solution: What was done, in words for the customers.
        root_cause: What caused it, in words for the team.
    """

    kind: Literal["resolve"] = "resolve"
    solution: Text
    root_cause: Text = ""
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident:
    """Reopen it because the solution did not hold, and notify the owner of each linked escalation.

    Attributes:
        why: What shows that it did not hold; customers do not see it.
    """

    kind: Literal["reopen"] = "reopen"
    why: Text
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErrand:
    """The workflow ran an errand.

    Attributes:
        outcomes: One for each of its tickets.
        pages: Overseers who heard of the bulletin from it.
        rules: Version of our own rules that the worker which ran it is set to.
    """

    kind: Literal["record_errand"] = "record_errand"
    errand: Errand
    outcomes: tuple[Outcome, ...]
    pages: tuple[str, ...] = ()
    rules: int = 1
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpRecord:
    """The record has refused the incident for a long time."""

    kind: Literal["give_up_record"] = "give_up_record"
    error: str
    by: str = SYSTEM


IncidentCommand = LinkTickets | UnlinkTickets | TellLinked | ResolveIncident | ReopenIncident
"""What support tools may ask of an incident that was opened."""

IncidentReport = RecordErrand | GiveUpRecord  # what the workflow reports

AnyIncidentCommand = OpenIncident | IncidentCommand | IncidentReport  # anything that `decide` takes

INCIDENT_COMMANDS: Mapping[str, type[IncidentCommand]] = {
    str(one.__dataclass_fields__["kind"].default): one for one in get_args(IncidentCommand)
}
"""Support commands by wire name."""
