"""The fakes do what the adapters do."""

import asyncio

import pytest

from activities.errors import ChannelUnavailable, DatabaseUnavailable
from activities.ports.sending import Channel, Envelope
from escalation.case.events import Event
from escalation.roster.members import Member
from tests import fakes
from tests.unit.activities.builders import CASE, MONDAY, OPENED, Clock, batch, member, request
from tests.unit.activities.directory_contract import DirectoryContract, Staff
from tests.unit.activities.ledger_contract import LedgerContract
from tests.unit.activities.long_texts_contract import LongTextsContract, text_of
from tests.unit.activities.policies_contract import PoliciesContract
from tests.unit.activities.records_contract import RecordsContract
from tests.unit.activities.superseding_contract import (
    ResetContract,
    SetAside,
    SupersedingContract,
    Timeline,
    ZombieContract,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestDirectory(DirectoryContract):
    @pytest.fixture
    def staff(self, clock: Clock) -> Staff:
        async def with_members(*members: Member) -> fakes.Directory:
            return fakes.Directory(members, clock)

        return with_members

    async def test_open_bookings_can_be_counted(self, clock: Clock) -> None:
        directory = fakes.Directory([member("ana")], clock)
        await directory.assign(request())
        assert directory.open_bookings("ana") == 1
        await directory.release(CASE, 1)
        assert directory.open_bookings("ana") == 0


class TestRecords(RecordsContract):
    @pytest.fixture
    def records(self) -> fakes.Records:
        return fakes.Records()

    async def test_it_can_be_down_for_a_while(self, records: fakes.Records) -> None:
        records.unavailable = DatabaseUnavailable("PostgreSQL is down")
        for asked in (records.view(CASE), records.append(batch([OPENED])), records.customer_history(CASE, "c-1")):
            with pytest.raises(DatabaseUnavailable, match="PostgreSQL is down"):
                await asked
        records.unavailable = None
        await records.append(batch([OPENED]))
        assert (await records.view(CASE)).last_seq == 1


class TestLongTexts(LongTextsContract):
    @pytest.fixture
    def long_texts(self) -> fakes.LongTexts:
        return fakes.LongTexts()

    async def test_they_can_be_down_for_a_while(self, long_texts: fakes.LongTexts) -> None:
        long_texts.unavailable = DatabaseUnavailable("PostgreSQL is down")
        for asked in (long_texts.keep(text_of()), long_texts.whole(CASE, "f" * 64)):
            with pytest.raises(DatabaseUnavailable, match="PostgreSQL is down"):
                await asked


class Remembering:
    """Reads the fake's timeline, and what it set aside."""

    @pytest.fixture
    def records(self) -> fakes.Records:
        return fakes.Records()

    @pytest.fixture
    def timeline(self, records: fakes.Records) -> Timeline:
        async def read() -> list[Event]:
            return records.timelines[CASE]

        return read

    @pytest.fixture
    def set_aside(self, records: fakes.Records) -> SetAside:
        async def read() -> list[tuple[int, Event]]:
            return [(seq, event) for name, seq, event in records.superseded if name == CASE]

        return read


class TestSuperseding(Remembering, SupersedingContract):
    pass


class TestZombies(Remembering, ZombieContract):
    pass


class TestResets(Remembering, ResetContract):
    pass


class TestLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, clock: Clock) -> fakes.Ledger:
        return fakes.Ledger(clock)


class TestPolicies(PoliciesContract):
    @pytest.fixture
    def policies(self) -> fakes.Policies:
        return fakes.Policies()


class TestChannel:
    LETTER = Envelope(
        key="escalation-4711/receipt",
        thread=CASE,
        address="ada@example.com",
        name="Ada",
        subject="We have it",
        body="Hello",
        language="en",
        at=MONDAY,
    )

    async def test_it_keeps_what_it_was_given(self) -> None:
        channel = fakes.Channel()
        port: Channel = channel
        receipts = [await port.send(self.LETTER), await port.send(self.LETTER)]
        assert (channel.sent, receipts) == ([self.LETTER] * 2, ["accepted 1", "accepted 2"])

    async def test_it_fails_as_often_as_it_is_asked_to(self) -> None:
        channel = fakes.Channel(errors=[ChannelUnavailable("down")])
        with pytest.raises(ChannelUnavailable):
            await channel.send(self.LETTER)
        await channel.send(self.LETTER)
        assert len(channel.sent) == 1

    async def test_it_can_be_held_in_the_middle_of_sending(self) -> None:
        channel = fakes.Channel(gate=asyncio.Event())
        sending = asyncio.create_task(channel.send(self.LETTER))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(sending), 0.01)
        assert channel.sent == []
        assert channel.gate is not None
        channel.gate.set()
        assert await sending == "accepted 1"
