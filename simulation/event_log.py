"""Lives out of any event log: one row for each thing that happened to a ticket, its words explained by a mapping.

The file is read as it comes, and a ticket is replayed when a row of another one follows; the mapping says where the rows
of one ticket are not consecutive.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    ChangeSeverity,
    Customer,
    Decline,
    Escalate,
    Open,
    Packet,
    Pause,
    Reassign,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.vocabulary import CUSTOMER, CancelCause, Outcome, Reason, Severity
from simulation.event_rows import EventRow, event_rows, number_of
from simulation.exports import OWNER, Rejected, Step
from simulation.exports.instants import too_late
from simulation.lives import Life
from simulation.mapping import CLOSE, IGNORE, EventMapping

DESK = "front-desk"
SAID = "As the log has it."
"""Stands for texts that the log does not have."""


def lives_of_events(lines: Iterable[str], mapping: EventMapping, rejected: list[Rejected]) -> Iterator[Life]:
    """The lives in an event log, in its order, each as soon as its last row was read.

    Args:
        lines: The file's lines, the header first.
        mapping: How the log spells things.
        rejected: Collects the rows that make no sense.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """
    finished: dict[str, str] = {}
    for ticket, rows in groupby(event_rows(lines, mapping, rejected), key=lambda row: row.ticket):
        number = number_of(ticket)
        if number in finished:
            reason = _came_back(ticket, finished[number], number)
            rejected.extend(Rejected(line=row.line, reason=reason) for row in rows)
            continue
        finished[number] = ticket
        yield _life(_in_order(rows, rejected), mapping)


def _came_back(ticket: str, before: str, number: str) -> str:
    if ticket == before:
        return f"{ticket} was already complete; the rows of one ticket must be consecutive, or `grouped: false` in the mapping"
    return f"`{ticket}` would be called {number}, as `{before}` is; tell the two apart by letters or digits"


def _in_order(rows: Iterable[EventRow], rejected: list[Rejected]) -> list[EventRow]:
    """The rows, without those that go back in time or far into the future."""
    kept: list[EventRow] = []
    for row in rows:
        if kept and row.at < kept[-1].at:
            before = f"{kept[-1].at:%Y-%m-%d %H:%M:%S}"
            rejected.append(Rejected(line=row.line, reason=f"it is earlier than the row before it, {before}"))
        elif kept and (reason := too_late(row.at, kept[0].at)):
            rejected.append(Rejected(line=row.line, reason=reason))
        else:
            kept.append(row)
    return kept


def _life(rows: Sequence[EventRow], mapping: EventMapping) -> Life:
    first = rows[0]
    customer = next((row.customer for row in rows if row.customer), "unknown")
    number = number_of(first.ticket)
    opening = Open(
        ticket=number,
        summary=number,
        customer=Customer(id=customer, name=customer, address="customer@example.com"),
        # A late value applies from the start, unless it comes only with the solution.
        severity=next(
            (row.severity for row in rows if row.severity and row.meaning not in _ENDS), mapping.usual_severity
        ),
        category=next((row.category for row in rows if row.category), mapping.usual_category),
        reasons=(Reason.UNRESOLVED,),
        by=DESK,
    )
    story = _Story(opening.severity, by_states=mapping.rows == "states")
    for row in rows:
        story.tell(row)
    return Life(opened_at=first.at, open=opening, steps=tuple(story.steps), rows=len(rows))


class _Story:
    """Goes through a ticket's rows once and writes down the steps."""

    def __init__(self, severity: Severity, *, by_states: bool) -> None:
        self.steps: list[Step] = []
        self._by_states = by_states
        self._severity = severity
        self._state = IGNORE
        self._person = ""

    def tell(self, row: EventRow) -> None:
        """Add what this row means."""
        if row.meaning == IGNORE:
            self._change_severity(row)
            return
        meaning = self._entered(row) if self._by_states else self._happened(row)
        if row.meaning not in _ENDS:
            self._change_severity(row)
        if row.meaning == "acknowledge" and row.person and row.person != self._person:
            self._person = row.person
            self._add(row, Reassign(to=row.person, by=DESK, why=SAID))
            meaning = "acknowledge"
        if meaning != IGNORE:
            self._add(row, _COMMANDS[meaning])

    def _happened(self, row: EventRow) -> str:
        """What an event means after those before it."""
        before = self._state
        if row.meaning in ("resolve", "reopen", CLOSE):
            self._state = row.meaning
        if row.meaning == CLOSE:
            return IGNORE if before in ("resolve", CLOSE) else "resolve"
        return row.meaning

    def _entered(self, row: EventRow) -> str:
        """What entering this state means; leaving the one before is added at once."""
        left, self._state = self._state, "resolve" if row.meaning == CLOSE else row.meaning
        if left == self._state:
            return IGNORE if left in _ENDS else "note"
        if left == "cancel" and self._state == "resolve":
            return IGNORE  # called off is over already
        if left in _LEAVING and self._state != "cancel":
            self._add(row, _LEAVING[left])
            # The last owner continues; only a reopened case is taken again.
            if self._state == "acknowledge" and left != "resolve":
                return "note"
        return self._state

    def _change_severity(self, row: EventRow) -> None:
        if row.severity and row.severity is not self._severity and self._state not in _ENDS:
            self._severity = row.severity
            self._add(row, ChangeSeverity(severity=row.severity, by=DESK, why=SAID))

    def _add(self, row: EventRow, command: SupportCommand) -> None:
        self.steps.append(Step(at=row.at, command=command))


_ENDS = frozenset({"resolve", "cancel", CLOSE})
"""What is known of a severity only then changes nothing any more."""
_COMMANDS: Mapping[str, SupportCommand] = {
    "acknowledge": Acknowledge(by=OWNER, packet_read=True),
    "decline": Decline(by=OWNER, why=SAID),
    "note": AddNote(by=OWNER, text=SAID),
    "tell_customer": TellCustomer(by=OWNER, text=SAID),
    "request_information": RequestInformation(by=OWNER, question=SAID),
    "customer_replied": RecordCustomerReply(text=SAID),
    "pause": Pause(by=OWNER, why=SAID),
    "resume": Resume(by=OWNER),
    "escalate": Escalate(by=OWNER, why=SAID, packet=Packet(concern=SAID, nothing_tried=True)),
    "resolve": Resolve(by=OWNER, outcome=Outcome.SOLVED, solution=SAID),
    "reopen": Reopen(by=CUSTOMER, why=SAID),
    "cancel": Cancel(by=DESK, cause=CancelCause.WITHDRAWN, why=SAID),
}
_LEAVING: Mapping[str, SupportCommand] = {
    "request_information": _COMMANDS["customer_replied"],
    "pause": _COMMANDS["resume"],
    "resolve": _COMMANDS["reopen"],
}
"""What it means to leave a state, by what it means to enter it."""
