"""What was seen from outside, as plain values: letters that arrived, rows, histories, answers, blows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail in the sink.

    Attributes:
        key: Escalation and message key, as the header says.
        message_id: Its `Message-ID`.
        at: When it was there, aware UTC.
    """

    key: str
    message_id: str
    at: datetime


def message(escalation: str, key: str) -> str:
    """What the header of a message says: those of a ticket's later lives have the life in the middle."""
    ticket, _, life = escalation.partition("~")
    return f"{ticket}/~{life}/{key}" if life else f"{ticket}/{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the table `timeline`, its JSON read by nothing but `json`."""

    escalation: str
    seq: int
    at: datetime
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the table `deliveries`."""

    key: str
    status: str
    possibly_repeated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a workflow, as the Temporal server keeps it.

    Attributes:
        status: The server's word, such as `COMPLETED`.
        faults: Workflow tasks that failed by what the code did.
    """

    escalation: str
    run_id: str
    status: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """A timer that fired, by the server's own history.

    Attributes:
        name: Its name, such as `resolution 75%`.
        due: When it was to fire, by the server's clock.
        fired: When it did.
    """

    escalation: str
    name: str
    due: datetime
    fired: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A command as the support tool saw it.

    Attributes:
        kind: Its wire name.
        seq: What the answer said is the last event it caused; None where no answer came, or a refusal.
    """

    escalation: str
    kind: str
    command_id: str
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """A blow that was dealt.

    Attributes:
        start: When it began, aware UTC.
        end: When it was over: the line worked again, or another worker was ready.
    """

    what: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One row of the table `deliveries_in`.

    Attributes:
        id: The sender's id of the event.
        ticket: Our ticket number.
    """

    id: str
    ticket: str
    kind: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note of ours in the help desk.

    Attributes:
        marker: Which one it is.
    """

    ticket: str
    marker: str
    is_public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it.

    Attributes:
        tickets: What was to be opened, as escalation ids.
        opened: Those of them whose opening was answered.
        died: Ends of workers that the run had not caused.
        filed: Of the tickets, those of the help desk.
        accepted: Ids of webhooks that were answered with 200.
        posts: Keys of the messages in the chat.
        behind: Tickets of the help desk that do not show where their case is.
    """

    tickets: frozenset[str]
    opened: frozenset[str]
    letters: tuple[Letter, ...] = ()
    timeline: tuple[Entry, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    runs: tuple[Run, ...] = ()
    timers: tuple[Timer, ...] = ()
    sent: tuple[Sent, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    died: tuple[str, ...] = ()
    filed: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    received: tuple[Received, ...] = ()
    remarks: tuple[Remark, ...] = ()
    posts: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()

    def timelines(self) -> Mapping[str, list[Entry]]:
        """The rows by escalation, in the order of their numbers."""
        found: dict[str, list[Entry]] = {}
        for entry in sorted(self.timeline, key=lambda entry: (entry.escalation, entry.seq)):
            found.setdefault(entry.escalation, []).append(entry)
        return found
