"""Beginnings that several tests and the recorded histories share."""

from escalation.case.commands import Acknowledge, Resolve
from escalation.vocabulary import Outcome
from tests.workflow.world import Life, World


async def offered(world: World, ticket: str, *, history_limit: int = 0) -> Life:
    """An escalation that is offered to Ana."""
    life = await world.open(ticket, history_limit=history_limit)
    assert (await life.settled()).view.offered_to == "ana"
    return life


async def owned(world: World, ticket: str, *, history_limit: int = 0) -> Life:
    """An escalation that Ana has acknowledged."""
    life = await offered(world, ticket, history_limit=history_limit)
    await life.do(Acknowledge(by="ana"))
    await life.settled()
    return life


async def solve(life: Life, by: str = "ana") -> None:
    """Its owner solves it."""
    await life.do(Resolve(by=by, outcome=Outcome.SOLVED, solution="The second run is disabled."))
    await life.settled()
