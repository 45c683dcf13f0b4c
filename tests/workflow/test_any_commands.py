"""No sequence of commands that is accepted makes a workflow task fail, or an activity fail for good."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from temporalio.testing import WorkflowEnvironment

from escalation.bounds import accepted
from escalation.case.commands import SupportCommand
from escalation.case.events import DeliveryFailed
from escalation.lifecycle.evolution import fold
from starter.client import EscalationClient
from starter.errors import CommandRefused, NoSuchCase
from tests.fuzzing import few
from tests.unit.domain.case import opening
from tests.unit.domain.random_commands import support_commands
from tests.workflow.odd_texts import SHORT_ODD, with_odd_texts
from tests.workflow.world import Life, World

EXAMPLES = few(3)
"""Lives: each takes seconds."""
COMMANDS = 12
"""In each life."""

_tickets = count(1)

WAITS = st.sampled_from([timedelta(), timedelta(), timedelta(minutes=20), timedelta(hours=9)])


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
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a life takes longer than to read it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_no_accepted_commands_stop_a_case(env: WorkflowEnvironment, data: st.DataObject) -> None:
    world = World(env)
    ticket = f"ANY-{next(_tickets)}"
    asked = accepted(
        opening(summary=f"x{data.draw(SHORT_ODD)}", evidence=tuple(data.draw(st.lists(SHORT_ODD, max_size=3))))
    )
    async with world.worker():
        client = EscalationClient(world.client, world.task_queue)
        life = await world.open(ticket, summary=asked.summary, evidence=asked.evidence)
        status = await life.settled()
        for _ in range(COMMANDS):
            if not await life.is_running():
                break
            state = fold(life.timeline())
            drawn = data.draw(support_commands(state, await life.clock.now()))
            said = await _send(client, life, with_odd_texts(data, drawn))
            assert 0 < len(said) < 5_000
            wait = data.draw(WAITS)
            if wait:
                await life.skip(wait)
            status = await life.settled()
        assert not await life.is_stuck()
        assert status.unrecorded == 0
    # Some who are named are in no directory, and a letter may be reported as bounced; nothing else keeps one from arriving.
    failed = {event.error for event in life.timeline() if isinstance(event, DeliveryFailed)}
    assert failed <= {"UnknownPerson", "Bounced"}
