"""What every Records must do, whatever it is made of; run against the fake and against PostgreSQL.

For workflows that were reset see `superseding_contract.py`.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from activities.errors import NotYetRecorded, RecordConflict
from activities.ports.record import Records
from activities.triage_contracts import CustomerHistory
from escalation.vocabulary import ClockName, Stage
from tests.unit.activities.builders import CASE, CUSTOMER, MONDAY, OPENED, VIEW, batch, note


class RecordsContract:
    """Fixtures needed: `records`."""

    async def test_an_escalation_no_one_recorded_has_no_view_yet(self, records: Records) -> None:
        with pytest.raises(NotYetRecorded, match=CASE):
            await records.view(CASE)

    async def test_the_view_comes_back_as_it_was_written(self, records: Records) -> None:
        rich = replace(VIEW, breaches={ClockName.RESOLUTION: 2}, score=4, closed_at=MONDAY, stage=Stage.CLOSED)
        await records.append(batch([OPENED], view=rich))
        assert await records.view(CASE) == rich

    async def test_events_are_found_by_their_kinds(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a"), note("b")]))
        assert await records.events(CASE, ["noted"]) == (note("a"), note("b"))
        assert await records.events(CASE, ["resolved"]) == ()
        assert await records.events("escalation-unknown", ["noted"]) == ()

    async def test_the_timeline_of_a_ticket_is_that_of_its_latest_escalation_unless_one_is_named(
        self, records: Records
    ) -> None:
        await records.append(batch([OPENED, note("a")]))
        second = replace(batch([OPENED, note("b")], view=replace(VIEW, life=2)), escalation=f"{CASE}~2")
        await records.append(second)
        assert await records.timeline("4711", 0) == (OPENED, note("b"))
        assert await records.timeline("4711", 1) == (OPENED, note("a"))
        assert await records.timeline("4711", 3) == await records.timeline("unknown", 0) == ()

    async def test_the_view_follows_the_latest_batch(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        await records.append(batch([note("a"), note("b")], first=2, view=replace(VIEW, owner="ben", next_due=None)))
        view = await records.view(CASE)
        assert (view.last_seq, view.owner, view.next_due) == (3, "ben", None)

    async def test_the_same_batch_twice_is_written_once(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([note("b")], first=3))
        assert (await records.view(CASE)).last_seq == 3

    async def test_a_batch_that_overlaps_adds_what_is_new(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        await records.append(batch([note("a"), note("b")], first=2, view=replace(VIEW, owner="ben")))
        await records.append(batch([note("c")], first=4))
        with pytest.raises(RecordConflict, match="another event 3"):
            await records.append(batch([note("not b")], first=3))
        assert (await records.view(CASE)).last_seq == 4

    async def test_an_old_batch_that_comes_late_does_not_turn_the_view_back(self, records: Records) -> None:
        await records.append(batch([OPENED], view=replace(VIEW, owner="")))
        await records.append(batch([note("a")], first=2))
        await records.append(batch([OPENED], view=replace(VIEW, owner="")))
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (2, "ana")

    async def test_another_event_at_the_same_place_is_refused_and_nothing_of_it_is_kept(self, records: Records) -> None:
        await records.append(batch([OPENED, note("a")]))
        changed = batch([note("not a"), note("b")], first=2, view=replace(VIEW, owner="eve"))
        with pytest.raises(RecordConflict, match="another event 2"):
            await records.append(changed)
        assert (await records.view(CASE)).owner == "ana"
        await records.append(batch([note("the third")], first=3))

    async def test_a_gap_is_refused(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        with pytest.raises(RecordConflict, match="gap"):
            await records.append(batch([note("c")], first=3))
        assert (await records.view(CASE)).last_seq == 1

    async def test_a_timeline_cannot_begin_in_the_middle(self, records: Records) -> None:
        with pytest.raises(RecordConflict, match="gap"):
            await records.append(batch([note("b")], first=2))
        with pytest.raises(NotYetRecorded, match=CASE):
            await records.view(CASE)

    async def test_escalations_do_not_get_in_each_others_way(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        other = batch([OPENED, note("mine")], escalation="escalation-2", view=replace(VIEW, owner="ben"))
        await records.append(other)
        assert ((await records.view(CASE)).owner, (await records.view("escalation-2")).owner) == ("ana", "ben")

    async def test_a_customer_without_a_past_has_an_empty_history(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        assert await records.customer_history(CASE, CUSTOMER.id) == CustomerHistory()

    async def test_the_history_counts_what_came_back_and_what_broke(self, records: Records) -> None:
        views = (
            replace(VIEW, cycle=2),
            replace(VIEW, breaches={ClockName.RESOLUTION: 1}),
            replace(VIEW, breaches={ClockName.PROMISE: 0}),
        )
        for number, each in enumerate(views, start=1):
            view = replace(each, opened_at=MONDAY - timedelta(days=number))
            await records.append(batch([OPENED], escalation=f"escalation-{number}", view=view))
        stranger = replace(VIEW, customer=replace(CUSTOMER, id="c-2"))
        await records.append(batch([OPENED], escalation="escalation-9", view=stranger))
        assert await records.customer_history(CASE, CUSTOMER.id) == CustomerHistory(
            escalations=("escalation-1", "escalation-2", "escalation-3"), total=3, reopened=1, breached=1
        )

    async def test_the_history_names_the_newest_ten_and_counts_all(self, records: Records) -> None:
        for number in range(12):
            view = replace(VIEW, opened_at=MONDAY + timedelta(days=number))
            await records.append(batch([OPENED], escalation=f"escalation-{number}", view=view))
        history = await records.customer_history(CASE, CUSTOMER.id)
        assert history.total == 12
        assert history.escalations == tuple(f"escalation-{number}" for number in range(11, 1, -1))

    async def test_what_was_opened_later_is_not_history(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        later = replace(VIEW, opened_at=MONDAY + timedelta(days=1))
        await records.append(batch([OPENED], escalation="escalation-2", view=later))
        assert (await records.customer_history(CASE, CUSTOMER.id)).total == 0

    async def test_cancelled_escalations_are_not_history(self, records: Records) -> None:
        called_off = replace(VIEW, stage=Stage.CANCELLED, opened_at=MONDAY - timedelta(days=1))
        await records.append(batch([OPENED], escalation="escalation-1", view=called_off))
        await records.append(batch([OPENED]))
        assert await records.customer_history(CASE, CUSTOMER.id) == CustomerHistory()

    async def test_history_has_a_horizon(self, records: Records) -> None:
        for days in (10, 90, 91):
            view = replace(VIEW, opened_at=MONDAY - timedelta(days=days))
            await records.append(batch([OPENED], escalation=f"escalation-{days}", view=view))
        recent = await records.customer_history(CASE, CUSTOMER.id, MONDAY - timedelta(days=90))
        assert (recent.total, recent.escalations) == (2, ("escalation-10", "escalation-90"))
        assert (await records.customer_history(CASE, CUSTOMER.id)).total == 3

    async def test_customers_without_an_id_share_no_history(self, records: Records) -> None:
        nameless = replace(VIEW, customer=replace(CUSTOMER, id=""))
        await records.append(batch([OPENED], escalation="escalation-1", view=nameless))
        assert (await records.customer_history(CASE, "")).total == 0
