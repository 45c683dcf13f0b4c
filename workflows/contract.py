"""The wire contract between support tools and workflows: what goes in and what comes out.

Commands are updates: one per support command, under the command's wire name, with the command as its only
argument and the command id as update id. New fields get defaults; names already in a history are never reused.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.lifecycle.situation import Situation
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import ClockName, Stage

ESCALATED_AGAIN = "EscalatedAgain"
"""Type of the refusal while a case that is over makes way for the ticket's next escalation."""

NOT_RECORDED = "NotRecorded"
"""Type of the failure to recall an escalation that the record does not know, or has as open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to an accepted command; the same again for the same command id.

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
