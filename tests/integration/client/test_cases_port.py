"""How an incident reaches escalations, and the errors if it cannot."""

import pytest

from activities.errors import CaseOver, CaseRefused, CaseUnanswered, UnknownCase
from escalation.case.commands import Cancel, LinkIncident, RelayBulletin
from escalation.vocabulary import CancelCause
from starter.cases import Cases
from starter.client import EscalationClient
from tests.integration.client.people import new_ticket, open_case, quick, taken, until
from tests.workflow.world import World

LINK = LinkIncident(incident="mail", by="desk")
TELL = RelayBulletin(incident="mail", number=1, text="We found it", by="zoe")


async def test_an_escalation_takes_it_and_a_repeat_changes_nothing(world: World, client: EscalationClient) -> None:
    del world
    ticket, cases = new_ticket(), Cases(client)
    await taken(client, ticket)
    for command, command_id in ((LINK, "link"), (TELL, "one"), (TELL, "one"), (TELL, "another id")):
        await cases.send(ticket, command, command_id=command_id)
    kinds = [event.kind for event in await client.timeline(ticket)]
    assert [kinds.count(kind) for kind in ("incident_linked", "customer_told")] == [1, 1]


async def test_what_is_not_linked_refuses(world: World, client: EscalationClient) -> None:
    del world
    ticket = new_ticket()
    await taken(client, ticket)
    with pytest.raises(CaseRefused, match="not linked to the incident `mail`"):
        await Cases(client).send(ticket, TELL, command_id="one")


async def test_what_has_ended_is_over(world: World, client: EscalationClient) -> None:
    del world
    ticket = new_ticket()
    await taken(client, ticket)
    await client.send(ticket, Cancel(by="desk", cause=CancelCause.WITHDRAWN))
    with pytest.raises(CaseOver, match="resolved or has ended; it takes no more bulletins"):
        await Cases(client).send(ticket, LINK, command_id="link")
    await until(client.list, lambda rows: all(row.ticket != ticket for row in rows))
    with pytest.raises(CaseOver):
        await Cases(client).send(ticket, LINK, command_id="another")


async def test_what_never_was_is_unknown(world: World, client: EscalationClient) -> None:
    del world
    with pytest.raises(UnknownCase, match="there is no escalation `escalation-nobody`"):
        await Cases(client).send("nobody", LINK, command_id="link")


async def test_without_a_worker_no_one_answers(idle: World) -> None:
    impatient = quick(idle, seconds=0.5, attempts=1)
    ticket = new_ticket()
    await open_case(impatient, ticket)
    with pytest.raises(CaseUnanswered, match="no worker answered"):
        await Cases(impatient).send(ticket, LINK, command_id="link")
