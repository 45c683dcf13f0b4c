"""An incident and forty real escalations: every customer is notified once, every owner gets the proposal."""

import asyncio
from collections import Counter

from escalation.incident.commands import ResolveIncident, TellLinked
from escalation.incident.vocabulary import Result
from starter.client import EscalationClient
from tests.integration.client.people import new_ticket, taken, until
from tests.workflow.world import World, eventually

FORTY = 40
AT_A_TIME = 8
"""Openings under way at the same time; the server and the worker share this machine."""


async def opened(client: EscalationClient, tickets: list[str]) -> dict[str, str]:
    """Ticket to owner, once each is taken."""
    slots = asyncio.Semaphore(AT_A_TIME)

    async def one(ticket: str) -> tuple[str, str]:
        async with slots:
            return ticket, await taken(client, ticket)

    return dict(await asyncio.gather(*(one(ticket) for ticket in tickets)))


async def test_forty_customers_are_notified_once_each(world: World, client: EscalationClient) -> None:
    owners = await opened(client, [new_ticket() for _ in range(FORTY)])
    incidents = client.incidents
    await incidents.open("forty", title="Mail is late", by="zoe")
    await incidents.link("forty", owners, by="desk")
    await incidents.send(
        "forty", TellLinked(text="We found it.", by="zoe", next_step="We restart it"), command_id="one"
    )
    await incidents.send(
        "forty", TellLinked(text="We found it.", by="zoe", next_step="We restart it"), command_id="one"
    )
    await incidents.send("forty", ResolveIncident(solution="The queue was restarted.", by="zoe"))
    status = await until(lambda: incidents.status("forty"), lambda status: not (status.view.owed or status.unrecorded))
    assert Counter(one.result for one in status.view.links) == {Result.TOLD: FORTY}

    def sent() -> Counter[str]:
        return Counter(one.key for one in world.email.sent if "/bulletin/forty/" in one.key)

    told = {f"escalation-{ticket}/bulletin/forty/1/customer" for ticket in owners}
    proposed = {f"escalation-{ticket}/bulletin/forty/2/{owner}" for ticket, owner in owners.items()}
    await eventually(lambda: told | proposed <= set(sent()), "every message has been sent")
    await eventually(
        lambda: sum("/overseer" in key for key in sent()) == 2, "the overseer was paged with each bulletin"
    )
    assert set(sent().values()) == {1}
    assert len(sent()) == 2 * FORTY + 2
    happened = [event.kind for event in await incidents.timeline("forty")]
    assert [happened.count(kind) for kind in ("incident_opened", "tickets_linked", "bulletin_issued")] == [1, 1, 2]
    assert happened.count("errand_run") >= 2
    timelines = await asyncio.gather(*(client.timeline(ticket) for ticket in owners))
    for timeline in timelines:
        kinds = [event.kind for event in timeline]
        assert [kinds.count(kind) for kind in ("incident_linked", "bulletin_relayed", "resolution_proposed")] == [
            1,
            1,
            1,
        ]
