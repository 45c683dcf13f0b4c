"""After an action, the next page waits for the record, and never takes its absence for a failure."""

from datetime import UTC, datetime

import pytest

from activities.contracts import RecordInput
from activities.errors import DatabaseUnavailable
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from starter.http import recorded
from starter.http.recorded import until_recorded
from tests.fakes.records import Records
from tests.unit.domain.case import Case

ESCALATION = "escalation-T-1"


class Late(Records):
    """A record that gets the case when it has been asked `after` times."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.asked, self.after = 0, after

    async def view(self, escalation: str) -> CaseView:
        self.asked += 1
        if self.asked == self.after:
            case = Case.working()
            batch = RecordInput(
                escalation=escalation,
                first_seq=1,
                events=tuple(case.events),
                view=view_of(case.state, case.policy),
                as_of=datetime(2026, 3, 27, tzinfo=UTC),
            )
            await self.append(batch)
        return await super().view(escalation)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "PAUSE", 0)


async def test_a_case_that_is_not_in_the_record_yet_is_waited_for() -> None:
    records = Late(after=3)
    await until_recorded(records, ESCALATION, 1)
    assert records.asked == 3


async def test_an_event_that_never_comes_is_given_up_without_an_error() -> None:
    records = Late(after=1)
    await until_recorded(records, ESCALATION, 10_000)
    assert records.asked == recorded.LOOKS


async def test_a_database_that_does_not_answer_does_not_fail_the_action() -> None:
    records = Late(after=1)
    records.unavailable = DatabaseUnavailable("gone")
    await until_recorded(records, ESCALATION, 1)
    assert records.asked == 1
