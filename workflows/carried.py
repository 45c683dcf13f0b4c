"""What workflows are started with, what a run passes to the next one, and what the last one leaves.

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
    """Asks for an escalation whose workflow has ended, as the record has it, for what comes after its end.

    Attributes:
        life: Which escalation of the ticket, from 1; 0 for the latest.
    """

    ticket: TicketId
    life: Number = 0
    kind: Literal["recall"] = "recall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """All that a run hands to the next one.

    Attributes:
        effects: Started and not finished; started again under the same keys.
        unrecorded: Events the record has not confirmed; the first has number `recorded + 1`.
        recorded: Number of the last confirmed event.
        answers: The latest command ids with their answers.
        recent: The latest events, for the `timeline` query.
        pages: Address of the server with the pages; empty for none.
    """

    state: State
    policy: Policy
    effects: tuple[Effect, ...] = ()
    unrecorded: tuple[Event, ...] = ()
    recorded: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    recent: tuple[Event, ...] = ()
    pages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The workflow's only argument.

    Attributes:
        request: What to open; one by triage becomes `Open` with the verdict, and so the next run gets it. Or what to recall.
        policy_version: Its version; 0 is the newest at that moment.
        history_limit: Events after which the run continues as new, at least 20; 0 leaves it to the server.
        carried: From the run before; None in the first.
    """

    request: Open | OpenByTriage | Recall
    policy: str = "default"
    policy_version: int = 0
    history_limit: int = 0
    carried: Carried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The workflow's result.

    Attributes:
        answers: The latest command ids with their answers: a command that is repeated after the end is not done again.
    """

    stage: Stage
    cycle: int
    events: int
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
    """The workflow's only argument.

    Attributes:
        history_limit: Events after which the run continues as new, at least 20; 0 leaves it to the server.
        carried: From the run before; None in the first.
    """

    request: OpenIncident
    history_limit: int = 0
    carried: IncidentCarried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded:
    """The workflow's result."""

    linked: int
    bulletins: int
    events: int
