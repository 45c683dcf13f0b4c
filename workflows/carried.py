"""The inputs of workflows, the state that a run passes to the next one, and the results.

Part of the wire contract (`workflows.contract`), apart from it as those who only ask a workflow something need none of it.
"""

from dataclasses import dataclass, field
from typing import Literal

from escalation.bounds import Number, TicketId
from escalation.case.commands import Open, OpenByTriage
from escalation.case.events import Event
from escalation.case.state import State
from escalation.incident.commands import OpenIncident
from escalation.incident.events import IncidentEvent
from escalation.incident.state import Incident
from escalation.messages.effects import Effect
from escalation.policy import Policy
from escalation.vocabulary import Stage
from workflows.contract import Answer
from workflows.incident_contract import IncidentAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeWay:
    """Sent by `open` to an escalation that is over and still has something to wait for, such as its review.

    It continues in a workflow of its own, so that the next escalation of the ticket can take the ticket's.
    """

    kind: Literal["make_way"] = "make_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Asks for an escalation whose workflow has ended, as the record has it, for what comes after its end."""

    ticket: TicketId
    life: Number = 0  # which escalation of the ticket, from 1; 0 for the latest
    kind: Literal["recall"] = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """All that a run hands to the next one."""

    state: State
    policy: Policy
    effects: tuple[Effect, ...] = ()  # started and not finished; started again under the same keys
    unrecorded: tuple[Event, ...] = ()  # events the record has not confirmed; the first has number `recorded + 1`
    recorded: int = 0  # number of the last confirmed event
    answers: dict[str, Answer] = field(default_factory=dict)  # the latest command ids with their answers
    recent: tuple[Event, ...] = ()  # the latest events, for the `timeline` query
    pages: str = ""  # address of the server with the pages; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The workflow's only argument."""

    # what to open; one by triage becomes `Open` with the verdict, and so the next run gets it. Or what to recall
    request: Open | OpenByTriage | Recall
    policy: str = "default"
    policy_version: int = 0  # its version; 0 is the newest at that moment
    history_limit: int = 0  # events after which the run continues as new, at least 20; 0 leaves it to the server
    carried: Carried | None = None  # from the run before; None in the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The workflow's result."""

    stage: Stage
    cycle: int
    events: int
    # the latest command ids with their answers: a command that is repeated after the end is not done again
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentCarried:
    """All that a run passes to the next one; pending notices follow from the state."""

    state: Incident
    unrecorded: tuple[IncidentEvent, ...] = ()
    recorded: int = 0
    answers: dict[str, IncidentAnswer] = field(default_factory=dict)
    recent: tuple[IncidentEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStart:
    """The workflow's only argument."""

    request: OpenIncident
    history_limit: int = 0  # events after which the run continues as new, at least 20; 0 leaves it to the server
    carried: IncidentCarried | None = None  # from the run before; None in the first


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded:
    """The workflow's result."""

    linked: int
    bulletins: int
    events: int
