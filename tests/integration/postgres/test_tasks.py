"""What screens list of a case, on a real PostgreSQL."""

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.tasks import Desk
from activities.contracts import RecordInput
from escalation.case.commands import RecordBounce
from escalation.lifecycle.view import view_of
from tests.unit.domain.case import Case

SENT = """
with claimed as (
    insert into deliveries (escalation, key, channel, kind, recipient, status, attempts, first_at, last_at)
    values ($1, $2, 'email', 'update', 'customer', 'sent', 1, $3, $3)
)
insert into letters (escalation, key, channel, subject, body, sent_at) values ($1, $2, 'email', 's', 'b', $3)
"""


async def test_a_letter_that_came_back_is_marked_among_the_letters(database: Database) -> None:
    case = Case.working()
    case.do(RecordBounce(by="ana"))
    batch = RecordInput(
        escalation=case.state.escalation,
        first_seq=1,
        events=tuple(case.events),
        view=view_of(case.state, case.policy),
        as_of=case.now,
    )
    await Records(database).append(batch)
    async with database.connection() as connection:
        for key in (case.state.lost_letter, "update/9/customer"):
            await connection.execute(SENT, case.state.escalation, key, case.now)
    letters = await Desk(database).letters(case.state.ticket)
    assert {one.key: one.is_lost for one in letters} == {case.state.lost_letter: True, "update/9/customer": False}
