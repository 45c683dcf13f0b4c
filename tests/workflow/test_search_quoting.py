"""What is searched for is a value, whatever characters are in it."""

import pytest
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from escalation.vocabulary import Stage
from starter.errors import CommandRefused
from starter.listing import Filter
from tests.workflow.world import World
from workflows.options import OWNER, STAGE, WORKFLOW_TYPE

OWNERS = (
    "o'neill",
    "o''neill",
    "x' OR EscalationOwner != 'x",
    "x') OR (ExecutionStatus = 'Running",
    "50%",
    "a_b",
    "`tick`",
    "Grüße 👩",
)
UNSEARCHABLE = ("back\\slash", "ends\\", "\\'", 'say "hello"', "new\nline", "\0")


@pytest.mark.parametrize("owner", OWNERS)
async def test_an_owner_is_found_by_exactly_the_id(world: World, owner: str) -> None:
    client = world.support
    started = []
    for number, one in enumerate((owner, "somebody-else")):
        started.append(
            await world.client.start_workflow(
                WORKFLOW_TYPE,
                id=f"escalation-QUOTED-{OWNERS.index(owner)}-{number}",
                task_queue="no-worker",
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(OWNER, one), SearchAttributePair(STAGE, Stage.WORKING.value)]
                ),
            )
        )
    try:
        found: list[str] = []
        for _ in range(200):
            found = [one.owner for one in await client.list(Filter(owner=owner), limit=100)]
            if found:
                break
        assert found == [owner]
    finally:
        for handle in started:
            await handle.terminate()


@pytest.mark.parametrize("owner", UNSEARCHABLE)
async def test_an_id_that_the_server_cannot_search_for_is_refused(world: World, owner: str) -> None:
    client = world.support
    with pytest.raises(CommandRefused, match="cannot find an id with"):
        await client.list(Filter(owner=owner), limit=10)
