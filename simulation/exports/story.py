"""Turns the rows of a ticket into commands with their instants; the same translation for every log.

A mapping says what a word of the log means; `rows` says how its rows tell a life:

    events       a row is what happened, as the word says
    states       a row is the ticket's state from then on: leaving a wait ends it, leaving a solution reopens, and a
                 repeated state is a note
    snapshots    a row is the whole ticket after a change, as in the audit trail of ServiceNow, which has no messages:

    queue                        nothing: the offer goes to whom our ladder chooses
    acknowledge                  acknowledge, once; then each update is progress: the first is sent to the customer,
                                 and if the log met its target every second one after it; others are internal notes
    any other but queue          the person who has the offer acknowledges first
    severity changes             change of severity
    the end, once resolved       a share of the customers answers the survey (only where the log is played)

In every log, where the group changes, or the word is `hand_over` (in snapshots also where the person changes):

    before anyone took it        the first: decline (the person asked passes it on); all: noted as tried when it is taken
    afterwards                   the first while it is worked on: escalate; others: a note of what was tried, since our
                                 ladder has its own people and moves by its own clocks

A step by `@owner` is done by the owner, or by the person who has the offer, when its time comes. Where a log names who took
a case, a simulation names them too (`Reassign`). A time that lies before the row above counts as that row's time.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    ChangeSeverity,
    Decline,
    Escalate,
    Packet,
    Reassign,
    SupportCommand,
)
from escalation.vocabulary import Severity
from simulation.exports.facts import id_of
from simulation.exports.mapping import CLOSE, ENDS, HAND_OVER, IGNORE, QUEUE, ExportMapping
from simulation.exports.phrases import FRONT_DESK, OWNER, SAID, Phrases, summary_of, topic_of
from simulation.exports.ticket_log import Row, TicketLog

_WAITS = frozenset({"request_information", "pause"})
# States that end in something, and its word.
_LEFT_BY = {"request_information": "customer_replied", "pause": "resume", "resolve": "reopen"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command and when the log has it, aware UTC."""

    at: datetime
    command: SupportCommand


class Story:
    """Goes through the rows of a ticket once and writes down the steps.

    Args:
        in_words: Whether texts are made up for people who read them; otherwise each is `SAID`.
    """

    def __init__(
        self, log: TicketLog, mapping: ExportMapping, severity: Severity, language: str, *, in_words: bool
    ) -> None:
        self.steps: list[Step] = []  # in order; times never go back
        self.declined = False  # whether the first person asked passed it on
        self.moved = 0  # how many rows lie before the row above or the opening, and count as done then
        self._log = log
        self._in_words = in_words
        self._phrases = Phrases(log, language, in_words=in_words)
        self._topic = topic_of(log)
        self._is_snapshot = mapping.rows == "snapshots"
        self._at = log.opened_at
        self._state = QUEUE
        self._waits_for = ""
        self._severity = severity
        self._person = self._group = ""
        self._taken = self._escalated = False
        self._progressed = 0
        self._passed: list[str] = []
        tell = {"events": self._happened, "states": self._entered, "snapshots": self._changed}[mapping.rows]
        for row in log.rows:
            if row.at < self._at:
                self.moved += 1
            self._at = max(self._at, row.at)
            tell(row)

    @property
    def is_solved(self) -> bool:
        """Whether it ends with a solution."""
        return self._state == "resolve"

    def _add(self, command: SupportCommand) -> None:
        self.steps.append(Step(at=self._at, command=command))

    # What a row of each kind of log means.

    def _happened(self, row: Row) -> None:
        before, meaning = self._state, row.meaning
        self._hand_on(row, by_word=meaning == HAND_OVER)
        if meaning in ("resolve", "reopen", CLOSE):
            self._state = meaning
        if meaning == CLOSE:
            meaning = IGNORE if before in ("resolve", CLOSE) else "resolve"
        self._tell(row, meaning)

    def _entered(self, row: Row) -> None:
        if row.meaning == IGNORE:  # the state before goes on
            self._hand_on(row, by_word=False)
            self._change_severity(row)
            return
        left, waited_for = self._state, self._waits_for
        self._state, self._waits_for = ("resolve" if row.meaning == CLOSE else row.meaning), row.waits_for
        meaning = self._state
        if left == "cancel" and meaning == "resolve":
            meaning = IGNORE  # called off is over already
        elif (left, waited_for) == (self._state, self._waits_for):
            meaning = IGNORE if left in (*ENDS, QUEUE, HAND_OVER) else "note"
        elif left in _LEFT_BY and self._state != "cancel":
            self._leave(left)
            if meaning == _LEFT_BY[left]:
                meaning = IGNORE
            elif meaning == "acknowledge" and left != "resolve":
                meaning = "note"  # the last owner continues; only a reopened case is taken again
        self._hand_on(row, by_word=meaning == HAND_OVER)
        self._tell(row, meaning)

    def _changed(self, row: Row) -> None:
        # For us a closed ticket is a resolved one: our own clocks close it.
        state = "resolve" if row.meaning == CLOSE else self._state if row.meaning == IGNORE else row.meaning
        moved, was_taken = (state, row.waits_for) != (self._state, self._waits_for), self._taken
        handed = self._hand_over(row, by_person=True, by_word=moved and state == HAND_OVER)
        if handed and not was_taken:
            self._decline(*handed)
        if moved:
            self._move(state, row.waits_for)
        if self._state not in ENDS:
            self._change_severity(row)
            if handed and was_taken:
                self._pass_on(*handed, takes=True)
            elif self._state == "acknowledge" and not moved:
                self._work()

    def _tell(self, row: Row, meaning: str) -> None:
        """The severity first, then who took it, then what happened."""
        if row.meaning not in ENDS:
            self._change_severity(row)
        if row.meaning == "acknowledge" and (person := id_of(row.person)) not in ("", self._person):
            self._person = person
            self._add(Reassign(to=person, by=FRONT_DESK, why=SAID))
            meaning = "acknowledge"
        if meaning == "acknowledge":
            # A simulation counts it as work of the owner; when played, it would be refused.
            meaning = IGNORE if self._taken and self._in_words else meaning
            self._taken = True
        elif meaning in ("reopen", "decline", "escalate"):
            self._taken = False
        if meaning not in (IGNORE, QUEUE, HAND_OVER):
            self._add(self._phrases.command(meaning, row.waits_for))

    # Snapshots: what is not written is guessed.

    def _move(self, state: str, waits_for: str) -> None:
        left, self._state, self._waits_for = self._state, state, waits_for
        self._leave(left)
        if state == QUEUE or state == _LEFT_BY.get(left):
            return
        self._take()
        if state == "acknowledge":
            self._work()
        elif state != HAND_OVER:
            self._add(self._phrases.command(state, waits_for))

    def _take(self) -> None:
        if self._taken:
            return
        self._taken = True
        self._add(Acknowledge(by=OWNER))
        if self._passed:
            tried = ", ".join(dict.fromkeys(self._passed))
            self._passed.clear()
            self._add(AddNote(by=OWNER, text="Passed on before anyone took it.", tried=tried))

    def _work(self) -> None:
        self._take()
        self._progressed += 1
        # Every customer gets a first update; further updates depend on whether the target was met.
        if self._progressed == 1 or (self._log.made_sla and self._progressed % 2):
            self._add(self._phrases.command("tell_customer"))
        else:
            with_whom = f" with {self._group}" if self._group else ""
            self._add(AddNote(by=OWNER, text=f"Work on {self._topic} goes on{with_whom}."))

    # What every log has.

    def _leave(self, left: str) -> None:
        """Write down what it means to leave a state."""
        if left == "request_information":
            self._add(self._phrases.command("customer_replied"))
        elif left == "pause":
            self._add(self._phrases.command("resume"))
        elif left == "resolve":
            self._add(self._phrases.command("reopen"))
            self._taken = False

    def _change_severity(self, row: Row) -> None:
        if row.severity and row.severity is not self._severity and self._state not in ENDS:
            self._severity = row.severity
            why = self._phrases.text("The log's priority changed.")
            self._add(ChangeSeverity(severity=row.severity, by=FRONT_DESK, why=why))

    def _hand_on(self, row: Row, *, by_word: bool) -> None:
        """A hand-over in a log that says what happened to a ticket, and so who takes it next."""
        handed = self._hand_over(row, by_person=False, by_word=by_word)
        if self._state in ENDS or not handed:
            return
        if self._taken:
            self._pass_on(*handed, takes=False)
        else:
            self._decline(*handed)

    def _hand_over(self, row: Row, *, by_person: bool, by_word: bool) -> tuple[str, str] | None:
        """From whom to whom the ticket was handed on with this row, if it was."""
        group, person = self._group, self._person
        self._group = row.group or group
        if by_person:
            self._person = row.person or person
        if group and group != self._group:
            return group, self._group
        if by_word:
            return group or "one group", self._group if group != self._group else "another group"
        return (person, self._person) if by_person and person and person != self._person else None

    def _decline(self, came_from: str, to: str) -> None:
        self._passed.append(came_from)
        if not self.declined:
            self.declined = True
            self._add(Decline(by=OWNER, why=f"Passed on from {came_from} to {to}."))

    def _pass_on(self, came_from: str, to: str, *, takes: bool) -> None:
        why = f"Passed on from {came_from} to {to}."
        if self._escalated or self._state in _WAITS or (self._is_snapshot and self._state != "acknowledge"):
            self._add(AddNote(by=OWNER, text=why, tried=came_from))
            return
        self._escalated, self._taken = True, False
        packet = Packet(concern=summary_of(self._log), tried=(f"{came_from} worked on it.",), evidence=(self._topic,))
        self._add(Escalate(by=OWNER, why=why, packet=packet))
        if takes:
            self._take()
