"""The lives of incidents whose histories are kept; see `tests.replay.lives`."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from activities.errors import CaseOver, CaseUnanswered
from escalation.incident.commands import ResolveIncident
from tests.fakes import Cases
from tests.workflow.outage import Outage
from tests.workflow.world import World
from workflows.incident import LINGERS

DAY = timedelta(days=1)
SHORT_RUN = 60


async def outage(world: World) -> Outage:
    """Two overseers, two bulletins, a case that answers late, a solution that does not hold and one that does."""
    assert isinstance(world.cases, Cases)
    cases = world.cases
    cases.overseers = {"b": "olga"}
    cases.errors = {"c": CaseUnanswered("no worker answered"), "d": CaseOver("it is closed")}
    incident = await Outage.begins(world, "outage", history_limit=SHORT_RUN)
    await incident.link("a", "b", "c", "d")
    await incident.tell("We found it.")
    await incident.until(lambda status: status.view.owed == 1, "all but one are told")
    del cases.errors["c"]
    await incident.jump(DAY)
    await incident.settled()
    await incident.tell("It takes until the evening.")
    await incident.settled()
    await incident.resolve()
    await incident.settled()
    await incident.link("late")
    await incident.client.unlink("outage", ["a"], by="desk")
    await incident.settled()
    await incident.reopen()
    await incident.settled()
    await incident.tell("It is back. We are on it.")
    await incident.settled()
    await incident.client.send("outage", ResolveIncident(solution="A new disk.", by="zoe"))
    await incident.settled()
    await incident.jump(LINGERS + DAY)
    return incident


INCIDENT_LIVES: Mapping[str, Callable[[World], Awaitable[Outage]]] = {one.__name__: one for one in (outage,)}
"""Every recorded life by name."""
