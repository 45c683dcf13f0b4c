"""How recorded lives end: their workflow too, so that a replay has a result to compare."""

from datetime import timedelta

from escalation.case.commands import AnswerSurvey, Cancel
from escalation.vocabulary import CancelCause
from tests.workflow.lives import solve
from tests.workflow.world import Life

DAY = timedelta(days=1)


async def close(life: Life, by: str = "ana") -> None:
    """Solved, followed up, satisfied, and its reopen window ended."""
    await solve(life, by)
    await life.wait(2 * DAY)
    await life.do(AnswerSurvey(score=5))
    await life.wait(20 * DAY)


async def withdraw(life: Life) -> None:
    """The customer found it themselves."""
    await life.settled()
    await life.do(Cancel(by="desk", cause=CancelCause.WITHDRAWN, why="the customer found it"))
