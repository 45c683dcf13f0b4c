"""Ana, who is reached on the channel under test, and the activities that reach her; only the receivers are real."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import DeliverInput
from activities.delivery import DeliveryActivities
from activities.settling import SettlingActivities
from activities.writing import Writer
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView
from escalation.message_kinds import MessageKind
from escalation.messages.effects import Message
from escalation.notice_kinds import NoticeKind
from escalation.roster.members import Member
from escalation.vocabulary import Channel
from runtime.channels import open_channels
from runtime.setting_values import ticket_link
from runtime.settings import Settings
from tests import fakes
from tests.letters import LETTERS
from tests.peers.pagerduty_like import KEY
from tests.peers.slack_like import TOKEN
from tests.peers.webhook_receiver import SECRET
from tests.unit.delivery.cases import ANA, ESCALATION, FRONT_DESK, a_message, a_view, notice_of

LOOPBACK = "127.0.0.0/8"
LEASE = timedelta(seconds=30)
BEN = replace(ANA, id="ben", name="Ben <!channel>")


def reaching(**settings: Any) -> Settings:
    """Settings that allow the loopback interface."""
    given = {
        "allowed_networks": LOOPBACK,
        "slack_token": TOKEN,
        "pagerduty_keys": f"payments={KEY}",
        "webhook_secrets": f"desk={SECRET}",
        "ticket_url": "https://desk.example.com/tickets/{ticket}",
    }
    return Settings.model_validate(given | settings)


class Team:
    """Ana and Ben, with these addresses.

    Attributes:
        now: The present instant; real, because receivers check it.
        waiting_since: When Temporal first scheduled the activity.
    """

    def __init__(
        self,
        settings: Settings,
        addresses: Sequence[str],
        urgent: Sequence[str] = (),
        mail: str = ANA.address,
        people: Sequence[Member] = (ANA, BEN),
    ) -> None:
        self.now = datetime.now(UTC)  # noqa: TID251 - receivers hold it against their own
        self.waiting_since = self.now
        self.records = fakes.Records()
        self.records.views[ESCALATION] = a_view()
        self.ledger = fakes.Ledger(self.clock, lease=LEASE)
        members = [replace(one, address=mail, addresses=tuple(addresses), urgent=tuple(urgent)) for one in people]
        self.directory = fakes.Directory([*members, FRONT_DESK], self.clock)
        self.channels = open_channels(settings, self.clock)
        self.mail = fakes.Channel()
        self.channels[Channel.EMAIL] = self.mail
        writer = Writer(
            records=self.records,
            directory=self.directory,
            long_texts=fakes.LongTexts(),
            templates=LETTERS,
            clock=self.clock,
            public_url="https://escalations.example.com",
            ticket_url=lambda ticket: ticket_link(settings.ticket_url, ticket),
        )
        self._delivery = DeliveryActivities(writer, self.ledger, self.channels)
        self._settling = SettlingActivities(self.ledger, self.records, self.directory, self.channels)

    def clock(self) -> datetime:
        return self.now

    def case(self, **changes: Any) -> CaseView:
        """Change the case."""
        self.records.views[ESCALATION] = replace(self.records.views[ESCALATION], **changes)
        return self.records.views[ESCALATION]

    def happened(self, *events: Event) -> None:
        """Add to the timeline."""
        self.records.timelines.setdefault(ESCALATION, []).extend(events)

    async def deliver(self, message: Message, turn: int = 0) -> None:
        """One attempt."""
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, scheduled_time=self.waiting_since)
        await environment.run(
            self._delivery.deliver,
            DeliverInput(escalation=ESCALATION, message=message, channel=Channel.EMAIL, turn=turn),
        )

    async def fails(self, message: Message, turn: int = 0) -> ApplicationError:
        """One attempt, which does."""
        with pytest.raises(ApplicationError) as failed:
            await self.deliver(message, turn)
        assert failed.value.__cause__ is None
        return failed.value

    async def settle(self) -> None:
        """Show what became of the messages."""
        await ActivityEnvironment().run(self._settling.settle, ESCALATION)


def offer(to: str = "ana", number: int = 1, **said: Any) -> Message:
    """An offer."""
    return replace(a_message(MessageKind.OFFER, to=to, **said), key=f"offer/{number}/{to}")


def notice(key: str = "note/1", kind: NoticeKind = NoticeKind.CUSTOMER_REPLIED) -> Message:
    """A notice to Ana."""
    return replace(a_message(MessageKind.NOTICE, to="ana", notices=(notice_of(kind),)), key=f"{key}/ana")
