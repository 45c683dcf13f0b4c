"""What goes into the workflows and comes out of them: the wire contract between support tools and workflows.

Commands are updates: one per support command, under the command's wire name, with the command as its only
argument and the command id as update id. New fields get defaults; names already in a history are never reused.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.commands import Open, OpenByTriage
from escalation.case.events import Event
from escalation.case.state import State
from escalation.incident.commands import OpenIncident
from escalation.incident.events import IncidentEvent
from escalation.incident.state import Incident
from escalation.incident.view import IncidentView
from escalation.incident.vocabulary import IncidentStage
from escalation.lifecycle.situation import Situation
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import Effect
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Stage

ESCALATED_AGAIN = "EscalatedAgain"
"""Type of the refusal while a case that is over makes way for the ticket's next escalation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an accepted command is answered with; the same again for the same command id.

    Attributes:
        stage: The stage after it.
        seq: Number of the last event it caused.
        done: What the command did, in a line for its sender, such as `asked bo, due 2026-03-27 16:00 UTC`.
        warnings: What the sender should know, a sentence each, such as that a step was tried before.
        overseer: Who oversees the case, while it is linked to an incident, which pages each of them once.
        escalation: Id of the escalation that answered.
    """

    stage: Stage
    seq: int
    warnings: tuple[str, ...] = ()
    overseer: str = ""
    escalation: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeWay:
    """Sent by `open` to an escalation that is over and still has something to wait for, such as its review.

    It continues in a workflow of its own, so that the next escalation of the ticket can take the ticket's.
    """

    kind: Literal["make_way"] = "make_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """All that a run hands to the next one.

    Attributes:
        effects: Started and not finished; started again under the same keys.
        unrecorded: Events the record has not confirmed; the first has number `recorded + 1`.
        recorded: Number of the last confirmed event.
        answers: The latest command ids with their answers.
        recent: The latest events, for the `timeline` query.
    """

    state: State
    policy: Policy
    effects: tuple[Effect, ...] = ()
    unrecorded: tuple[Event, ...] = ()
    recorded: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    recent: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The workflow's only argument.

    Attributes:
        request: What to open; one by triage becomes `Open` with the verdict, and so the next run gets it.
        policy: Name of the policy.
        policy_version: Its version; 0 is the newest at that moment.
        history_limit: Events after which the run continues as new, at least 20; 0 leaves it to the server.
        carried: From the run before; None in the first.
    """

    request: Open | OpenByTriage
    policy: str = "default"
    policy_version: int = 0
    history_limit: int = 0
    carried: Carried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStatus:
    """One running clock, for people and tools.

    Attributes:
        due: When its target is due, aware UTC; None while it is paused.
        next_threshold: The next threshold's name; empty when none is left or it is paused.
        next_at: When that fires, aware UTC.
        paused: Whether it is paused now.
    """

    clock: ClockName
    cycle: int
    started_at: datetime
    due: datetime | None
    next_threshold: str
    next_at: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Answer of the `status` query.

    Attributes:
        situation: Where the case is with its customer and its people; None from a worker of an earlier version.
    """

    escalation: str
    view: CaseView
    clocks: tuple[ClockStatus, ...]
    unrecorded: int
    sending: int
    situation: Situation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The workflow's result."""

    stage: Stage
    cycle: int
    events: int


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
