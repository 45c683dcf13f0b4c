"""What an incident of the log becomes: one opening, then the commands that retell its life.

The rules, by what the log shows:

    New                          nothing: the offer goes to whom our ladder chooses
    group or person changes      the first: decline (the person asked passes it on); all of them: noted as tried
    before anyone took it        when a person takes it
    Active                       acknowledge, once; then each update is progress: the first is sent to the customer,
                                 and if the log met its target every second one after it; others are internal notes
    Active, group or person      the first: escalate, and the next tier acknowledges; later ones: a note of what
    changes                      was tried, since our ladder has its own people and moves by its own clocks
    Awaiting User Info           ask the customer; leaving it: the customer replied
    Awaiting Vendor, Problem,    pause; leaving it: resume
    Evidence
    priority changes             change of severity
    Resolved                     resolve
    any of these after Resolved  reopen by the customer, and the previous owner acknowledges
    Closed                       nothing: our own clocks close it; unless it was never resolved: resolve
    the end, once resolved       a share of the customers answers the survey

The log's people do not work here. A step by `@owner` is done by the owner, or by the person who has the offer,
when its time comes; the player looks that up. Rows keep the order of the log, so a time that lies before the row
above counts as that row's time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerSurvey,
    ChangeSeverity,
    Customer,
    Decline,
    Escalate,
    Open,
    Packet,
    Pause,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.vocabulary import CUSTOMER
from simulation.exports import facts
from simulation.exports.incidents import THIRD_PARTIES, Incident, TicketState, Update
from simulation.exports.wording import Wording, summary_of, topic_of, wording

OWNER = "@owner"
"""In `by`, means the owner, or the person who has the offer, when the step is played."""

FRONT_DESK = "front-desk"
"""Who opens imported tickets and corrects their priority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command and when the log has it, aware UTC."""

    at: datetime
    command: SupportCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One escalation to play.

    Attributes:
        opened_at: When the log opened the ticket, aware UTC; no step is earlier.
        open: The opening.
        steps: In order; times never go back.
        ignores_first_offer: Whether the first person asked stays silent, so that the next one gets it.
        moved: How many rows lie before the row above or the opening, and count as done then.
    """

    opened_at: datetime
    open: Open
    steps: tuple[Step, ...]
    ignores_first_offer: bool = False
    moved: int = 0


def plan(incident: Incident) -> Plan:
    """The plan that retells an incident; the same for the same incident, always."""
    customer = facts.customer_of(incident)
    story = _Story(incident, wording(customer.language))
    for update in incident.updates:
        story.tell(update)
    story.end()
    return Plan(
        opened_at=incident.opened_at,
        open=_opening(incident, customer),
        steps=tuple(story.steps),
        ignores_first_offer=facts.ignores_offer(incident) and not story.declined,
        moved=story.moved,
    )


def _opening(incident: Incident, customer: Customer) -> Open:
    return Open(
        ticket=incident.number,
        summary=summary_of(incident),
        customer=customer,
        severity=facts.severity_of(incident),
        category=facts.category_of(incident),
        reasons=facts.reasons_of(incident),
        by=FRONT_DESK,
        frustration=facts.frustration_of(incident),
        our_fault=bool(incident.caused_by),
    )


class _Story:
    """Goes through the rows once and writes down the steps."""

    def __init__(self, incident: Incident, words: Wording) -> None:
        self.incident = incident
        self.steps: list[Step] = []
        self.declined = False
        self.moved = 0
        self._at = incident.opened_at
        self._state = TicketState.NEW
        self._severity = facts.severity_of(incident)
        self._group = ""
        self._assignee = ""
        self._taken = False
        self._escalated = False
        self._progressed = 0
        self._passed: list[str] = []
        self._topic = topic_of(incident)
        self._words = words
        self._enter: dict[TicketState, Callable[[], None]] = {
            TicketState.ACTIVE: self._work,
            TicketState.AWAITING_CUSTOMER: self._ask,
            TicketState.RESOLVED: self._resolve,
            **dict.fromkeys(THIRD_PARTIES, self._pause),
        }

    def tell(self, update: Update) -> None:
        """Add what this row of the log means."""
        if update.at < self._at:
            self.moved += 1
        else:
            self._at = update.at
        # For us a closed ticket is a resolved one: our own clocks close it.
        state = TicketState.RESOLVED if update.state is TicketState.CLOSED else update.state
        handed, was_taken, moved = self._hand_over(update), self._taken, state is not self._state
        if handed and not was_taken:
            self._decline(*handed)
        if moved:
            self._move(state)
        if self._state is not TicketState.RESOLVED:
            self._change_severity(update)
            if handed and was_taken:
                self._pass_on(*handed)
            elif self._state is TicketState.ACTIVE and not moved:
                self._work()

    def end(self) -> None:
        """Add the survey's answer, where there is one."""
        if self._state is TicketState.RESOLVED and facts.answers_survey(self.incident):
            self._add(AnswerSurvey(score=facts.score_of(self.incident)))

    def _add(self, command: SupportCommand) -> None:
        self.steps.append(Step(at=self._at, command=command))

    def _move(self, state: TicketState) -> None:
        left, self._state = self._state, state
        if left is TicketState.AWAITING_CUSTOMER:
            self._add(RecordCustomerReply(text=self._words.answer.format(topic=self._topic)))
        elif left in THIRD_PARTIES:
            self._add(Resume(by=OWNER))
        elif left is TicketState.RESOLVED:
            self._add(Reopen(by=CUSTOMER, why=self._words.not_solved.format(topic=self._topic)))
            self._taken = False
        if state in self._enter:
            self._take()
            self._enter[state]()

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
        if self._progressed == 1 or (self.incident.made_sla and self._progressed % 2):
            text = self._words.progress.format(topic=self._topic)
            self._add(TellCustomer(by=OWNER, text=text, next_step=self._words.next_step))
        else:
            with_whom = f" with {self._group}" if self._group else ""
            self._add(AddNote(by=OWNER, text=f"Work on {self._topic} goes on{with_whom}."))

    def _ask(self) -> None:
        self._add(RequestInformation(by=OWNER, question=self._words.question.format(topic=self._topic)))

    def _pause(self) -> None:
        self._add(Pause(by=OWNER, why=f"Waiting for {THIRD_PARTIES[self._state]}."))

    def _resolve(self) -> None:
        code = self.incident.closed_code or "no code"
        self._add(
            Resolve(
                by=OWNER,
                outcome=facts.outcome_of(self.incident),
                solution=self._words.solution.format(topic=self._topic, code=code),
                root_cause=self.incident.caused_by or self.incident.problem,
            )
        )

    def _change_severity(self, update: Update) -> None:
        if update.severity and update.severity is not self._severity:
            self._severity = update.severity
            self._add(ChangeSeverity(severity=update.severity, by=FRONT_DESK, why="The log's priority changed."))

    def _hand_over(self, update: Update) -> tuple[str, str] | None:
        """From whom to whom the ticket was handed on with this row, if it was."""
        group, assignee = self._group, self._assignee
        self._group = update.group or group
        self._assignee = update.assignee or assignee
        if group and group != self._group:
            return group, self._group
        return (assignee, self._assignee) if assignee and assignee != self._assignee else None

    def _pass_on(self, came_from: str, to: str) -> None:
        if self._state is TicketState.ACTIVE and not self._escalated:
            self._escalate(came_from, to)
        else:
            self._add(AddNote(by=OWNER, text=f"Passed on from {came_from} to {to}.", tried=came_from))

    def _decline(self, came_from: str, to: str) -> None:
        self._passed.append(came_from)
        if not self.declined:
            self.declined = True
            self._add(Decline(by=OWNER, why=f"Passed on from {came_from} to {to}."))

    def _escalate(self, came_from: str, to: str) -> None:
        self._escalated = True
        summary = summary_of(self.incident)
        packet = Packet(concern=summary, tried=(f"{came_from} worked on it.",), evidence=(self._topic,))
        self._add(Escalate(by=OWNER, why=f"Passed on from {came_from} to {to}.", packet=packet))
        self._taken = False
        self._take()
