"""Something outside is down: the clocks go on, the commands answer, nothing is lost and nothing comes twice."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from activities.errors import ChannelUnavailable, DatabaseUnavailable, RecipientRefused, RecordConflict, UnstorableValue
from escalation.case.commands import Acknowledge, AddNote, Reassign, TellCustomer
from escalation.vocabulary import Category, ClockName, Stage
from tests.workflow.lives import owned
from tests.workflow.outages import Directory, Records, without
from tests.workflow.world import Life, World, eventually

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SOON, HALF_AN_HOUR = 0.05, 1800
"""Seconds after which what is down asks to be tried again. Each try is a step of the virtual clock."""


def thresholds(life: Life) -> list[tuple[str, str]]:
    return [(one.clock, one.threshold) for one in life.timeline() if one.kind == "threshold_reached"]


@pytest.fixture
async def real_time() -> Callable[[], timedelta]:
    """How much real time the test has taken so far."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    return lambda: timedelta(seconds=clock() - begun)


def punctual(life: Life, real: timedelta) -> bool:
    """Whether no threshold was later than it had to wait for a worker.

    A jump ends at the next timer, and between jumps the virtual clock goes as fast as any other: on a machine that
    stalls a threshold is late by some of the real time that went by, and never by more.
    """
    return all(one.at - one.due < real for one in life.timeline() if one.kind == "threshold_reached")


async def test_without_postgresql_commands_answer_and_the_record_catches_up(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DATABASE-1")
        known = len(life.timeline())
        world.records.unavailable = DatabaseUnavailable("no answer")
        for number in range(5):
            await life.do(AddNote(by="ana", text=str(number)))
        await life.do(TellCustomer(by="ana", text="We found it."))
        status = await life.status()
        assert status.unrecorded == 8  # five notes; told, its clock stopped, the message queued
        assert len(life.timeline()) == known
        world.records.unavailable = None
        await life.settled()
    assert [one.text for one in life.timeline() if one.kind == "noted"] == ["0", "1", "2", "3", "4"]
    assert world.keys_to("Ann")[-1] == "update/1/customer"


async def test_without_postgresql_a_message_waits_for_its_record(world: World) -> None:
    async with world.worker():
        life = await owned(world, "DATABASE-2")
        world.records.unavailable = DatabaseUnavailable("no answer")
        await life.do(TellCustomer(by="ana", text="We found it."))
        status = await life.status()
        assert (status.unrecorded, status.sending) == (3, 1)
        scheduled = [
            one.activity_task_scheduled_event_attributes.activity_type.name
            for one in await life.history()
            if one.HasField("activity_task_scheduled_event_attributes")
        ]
        assert scheduled.count("deliver") == 3  # receipt, offer and the first owner; not yet the update
        assert sorted(world.keys_to("Ann")) == ["owner_changed/1/customer", "receipt/1/customer"]
        world.records.unavailable = None
        await life.settled()
    assert world.keys_to("Ann") == ["receipt/1/customer", "owner_changed/1/customer", "update/1/customer"]


async def test_without_postgresql_clocks_fire_at_their_instants(
    world: World, real_time: Callable[[], timedelta]
) -> None:
    async with world.worker():
        life = await owned(world, "DATABASE-3")
        world.records.unavailable = DatabaseUnavailable("no answer", after=HALF_AN_HOUR)
        await life.do(AddNote(by="ana", text="still at it"))
        await life.skip(2 * HOUR + MINUTE)
        seen = await life.until(lambda status: bool(status.view.breaches), "the breach")
        assert seen.view.breaches == {ClockName.FIRST_RESPONSE: 1}
        assert "threshold_reached" not in life.kinds()
        world.records.unavailable = None
        await life.wait(HOUR)
    assert thresholds(life) == [("first_response", "75%"), ("first_response", "due")]
    assert punctual(life, real_time())


async def test_a_record_that_contradicts_holds_up_nothing_and_is_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.worker():
        life = await owned(world, "CONFLICT-1")
        world.records.unavailable = RecordConflict("another event stands there")
        with caplog.at_level(logging.ERROR):
            await life.do(AddNote(by="ana", text="tried a restart"))
            await eventually(lambda: "record refused" in caplog.text, "the fault is logged")
        await life.do(AddNote(by="ana", text="tried another"))
        assert (await life.status()).unrecorded == 2
        world.records.unavailable = None
        await life.wait(11 * MINUTE)
    assert [one.text for one in life.timeline() if one.kind == "noted"] == ["tried a restart", "tried another"]


async def test_after_an_hour_of_refusals_letters_go_out_without_the_record_and_people_learn_of_it(world: World) -> None:
    world.records = records = Records()
    async with world.worker():
        life = await owned(world, "CONFLICT-2")
        records.refuses = True
        await life.do(TellCustomer(by="ana", text="We found it."))
        await life.skip(2 * HOUR)
        await eventually(lambda: "update/1/customer" in world.keys_to("Ann"), "the letter goes out")
        await eventually(lambda: any("notice" in key for key in world.keys_to("Overseer")), "the overseer learns of it")
        records.refuses = False
        await life.wait(7 * HOUR)
    assert life.kinds().count("gave_up") == 1
    assert life.kinds().count("customer_told") == 1


async def test_a_search_that_can_never_be_answered_ends_with_the_overseer(world: World) -> None:
    world.directory = directory = Directory()
    directory.fault = UnstorableValue("these values can never be looked up")
    async with world.worker():
        life = await world.open("NEVER-1")
        held = await life.settled()
    assert (held.view.stage, held.view.owner) == (Stage.WORKING, "overseer")
    assert directory.asked == 1
    assert life.kinds().count("assignment_delayed") == 1


async def test_a_booking_that_can_never_be_given_back_is_shown_and_stops_no_case(world: World) -> None:
    world.directory = directory = Directory()
    async with world.worker():
        life = await owned(world, "NEVER-2")
        directory.fault = UnstorableValue("these values can never be looked up")
        await life.do(Reassign(to="eli", by="desk", why="knows the customer"))
        await life.until(lambda status: not status.sending, "nothing is tried any more")
    failed = next(one for one in life.timeline() if one.kind == "gave_up")
    assert (failed.what, failed.error) == ("release", "UnstorableValue")


async def test_a_dead_relay_delays_no_deadline_and_no_command(world: World, real_time: Callable[[], timedelta]) -> None:
    world.email.errors = [ChannelUnavailable("the relay is down", after=HALF_AN_HOUR)] * 100
    async with world.worker():
        life = await world.open("RELAY-1")
        await life.until(lambda status: status.view.stage is Stage.OFFERED, "it is offered")
        await life.do(Acknowledge(by="ana"))
        await life.skip(2 * HOUR + MINUTE)
        seen = await life.until(lambda status: bool(status.view.breaches), "the breach")
        assert seen.sending == 6
        assert world.email.sent == []
        assert (await life.do(AddNote(by="ana", text="still at it"))).stage is Stage.WORKING
        world.email.errors.clear()
        await life.wait(HOUR)
    assert thresholds(life) == [("first_response", "75%"), ("first_response", "due")]
    assert punctual(life, real_time())
    assert sorted(world.keys_to("Ann")) == ["owner_changed/1/customer", "receipt/1/customer"]
    assert sorted(world.keys_to("Ana")) == ["first_response/1/75%/ana", "first_response/1/due/ana", "offer/1/ana"]
    assert world.keys_to("Overseer") == ["first_response/1/due/overseer"]


async def test_a_message_arrives_once_when_the_relay_is_back_under_the_same_key(world: World) -> None:
    async with world.worker():
        life = await owned(world, "RELAY-2")
        world.email.errors = [ChannelUnavailable("the relay is down", after=SOON)] * 3
        await life.do(TellCustomer(by="ana", text="We found it."))
        await life.settled()
    assert world.keys_to("Ann") == ["receipt/1/customer", "owner_changed/1/customer", "update/1/customer"]
    delivery = next(row for (_, key, _), row in world.ledger.deliveries.items() if key == "update/1/customer")
    assert (delivery.attempts, delivery.status, delivery.possibly_repeated) == (4, "sent", 0)


async def test_a_refused_recipient_is_reported_to_the_overseer(world: World) -> None:
    async with world.worker():
        life = await owned(world, "REFUSING-1")
        world.email.errors = [RecipientRefused("no such mailbox")]
        await life.do(TellCustomer(by="ana", text="We found it."))
        await life.settled()
    failed = next(one for one in life.timeline() if one.kind == "delivery_failed")
    assert (failed.key, failed.to, failed.error) == ("update/1/customer", "customer", "RecipientRefused")
    assert world.keys_to("Overseer") == ["failed/update/1/customer/overseer"]


async def test_an_overseer_who_cannot_be_reached_is_not_notified_of_it(world: World) -> None:
    async with world.worker():
        life = await owned(world, "REFUSING-2")
        world.email.errors = [RecipientRefused("no such mailbox")]
        world.email.refusing = {"overseer@example.com": RecipientRefused("no such mailbox")}
        await life.do(TellCustomer(by="ana", text="We found it."))
        await life.settled()
    assert life.kinds().count("delivery_failed") == 2
    assert world.keys_to("Overseer") == []


async def test_with_no_one_there_the_overseer_holds_the_case_and_hears_of_it_once(world: World) -> None:
    world.directory = without(Category.BILLING)
    async with world.worker():
        life = await world.open("NOBODY-1")
        held = await life.settled()
    assert (held.view.stage, held.view.owner) == (Stage.WORKING, "overseer")
    assert life.kinds().count("overseer_held") == 1
    told = [one for one in world.email.sent if one.name == "Overseer"]
    assert len({one.key for one in told}) == len(told)


async def test_a_directory_that_is_down_delays_the_search_and_pages_the_overseer_once(world: World) -> None:
    world.directory = directory = Directory()
    async with world.worker():
        directory.down, directory.after = True, 100
        life = await world.open("DIRECTORY-1")
        await eventually(lambda: directory.asked >= 1, "the directory is asked")
        await life.skip(6 * MINUTE)
        await eventually(lambda: "assignment_delayed" in life.kinds(), "the delay is recorded")
        await life.skip(12 * MINUTE)
        await eventually(lambda: life.kinds().count("assignment_delayed") >= 2, "the next delay is recorded")
        directory.down = False
        found = await life.wait(2 * MINUTE)
    assert found.view.offered_to == "ana"
    assert world.keys_to("Overseer") == ["assign/1/delayed/overseer"]


async def test_a_booking_that_comes_after_the_case_went_on_is_given_back(world: World) -> None:
    world.directory = directory = Directory()
    async with world.worker():
        directory.gate = asyncio.Event()
        life = await world.open("LATE-1")
        await eventually(lambda: directory.asked == 1, "the search has begun")
        await life.do(Reassign(to="eli", by="desk", why="knows the customer"))
        directory.gate.set()
        found = await life.settled()
    assert found.view.offered_to == "eli"
    assert directory.open_bookings("ana") == 0
    assert directory.open_bookings("eli") == 1


async def test_a_booking_given_back_twice_at_once_is_not_a_fault(world: World) -> None:
    world.directory = directory = Directory()
    async with world.worker():
        directory.gate = asyncio.Event()
        life = await world.open("LATE-2")
        await eventually(lambda: directory.asked == 1, "the search has begun")
        directory.down = True  # for releases: the search is already on its way
        await life.do(Reassign(to="eli", by="desk", why="knows the customer"))
        await life.until(lambda status: not status.unrecorded, "the reassignment is recorded")
        directory.gate.set()
        await life.do(AddNote(by="desk", text="called them"))
        directory.down = False
        found = await life.settled()
    assert found.view.offered_to == "eli"
    assert directory.open_bookings("ana") == 0
