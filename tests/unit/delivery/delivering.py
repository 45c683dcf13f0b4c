"""The activity that delivers, with everything around it in memory."""

import asyncio
from collections import Counter
from datetime import datetime
from typing import cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.runtime import MetricBuffer, Runtime
from temporalio.testing import ActivityEnvironment

from activities.contracts import DeliverInput
from activities.delivery import DeliveryActivities
from activities.ports.sending import Envelope
from activities.writing import Writer
from escalation.vocabulary import Channel as ChannelName
from tests import fakes
from tests.letters import LETTERS
from tests.unit.delivery.cases import ANA, ESCALATION, FRONT_DESK, NOON, a_message, a_request, a_view


class SignallingChannel(fakes.Channel):
    """Says when it was reached, so that a test need not guess."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def send(self, envelope: Envelope) -> str:
        self.reached.set()
        return await super().send(envelope)


class MortalLedger(fakes.Ledger):
    """While `dies` is set, the worker is killed at the moment it wants to record what it sent."""

    dies = False

    async def sent(self, escalation: str, key: str, *, channel: ChannelName, receipt: str, letter: Envelope) -> None:
        if self.dies:
            raise asyncio.CancelledError
        await super().sent(escalation, key, channel=channel, receipt=receipt, letter=letter)


class Sleeper(fakes.Directory):
    """The people of the fake directory, whose shift ends at an instant; None for those who are asked around the clock."""

    shift_ends: datetime | None = None

    async def on_shift_until(self, _person: str) -> datetime | None:
        return self.shift_ends


class World:
    """Everything around the activity, in memory, and a clock that is set by hand."""

    def __init__(self, metrics: tuple[Runtime, MetricBuffer]) -> None:
        self._runtime, self._buffer = metrics
        self._buffer.retrieve_updates()
        self.now = NOON
        self.records = fakes.Records()
        self.records.views[ESCALATION] = a_view()
        self.directory = Sleeper([ANA, FRONT_DESK], self.clock)
        self.ledger = MortalLedger(self.clock)
        self.long_texts = fakes.LongTexts()
        self.mail = SignallingChannel()
        self.writer = Writer(
            records=self.records,
            directory=self.directory,
            long_texts=self.long_texts,
            templates=LETTERS,
            clock=self.clock,
        )
        self.activities = DeliveryActivities(self.writer, self.ledger, {ChannelName.EMAIL: self.mail})

    def clock(self) -> datetime:
        return self.now

    def environment(self) -> ActivityEnvironment:
        environment = ActivityEnvironment()
        environment.metric_meter = self._runtime.metric_meter
        return environment

    async def deliver(self, request: DeliverInput) -> None:
        await self.environment().run(self.activities.deliver, request)

    async def fails(self, request: DeliverInput) -> ApplicationError:
        with pytest.raises(ApplicationError) as failed:
            await self.deliver(request)
        assert failed.value.__cause__ is None
        return failed.value

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """What was counted since it was last asked for, by name and message kind."""
        counts: Counter[tuple[str, str]] = Counter()
        for update in self._buffer.retrieve_updates():
            name = update.metric.name
            if name.startswith("escalations_deliveries_"):
                assert update.attributes["channel"] in {*ChannelName, OTHER_CHANNEL}
                counts[name.removeprefix("escalations_deliveries_"), str(update.attributes["kind"])] += int(
                    update.value
                )
        return counts

    @property
    def row(self) -> fakes.Delivery:
        (row,) = self.ledger.deliveries.values()
        return row


OTHER_CHANNEL = cast(ChannelName, "chat")
"""A channel that is still to come."""


UPDATE = a_request(a_message(text="We have found the cause."))
