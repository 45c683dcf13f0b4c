"""No sequence of commands that is accepted makes the workflow task of an incident fail, or an activity fail for good."""

from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from temporalio.testing import WorkflowEnvironment

from activities.errors import ActivityError, CaseOver, CaseUnanswered
from escalation.incident.commands import INCIDENT_COMMANDS, IncidentCommand
from escalation.incident.lifecycle import allowed
from escalation.incident.state import fold
from escalation.incident.vocabulary import IncidentStage
from starter.errors import CommandRefused, IncidentEnded
from tests.drawing import Hostile
from tests.fakes import Cases
from tests.fuzzing import few
from tests.workflow.outage import Outage
from tests.workflow.world import World, is_stuck, real_now

COMMANDS = 12
"""In each life."""
SHORT_RUN = 80
FATES: tuple[ActivityError | None, ...] = (
    *(None, None, None),
    *(CaseUnanswered("no worker answered"), CaseOver("it is closed")),
)
"""What becomes of an attempt at an escalation."""
OVERSEERS = ("overseer", "overseer", "olga", "", "customer")

_names = count(1)


class HostileDesk(Hostile):
    """Names one of few tickets, or one that no one can have."""

    def text(self, name: str) -> str:
        if name == "tickets":
            return str(self.random.choice((*"abcdef", *"abcdef", self.odd())))
        return super().text(name)

    def command(self, stage: IncidentStage) -> IncidentCommand:
        """Mostly what is possible in this stage, and with some of its texts replaced."""
        kinds = [*allowed(stage), *allowed(stage), *INCIDENT_COMMANDS]
        return self.spoiled(self.record(INCIDENT_COMMANDS[self.random.choice(kinds)]))

    def fates(self, cases: Cases) -> None:
        """Decide what becomes of attempts from now on, and who oversees what."""
        fates = {ticket: self.random.choice(FATES) for ticket in "abcdef"}
        cases.errors = {ticket: fate for ticket, fate in fates.items() if fate is not None}
        cases.overseers = {ticket: self.random.choice(OVERSEERS) for ticket in "abc"}


async def _send(outage: Outage, command: IncidentCommand) -> str:
    """What came of it; anything else than an answer or a refusal in words is an error of the test."""
    try:
        await outage.client.send(outage.name, command)
    except (CommandRefused, IncidentEnded) as error:
        return str(error)
    return "accepted"


@pytest.mark.fuzz(share=4)
@pytest.mark.timeout(1_800)
@settings(
    max_examples=few(3),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed cannot be made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**64))
async def test_no_accepted_commands_stop_an_incident(env: WorkflowEnvironment, seed: int) -> None:
    cases, draw = Cases(), HostileDesk(Random(seed), real_now())  # noqa: S311 (no secret)
    world = World(env, cases=cases)
    async with world.worker():
        outage = await Outage.begins(world, f"any-{next(_names)}", history_limit=SHORT_RUN)
        await outage.until(lambda _: bool(outage.recorded()), "it is recorded")
        for _ in range(COMMANDS):
            draw.fates(cases)
            said = await _send(outage, draw.command(fold(outage.recorded()).stage))
            assert 0 < len(said) < 5_000
            if draw.random.random() < 0.5:
                await outage.jump(timedelta(minutes=draw.random.randint(1, 60)))
        cases.errors = {}
        await outage.jump(timedelta(days=1))
        await outage.settled()
        assert not await is_stuck(outage.handle)
