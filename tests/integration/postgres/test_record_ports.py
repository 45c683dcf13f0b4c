"""The contracts of the record and of the texts kept apart, on a real PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.reports import Reports
from activities.adapters.postgres.statements import queries
from activities.contracts import ClaimLifeInput
from activities.errors import RecordConflict
from escalation.bounds import reference_to
from escalation.case.codec import event_from_json
from escalation.case.events import Event, Reviewed
from tests.integration.postgres.asking import rows
from tests.integration.postgres.conftest import POOL_SIZE
from tests.unit.activities.builders import CASE, MONDAY, OPENED, batch, note
from tests.unit.activities.long_texts_contract import LONG, LongTextsContract, text_of
from tests.unit.activities.records_contract import RecordsContract
from tests.unit.activities.superseding_contract import (
    ResetContract,
    SetAside,
    SupersedingContract,
    Timeline,
    ZombieContract,
    handed_over,
)


class TestLongTexts(LongTextsContract):
    @pytest.fixture
    async def long_texts(self, database: Database) -> LongTexts:
        for run in ("first", "second"):
            await Records(database).claim_life(ClaimLifeInput(ticket="4711", run=run, at=MONDAY))
        return LongTexts(database)

    async def test_a_text_is_stored_once_and_cannot_change(self, long_texts: LongTexts, database: Database) -> None:
        await long_texts.keep(text_of())
        await long_texts.keep(text_of())
        assert await rows(database, "select characters from long_texts") == [(len(LONG),)]
        async with database.connection() as connection:
            with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                await connection.execute("update long_texts set text = 'x'")

    async def test_who_deletes_a_life_has_to_delete_its_texts_first(
        self, long_texts: LongTexts, database: Database
    ) -> None:
        await long_texts.keep(text_of())
        async with database.connection() as connection:
            with pytest.raises(asyncpg.ForeignKeyViolationError, match="long_texts"):
                await connection.execute("delete from lives where escalation = $1", CASE)
            await connection.execute("delete from long_texts where escalation = $1", CASE)
            await connection.execute("delete from lives where escalation = $1", CASE)

    async def test_a_text_of_a_ticket_is_found_by_the_beginning_of_its_reference(self, long_texts: LongTexts) -> None:
        for escalation in (CASE, f"{CASE}~2"):
            await long_texts.keep(text_of(escalation=escalation))
        begins = reference_to(LONG)[:8]
        assert await long_texts.of_ticket("4711", 0, begins) == (LONG,)
        assert await long_texts.of_ticket("4711", 2, begins) == (LONG,)
        assert await long_texts.of_ticket("4711", 3, begins) == ()
        assert await long_texts.of_ticket("4712", 0, begins) == ()
        assert await long_texts.of_ticket("4711", 0, "_" * 8) == ()

    async def test_two_texts_are_enough_to_say_that_a_reference_is_ambiguous(self, long_texts: LongTexts) -> None:
        for number in range(3):
            await long_texts.keep(text_of(str(number)))
        assert len(await long_texts.of_ticket("4711", 0, "")) == 2


class TestRecords(RecordsContract):
    @pytest.fixture
    def records(self, database: Database) -> Records:
        return Records(database)

    async def test_every_event_comes_back_as_it_was(self, records: Records, database: Database) -> None:
        events: list[Event] = [OPENED, note("naïve — „Grüße“ 😀\n\ttab \\u0000"), note("b", minutes=0.0000167)]
        await records.append(batch(events))
        assert await Reports(database).timeline(CASE) == tuple(enumerate(events, start=1))

    async def test_a_zero_character_is_replaced_and_the_repeat_still_recognised(
        self, records: Records, database: Database
    ) -> None:
        text = "a\x00b \\u0000 \\\x00"
        await records.append(batch([OPENED, note(text)]))
        await records.append(batch([OPENED, note(text), note("c")]))
        (_, kept), _ = (await Reports(database).timeline(CASE))[1:]
        assert kept == note("a\ufffdb \\u0000 \\\ufffd")

    async def test_the_columns_say_what_the_view_says(self, records: Records, database: Database) -> None:
        await records.append(batch([OPENED]))
        columns = (
            "ticket, customer_id, severity, category, reasons, frustration, our_fault, stage, tier, owner, "
            "policy_name, policy_version, opened_at, next_due, next_due_clock, breaches, outcome, score, recorded"
        )
        assert await rows(database, f"select {columns} from escalations") == [  # noqa: S608  a fixed list above
            (
                "4711", "c-1", "SEV2", "technical", ["silence", "recurrence"], 2, True, "working", 1, "ana",
                "default", 3, MONDAY, MONDAY + timedelta(hours=1), "resolution", "{}", None, None, 1,
            )
        ]  # fmt: skip

    async def test_the_same_batch_from_many_sides_at_once_is_written_once(
        self, records: Records, database: Database
    ) -> None:
        notes: list[Event] = [note(f"{n}") for n in range(30)]
        same = batch([OPENED, *notes])
        await asyncio.gather(*(records.append(same) for _ in range(POOL_SIZE)))
        assert len(await Reports(database).timeline(CASE)) == 31

    async def test_different_histories_at_once_leave_one_whole_history(
        self, records: Records, database: Database
    ) -> None:
        histories: list[list[Event]] = [
            [OPENED, *(note(f"{side}/{n}") for n in range(side + 1))] for side in range(POOL_SIZE)
        ]
        answers = await asyncio.gather(*(records.append(batch(one)) for one in histories), return_exceptions=True)
        kept = [event for _, event in await Reports(database).timeline(CASE)]
        assert [answer for answer in answers if answer is not None and not isinstance(answer, RecordConflict)] == []
        assert kept in histories
        assert answers.count(None) == 1

    async def test_batches_that_follow_each_other_arrive_in_order_from_many_sides(
        self, records: Records, database: Database
    ) -> None:
        await asyncio.gather(
            *(records.append(batch([OPENED], escalation=f"escalation-{n}")) for n in range(30)),
        )
        await asyncio.gather(
            *(records.append(batch([note("a"), note("b")], first=2, escalation=f"escalation-{n}")) for n in range(30)),
        )
        counts = await rows(database, "select count(*), count(distinct escalation), max(seq) from timeline")
        assert counts == [(90, 30, 3)]

    async def test_a_review_is_filed_with_the_event_that_brings_it(self, records: Records, database: Database) -> None:
        at = MONDAY + timedelta(days=9)
        review = Reviewed(at=at, by="olga", root_cause="no spare toner", prevention="order in time")
        await records.append(batch([OPENED, review]))
        await records.append(batch([OPENED, review]))
        filed = "select escalation, seq, at, by, root_cause, prevention from reviews"
        assert await rows(database, filed) == [(CASE, 2, at, "olga", "no spare toner", "order in time")]

    @pytest.mark.parametrize(
        "change",
        [
            "update timeline set kind = 'x'",
            "delete from timeline",
            "delete from timeline where seq = 1",
            "truncate timeline cascade",
        ],
    )
    async def test_what_happened_cannot_be_changed(self, records: Records, database: Database, change: str) -> None:
        await records.append(batch([OPENED]))
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await rows(database, change)
        assert len(await Reports(database).timeline(CASE)) == 1

    @pytest.mark.parametrize(
        "change",
        [
            "update timeline_superseded set kind = 'x'",
            "delete from timeline_superseded",
            "truncate timeline_superseded",
        ],
    )
    async def test_what_was_set_aside_cannot_be_changed(
        self, records: Records, database: Database, change: str
    ) -> None:
        await records.append(batch([OPENED, note("lost")]))
        await records.append(handed_over(2, "true"))
        with pytest.raises(asyncpg.RestrictViolationError, match="timeline_superseded is append-only"):
            await rows(database, change)
        assert await rows(database, "select count(*) from timeline_superseded") == [(1,)]

    @pytest.mark.parametrize(
        ("column", "altered"),
        [
            ("seq", "seq + 1"),
            ("at", "at + interval '1 second'"),
            ("kind", "kind || 'x'"),
            ("data", """data || '{"by": "eve"}'"""),
            ("as_of", "as_of - interval '1 second'"),
        ],
    )
    async def test_an_event_goes_only_where_a_true_copy_of_it_is(
        self, records: Records, database: Database, column: str, altered: str
    ) -> None:
        await records.append(batch([OPENED]))
        values = [altered if name == column else name for name in ("seq", "at", "kind", "data", "as_of")]
        copy = f"""
            insert into timeline_superseded (escalation, seq, at, kind, data, as_of, superseded_at)
            select escalation, {", ".join(values)}, as_of from timeline
        """  # noqa: S608  one of the columns above
        await rows(database, copy)
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await rows(database, "delete from timeline")
        assert len(await Reports(database).timeline(CASE)) == 1

    async def test_an_escalation_with_a_timeline_cannot_be_deleted(self, records: Records, database: Database) -> None:
        await records.append(batch([OPENED]))
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await rows(database, "delete from escalations")


class Remembering:
    """Reads the timeline from PostgreSQL, and what was set aside."""

    @pytest.fixture
    def records(self, database: Database) -> Records:
        return Records(database)

    @pytest.fixture
    def timeline(self, database: Database) -> Timeline:
        async def read() -> list[Event]:
            return [event for _, event in await Reports(database).timeline(CASE)]

        return read

    @pytest.fixture
    def set_aside(self, database: Database) -> SetAside:
        async def read() -> list[tuple[int, Event]]:
            beside = "select seq, data from timeline_superseded where escalation = $1 order by superseded_at, seq"
            async with database.connection() as connection:
                found = await connection.fetch(beside, CASE)
            return [(row["seq"], event_from_json(row["data"])) for row in found]

        return read


class TestSuperseding(Remembering, SupersedingContract):
    async def test_what_was_set_aside_says_when_it_was_handed_over_and_what_took_its_place(
        self, records: Records, database: Database
    ) -> None:
        await records.append(handed_over(1, "lost"))
        await records.append(handed_over(2, "true"))
        beside = "select escalation, seq, at, kind, data ->> 'text', as_of, superseded_at from timeline_superseded"
        then, now = MONDAY + timedelta(minutes=1), MONDAY + timedelta(minutes=2)
        assert await rows(database, beside) == [(CASE, 2, then, "noted", "lost", then, now)]
        assert await rows(database, "select recorded, last_seq, as_of from escalations") == [(2, 2, now)]

    async def test_a_review_that_never_became_true_is_taken_back(self, records: Records, database: Database) -> None:
        review = Reviewed(at=MONDAY, by="olga", root_cause="no spare toner", prevention="order in time")
        other = replace(review, root_cause="nobody counted the toner")
        await records.append(batch([note("before"), review], first=2, as_of=MONDAY + timedelta(minutes=1)))
        await records.append(batch([other], first=3, as_of=MONDAY + timedelta(minutes=2)))
        assert await rows(database, "select seq, root_cause from reviews") == [(3, "nobody counted the toner")]
        await records.append(batch([note("after")], first=2, as_of=MONDAY + timedelta(minutes=3)))
        assert await rows(database, "select seq, root_cause from reviews") == []

    async def test_a_batch_that_cannot_be_written_sets_nothing_aside(
        self, records: Records, database: Database, timeline: Timeline, set_aside: SetAside
    ) -> None:
        await records.append(handed_over(1, "stays"))
        await rows(database, "alter table timeline add constraint no_lies check (data ->> 'text' <> 'a lie')")
        try:
            with pytest.raises(asyncpg.CheckViolationError):
                await records.append(handed_over(2, "a lie"))
        finally:
            await rows(database, "alter table timeline drop constraint no_lies")
        assert (await timeline(), await set_aside()) == ([OPENED, note("stays")], [])

    async def test_setting_aside_is_counted(self, records: Records, database: Database) -> None:
        await records.append(handed_over(1, "lost a", "lost b"))
        await records.append(handed_over(2, "true"))
        assert (await Reports(database).summary()).superseded == 2
        assert await Reports(database).audit() == ()

    async def test_where_events_follow_it_takes_one_statement(self, dsn: str) -> None:
        sent: list[str] = []
        async with Database.open(dsn, pool_size=1) as database:
            records = Records(database)
            await records.append(batch([OPENED]))
            async with database.connection() as connection:
                connection.add_query_logger(lambda query: sent.append(query.query))
            await records.append(handed_over(1, "a"))
            await records.append(handed_over(2, "b", "c", first=3))
        assert [query for query in sent if "timeline" in query] == [queries("records")["append"]] * 2


class TestZombies(Remembering, ZombieContract):
    pass


class TestResets(Remembering, ResetContract):
    pass
