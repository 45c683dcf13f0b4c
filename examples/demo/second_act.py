"""The demo's second act: a case that the viewer plays through two links."""

import asyncio
import re
import secrets
from dataclasses import dataclass

from temporalio.client import Client

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.sessions import LoginLink, Sessions
from escalation.case.commands import Customer, Open
from escalation.vocabulary import Category, Reason, Severity
from examples.demo.stage import Stage, now
from runtime.embedded.smtp_sink import ReceivedMessage
from starter.client import EscalationClient
from starter.http.access.roles import Role

TICKET = "TRY-1"
CUSTOMER = Customer(id="ann", name="Ann Example", address="ann@example.org", zone="Europe/Berlin")
OWNER = "ana"
LETTER_SECONDS = 20.0
_PAGE = re.compile(r"https?://\S+/c/[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondAct:
    """Two ways into one case."""

    customer: str  # the page behind the link in the customer's letter; empty if none came
    agent: str  # logs the agent in, once, within 15 minutes

    def __str__(self) -> str:
        """For people, three lines."""
        return (
            f"try it yourself: case {TICKET} waits for you, in real time\n"
            f"  as the customer: {self.customer or 'see the letter among the received mail'}\n"
            f"  as the agent:    {self.agent}"
        )


async def second_act(on: Stage, database: Database, client: Client) -> SecondAct:
    """Open a case of the default policy that its owner has been given, and make the links."""
    await EscalationClient(client, on.settings.task_queue).open(
        Open(
            ticket=TICKET,
            summary="No internet for five days",
            customer=CUSTOMER,
            severity=Severity.SEV2,
            category=Category.TECHNICAL,
            reasons=(Reason.UNRESOLVED,),
            by="front-desk",
            owner=OWNER,
        )
    )
    token = secrets.token_urlsafe(32)
    await Sessions(database, now).keep_link(token, LoginLink(person=OWNER, role=Role.LEAD))
    return SecondAct(customer=await _page_in_letter(on), agent=f"{on.http.url}/login/link/{token}")


async def _page_in_letter(on: Stage) -> str:
    sink = on.stack.sink

    def found() -> str:
        letters = (_PAGE.search(_text(one)) for one in sink.messages_to(CUSTOMER.address))
        return next((link[0] for link in letters if link), "")

    try:
        async with asyncio.timeout(LETTER_SECONDS):
            await sink.wait_for(lambda _: bool(found()))
    except TimeoutError:
        return ""
    return found()


def _text(letter: ReceivedMessage) -> str:
    body = letter.message.get_body(("plain",))
    return "" if body is None else str(body.get_content())
