"""The live workflow does what the pure core says it will: the same events, due at the same instants."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from escalation.case.commands import (
    Acknowledge,
    AddNote,
    AnswerSurvey,
    ChangeSeverity,
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
from escalation.case.events import Event, Opened, ThresholdReached
from escalation.clocks.deadlines import next_due
from escalation.messages.effects import AssignOwner
from escalation.vocabulary import Outcome, Severity
from tests.unit.domain.case import Case, anybody, opening
from tests.workflow.world import Life, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Story = tuple[timedelta | SupportCommand, ...]

RUNS_ITS_COURSE: Story = (
    16 * MINUTE,
    Acknowledge(by="ben"),
    2 * HOUR,
    TellCustomer(by="ben", text="We found it."),
    7 * HOUR,
    ChangeSeverity(by="ben", severity=Severity.SEV1, why="all customers"),
    4 * HOUR,
    AddNote(by="ben", text="asked the bank"),
    Pause(by="ben", why="the bank has to look"),
    5 * HOUR,
    Resume(by="ben"),
    HOUR,
    Resolve(by="ben", outcome=Outcome.SOLVED, solution="The second run is disabled."),
    2 * DAY + HOUR,
    AnswerSurvey(score=5),
    20 * DAY,
)
WAITS_AND_COMES_BACK: Story = (
    Acknowledge(by="ana"),
    HOUR,
    RequestInformation(by="ana", question="Which invoice?"),
    3 * DAY,
    RecordCustomerReply(text="Number 4711."),
    RequestInformation(by="ana", question="And which month?"),
    6 * DAY,
    Reopen(by="customer", why="March; I was away."),
    DAY,
)


async def lived(world: World, ticket: str, story: Story) -> tuple[Life, timedelta]:
    """The story on the real server, and how long, in real time, its slowest step took."""
    async with world.worker():
        real = asyncio.get_running_loop().time
        times = [real()]
        life = await world.open(ticket)
        await life.settled()
        for step in story:
            times.append(real())
            if isinstance(step, timedelta):
                await life.wait(step)
            else:
                await life.do(step)
                await life.settled()
        times.append(real())
    return life, timedelta(seconds=max(after - before for before, after in pairwise(times)))


def simulated(timeline: list[Event], story: Story) -> list[Event]:
    """The story in the pure core, where commands, clocks and the directory have the instants of the live one."""
    commands = iter([step for step in story if not isinstance(step, timedelta)])
    case = Case(now=timeline[0].at)

    def booked(wanted: AssignOwner) -> str | None:
        case.now = timeline[len(case.events)].at
        return anybody(wanted)

    case.staffing = booked
    case.do(opening(ticket="SIMULATED"))
    while len(case.events) < len(timeline):
        happens = timeline[len(case.events)]
        case.now = happens.at
        if isinstance(happens, ThresholdReached):
            case.do(FireDueClocks())
        else:
            due = next_due(case.state, case.policy)
            assert due is None or due.at > happens.at, "the live workflow missed a threshold"
            case.do(next(commands))
    assert next(commands, None) is None
    return case.events


@pytest.mark.parametrize(
    "story",
    [
        pytest.param(RUNS_ITS_COURSE, id="runs its course"),
        pytest.param(WAITS_AND_COMES_BACK, id="waits and comes back"),
    ],
)
async def test_the_live_timeline_is_the_simulated_one(world: World, story: Story) -> None:
    life, slowest = await lived(world, "SIMULATED", story)
    live, simulation = life.timeline(), simulated(life.timeline(), story)
    assert isinstance(live[0], Opened)
    assert isinstance(simulation[0], Opened)
    assert live == [replace(simulation[0], policy=live[0].policy), *simulation[1:]]
    fired = [one for one in live if isinstance(one, ThresholdReached)]
    assert len(fired) > 5
    # A jump ends at the next timer, and between jumps the clock goes as fast as any other: on a machine that stalls, a
    # threshold is late by as much of the step's real time as it waited for a worker, and never by more.
    assert max(one.at - one.due for one in fired) < slowest
