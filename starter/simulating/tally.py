"""Adds up what came of each life. Counters only: what it keeps does not grow with the log, ids of findings aside."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from escalation.business_time import elapsed
from escalation.events import Climbed, Event, MessageQueued, ThresholdReached
from escalation.policy import Action, Policy
from escalation.timing import calendar_of
from escalation.vocabulary import CUSTOMER, ClimbCause, ClockName, Outcome, PauseCause, Severity, Stage
from starter.importing import Rejected
from starter.simulating.load import Load
from starter.simulating.replay import Lived, NotDone
from starter.simulating.report import (
    Breaches,
    Difference,
    Invariants,
    Pauses,
    Refusals,
    Report,
    Steps,
    Verdicts,
    distribution,
)

_HOURS, _DAYS = 24, 7
_NAMES = re.compile(r"`[^`]*`")


class Tally:
    """One policy's sums."""

    def __init__(self, policy: Policy, checksum: str) -> None:
        self._policy = policy
        self._checksum = checksum
        self._promising = frozenset(
            clock
            for clock, rule in policy.clocks.items()
            if any(Action.BREACH in threshold.actions for threshold in rule.thresholds)
        )
        self.tickets = 0
        self._events = 0
        self._outcomes: Counter[str] = Counter()
        self._promises: Counter[tuple[ClockName, Severity]] = Counter()
        self._breaches: Counter[tuple[ClockName, Severity]] = Counter()
        self._thresholds: Counter[ClockName] = Counter()
        self._climbs: Counter[ClimbCause] = Counter()
        self._to_customer: Counter[int] = Counter()
        self._to_person: Counter[int] = Counter()
        self._pauses: dict[PauseCause, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._by_person: Counter[str] = Counter()
        self._by_hour: Counter[tuple[int, int]] = Counter()
        self._load = Load()
        self._planned = self._done = self._taken = 0
        self._refused: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], str] = {}
        self._violations: dict[str, list[str]] = defaultdict(list)
        self._doubled: list[str] = []
        self._verdicts: Counter[tuple[Severity, bool, bool]] = Counter()
        self._differences: Counter[tuple[str, bool]] = Counter()
        self._different: dict[tuple[str, bool], str] = {}

    def add(self, lived: Lived) -> None:
        """One more life."""
        self.tickets += 1
        self._events += len(lived.events)
        self._outcomes[outcome_of(lived)] += 1
        self._add_events(lived.events, lived.state.severity)
        self._load.add(lived.events, lived.ended_at, lived.lacks)
        self._add_pauses(lived)
        self._add_steps(lived)
        for text in lived.violations:
            self._violations[text].append(lived.state.ticket)
        self._doubled += [f"{lived.state.ticket}: {' '.join(map(str, one))}" for one in lived.doubled]
        if lived.life.met is not None:
            severity = lived.life.course.severity if lived.life.course else lived.state.severity
            ours = met_resolution(lived)
            self._verdicts[severity, lived.life.met, ours] += 1
            if ours is not lived.life.met:
                why = (difference_of(lived), lived.life.met)
                self._differences[why] += 1
                self._different.setdefault(why, lived.state.ticket)

    def report(self, rejected: Iterable[Rejected]) -> Report:
        """What the sums are now."""
        return Report(
            policy=self._policy.name,
            checksum=self._checksum,
            tickets=self.tickets,
            events=self._events,
            outcomes=dict(sorted(self._outcomes.items())),
            breaches=tuple(
                Breaches(clock=clock, severity=severity, promises=count, breaches=self._breaches[clock, severity])
                for clock in ClockName
                for severity in Severity
                if (count := self._promises[clock, severity])
            ),
            thresholds={clock: self._thresholds[clock] for clock in ClockName if self._thresholds[clock]},
            climbs=dict(sorted(self._climbs.items())),
            messages_to_customer=distribution(self._to_customer),
            messages_to_person=distribution(self._to_person),
            pauses=tuple(
                Pauses(cause=cause, count=found[0], business_seconds=found[1], wall_seconds=found[2])
                for cause, found in sorted(self._pauses.items())
            ),
            work_by_person=dict(self._by_person.most_common()),
            work_by_hour=tuple(tuple(self._by_hour[day, hour] for hour in range(_HOURS)) for day in range(_DAYS)),
            load_by_person=self._load.people(),
            load_by_tier=self._load.tiers(),
            steps=self._steps(),
            invariants=Invariants(
                violated=sum(len(tickets) for tickets in self._violations.values()),
                violations={text: tuple(tickets) for text, tickets in sorted(self._violations.items())},
                doubled=tuple(self._doubled),
            ),
            verdicts=self._verdict_rows(),
            differences=tuple(
                Difference(reason=why[0], log_met=why[1], count=count, example=self._different[why])
                for why, count in self._differences.most_common()
            ),
            rejected=tuple(rejected),
        )

    def _add_events(self, events: Sequence[Event], severity: Severity) -> None:
        to_person: Counter[str] = Counter()
        to_customer = 0
        for event in events:
            if isinstance(event, MessageQueued):
                if event.to == CUSTOMER:
                    to_customer += 1
                else:
                    to_person[event.to] += 1
            elif isinstance(event, ThresholdReached):
                self._thresholds[event.clock] += 1
                if event.breach:
                    self._breaches[event.clock, severity] += 1
            elif isinstance(event, Climbed):
                self._climbs[event.cause] += 1
        self._to_customer[to_customer] += 1
        self._to_person.update(to_person.values())

    def _add_pauses(self, lived: Lived) -> None:
        rule = self._policy.clocks.get(ClockName.RESOLUTION)
        for pause in lived.state.pauses:
            end = pause.end or lived.ended_at
            found = self._pauses[pause.cause]
            found[0] += 1
            found[2] += int((end - pause.start).total_seconds())
            target = (
                next((one for one in rule.targets if _is_for(one.severity, lived.state.severity)), None)
                if rule
                else None
            )
            if target is not None:
                found[1] += elapsed(calendar_of(self._policy, target.calendar), pause.start, end)

    def _add_steps(self, lived: Lived) -> None:
        self._planned += len(lived.work) + len(lived.refused)
        self._done += len(lived.work)
        self._taken += lived.taken
        for work in lived.work:
            self._by_person[work.person] += 1
            self._by_hour[work.at.weekday(), work.at.hour] += 1
        for refused in lived.refused:
            reason = (refused.command, _without_names(refused))
            self._refused[reason] += 1
            self._examples.setdefault(reason, lived.state.ticket)
        for clock in self._promising:
            self._promises[clock, lived.state.severity] += lived.state.starts.get(clock, 0)

    def _steps(self) -> Steps:
        return Steps(
            planned=self._planned,
            done=self._done,
            refused=sum(self._refused.values()),
            taken=self._taken,
            by_reason=tuple(
                Refusals(command=command, reason=reason, count=count, example=self._examples[command, reason])
                for (command, reason), count in self._refused.most_common()
            ),
        )

    def _verdict_rows(self) -> tuple[Verdicts, ...]:
        found = self._verdicts
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
    """How it ended, in a word."""
    state = lived.state
    if state.stage is Stage.CANCELLED:
        return "cancelled"
    return state.outcome.value if state.outcome is not None else "open"


def met_resolution(lived: Lived) -> bool:
    """Our verdict: whether no resolution target of this life was missed."""
    return not lived.state.breaches.get(ClockName.RESOLUTION, 0)


def difference_of(lived: Lived) -> str:
    """What may have led to another verdict than the log's, the plainest first."""
    if any(event.kind == "severity_changed" for event in lived.events):
        return "the severity changed: ours is judged by the target that held at the time, the log by its last one"
    if len(lived.state.results) > 1:
        return "reopened: with us each cycle has its own target"
    if lived.state.outcome is Outcome.NO_REPLY:
        return "our clocks resolved it for want of a reply"
    return "the target itself: the time up to the solution does not explain the log's verdict"


def _is_for(severities: tuple[Severity, ...], severity: Severity) -> bool:
    return not severities or severity in severities


def _without_names(refused: NotDone) -> str:
    """The reason without tickets and people: what stands in backticks, unless it is a command."""
    command = f"`{refused.command}`"
    return _NAMES.sub(lambda found: found[0] if found[0] == command else "…", refused.reason)
