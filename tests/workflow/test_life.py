"""Whole lives on a real server with a virtual clock; each must agree with its record in the end."""

from datetime import timedelta

from escalation.case.commands import (
    Acknowledge,
    AnswerSurvey,
    Choose,
    Decline,
    MakePromise,
    OfferOptions,
    Option,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    TellCustomer,
)
from escalation.vocabulary import ClockName, Outcome, Stage
from tests.workflow.lives import owned, solve
from tests.workflow.world import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RERUN, MANUAL = Option(id="rerun", title="Run it again"), Option(id="manual", title="Correct it by hand")


async def test_a_typical_life_ends_closed_with_everyone_notified(world: World) -> None:
    async with world.worker():
        life = await owned(world, "TYPICAL-1")
        await life.do(TellCustomer(by="ana", text="We found the duplicate run."))
        await solve(life)
        await life.wait(2 * DAY)
        await life.do(AnswerSurvey(score=5))
        closed = await life.settled()
        assert closed.view.stage is Stage.CLOSED
        assert closed.view.score == 5
        await life.wait(20 * DAY)
        ended = await life.ended()
    assert (ended.stage, ended.cycle, ended.events) == (Stage.CLOSED, 1, len(life.timeline()))
    assert world.keys_to("Ann") == [
        "receipt/1/customer",
        "owner_changed/1/customer",
        "update/1/customer",
        "resolved/1/customer",
        "follow_up/1/1/customer",
        "thanks/1/customer",
        "follow_up/1/2/customer",
    ]
    assert world.keys_to("Ana") == ["offer/1/ana", "follow_up/1/1/ana", "notice/2/ana", "follow_up/1/2/ana"]
    assert world.directory.open_bookings("ana") == 0


async def test_the_comment_of_a_survey_is_heard_like_a_message(world: World) -> None:
    async with world.worker():
        life = await owned(world, "COMMENT-1")
        await solve(life)
        await life.wait(2 * DAY)
        await life.do(AnswerSurvey(score=1, comment="This is horrible, awful service, and it is still broken!"))
        view = (await life.settled()).view
        assert (view.stage, view.cycle) == (Stage.OFFERED, 2)
        assert view.frustration > 0


async def test_an_offer_no_one_takes_goes_to_the_next_person_and_up_the_ladder(world: World) -> None:
    async with world.worker():
        life = await world.open("IGNORED-1")
        assert (await life.settled()).view.offered_to == "ana"
        assert (await life.wait(16 * MINUTE)).view.offered_to == "ben"
        third = (await life.wait(15 * MINUTE)).view
        assert (third.tier, third.offered_to) == (2, "dev")
        assert world.directory.open_bookings("ana") == world.directory.open_bookings("ben") == 0
        await life.do(Acknowledge(by="dev"))
    assert "escalated/1/customer" in world.keys_to("Ann")


async def test_a_declined_offer_goes_on_at_once(world: World) -> None:
    async with world.worker():
        life = await world.open("DECLINED-1")
        await life.settled()
        await life.do(Decline(by="ana", why="on leave from noon"))
        assert (await life.settled()).view.offered_to == "ben"


async def test_a_ladder_without_takers_ends_with_the_overseer(world: World) -> None:
    async with world.worker():
        life = await world.open("IGNORED-2")
        held = await life.wait(2.6 * HOUR)
    assert (held.view.stage, held.view.owner) == (Stage.WORKING, "overseer")
    assert life.kinds().count("ladder_restarted") == 1


async def test_a_missed_target_is_a_breach_and_climbs(world: World) -> None:
    async with world.worker():
        life = await owned(world, "BREACH-1")
        for pause in [7 * HOUR] * 5 + [6 * HOUR, 7 * HOUR + 5 * MINUTE]:
            await life.do(TellCustomer(by="ana", text="Still looking."))
            breached = await life.wait(pause)
    assert breached.view.breaches == {ClockName.RESOLUTION: 1}
    assert (breached.view.tier, breached.view.offered_to) == (2, "dev")
    assert "resolution/1/due/ana" in world.keys_to("Ana")
    assert "resolution/1/due/overseer" in world.keys_to("Overseer")


async def test_a_question_without_an_answer_resolves_the_case_with_a_way_back(world: World) -> None:
    async with world.worker():
        life = await owned(world, "SILENT-1")
        await life.do(RequestInformation(by="ana", question="Which invoice was it?"))
        await life.wait(5 * DAY)
        resolved = await life.settled()
        assert (resolved.view.stage, resolved.view.outcome) == (Stage.RESOLVED, Outcome.NO_REPLY)
        await life.do(Reopen(by="customer", why="It was 4711; I was away."))
        again = await life.settled()
    assert (again.view.cycle, again.view.offered_to) == (2, "ana")
    assert world.keys_to("Ann")[-3:] == ["customer_reply/1/1/customer", "no_reply/1/customer", "reopened/1/customer"]


async def test_an_answer_ends_the_wait_for_the_customer(world: World) -> None:
    async with world.worker():
        life = await owned(world, "ANSWER-1")
        await life.do(RequestInformation(by="ana", question="Which invoice was it?"))
        waiting = await life.wait(DAY)
        assert waiting.view.stage is Stage.WAITING_ON_CUSTOMER
        assert {one.clock for one in waiting.clocks if one.paused} >= {ClockName.RESOLUTION, ClockName.CUSTOMER_UPDATE}
        await life.do(RecordCustomerReply(text="Number 4711."))
        assert (await life.settled()).view.stage is Stage.WORKING


async def test_a_promise_that_lapses_is_admitted_to_the_customer(world: World) -> None:
    async with world.worker():
        life = await owned(world, "PROMISE-1")
        opened = (await life.status()).view.opened_at
        await life.do(MakePromise(what="A corrected invoice", at=opened + 3 * HOUR, by="ana"))
        await life.wait(3 * HOUR)
        await life.do(MakePromise(what="A corrected invoice", at=opened + 6 * HOUR, by="ana"))
        await life.settled()
        await life.do(TellCustomer(by="ana", text="Here it is.", fulfils_promise=True))
        await life.settled()
    assert [kind for kind in life.kinds() if kind.startswith("promise")] == [
        "promised",
        "promise_lapsed",
        "promised",
        "promise_kept",
    ]
    assert "promise/1/due/customer" in world.keys_to("Ann")


async def test_options_are_chosen_by_the_customer_or_by_default(world: World) -> None:
    async with world.worker():
        life = await owned(world, "OPTIONS-1")
        await life.do(OfferOptions(options=(RERUN, MANUAL), by="ana"))
        await life.settled()
        await life.do(Choose(option="manual"))
        await life.do(OfferOptions(options=(RERUN, MANUAL), by="ana", default="rerun"))
        # Six hours short of the target, Ana says something, or the case would be offered on.
        for _ in range(3):
            await life.wait(8 * HOUR)
            await life.do(TellCustomer(by="ana", text="We wait for your choice."))
        await life.settled()
    chosen = [(one.option, one.by) for one in life.timeline() if one.kind == "option_chosen"]
    assert chosen == [("manual", "customer"), ("rerun", "system")]


async def test_a_reopened_case_goes_back_to_who_solved_it_and_can_be_solved_again(world: World) -> None:
    async with world.worker():
        life = await owned(world, "REOPEN-1")
        await solve(life)
        await life.wait(DAY)
        await life.do(Reopen(by="customer", why="It happened again."))
        assert (await life.settled()).view.offered_to == "ana"
        await life.do(Acknowledge(by="ana"))
        await solve(life)
        await life.wait(30 * DAY)
        ended = await life.ended()
    assert (ended.stage, ended.cycle) == (Stage.CLOSED, 2)
    assert world.keys_to("Ann").count("follow_up/2/1/customer") == 1
    assert "follow_up/1/1/customer" not in world.keys_to("Ann")
