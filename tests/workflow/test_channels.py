"""A colleague with several addresses: which one is tried when, and what they see once the case moves on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from activities.errors import ActivityError, ChannelUnavailable, EndpointGone, RecipientRefused
from activities.ports.sending import Envelope, Sent
from escalation.case.commands import Acknowledge, Resolve
from escalation.vocabulary import Channel, Outcome, Stage
from tests import fakes
from tests.workflow.lives import offered
from tests.workflow.world import World, eventually


@dataclass(slots=True)
class Chat(fakes.Channel):
    """A chat whose messages can be changed.

    Attributes:
        shown: What was shown last, by key of the message, in order.
        faults: Raised by the next changes.
    """

    shown: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[ActivityError] = field(default_factory=list)

    async def settle(self, sent: Sent) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.shown.append((sent.key, sent.state.value, sent.by))


@dataclass(slots=True)
class NotForAna(fakes.Channel):
    """A relay that knows no mailbox of Ana's."""

    async def send(self, envelope: Envelope) -> str:
        if envelope.name == "Ana":
            raise RecipientRefused("no mailbox")
        self.sent.append(envelope)
        return "250 OK"


@pytest.fixture
def chat(world: World) -> Chat:
    """Ana is reached by it first, then by a webhook, then by mail."""
    chat = Chat()
    world.chats = {Channel.SLACK: chat, Channel.WEBHOOK: fakes.Channel()}
    ana = replace(world.directory.members["ana"], addresses=("slack:U1", "webhook:desk"))
    world.directory.members["ana"] = ana
    return chat


def refused(errors: Sequence[ActivityError]) -> fakes.Channel:
    return fakes.Channel(errors=list(errors))


async def test_the_first_address_that_takes_it_gets_it_and_no_other(world: World, chat: Chat) -> None:
    async with world.worker():
        life = await offered(world, "WAYS-1")
        await life.settled()
    assert [sent.address for sent in chat.sent] == ["U1"]
    assert world.keys_to("Ana") == []


async def test_addresses_that_refuse_are_followed_by_mail_and_no_one_is_alarmed(world: World, chat: Chat) -> None:
    chat.errors.append(RecipientRefused("no such person"))
    world.chats[Channel.WEBHOOK] = refused([RecipientRefused("no")])
    async with world.worker():
        life = await offered(world, "WAYS-2")
        await life.settled()
    assert world.keys_to("Ana") == ["offer/1/ana"]
    assert not [one for one in life.timeline() if one.kind == "delivery_failed"]


async def test_when_no_address_takes_it_the_overseer_hears_of_it(world: World, chat: Chat) -> None:
    chat.errors.append(RecipientRefused("no such person"))
    world.chats[Channel.WEBHOOK] = refused([RecipientRefused("no")])
    world.email = NotForAna()
    async with world.worker():
        life = await offered(world, "WAYS-3")
        await eventually(lambda: "failed/offer/1/ana/overseer" in world.keys_to("Overseer"), "the overseer is notified")
        await life.settled()
    (failed,) = [one for one in life.timeline() if one.kind == "delivery_failed"]
    assert (failed.to, failed.error) == ("ana", "RecipientRefused")


async def test_a_webhook_that_ended_for_good_is_reported_although_mail_arrived(world: World, chat: Chat) -> None:
    chat.errors.append(RecipientRefused("no such person"))
    world.chats[Channel.WEBHOOK] = refused([EndpointGone("410")])
    async with world.worker():
        life = await offered(world, "WAYS-4")
        await eventually(lambda: "failed/offer/1/ana/overseer" in world.keys_to("Overseer"), "the overseer is notified")
        await life.settled()
    assert world.keys_to("Ana") == ["offer/1/ana"]
    (failed,) = [one for one in life.timeline() if one.kind == "delivery_failed"]
    assert failed.error == "EndpointGone"


async def test_a_message_in_a_chat_follows_the_case_also_after_its_end(world: World, chat: Chat) -> None:
    chat.faults.append(ChannelUnavailable("busy", after=0.01))
    async with world.worker():
        life = await offered(world, "WAYS-5")
        await life.settled()
        assert chat.shown == []
        await life.do(Acknowledge(by="ana", packet_read=True))
        await eventually(
            lambda: ("offer/1/ana", "accepted", "Ana") in chat.shown, "the offer shows that it was accepted"
        )
        await life.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="done", root_cause="a part"))
        await eventually(lambda: chat.shown[-1] == ("offer/1/ana", "over", ""), "the offer shows that the case is over")
        assert (await life.status()).view.stage is Stage.RESOLVED
    assert [shown[1] for shown in chat.shown] == ["accepted", "over"]


async def test_mail_alone_costs_no_workflow_of_its_own(world: World) -> None:
    async with world.worker():
        life = await offered(world, "WAYS-6")
        await life.do(Acknowledge(by="ana", packet_read=True))
        await life.settled()
        history = await life.history()
    assert not [one for one in history if one.HasField("start_child_workflow_execution_initiated_event_attributes")]
