"""Adds up the result of each life, and reports it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from escalation.business_time import elapsed
from escalation.case.events import (
    Cancelled,
    Climbed,
    CustomerReplied,
    Event,
    HoldingUpdateWithheld,
    MessageHeld,
    MessageQueued,
    Resolved,
    SurveyAnswered,
    ThresholdReached,
)
from escalation.clock_rules import ANSWERS, Action
from escalation.clocks.answers import ANSWERED_BY
from escalation.clocks.timing import calendar_of
from escalation.message_kinds import MessageKind
from escalation.messages.authorship import BY_PEOPLE
from escalation.policy import Policy
from escalation.vocabulary import ACTIVE, CUSTOMER, ClockName, Outcome, Severity, Stage
from simulation.exports import Rejected
from simulation.load import Load
from simulation.outcomes import Lived, NotDone
from simulation.report import (
    Breaches,
    Difference,
    Invariants,
    Letters,
    Pauses,
    Refusals,
    Report,
    Steps,
    Verdicts,
    distribution,
)
from simulation.sums import Sums

_HOURS, _DAYS = 24, 7
_NAMES = re.compile(r"`[^`]*`")


class Tally:
    """Adds lives up under one policy."""

    def __init__(self, policy: Policy, checksum: str) -> None:
        self._policy = policy
        self._checksum = checksum
        self._promising = frozenset(
            clock
            for clock, rule in policy.clocks.items()
            if any(Action.BREACH in threshold.actions for threshold in rule.thresholds)
        )
        self.sums = Sums()
        self._load = Load(self.sums.load)

    def add(self, lived: Lived) -> None:
        """One more life."""
        self.sums.tickets += 1
        self.sums.rows += lived.life.rows
        self.sums.moved += lived.life.moved
        self.sums.openings[lived.life.opened_at.year] += 1
        self.sums.outcomes[outcome_of(lived)] += 1
        for each in lived.escalations:
            self._add_escalation(each)
        lived = lived.escalations[0]  # what the log judges is what we would have solved
        if lived.life.met is not None:
            severity = lived.life.course.severity if lived.life.course else lived.state.severity
            ours = met_resolution(lived)
            self.sums.verdicts[severity, lived.life.met, ours] += 1
            if ours is not lived.life.met:
                why = (difference_of(lived), lived.life.met)
                self.sums.differences[why] += 1
                self.sums.different.setdefault(why, lived.state.ticket)

    def _add_escalation(self, lived: Lived) -> None:
        self.sums.events += len(lived.events)
        self._add_events(lived.events, lived.state.severity)
        self._load.add(lived.events, lived.ended_at, lived.lacks)
        self._add_pauses(lived)
        self._add_steps(lived)
        self.sums.unanswered += unanswered_words(lived)
        for text in lived.violations:
            self.sums.violations.setdefault(text, []).append(lived.state.ticket)
        self.sums.doubled += [f"{lived.state.ticket}: {' '.join(map(str, one))}" for one in lived.doubled]

    def report(self, rejected: Iterable[Rejected]) -> Report:
        """The report on what was added up so far."""
        return Report(
            policy=self._policy.name,
            checksum=self._checksum,
            tickets=self.sums.tickets,
            rows_used=self.sums.rows,
            rows_moved=self.sums.moved,
            openings=dict(sorted(self.sums.openings.items())),
            events=self.sums.events,
            outcomes=dict(sorted(self.sums.outcomes.items())),
            breaches=tuple(
                Breaches(clock=clock, severity=severity, promises=count, breaches=self.sums.breaches[clock, severity])
                for clock in ClockName
                for severity in Severity
                if (count := self.sums.promises[clock, severity])
            ),
            thresholds={clock: self.sums.thresholds[clock] for clock in ClockName if self.sums.thresholds[clock]},
            climbs=dict(sorted(self.sums.climbs.items())),
            messages_to_customer=distribution(self.sums.to_customer),
            messages_to_person=distribution(self.sums.to_person),
            fatigue=Letters(
                per_customer=distribution(self.sums.automatic),
                per_colleague=distribution(self.sums.to_person),
                withheld=self.sums.withheld,
            ),
            pauses=tuple(
                Pauses(
                    cause=cause,
                    count=count,
                    business_seconds=self.sums.paused_open[cause],
                    wall_seconds=self.sums.paused[cause],
                )
                for cause, count in sorted(self.sums.pauses.items())
            ),
            work_by_person=dict(self.sums.by_person.most_common()),
            work_by_hour=tuple(tuple(self.sums.by_hour[day, hour] for hour in range(_HOURS)) for day in range(_DAYS)),
            load_by_person=self._load.people(),
            load_by_tier=self._load.tiers(),
            steps=self._steps(),
            unanswered=self.sums.unanswered,
            invariants=Invariants(
                violated=sum(len(tickets) for tickets in self.sums.violations.values()),
                violations={text: tuple(tickets) for text, tickets in sorted(self.sums.violations.items())},
                doubled=tuple(self.sums.doubled),
            ),
            verdicts=self._verdict_rows(),
            differences=tuple(
                Difference(reason=why[0], log_met=why[1], count=count, example=self.sums.different[why])
                for why, count in self.sums.differences.most_common()
            ),
            rejected=tuple(rejected),
        )

    def _add_events(self, events: Sequence[Event], severity: Severity) -> None:
        messages: dict[str, tuple[str, MessageKind]] = {}
        for event in events:
            if isinstance(event, MessageQueued):
                messages[event.key] = event.to, event.message
            elif isinstance(event, MessageHeld):  # what waits for the same quiet hours to end goes out as one
                # An offer goes by itself.
                together = event.key if event.message is MessageKind.OFFER else f"{event.to} {event.until}"
                held = messages.pop(event.key)
                if together not in messages or held[1] in BY_PEOPLE:
                    messages[together] = held
            elif isinstance(event, ThresholdReached):
                self.sums.thresholds[event.clock] += 1
                if event.breach:
                    self.sums.breaches[event.clock, severity] += 1
            elif isinstance(event, HoldingUpdateWithheld):
                self.sums.withheld += 1
            elif isinstance(event, Climbed):
                self.sums.climbs[event.cause] += 1
        to_customer = [kind for to, kind in messages.values() if to == CUSTOMER]
        self.sums.to_customer[len(to_customer)] += 1
        self.sums.automatic[sum(kind not in BY_PEOPLE for kind in to_customer)] += 1
        self.sums.to_person.update(Counter(to for to, _ in messages.values() if to != CUSTOMER).values())

    def _add_pauses(self, lived: Lived) -> None:
        rule = self._policy.clocks.get(ClockName.RESOLUTION)
        for pause in lived.state.pauses:
            end = pause.end or lived.ended_at
            self.sums.pauses[pause.cause] += 1
            self.sums.paused[pause.cause] += int((end - pause.start).total_seconds())
            target = (
                next((one for one in rule.targets if _is_for(one.severity, lived.state.severity)), None)
                if rule
                else None
            )
            if target is not None:
                calendar = calendar_of(self._policy, target.calendar)
                self.sums.paused_open[pause.cause] += elapsed(calendar, pause.start, end)

    def _add_steps(self, lived: Lived) -> None:
        self.sums.done += len(lived.work)
        self.sums.taken += lived.taken
        for work in lived.work:
            self.sums.by_person[work.person] += 1
            self.sums.by_hour[work.at.weekday(), work.at.hour] += 1
        for refused in lived.refused:
            reason = (refused.command, _without_names(refused))
            self.sums.refused[reason] += 1
            self.sums.examples.setdefault(reason, lived.state.ticket)
        for clock in self._promising:
            self.sums.promises[clock, lived.state.severity] += lived.state.starts.get(clock, 0)

    def _steps(self) -> Steps:
        return Steps(
            planned=self.sums.done + sum(self.sums.refused.values()),
            done=self.sums.done,
            refused=sum(self.sums.refused.values()),
            taken=self.sums.taken,
            by_reason=tuple(
                Refusals(command=command, reason=reason, count=count, example=self.sums.examples[command, reason])
                for (command, reason), count in self.sums.refused.most_common()
            ),
        )

    def _verdict_rows(self) -> tuple[Verdicts, ...]:
        found = self.sums.verdicts
        return tuple(
            Verdicts(
                severity=severity,
                both_met=found[severity, True, True],
                both_missed=found[severity, False, False],
                only_log_missed=found[severity, False, True],
                only_we_missed=found[severity, True, False],
            )
            for severity in Severity
            if any(one is severity for one, _, _ in found)
        )


def outcome_of(lived: Lived) -> str:
    """The outcome in one word."""
    state = lived.state
    if state.stage is Stage.CANCELLED:
        return "cancelled"
    return state.outcome.value if state.outcome is not None else "open"


def unanswered_words(lived: Lived) -> int:
    """Count the customer's messages that no one answered and no clock makes anyone answer, refused ones included."""
    waiting = 0
    for event in lived.events:
        if isinstance(event, CustomerReplied):
            waiting += not (event.automatic or event.settled)
        elif isinstance(event, SurveyAnswered):
            waiting += not event.satisfied or event.objection
        elif isinstance(event, Resolved | Cancelled) or ANSWERED_BY.get(type(event)) in ANSWERS:
            waiting = 0
    is_lost = lived.state.stage not in ACTIVE and ClockName.NEXT_RESPONSE not in lived.state.runs
    return waiting * is_lost + sum(one.command == "customer_replied" for one in lived.refused)


def met_resolution(lived: Lived) -> bool:
    """Our verdict: whether no resolution target of this life was missed."""
    return not lived.state.breaches.get(ClockName.RESOLUTION, 0)


def difference_of(lived: Lived) -> str:
    """Return the plainest reason for a verdict other than the log's."""
    if any(event.kind == "severity_changed" for event in lived.events):
        return "the severity changed: ours is judged by the target that held at the time, the log by its last one"
    if len(lived.state.results) > 1:
        return "reopened: with us each cycle has its own target"
    if lived.state.outcome is Outcome.NO_REPLY:
        return "our clocks resolved it without a reply"
    return "the target itself: the time up to the solution does not explain the log's verdict"


def _is_for(severities: tuple[Severity, ...], severity: Severity) -> bool:
    return not severities or severity in severities


def _without_names(refused: NotDone) -> str:
    """The reason without tickets and people: without text in backticks, unless it is a command.

    The alternatives would help a person who typed a command, but here no one did.
    """
    command = f"`{refused.command}`"
    reason = refused.reason.partition("; possible now")[0]
    return _NAMES.sub(lambda found: found[0] if found[0] == command else "…", reason)
