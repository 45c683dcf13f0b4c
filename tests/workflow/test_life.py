"""The workflow lives a whole life on a real server with a virtual clock."""

from datetime import timedelta

from escalation.commands import Acknowledge, AnswerSurvey, Resolve, TellCustomer
from escalation.vocabulary import Outcome, Stage
from tests.workflow.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_typical_life_ends_closed_and_recorded(world: World) -> None:
    async with world.worker():
        life = await world.open("TYPICAL-1")
        status = await life.settled()
        assert status.view.stage is Stage.OFFERED
        owner = status.view.offered_to
        await life.do(Acknowledge(by=owner))
        await life.do(TellCustomer(by=owner, text="We found the duplicate run."))
        await life.do(Resolve(by=owner, outcome=Outcome.SOLVED, solution="The second run is disabled."))
        await life.settled()
        await life.wait(2 * DAY)
        assert (await life.settled()).view.messages == 4
        await life.do(AnswerSurvey(score=5))
        await life.settled()
        await life.wait(20 * DAY)
        ended = await life.handle.result()
        assert ended.stage is Stage.CLOSED
        history = await life.handle.fetch_history()
        print(len(history.events), sum(e.ByteSize() for e in history.events))
        from temporalio.api.enums.v1 import EventType
        for e in history.events: print(e.event_id, EventType.Name(e.event_type), e.ByteSize(), str(e.user_metadata.summary.data)[:60])
