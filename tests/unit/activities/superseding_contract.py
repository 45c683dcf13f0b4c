"""What every Records must do when a run wrote to the record, and the workflow went another way after that.

An operator reset it, or Temporal was restored from a backup. The workflow goes by its history, and comes back with other
events at the same numbers: later (`as_of`), and right.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from activities.contracts import RecordInput
from activities.errors import RecordConflict
from activities.ports.record import Records
from escalation.case.events import Event
from tests.unit.activities.builders import CASE, MONDAY, OPENED, VIEW, batch, note

Timeline = Callable[[], Awaitable[list[Event]]]
"""Reads the timeline of CASE."""

SetAside = Callable[[], Awaitable[list[tuple[int, Event]]]]
"""Reads what was set aside of CASE, with its numbers, those set aside first at the front."""

RIVALS = 20


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def handed_over(minutes: float, *texts: str, first: int = 2, owner: str = "ana") -> RecordInput:
    """Notes handed over a number of minutes after MONDAY."""
    events = [note(text, minutes) for text in texts]
    return batch(events, first=first, as_of=at(minutes), view=replace(VIEW, owner=owner))


async def texts_of(timeline: Timeline) -> list[str]:
    return [event.text for event in await timeline() if event.kind == "noted"]


async def texts_beside(set_aside: SetAside) -> list[tuple[int, str]]:
    return [(seq, event.text) for seq, event in await set_aside() if event.kind == "noted"]


class SupersedingContract:
    """Fixtures needed: `records`, `timeline`, `set_aside`."""

    @pytest.fixture(autouse=True)
    async def opened(self, records: Records) -> None:
        await records.append(batch([OPENED]))

    async def test_after_a_reset_what_the_workflow_says_takes_the_place_of_what_the_former_run_wrote(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(1, "kept"))
        await records.append(handed_over(2, "lost a", "lost b", "lost c", first=3, owner="eve"))
        await records.append(handed_over(3, "true a", "true b", first=3, owner="ben"))
        assert await texts_of(timeline) == ["kept", "true a", "true b"]
        assert await texts_beside(set_aside) == [(3, "lost a"), (4, "lost b"), (5, "lost c")]
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (4, "ben")

    async def test_what_both_tasks_say_stays_where_it_is(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        lost = [note("decided before"), note("lost")]
        true = [note("decided before"), note("true")]
        await records.append(batch(lost, first=2, as_of=at(1)))
        await records.append(batch(true, first=2, as_of=at(2)))
        assert await timeline() == [OPENED, *true]
        assert await set_aside() == [(3, note("lost"))]

    async def test_even_the_first_event_can_be_one_that_was_lost(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        again = replace(OPENED, at=at(1), by="desk again")
        await records.append(batch([again], as_of=at(1)))
        assert await timeline() == [again]
        assert await set_aside() == [(1, OPENED)]

    async def test_the_workflow_goes_on_from_where_it_superseded(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(1, "lost a", "lost b"))
        await records.append(handed_over(2, "true a"))
        await records.append(handed_over(3, "true b", first=3))
        assert await texts_of(timeline) == ["true a", "true b"]
        assert await texts_beside(set_aside) == [(2, "lost a"), (3, "lost b")]

    async def test_a_task_can_be_lost_many_times_in_a_row(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        for minute in range(1, 6):
            await records.append(handed_over(minute, f"try {minute}"))
        assert await texts_of(timeline) == ["try 5"]
        assert await texts_beside(set_aside) == [(2, f"try {minute}") for minute in range(1, 5)]

    async def test_a_repeat_after_superseding_changes_nothing(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(1, "lost"))
        true = handed_over(2, "true a", "true b", owner="ben")
        for _ in range(3):
            await records.append(true)
        assert await texts_of(timeline) == ["true a", "true b"]
        assert await texts_beside(set_aside) == [(2, "lost")]
        assert (await records.view(CASE)).owner == "ben"

    async def test_another_event_of_the_same_instant_is_refused(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(1, "one"))
        with pytest.raises(RecordConflict, match="another event 2"):
            await records.append(handed_over(1, "other", owner="eve"))
        assert (await texts_of(timeline), await set_aside()) == (["one"], [])
        assert (await records.view(CASE)).owner == "ana"

    async def test_a_gap_is_refused_however_new_the_batch_is(self, records: Records, timeline: Timeline) -> None:
        with pytest.raises(RecordConflict, match="gap"):
            await records.append(handed_over(9, "far ahead", first=3))
        assert await timeline() == [OPENED]


class ZombieContract:
    """A worker that was given up and still writes. Fixtures needed: `records`, `timeline`, `set_aside`."""

    @pytest.fixture(autouse=True)
    async def opened(self, records: Records) -> None:
        await records.append(batch([OPENED]))

    async def test_a_zombie_that_contradicts_is_refused_and_writes_nothing(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(2, "true"))
        with pytest.raises(RecordConflict, match="another event 2"):
            await records.append(handed_over(1, "zombie", "zombie", owner="eve"))
        assert (await texts_of(timeline), await set_aside()) == (["true"], [])
        assert (await records.view(CASE)).owner == "ana"

    async def test_a_zombie_whose_events_would_follow_is_refused_as_well(
        self, records: Records, timeline: Timeline
    ) -> None:
        await records.append(handed_over(1, "lost"))
        await records.append(handed_over(2, "true"))
        with pytest.raises(RecordConflict, match="newer batch"):
            await records.append(handed_over(1, "zombie", first=3, owner="eve"))
        assert await texts_of(timeline) == ["true"]
        await records.append(handed_over(3, "goes on", first=3))
        assert await texts_of(timeline) == ["true", "goes on"]

    async def test_a_zombie_that_repeats_what_is_there_is_answered_and_turns_no_view_back(
        self, records: Records, timeline: Timeline
    ) -> None:
        await records.append(handed_over(1, "true a", owner="eve"))
        await records.append(handed_over(2, "true b", first=3, owner="ben"))
        await records.append(handed_over(1, "true a", owner="eve"))
        assert await texts_of(timeline) == ["true a", "true b"]
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (3, "ben")

    async def test_what_a_newer_task_said_again_is_safe_from_a_zombie(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        said = [note("decided before")]
        await records.append(batch(said, first=2, as_of=at(1)))
        await records.append(batch(said, first=2, as_of=at(3)))
        with pytest.raises(RecordConflict):
            await records.append(handed_over(2, "zombie"))
        assert (await timeline(), await set_aside()) == ([OPENED, *said], [])

    async def test_rivals_at_once_end_in_the_history_of_the_newest(self, records: Records, timeline: Timeline) -> None:
        rivals = [
            handed_over(minute, *(f"{minute}/{n}" for n in range(1 + minute % 5)), owner=f"owner-{minute}")
            for minute in range(1, RIVALS + 1)
        ]
        shuffled = sorted(rivals, key=lambda one: (one.as_of.minute * 7) % RIVALS)
        answers = await asyncio.gather(*(records.append(one) for one in shuffled), return_exceptions=True)
        assert all(answer is None or isinstance(answer, RecordConflict) for answer in answers)
        assert answers[shuffled.index(rivals[-1])] is None
        assert await timeline() == [OPENED, *rivals[-1].events]
        assert await records.view(CASE) == rivals[-1].view

    async def test_rivals_that_write_on_leave_one_whole_history(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        async def lives(minute: int) -> None:
            for seq in range(2, 6):
                await records.append(handed_over(minute, f"{minute}/{seq}", first=seq, owner=f"owner-{minute}"))

        await asyncio.gather(*(lives(minute) for minute in range(1, RIVALS + 1)), return_exceptions=True)
        assert await texts_of(timeline) == [f"{RIVALS}/{seq}" for seq in range(2, 6)]
        assert (await records.view(CASE)).owner == f"owner-{RIVALS}"
        beside = await set_aside()
        assert len(beside) == len({(seq, event.at) for seq, event in beside})


class ResetContract:
    """A workflow that an operator reset to an earlier point. Fixtures needed: `records`, `timeline`, `set_aside`."""

    @pytest.fixture(autouse=True)
    async def lived(self, records: Records) -> None:
        await records.append(batch([OPENED]))
        for minute, text in enumerate(("a", "b", "c"), start=1):
            await records.append(handed_over(minute, text, first=minute + 1))

    async def test_a_reset_whose_new_life_is_longer(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(9, "new b", "new c", "new d", "new e", first=3))
        assert await texts_of(timeline) == ["a", "new b", "new c", "new d", "new e"]
        assert await texts_beside(set_aside) == [(3, "b"), (4, "c")]
        assert (await records.view(CASE)).last_seq == 6

    async def test_a_reset_whose_new_life_is_shorter(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(9, "new a", owner="ben"))
        assert await texts_of(timeline) == ["new a"]
        assert await texts_beside(set_aside) == [(2, "a"), (3, "b"), (4, "c")]
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (2, "ben")

    async def test_while_the_new_life_says_the_same_the_old_end_stays(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        same = batch([note("a", 1)], first=2, as_of=at(9), view=replace(VIEW, owner="ben"))
        await records.append(same)
        assert (await texts_of(timeline), await set_aside()) == (["a", "b", "c"], [])
        view = await records.view(CASE)
        assert (view.last_seq, view.owner) == (2, "ben")

    async def test_a_later_batch_of_the_same_task_decides_what_becomes_of_the_old_end(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(batch([note("a", 1)], first=2, as_of=at(9)))
        await records.append(handed_over(9, "new b", first=3))
        assert await texts_of(timeline) == ["a", "new b"]
        assert await texts_beside(set_aside) == [(3, "b"), (4, "c")]

    async def test_other_escalations_keep_what_they_have(
        self, records: Records, timeline: Timeline, set_aside: SetAside
    ) -> None:
        other = replace(handed_over(1, "a"), escalation="escalation-2")
        await records.append(batch([OPENED], escalation="escalation-2"))
        await records.append(other)
        await records.append(replace(handed_over(9, "new a"), escalation="escalation-2"))
        assert (await texts_of(timeline), await set_aside()) == (["a", "b", "c"], [])
        with pytest.raises(RecordConflict):
            await records.append(other)
