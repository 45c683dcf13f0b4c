"""What is a person's to do, read from the record: what is due first comes first, and what is over is not asked about."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.tasks import Desk
from escalation.case import events
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import ClockName, CloseCause, Stage
from starter.errors import NoSuchCase, WorkersBusy
from starter.tasks import AT_ONCE, Cases, tasks_of
from tests.unit.activities.builders import MONDAY, OPENED, VIEW, batch
from workflows.contract import Status


async def recorded(database: Database, ticket: str, view: CaseView, *happened: Event) -> None:
    case = replace(view, ticket=ticket, last_seq=1 + len(happened))
    opened = replace(OPENED, ticket=ticket)
    await Records(database).append(batch([opened, *happened], escalation=f"escalation-{ticket}", view=case))


def theirs(minutes: int, stage: Stage = Stage.WORKING) -> CaseView:
    due = MONDAY + timedelta(minutes=minutes)
    return replace(
        VIEW, owner="ana", stage=stage, next_due=due, next_breach=due, next_breach_clock=ClockName.RESOLUTION
    )


def closed(*, review_due: bool) -> Event:
    return events.Closed(at=MONDAY, cause=CloseCause.WINDOW_ENDED, review_due=review_due)


async def test_what_is_due_first_comes_first_and_closed_cases_only_while_their_review_is_due(
    database: Database,
) -> None:
    await recorded(database, "later", theirs(90))
    await recorded(database, "sooner", theirs(10))
    await recorded(database, "over", theirs(1, Stage.CLOSED), closed(review_due=False))
    await recorded(database, "learning", theirs(50, Stage.CLOSED), closed(review_due=True))
    found = await Desk(database).concerning("ana")
    assert [(one.view.ticket, one.review_due) for one in found] == [
        ("sooner", False),
        ("learning", True),
        ("later", False),
    ]
    assert [one.view.ticket for one in await Desk(database).concerning("ana", 1)] == ["sooner"]


class Silent:
    """Cases that do not answer."""

    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, 0

    async def status(self, ticket: str) -> Status:  # noqa: ARG002 (of the port)
        self.asked += 1
        await asyncio.sleep(0)  # the others begin meanwhile
        raise self.error

    async def client(self) -> Cases:
        return self


async def test_a_case_says_how_many_messages_wait_for_an_answer(database: Database) -> None:
    await recorded(database, "waits", replace(theirs(1), unanswered_count=2))
    (task,) = await tasks_of("ana", database, Silent(WorkersBusy("waits", seconds=1)).client)
    assert task.unanswered == 2
    assert ", 2 unanswered" in task.text


@pytest.mark.parametrize(
    ("error", "asked"), [(WorkersBusy("many", seconds=1), AT_ONCE), (NoSuchCase("many", "gone"), 25)]
)
async def test_without_workers_few_cases_are_waited_for_and_the_record_says_the_rest(
    database: Database, error: Exception, asked: int
) -> None:
    for number in range(25):
        await recorded(database, f"many-{number}", theirs(number))
    cases = Silent(error)
    found = await tasks_of("ana", database, cases.client)
    assert [one.ticket for one in found] == [f"many-{number}" for number in range(25)]
    assert cases.asked == asked
