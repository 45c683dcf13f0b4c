"""The incident as people look at it."""

from dataclasses import dataclass
from datetime import datetime

from escalation.copies import shared
from escalation.incident.errands import owed
from escalation.incident.state import Incident
from escalation.incident.values import Bulletin
from escalation.incident.vocabulary import IncidentStage, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """One linked escalation.

    Attributes:
        told: Number of the last bulletin that is settled for it.
        result: The result of the last errand to it; None before the first.
        why: Where it was not told, the reason.
    """

    ticket: str
    is_linked: bool
    told: int
    result: Result | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """The current view of one incident.

    Attributes:
        last_seq: Number of the last event it reflects.
        reopened: How often a solution did not hold.
        owed: How many escalations are still to hear something.
        links: All that were ever linked, in the order in which they came.
    """

    name: str
    title: str
    cause: str
    stage: IncidentStage
    opened_at: datetime
    resolved_at: datetime | None
    last_seq: int
    bulletins: tuple[Bulletin, ...]
    owed: int
    links: tuple[LinkView, ...]
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSummary:
    """The incident's row in the record, besides its timeline.

    Attributes:
        linked: How many escalations are linked.
        bulletins: How many there were.
        reopened: How often a solution did not hold.
    """

    title: str
    cause: str
    stage: IncidentStage
    opened_at: datetime
    resolved_at: datetime | None
    linked: int
    bulletins: int
    reopened: int = 0


def summary_of(state: Incident) -> IncidentSummary:
    """The summary of a state."""
    return IncidentSummary(
        **shared(state, IncidentSummary, besides=frozenset({"bulletins"})),
        stage=state.stage,
        linked=len(state.linked),
        bulletins=len(state.bulletins),
    )


def view_of(state: Incident) -> IncidentView:
    """The current view of a state."""
    return IncidentView(
        **shared(state, IncidentView, besides=frozenset({"links"})),
        stage=state.stage,
        last_seq=state.seq,
        owed=owed(state),
        links=tuple(
            LinkView(ticket=ticket, is_linked=link.is_wanted, told=link.told, result=link.result, why=link.why)
            for ticket, link in state.links.items()
        ),
    )
