"""No sequence of commands that is accepted makes a workflow task fail, or an activity fail for good."""

from datetime import timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from temporalio.testing import WorkflowEnvironment

from escalation.bounds import accepted
from escalation.case.commands import SUPPORT_COMMANDS, SupportCommand
from escalation.case.events import DeliveryFailed
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.table import allowed
from starter.client import EscalationClient
from starter.errors import CommandRefused, NoSuchCase
from tests.drawing import Hostile
from tests.fuzzing import few
from tests.unit.domain.case import opening
from tests.workflow.world import Life, World, real_now

EXAMPLES = few(3)
"""Lives: each takes seconds."""
COMMANDS = 12
"""In each life."""

_tickets = count(1)

WAITS = (timedelta(), timedelta(), timedelta(minutes=20), timedelta(hours=9))


def any_command(draw: Hostile, world: World, life: Life) -> SupportCommand:
    """Mostly what is possible in the present stage, and with some of its texts replaced."""
    state = fold(life.timeline())
    draw.holder = state.offered_to or state.owner
    draw.keys = tuple(sent.key for sent in world.email.sent[-4:])
    kinds = tuple(kind for kind in allowed(state.stage) if kind != "cancel") * 5 + tuple(SUPPORT_COMMANDS)
    return draw.spoiled(draw.record(SUPPORT_COMMANDS[draw.random.choice(kinds)]))


async def _send(client: EscalationClient, life: Life, command: SupportCommand) -> str:
    """What came of it; anything else than an answer or a refusal in words is an error of the test."""
    try:
        await client.send(life.handle.id, command)
    except (CommandRefused, NoSuchCase) as error:
        return str(error)
    return "accepted"


@pytest.mark.fuzz(share=8)
@pytest.mark.timeout(1_800)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed cannot be made smaller
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**64))
async def test_no_accepted_commands_stop_a_case(env: WorkflowEnvironment, seed: int) -> None:
    world = World(env)
    ticket = f"ANY-{next(_tickets)}"
    draw = Hostile(Random(seed), real_now())  # noqa: S311 (no secret)
    asked = accepted(opening(summary=f"x{draw.odd()[:60]}", evidence=(draw.odd()[:60], draw.odd()[:60])))
    async with world.worker():
        client = world.support
        life = await world.open(ticket, summary=asked.summary, evidence=asked.evidence)
        status = await life.settled()
        for _ in range(COMMANDS):
            if not await life.is_running():
                break
            draw.now = await life.clock.now()
            said = await _send(client, life, any_command(draw, world, life))
            assert 0 < len(said) < 5_000
            wait = draw.random.choice(WAITS)
            if wait:
                await life.skip(wait)
            status = await life.settled()
        assert not await life.is_stuck()
        assert status.unrecorded == 0
    # Some who are named are in no directory, and a letter may be reported as bounced; nothing else keeps one from arriving.
    failed = {event.error for event in life.timeline() if isinstance(event, DeliveryFailed)}
    assert failed <= {"UnknownPerson", "Bounced"}
