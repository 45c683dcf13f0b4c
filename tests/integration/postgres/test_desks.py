"""Tickets of help desks kept in step, through real requests and a real PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.adapters.desks.api import DeskApi, Rereading, basic
from activities.adapters.desks.freshdesk import Freshdesk
from activities.adapters.desks.jira import Jira
from activities.adapters.desks.zammad import Zammad
from activities.adapters.desks.zendesk import Zendesk
from activities.adapters.http_sending import HttpSender
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.desk_links import DeskLinks
from activities.adapters.postgres.records import Records
from activities.contracts import KeepInStepInput, RecordInput
from activities.desks import DeskActivities
from activities.errors import RecipientRefused
from activities.ports.connections import Connection, Product
from activities.ports.desks import Desk
from activities.ports.tickets import Applied, Escalated
from escalation.case.commands import (
    OpenByTriage,
    RecordTicketNews,
    RequestInformation,
    Resolve,
    SupportCommand,
    TellCustomer,
)
from escalation.intake.delivery import DeskEvent, DeskStatus, EventKind
from escalation.intake.files import load_source
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Outcome, TicketNews
from tests.peers.help_desks import BOT, PeerDesk, PeerTicket
from tests.peers.serving import served
from tests.unit.activities.builders import Clock
from tests.unit.domain.case import MONDAY, Case

DESKS: dict[Product, Callable[[DeskApi, Callable[[], datetime]], Desk]] = {
    Product.ZENDESK: lambda api, _: Zendesk(api),
    Product.ZAMMAD: Zammad,
    Product.FRESHDESK: lambda api, _: Freshdesk(api),
    Product.JIRA: lambda api, _: Jira(api),
}
PEOPLE = {"501": "ana", "502": "ben"}


@dataclass
class Owners:
    """The escalations, as far as a ticket that is lost concerns them."""

    stage: Escalated | None = None
    commands: list[tuple[str, SupportCommand | OpenByTriage]] = field(default_factory=list)

    async def newest(self, ticket: str) -> Escalated | None:
        del ticket
        return self.stage

    async def apply(self, ticket: str, command: Any, *, policy: str, command_id: str) -> Applied:
        del ticket, policy
        self.commands.append((command_id, command))
        return Applied()


class Kept:
    """A case whose ticket is kept in step."""

    def __init__(self, peer: PeerDesk, url: str, product: Product, database: Database) -> None:
        self.peer, self.clock, self.owners = peer, Clock(), Owners()
        self.links, self.records = DeskLinks(database), Records(database)
        sender = HttpSender(self.clock, allowed=[ip_network("127.0.0.0/8")])
        self.desk = DESKS[product](DeskApi(sender, url, basic("bot", "token"), product), self.clock)
        connection = Connection(source=load_source("zendesk"), people=PEOPLE)
        self.activities = DeskActivities(
            self.links, {"zendesk": self.desk}, {"zendesk": connection}, self.owners, self.clock
        )
        self.case = Case.opened()
        self.recorded = 0

    @property
    def ticket(self) -> PeerTicket:
        return self.peer.tickets["7"]

    async def record(self) -> None:
        """Write what happened to the record."""
        new = tuple(self.case.events[self.recorded :])
        await self.records.append(
            RecordInput(
                escalation=self.case.state.escalation,
                first_seq=self.recorded + 1,
                events=new,
                view=view_of(self.case.state, self.case.policy),
                as_of=self.case.now,
            )
        )
        self.recorded += len(new)

    async def keep(self) -> None:
        """Bring the ticket up to date."""
        while (await self.activities.keep_in_step(KeepInStepInput(ticket="T-1"))).has_more:
            pass

    async def lag(self) -> int:
        link = await self.links.link_of("T-1")
        assert link is not None
        return link.changed - link.done


@pytest.fixture(params=Product)
async def kept(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Kept]:
    peer = PeerDesk(tickets={"7": PeerTicket()})
    async with served(peer.app()) as url:
        kept = Kept(peer, url, request.param, database)
        await kept.record()
        await kept.links.link("T-1", "zendesk", "7", MONDAY)
        yield kept


def answer_is_awaited(case: Case) -> None:
    case.acknowledge()
    case.do(RequestInformation(by="ana", question="Which printer is it?"))


async def test_status_owner_and_what_happened_are_in_the_ticket_and_only_colleagues_see_it(kept: Kept) -> None:
    answer_is_awaited(kept.case)
    await kept.record()
    await kept.keep()

    there = await kept.desk.read("7")
    assert (there.status, there.assignee) == (DeskStatus.PENDING, "501")
    (note,) = kept.ticket.notes
    assert 'asked the customer: "Which printer is it?"' in note
    assert note.endswith(f"[esc escalation-T-1/{kept.recorded}]")
    assert kept.ticket.public == []

    kept.case.do(
        Resolve(by="ana", outcome=Outcome.SOLVED, solution="A new driver <b>1.2</b>", root_cause="an old driver")
    )
    await kept.record()
    await kept.keep()
    assert (await kept.desk.read("7")).status is DeskStatus.SOLVED
    assert len(kept.ticket.notes) == 2
    assert await kept.lag() == 0


async def test_a_note_whose_answer_was_lost_is_not_written_again(kept: Kept) -> None:
    await kept.keep()
    kept.case.acknowledge()
    kept.case.do(TellCustomer(by="ana", text="We have found it."))
    await kept.record()
    before = len(kept.ticket.notes)
    kept.peer.lose_answers(1)

    with pytest.raises(ApplicationError, match="502"):
        await kept.keep()
    kept.case.do(TellCustomer(by="ana", text="It is on its way."))
    await kept.record()
    await kept.keep()

    notes = kept.ticket.notes[before:]
    assert [sum(text in note for note in notes) for text in ("We have found it.", "It is on its way.")] == [1, 1]


async def test_a_note_is_found_on_whatever_page_of_a_long_ticket_it_is(kept: Kept) -> None:
    kept.ticket.notes += [f"an earlier note {number}" for number in range(130)]
    kept.case.acknowledge()
    await kept.record()
    kept.peer.lose_answers(1)
    with pytest.raises(ApplicationError, match="502"):
        await kept.keep()
    kept.ticket.notes += [f"a later note {number}" for number in range(130)]
    await kept.keep()

    assert sum("- ana took it" in note for note in kept.ticket.notes) == 1
    assert not await kept.desk.has_note("7", "[esc escalation-T-1/99]")


async def test_a_busy_help_desk_says_how_long_to_wait_and_nothing_is_lost(kept: Kept) -> None:
    kept.peer.refuse(429, retry_after="7")
    with pytest.raises(ApplicationError) as refused:
        await kept.keep()

    assert refused.value.next_retry_delay == timedelta(seconds=7)
    assert (await kept.lag()) == 1
    await kept.keep()
    assert (await kept.lag(), len(kept.ticket.notes)) == (0, 1)


async def test_a_deleted_ticket_is_given_up_once_and_its_owner_hears_of_it(kept: Kept) -> None:
    kept.case.acknowledge()
    state = kept.case.state
    kept.owners.stage = Escalated(
        stage=state.stage, severity=state.severity, reopens=False, is_open=True, offered_to="", owner="ana",
        customer=state.customer,
    )  # fmt: skip
    del kept.peer.tickets["7"]
    with pytest.raises(RecipientRefused, match="no such ticket"):
        await kept.desk.read("7")
    for _ in range(2):
        await kept.record()
        await kept.keep()
        kept.case.do(TellCustomer(by="ana", text="Still on it."))

    assert [command.kind for _, command in kept.owners.commands] == ["ticket_news"]
    lost = await kept.links.behind(MONDAY)
    assert [(one.ticket, "no such ticket" in one.error) for one in lost] == [("T-1", True)]
    calls = len(kept.peer.calls)
    await kept.keep()
    assert len(kept.peer.calls) == calls


async def test_a_ticket_that_was_deleted_there_is_written_to_again_once_it_is_back(kept: Kept) -> None:
    await kept.keep()
    kept.case.do(RecordTicketNews(by="zendesk", news=TicketNews.DELETED))
    kept.case.acknowledge()
    await kept.record()
    calls = len(kept.peer.calls)
    await kept.keep()
    assert (len(kept.peer.calls), await kept.lag()) == (calls, 0)

    kept.case.do(RecordTicketNews(by="zendesk", news=TicketNews.RESTORED))
    await kept.record()
    await kept.keep()
    assert "- ana took it" in kept.ticket.notes[-1]


async def test_our_own_user_is_known_by_id(kept: Kept) -> None:
    assert await kept.desk.me() == BOT


async def test_a_wrong_api_key_loses_no_ticket(kept: Kept) -> None:
    kept.peer.refuse(401)
    with pytest.raises(ApplicationError, match="API key"):
        await kept.keep()
    await kept.keep()
    assert await kept.lag() == 0


async def test_each_batch_that_the_record_takes_makes_the_ticket_one_to_look_at(kept: Kept) -> None:
    def claim(at: datetime) -> Any:
        return kept.links.claim(at, notified_before=at - timedelta(minutes=10), most=10)

    assert await claim(MONDAY) == [("zendesk", "T-1")]
    assert await claim(MONDAY) == []
    kept.case.acknowledge()
    await kept.record()
    assert await claim(MONDAY) == [("zendesk", "T-1")]
    await kept.links.release([("zendesk", "T-1")], MONDAY)
    assert await claim(MONDAY) == [("zendesk", "T-1")]
    await kept.keep()
    assert await claim(MONDAY + timedelta(hours=1)) == []


async def test_who_asked_is_known_where_the_webhook_does_not_say(kept: Kept) -> None:
    asked = Rereading({"zendesk": kept.desk})

    who = await asked.requester("zendesk", "7")
    assert who is not None
    assert (who.id, who.name, who.address) == ("77", "Ada Lovelace", "ada@example.com")
    assert await asked.requester("another", "7") is None
    kept.peer.refuse(404)
    assert await asked.requester("zendesk", "7") is None


async def test_a_status_that_comes_late_is_read_again(kept: Kept) -> None:
    late = DeskEvent(kind=EventKind.STATUS, what="solved", number=0, key="k", ticket="7", status=DeskStatus.SOLVED)
    again = Rereading({"zendesk": kept.desk})

    assert (await again.reread("zendesk", late)).status is DeskStatus.OPEN
    assert await again.reread("another", late) == late
    unknown = replace(late, ticket="8")
    assert await again.reread("zendesk", unknown) == unknown
    words = replace(late, kind=EventKind.MESSAGE)
    assert await again.reread("zendesk", words) == words
