"""The client asks for the other case before it cancels a duplicate."""

from dataclasses import replace

import pytest

from escalation.case.commands import Cancel
from escalation.vocabulary import CancelCause
from starter.client import EscalationClient
from starter.errors import CommandRefused
from starter.undoing import undo_cancel
from tests.integration.client.people import new_ticket, open_case, taken
from tests.unit.domain.case import CUSTOMER_ANN
from tests.workflow.world import real_now

pytestmark = pytest.mark.usefixtures("world")


async def test_a_duplicate_is_cancelled_only_where_work_continues_for_the_same_customer(
    client: EscalationClient,
) -> None:
    ticket, same, over, another = (new_ticket() for _ in range(4))
    person = await taken(client, ticket)
    await open_case(client, another, customer=replace(CUSTOMER_ANN, id="c-2"))
    for each in (same, over):
        await open_case(client, each)
    await client.send(over, Cancel(by="ana", cause=CancelCause.WITHDRAWN))

    for other, says in (("NOPE-1", "not escalated"), (over, "is cancelled"), (another, "customer is not that")):
        with pytest.raises(CommandRefused, match=says):
            await client.send(ticket, Cancel(by=person, cause=CancelCause.DUPLICATE, duplicate_of=other))
    duplicate = Cancel(by=person, cause=CancelCause.DUPLICATE, duplicate_of=f"escalation-{same}")
    done = await client.send(ticket, duplicate, command_id="once")
    assert await client.send(ticket, duplicate, command_id="once") == done
    noted = (await client.status(same)).situation
    assert noted is not None
    assert noted.notes == (
        f"{ticket} was cancelled as a duplicate of this case; the customer reads that we answer in this case",
    )
    await client.send(same, Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    assert await client.send(ticket, duplicate, command_id="once") == done


async def test_an_undone_cancellation_is_taken_back_in_the_other_case(client: EscalationClient) -> None:
    ticket, other = new_ticket(), new_ticket()
    for each in (ticket, other):
        await open_case(client, each)
    await client.send(ticket, Cancel(by="ana", cause=CancelCause.DUPLICATE, duplicate_of=other))
    await undo_cancel(client, ticket, by="ana", why="another printer", now=real_now())
    noted = (await client.status(other)).situation
    assert noted is not None
    assert noted.notes[-1] == (
        f"{ticket} is not a duplicate of this case after all; the customer is answered there again: another printer"
    )
