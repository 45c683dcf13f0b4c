"""A life of 200 days and more, over both clock changes of a year: every deadline is the one the pure core computes.

The policy is a compiled one, in office hours with a lunch break and public holidays. The core is driven here by nothing
but the commands and the instants at which they came; no code of the workflow has a part in that.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from escalation.business_time.zones import load_zone
from escalation.case.commands import (
    Acknowledge,
    ChangeSeverity,
    Command,
    FireDueClocks,
    Pause,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.case.events import ClockStopped, DueChanged, Event, Opened, ThresholdReached
from escalation.clocks.deadlines import next_due, target_instant, upcoming
from escalation.compiler.compile import compile_policy
from escalation.messages.effects import AssignOwner
from escalation.policy import Policy
from escalation.vocabulary import ClockName, Outcome, Severity, Stage
from tests.unit.domain.case import Case, anybody, opening
from tests.workflow.test_pauses import OF_TIME_SKIPPING
from tests.workflow.world import Life, World, kind_of, real_now
from workflows.contract import Status

POLICY = Path(__file__).with_name("long_policy.yaml")
ZONE = "Europe/Berlin"
DAY = timedelta(days=1)
AT_LEAST = 200 * DAY
PAUSES = 20
SOLVED_AFTER, SEVERITY_CHANGES = 12, {6: Severity.SEV2, 9: Severity.SEV3}
"""After which pause the case is solved and reopened, and what the severity is after which."""
AWAY = 3 * DAY
"""How long the solved case waits before it is reopened."""
MOST_EVENTS_OF_A_PAUSE = 80
ONLY_NOW_AND_THEN = ("workflow_task_", "timer_")
"""A worker's turns, of which two may be one; the timer, reset only if another clock comes next."""

Shown = tuple[int, datetime | None, str, datetime | None]
"""Cycle, due instant, next threshold and its instant, of one clock."""


def clock_changes(after: datetime) -> Iterator[datetime]:
    """Days within which the zone's offset changes, the next first."""
    zone, day = load_zone(ZONE), after
    while True:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            yield day
        day += DAY


@dataclass(frozen=True)
class Seen:
    """What the live escalation showed after a step."""

    seq: int
    now: datetime
    clocks: dict[ClockName, Shown]

    @classmethod
    def of(cls, status: Status, now: datetime) -> "Seen":
        clocks = {one.clock: (one.cycle, one.due, one.next_threshold, one.next_at) for one in status.clocks}
        return cls(seq=status.view.last_seq, now=now, clocks=clocks)


@dataclass
class Steps:
    """Lives the story, and keeps what was asked and what was to be seen after each step."""

    life: Life
    asked: list[SupportCommand]
    seen: list[Seen]

    async def do(self, *commands: SupportCommand) -> None:
        for command in commands:
            await self.life.do(command)
            self.asked.append(command)
            await self._look(await self.life.settled())

    async def wait(self, duration: timedelta) -> None:
        await self._look(await self.life.wait(duration))

    async def _look(self, status: Status) -> None:
        self.seen.append(Seen.of(status, await self.life.clock.now()))


def long_policy(start: datetime) -> Policy:
    years = range(start.year, start.year + 4)
    return compile_policy(POLICY.read_text(encoding="utf-8"), source=POLICY.name, years=years).policy


def beginning_of_pause(number: int) -> SupportCommand:
    if number % 2:
        return Pause(by="ana", why="the bank has to look")
    return RequestInformation(by="ana", question="Which invoice was it?")


def end_of_pause(number: int) -> tuple[SupportCommand, ...]:
    if number % 2:
        return (Resume(by="ana"),)
    return (RecordCustomerReply(text="Number 4711."), TellCustomer(by="ana", text="Thank you, we go on."))


async def solved_and_reopened(steps: Steps) -> None:
    await steps.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="The second run is disabled."))
    await steps.wait(AWAY)
    await steps.do(Reopen(by="customer", why="It happened again."), Acknowledge(by="ana"))


async def lived(steps: Steps, whole: timedelta) -> dict[int, tuple[Counter[str], int]]:
    """The story; what each pause cost in history events: by kind, without what comes now and then, and in all."""
    costs = {}
    share = whole / (2 * PAUSES)
    await steps.do(Acknowledge(by="ana"), TellCustomer(by="ana", text="We look into it."))
    for number in range(1, PAUSES + 1):
        await steps.wait(share)
        before = await own_events(steps.life)
        await steps.do(beginning_of_pause(number))
        await steps.wait(share)
        await steps.do(*end_of_pause(number))
        after = await own_events(steps.life)
        own = after[len(before) :]
        costs[number] = (Counter(kind for kind in own if not kind.startswith(ONLY_NOW_AND_THEN)), len(own))
        if severity := SEVERITY_CHANGES.get(number):
            await steps.do(ChangeSeverity(by="ana", severity=severity, why="seen anew"))
        if number == SOLVED_AFTER:
            await solved_and_reopened(steps)
    await steps.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="It is gone for good."))
    return costs


async def own_events(life: Life) -> list[str]:
    return [kind for one in await life.history() if (kind := kind_of(one)) not in OF_TIME_SKIPPING]


class Reference:
    """The pure core, given the opening, the commands, and when each came."""

    def __init__(self, policy: Policy, timeline: Sequence[Event], asked: Sequence[SupportCommand]) -> None:
        self._timeline = timeline
        self._asked = list(asked)
        self.case = Case(policy=policy, now=timeline[0].at, staffing=self._booked)
        self.case.do(opening(ticket="LONG-1", severity=Severity.SEV3))

    def until(self, seq: int) -> None:
        """Go on to the event with this number."""
        while len(self.case.events) < seq:
            self.case.now = self._timeline[len(self.case.events)].at
            self.case.do(self._next())

    def shows(self) -> dict[ClockName, Shown]:
        """What each running clock promises now."""
        state, policy = self.case.state, self.case.policy
        found = {}
        for clock, run in state.runs.items():
            if clock in policy.clocks:
                first = next(iter(upcoming(state, policy, clock)), None)
                name, at = (first.threshold.name, first.at) if first else ("", None)
                found[clock] = (run.cycle, target_instant(state, policy, clock), name, at)
        return found

    def _next(self) -> Command:
        """A clock that is due fires before a command comes."""
        due = next_due(self.case.state, self.case.policy)
        if due is not None and due.at <= self.case.now:
            return FireDueClocks()
        return self._asked.pop(0)

    def _booked(self, wanted: AssignOwner) -> str | None:
        self.case.now = self._timeline[len(self.case.events)].at
        return anybody(wanted)


async def test_each_deadline_of_a_life_over_both_clock_changes_is_the_one_the_core_shows(world: World) -> None:
    begins = real_now()
    changes = clock_changes(begins)
    first_change, second_change = next(changes), next(changes)
    whole = max(AT_LEAST, second_change - begins + 5 * DAY)
    world.policy = long_policy(begins)
    async with world.worker():
        life = await world.open("LONG-1", severity=Severity.SEV3)
        steps = Steps(life, asked=[], seen=[Seen.of(await life.settled(), begins)])
        costs = await lived(steps, whole)
        resolved = await life.settled()
        length = await life.events()
    timeline = life.timeline()

    assert timeline[0].at < first_change < second_change < timeline[-1].at
    assert timeline[-1].at - timeline[0].at > AT_LEAST
    assert (resolved.view.stage, resolved.view.cycle) == (Stage.RESOLVED, 2)

    reference = Reference(world.policy, timeline, steps.asked)
    for seen in steps.seen:
        reference.until(seen.seq)
        assert seen.clocks == reference.shows(), f"after event {seen.seq}, at {seen.now}"
    told = reference.case.events
    assert isinstance(timeline[0], Opened)
    assert isinstance(told[0], Opened)
    assert timeline == [replace(told[0], policy=timeline[0].policy), *told[1:]]

    counted = Counter(type(one) for one in timeline)
    assert counted[ThresholdReached] > PAUSES
    assert counted[DueChanged] > 2 * PAUSES
    assert {one.clock for one in timeline if isinstance(one, ClockStopped)} >= {
        ClockName.FIRST_RESPONSE,
        ClockName.RESOLUTION,
    }
    for parity in (0, 1):
        alike = [kinds for number, (kinds, _) in costs.items() if number % 2 == parity]
        assert all(kinds == alike[0] for kinds in alike), "a pause costs the same, however long"
    assert max(cost for _, cost in costs.values()) < MOST_EVENTS_OF_A_PAUSE
    days, spent = (timeline[-1].at - timeline[0].at) // DAY, [cost for _, cost in costs.values()]
    print(f"\n{days} days: {len(timeline)} events, {length} in the history; of each pause: {spent}")  # noqa: T201 (figures)
