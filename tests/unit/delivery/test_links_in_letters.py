"""Links in messages to colleagues: which message has them, what is kept, and what a mail program shows."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.adapters.mail_message import compose
from activities.delivery import DeliveryActivities
from activities.errors import ActivityError, ChannelUnavailable, SentWithoutAnswer
from activities.ports.sending import ActionLink, CustomerLink, Envelope
from activities.writing import LINK_LASTS, Writer
from escalation.addresses import parse_address
from escalation.case.events import Consulted, CustomerReplied, Offered
from escalation.case.state_parts import OpenConsult
from escalation.lifecycle.asking import Act
from escalation.message_kinds import MessageKind
from escalation.messages.effects import Message
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Channel, Stage
from tests import fakes
from tests.letters import LETTERS
from tests.unit.delivery.cases import ANA, ESCALATION, FRONT_DESK, NOON, a_message, a_request, a_view, notice_of

URL = "https://escalations.example.com"


@dataclass
class Links:
    """Which links were kept, oldest first."""

    kept: list[tuple[str, str, str, ActionLink]] = field(default_factory=list)

    async def keep(self, escalation: str, key: str, person: str, link: ActionLink) -> None:
        self.kept.append((escalation, key, person, link))


@dataclass
class CustomerLinks:
    """Which links of customers were kept, oldest first."""

    kept: list[tuple[str, str, CustomerLink]] = field(default_factory=list)

    async def keep(self, escalation: str, key: str, link: CustomerLink) -> None:
        self.kept.append((escalation, key, link))


class World:
    """A worker that knows where the server is."""

    def __init__(self, public_url: str = URL) -> None:
        self.records, self.links, self.mail = fakes.Records(), Links(), fakes.Channel()
        self.records.views[ESCALATION] = replace(a_view(), stage=Stage.OFFERED, owner="", offered_to="ana")
        self.records.timelines[ESCALATION] = [Offered(at=NOON, offer=3, tier=1, person="ana")]
        self.ledger, self.customer_links = fakes.Ledger(self.clock), CustomerLinks()
        self.now = NOON
        writer = Writer(
            records=self.records,
            directory=fakes.Directory([ANA, FRONT_DESK, replace(ANA, id="uwe", language="de")], self.clock),
            long_texts=fakes.LongTexts(),
            templates=LETTERS,
            clock=self.clock,
            public_url=public_url,
        )
        self.activities = DeliveryActivities(
            writer, self.ledger, {Channel.EMAIL: self.mail}, self.links, self.customer_links
        )

    def clock(self) -> datetime:
        return self.now

    async def deliver(self, message: Message) -> None:
        await ActivityEnvironment().run(self.activities.deliver, a_request(message))

    async def letter(self, message: Message) -> Envelope:
        await self.deliver(message)
        return self.mail.sent[-1]


@pytest.fixture
def world() -> World:
    return World()


def urls(envelope: Envelope) -> list[str]:
    assert envelope.link is not None
    return [envelope.link.url(act) for act in envelope.link.ask.acts]


async def test_an_offer_has_a_link_for_each_answer_at_its_top(world: World) -> None:
    letter = await world.letter(a_message(MessageKind.OFFER, to="ana"))
    accept, decline = urls(letter)
    assert accept.startswith(f"{URL}/act/")
    assert accept.endswith("/acknowledge")
    assert f"Accept the case: {accept}\nDecline: {decline}\n" in letter.body
    assert letter.body.index(accept) < letter.body.index("Ticket:")
    assert "Accept or decline by the links at the top. If you decline, please say why." in letter.body


async def test_the_links_read_in_the_language_of_their_reader(world: World) -> None:
    letter = await world.letter(a_message(MessageKind.OFFER, to="uwe"))
    accept, decline = urls(letter)
    assert f"Fall annehmen: {accept}\nAblehnen: {decline}\n" in letter.body
    assert "Annehmen oder ablehnen über die Links oben" in letter.body


async def test_the_secret_is_long_and_what_is_kept_of_the_letter_does_not_have_it(world: World) -> None:
    message = a_message(MessageKind.OFFER, to="ana")
    letter = await world.letter(message)
    ((escalation, key, person, link),) = world.links.kept
    assert (escalation, key, person) == (ESCALATION, message.key, "ana")
    assert len(link.token) == 43
    assert (link.ask.number, link.expires_at) == (3, NOON + LINK_LASTS)
    assert link.token in letter.body
    assert link.token not in letter.body_to_keep
    assert f"{URL}/act/…/acknowledge" in letter.body_to_keep


@pytest.mark.parametrize("failure", [ChannelUnavailable("busy"), SentWithoutAnswer("silent")])
async def test_a_letter_that_is_sent_again_has_a_new_link_and_the_first_one_still_works(
    world: World, failure: ActivityError
) -> None:
    world.mail.errors.append(failure)
    message = a_message(MessageKind.OFFER, to="ana")
    with pytest.raises(ApplicationError):
        await world.deliver(message)
    world.now += timedelta(minutes=5)
    letter = await world.letter(message)
    first, second = (link for *_, link in world.links.kept)
    assert first.token != second.token
    assert second.token in letter.body


def _asks_advice(world: World) -> Message:
    view = world.records.views[ESCALATION]
    asked = OpenConsult(to="ana", by="ben", question="Why?")
    world.records.views[ESCALATION] = replace(view, owner="ben", offered_to="", stage=Stage.WORKING, consult=asked)
    world.records.timelines[ESCALATION].append(Consulted(at=NOON, by="ben", to="ana", question="Why?"))
    return a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.CONSULTED),))


def _customer_wrote(world: World) -> Message:
    view = world.records.views[ESCALATION]
    world.records.views[ESCALATION] = replace(view, owner="ana", offered_to="", stage=Stage.WORKING)
    return a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.CUSTOMER_REPLIED),))


@pytest.mark.parametrize(
    ("ask", "acts", "said", "unsaid"),
    [
        (_asks_advice, (Act.ANSWER,), "Please answer. The case stays with its owner.", "support tool"),
        (_customer_wrote, (Act.REPLY, Act.NOTE), "Note progress: https://", "support tool"),
    ],
)
async def test_a_notice_that_asks_for_something_has_links(
    world: World, ask: Callable[[World], Message], acts: tuple[Act, ...], said: str, unsaid: str
) -> None:
    letter = await world.letter(ask(world))
    assert letter.link is not None
    assert letter.link.ask.acts == acts
    assert said in letter.body
    assert unsaid not in letter.body


async def test_a_notice_that_only_informs_and_a_letter_to_the_customer_have_none(world: World) -> None:
    for message in (
        a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(NoticeKind.CLOSED),)),
        a_message(MessageKind.UPDATE),
    ):
        assert (await world.letter(message)).link is None
    assert world.links.kept == []


async def test_a_letter_to_the_customer_leads_to_their_page_by_a_link_that_no_copy_has(world: World) -> None:
    for kind in (MessageKind.UPDATE, MessageKind.FOLLOW_UP_SURVEY):
        letter = await world.letter(a_message(kind))
        assert letter.page is not None
        assert letter.page.url.startswith(f"{URL}/c/")
        assert f"See your case and answer here: {letter.page.url}\n" in letter.body
        assert letter.page.token not in letter.body_to_keep
        assert letter.page.address == letter.address
        html = compose(letter, sender=parse_address("support@example.com"), sender_name="Support").get_body(("html",))
        assert isinstance(html, EmailMessage)
        assert html.get_content().count("<a href=") == (6 if kind is MessageKind.FOLLOW_UP_SURVEY else 1)
    assert len(world.customer_links.kept) == 2


async def test_without_a_server_that_people_reach_letters_read_as_before() -> None:
    world = World(public_url="")
    letter = await world.letter(a_message(MessageKind.OFFER, to="ana"))
    assert letter.link is None
    assert "Acknowledge or decline in your support tool. If you decline, please say why." in letter.body


async def test_a_mail_program_shows_buttons_and_makes_none_of_what_a_customer_wrote(world: World) -> None:
    trap = "Accept the case: https://evil.example.com/act/x/acknowledge"
    world.records.timelines[ESCALATION].append(CustomerReplied(at=NOON, text=trap))
    letter = await world.letter(a_message(MessageKind.OFFER, to="ana"))
    mail = compose(letter, sender=parse_address("support@example.com"), sender_name="Support")
    page = mail.get_body(("html",))
    assert isinstance(page, EmailMessage)
    html = page.get_content()
    assert trap in letter.body
    assert html.count("<a href=") == 2
    assert [html.count(f'href="{url}"') for url in urls(letter)] == [1, 1]
