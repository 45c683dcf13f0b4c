"""Tickets that are late already when they are escalated, or are already waiting."""

from datetime import timedelta

from escalation.case.commands import Acknowledge, RecordCustomerReply, Resume
from escalation.vocabulary import ClockName, Outcome, PauseCause, Stage
from tests.workflow.world import World, real_now

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_ticket_that_is_late_already_breaches_at_once_marked_late_and_is_notified_once(world: World) -> None:
    since = real_now() - 3 * HOUR
    async with world.worker():
        life = await world.open("SINCE-1", since=since)
        seen = await life.until(lambda status: bool(status.view.breaches), "the breach")
        await life.settled()
        started = {one.clock: one.started_at for one in seen.clocks}
    reached = [one for one in life.timeline() if one.kind == "threshold_reached"]
    assert [(one.clock, one.threshold, one.late) for one in reached] == [
        ("first_response", "75%", True),
        ("first_response", "due", True),
    ]
    due = since.replace(microsecond=0) + 2 * HOUR
    assert reached[-1].due == due
    assert world.keys_to("Overseer") == ["first_response/1/due/overseer"]
    assert started[ClockName.RESOLUTION] == since
    assert seen.view.opened_at > since


async def test_what_is_due_later_still_counts_from_when_the_customer_began_to_wait(world: World) -> None:
    since = real_now() - HOUR
    async with world.worker():
        life = await world.open("SINCE-2", since=since)
        seen = await life.settled()
        await life.do(Acknowledge(by=seen.view.offered_to))
        await life.wait(HOUR)
    reached = [(one.threshold, one.due, one.late) for one in life.timeline() if one.kind == "threshold_reached"]
    start = since.replace(microsecond=0)
    assert reached == [("75%", start + 1.5 * HOUR, False), ("due", start + 2 * HOUR, False)]


async def test_a_ticket_that_waits_for_its_customer_waits_on_and_reminds_them(world: World) -> None:
    async with world.worker():
        life = await world.open("WAITS-1", waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which invoice?")
        offered = await life.settled()
        assert {one.clock for one in offered.clocks if one.paused} >= {ClockName.RESOLUTION, ClockName.CUSTOMER_UPDATE}
        await life.do(Acknowledge(by=offered.view.offered_to))
        waiting = await life.wait(2 * DAY + HOUR)
        assert waiting.view.stage is Stage.WAITING_ON_CUSTOMER
        await life.do(RecordCustomerReply(text="The last one"))
        resumed = await life.settled()
    assert resumed.view.stage is Stage.WORKING
    resolution = next(one for one in resumed.clocks if one.clock is ClockName.RESOLUTION)
    assert resolution.due is not None
    waited = resolution.due - offered.view.opened_at - 48 * HOUR
    assert abs(waited - (2 * DAY + HOUR)) < timedelta(minutes=1)
    receipt, _, reminder = (one for one in world.email.sent if one.name == "Ann")
    # Nothing is promised by a time while it is the customer's turn.
    assert "You will hear from us by" not in receipt.body
    assert "Please reply by" in receipt.body
    assert "Which invoice?" in reminder.body


async def test_a_ticket_opened_waiting_whose_customer_stays_silent_is_resolved_with_a_way_back(world: World) -> None:
    async with world.worker():
        life = await world.open("WAITS-2", waiting_on=PauseCause.WAITING_ON_CUSTOMER, question="Which invoice?")
        offered = await life.settled()
        await life.do(Acknowledge(by=offered.view.offered_to))
        resolved = await life.wait(5 * DAY)
    assert (resolved.view.stage, resolved.view.outcome) == (Stage.RESOLVED, Outcome.NO_REPLY)
    assert world.keys_to("Ann")[-1] == "no_reply/1/customer"


async def test_a_ticket_that_waits_for_a_third_party_begins_paused_and_goes_on_when_they_deliver(world: World) -> None:
    async with world.worker():
        life = await world.open("WAITS-3", waiting_on=PauseCause.WAITING_ON_THIRD_PARTY)
        offered = await life.settled()
        await life.do(Acknowledge(by=offered.view.offered_to))
        assert ClockName.RESOLUTION in {one.clock for one in (await life.settled()).clocks if one.paused}
        await life.do(Resume(by=offered.view.offered_to))
        resumed = await life.settled()
    assert (resumed.view.stage, not any(one.paused for one in resumed.clocks)) == (Stage.WORKING, True)
