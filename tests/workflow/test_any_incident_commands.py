"""No sequence of commands that is accepted makes the workflow task of an incident fail, or an activity fail for good."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from temporalio.testing import WorkflowEnvironment

from activities.errors import ActivityError, CaseOver, CaseUnanswered
from escalation.incident.commands import (
    IncidentCommand,
    LinkTickets,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.state import fold
from escalation.incident.vocabulary import IncidentStage
from starter.errors import CommandRefused, IncidentEnded
from tests.fakes import Cases
from tests.fuzzing import few
from tests.workflow.odd_texts import SHORT_ODD, with_odd_texts
from tests.workflow.outage import Outage
from tests.workflow.virtual_time import WORTH_A_JUMP
from tests.workflow.world import World, is_stuck, real_now

COMMANDS = 12
"""In each life."""
SHORT_RUN = 80
TICKETS = st.lists(st.one_of(st.sampled_from("abcdef"), st.sampled_from("abcdef"), SHORT_ODD), min_size=0, max_size=5)
OTHERS = st.sampled_from(["olga", "overseer", "", "customer"])
FATES: st.SearchStrategy[ActivityError | None] = st.sampled_from(
    [None, None, None, CaseUnanswered("no worker answered"), CaseOver("it is closed")]
)
"""What becomes of an attempt at an escalation."""
INSTANTS = st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=9_000)).map(lambda ahead: real_now() + ahead)

_names = count(1)


def any_command(stage: IncidentStage) -> st.SearchStrategy[IncidentCommand]:
    """Mostly what is possible in this stage."""
    tickets = TICKETS.map(tuple)
    tell = st.builds(TellLinked, text=SHORT_ODD, next_step=st.just("") | SHORT_ODD, next_by=INSTANTS, by=st.just("zoe"))
    resolve = st.builds(ResolveIncident, solution=SHORT_ODD, root_cause=st.just("") | SHORT_ODD, by=st.just("zoe"))
    reopen = st.builds(ReopenIncident, why=SHORT_ODD, by=st.just("zoe"))
    link = st.builds(LinkTickets, tickets=tickets, by=st.just("desk"))
    unlink = st.builds(UnlinkTickets, tickets=tickets, by=st.just("desk"))
    fitting = st.one_of(tell, resolve) if stage is IncidentStage.OPEN else reopen
    return st.one_of(link, link, unlink, fitting, fitting, st.one_of(tell, resolve, reopen))


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
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a life takes longer than to read it
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_no_accepted_commands_stop_an_incident(env: WorkflowEnvironment, data: st.DataObject) -> None:
    cases = Cases()
    world = World(env, cases=cases)
    async with world.worker():
        outage = await Outage.begins(world, f"any-{next(_names)}", history_limit=SHORT_RUN)
        await outage.until(lambda _: bool(outage.recorded()), "it is recorded")
        for _ in range(COMMANDS):
            cases.overseers = data.draw(st.dictionaries(st.sampled_from("abcdef"), OTHERS, max_size=3))
            fates = data.draw(st.dictionaries(st.sampled_from("abcdef"), FATES))
            cases.errors = {ticket: fate for ticket, fate in fates.items() if fate is not None}
            drawn = data.draw(any_command(fold(outage.recorded()).stage))
            said = await _send(outage, with_odd_texts(data, drawn))
            assert 0 < len(said) < 5_000
            if data.draw(st.booleans()):
                await outage.jump(data.draw(st.timedeltas(WORTH_A_JUMP, timedelta(hours=1))))
        cases.errors = {}
        if await outage.is_running():
            await outage.jump(timedelta(days=1))
            await outage.settled()
        assert not await is_stuck(outage.handle)
