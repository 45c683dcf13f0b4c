"""Reports, the audit, and the views for people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.ledger import Ledger
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.reports import Finding, Problem, Reports, Summary
from activities.adapters.postgres.roster import store_roster
from activities.contracts import RecordInput
from escalation.case import events
from escalation.case.commands import Packet
from escalation.case.events import Event
from escalation.lifecycle.table import LEADS_TO, ByWait
from escalation.message_kinds import MessageKind
from escalation.vocabulary import Channel, ClimbCause, ClockName, CloseCause, Outcome, Reason, Stage, Withdrawable
from tests.unit.activities.builders import CASE, MONDAY, OPENED, VIEW, Clock, a_letter, batch, member, note, request

OTHER = "escalation-2"


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def reached(minutes: float, *, breach: bool = True, clock: ClockName = ClockName.RESOLUTION) -> Event:
    return events.ThresholdReached(
        at=at(minutes), clock=clock, cycle=1, threshold="due", due=at(minutes), breach=breach, late=False
    )


def queued(minutes: float, key: str) -> Event:
    return events.MessageQueued(at=at(minutes), key=key, message=MessageKind.UPDATE, to="customer")


def climbed(minutes: float) -> Event:
    packet = Packet(concern="blanks")
    cause = ClimbCause.BREACH
    return events.Climbed(at=at(minutes), from_tier=1, to_tier=2, cause=cause, why="", packet=packet, by="system")


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


@pytest.fixture
def records(database: Database) -> Records:
    return Records(database)


async def rows(database: Database, sql: str) -> list[dict[str, object]]:
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql)]


async def deliver(ledger: Ledger, key: str, kind: MessageKind = MessageKind.UPDATE, to: str = "customer") -> None:
    await ledger.claim(CASE, key, channel=Channel.EMAIL, kind=kind, to=to)
    await ledger.sent(CASE, key, channel=Channel.EMAIL, receipt="250 ok", letter=a_letter())


async def test_an_unknown_escalation_has_an_empty_timeline(reports: Reports) -> None:
    assert await reports.timeline(CASE) == ()


async def test_an_empty_record_is_summed_up_as_zero(reports: Reports) -> None:
    assert await reports.summary() == Summary(
        stages={},
        outcomes={},
        sent={},
        breaches={},
        climbs=0,
        reopenings=0,
        reopened=0,
        promises_kept=0,
        promises_broken=0,
        possibly_repeated=0,
        undelivered=0,
        superseded=0,
    )


async def test_the_summary_counts_what_happened(
    reports: Reports, records: Records, database: Database, clock: Clock
) -> None:
    closed = replace(VIEW, stage=Stage.CLOSED, outcome=Outcome.SOLVED, cycle=2)
    happened: list[Event] = [
        OPENED,
        reached(1),
        reached(2, breach=False),
        reached(3, clock=ClockName.PROMISE),
        climbed(4),
        events.PromiseKept(at=at(5)),
        events.PromiseLapsed(at=at(6)),
        events.Reopened(at=at(7), cycle=2, why="", by="customer"),
    ]
    await records.append(batch(happened, view=closed))
    await records.append(batch([OPENED, reached(1)], escalation=OTHER))
    ledger = Ledger(database, clock)
    await deliver(ledger, "a", MessageKind.RECEIPT)
    await deliver(ledger, "b")
    await ledger.claim(CASE, "c", channel=Channel.EMAIL, kind="update", to="customer")
    clock.move(minutes=2)
    await deliver(ledger, "c")
    await ledger.claim(CASE, "d", channel=Channel.EMAIL, kind="update", to="customer")
    await ledger.failed(CASE, "d", channel=Channel.EMAIL, error="550", final=True)
    assert await reports.summary() == Summary(
        stages={"closed": 1, "working": 1},
        outcomes={"solved": 1},
        sent={"receipt": 1, "update": 2},
        breaches={"promise": 1, "resolution": 2},
        climbs=1,
        reopenings=1,
        reopened=1,
        promises_kept=1,
        promises_broken=1,
        possibly_repeated=1,
        undelivered=1,
        superseded=0,
    )


async def test_a_message_to_an_unknown_person_counts_as_not_delivered(
    reports: Reports, records: Records, database: Database, clock: Clock
) -> None:
    def lost(minutes: float, key: str) -> Event:
        return events.DeliveryFailed(at=at(minutes), key=key, to="ghost", error="nobody is called `ghost`")

    ledger = Ledger(database, clock)
    await ledger.claim(CASE, "bounced", channel=Channel.EMAIL, kind="offer", to="ana")
    await ledger.failed(CASE, "bounced", channel=Channel.EMAIL, error="550", final=True)
    await deliver(ledger, "arrived")
    # `bounced` is in both; each is one message. A key is one within its escalation only.
    await records.append(batch([OPENED, queued(1, "k"), lost(2, "k"), lost(3, "bounced")]))
    await records.append(batch([OPENED, lost(2, "k"), lost(3, "k"), lost(4, "arrived")], escalation=OTHER))
    summary = await reports.summary()
    assert (summary.undelivered, summary.sent) == (4, {"update": 1})


async def test_the_case_in_which_something_happens_next_is_listed_first(reports: Reports, records: Records) -> None:
    for name, due in {"late": at(90), "soon": at(10), "asleep": None}.items():
        await records.append(batch([OPENED], escalation=name, view=replace(VIEW, next_due=due)))
    over = replace(VIEW, stage=Stage.CLOSED, next_due=at(1))
    await records.append(batch([OPENED], escalation="over", view=over))
    assert [name for name, _ in await reports.list_cases()] == ["soon", "late", "asleep"]
    assert [name for name, _ in await reports.list_cases(limit=1)] == ["soon"]
    everything = await reports.list_cases(open_only=False)
    assert everything[0] == ("over", over)
    assert len(everything) == 4


async def test_all_is_well(reports: Reports, records: Records, database: Database, clock: Clock) -> None:
    await records.append(batch([OPENED, queued(1, "k")]))
    await deliver(Ledger(database, clock), "k")
    await store_roster(database, [member("ana")])
    await Directory(database, clock).assign(request())
    assert await reports.audit() == ()


async def test_the_audit_finds_an_event_that_is_missing(reports: Reports, records: Records, database: Database) -> None:
    await records.append(batch([OPENED, note("a"), note("b"), note("c")]))
    # Only a person who switches the triggers off can do this.
    await rows(database, "alter table timeline disable trigger user")
    await rows(database, "delete from timeline where seq in (1, 3)")
    await rows(database, "alter table timeline enable trigger user")
    gap = Problem.GAP
    assert await reports.audit() == (
        Finding(problem=gap, escalation=CASE, detail="event 1 is missing; the next one is 2"),
        Finding(problem=gap, escalation=CASE, detail="event 3 is missing; the next one is 4"),
    )


async def test_the_audit_finds_a_message_the_ledger_never_heard_of(
    reports: Reports, records: Records, database: Database, clock: Clock
) -> None:
    failed = events.DeliveryFailed(at=at(3), key="refused", to="customer", error="no template")
    await records.append(batch([OPENED, queued(1, "lost"), queued(2, "refused"), failed, queued(9, "fresh")]))
    await records.append(batch([OPENED, queued(1, "fresh")], escalation=OTHER))
    await deliver(Ledger(database, clock), "fresh")
    lost = Problem.LOST_MESSAGE
    settled = await reports.audit(queued_before=at(5))
    assert settled == (
        Finding(problem=lost, escalation=OTHER, detail="fresh"),
        Finding(problem=lost, escalation=CASE, detail="lost"),
    )
    assert await reports.audit(queued_before=at(1)) == ()
    assert await reports.audit() == settled


async def test_the_audit_waits_for_held_messages_and_for_none_that_went_out_within_another(
    reports: Reports, records: Records, database: Database, clock: Clock
) -> None:
    def held(key: str) -> Event:
        return events.MessageHeld(at=at(1), key=key, message=MessageKind.UPDATE, to="customer", until=at(600))

    one = events.MessagesReleased(at=at(3), to="customer", keys=("a", "b"), key="a", message=MessageKind.UPDATE)
    messages = [queued(1, key) for key in ("a", "b", "c")]
    await records.append(batch([OPENED, *messages, held("a"), held("b"), held("c"), one]))
    await deliver(Ledger(database, clock), "a")
    assert await reports.audit(queued_before=at(5)) == ()
    (lost,) = await reports.audit(queued_before=at(601))
    assert lost == Finding(problem=Problem.LOST_MESSAGE, escalation=CASE, detail="c")


async def test_the_audit_finds_an_open_case_that_fell_asleep(reports: Reports, records: Records) -> None:
    await records.append(batch([OPENED], view=replace(VIEW, next_due=None)))
    over = replace(VIEW, next_due=None, stage=Stage.CANCELLED)
    await records.append(batch([OPENED], escalation=OTHER, view=over))
    detail = "open (working) and no clock is armed"
    assert await reports.audit() == (Finding(problem=Problem.ASLEEP, escalation=CASE, detail=detail),)


async def test_the_audit_finds_a_view_that_reflects_another_event(reports: Reports, records: Records) -> None:
    ahead = replace(VIEW, last_seq=5)
    await records.append(RecordInput(escalation=CASE, first_seq=1, events=(OPENED,), view=ahead, as_of=MONDAY))
    detail = "the view reflects event 5, the timeline ends with 1"
    assert await reports.audit() == (Finding(problem=Problem.STALE_VIEW, escalation=CASE, detail=detail),)


async def test_the_audit_finds_a_person_still_booked_for_a_case_that_is_over(
    reports: Reports, records: Records, database: Database, clock: Clock
) -> None:
    await store_roster(database, [member("ana")])
    directory = Directory(database, clock)
    await directory.assign(request())
    await records.append(batch([OPENED], view=replace(VIEW, stage=Stage.CLOSED)))
    detail = "ana is still booked by offer 1"
    assert await reports.audit() == (Finding(problem=Problem.LEFT_BOOKED, escalation=CASE, detail=detail),)
    await directory.release(CASE, 1)
    assert await reports.audit() == ()


async def test_breaches_can_be_seen_by_clock_and_reason(records: Records, database: Database) -> None:
    await records.append(batch([OPENED, reached(1), reached(2)]))
    silent = replace(VIEW, reasons=(Reason.SILENCE,))
    await records.append(batch([OPENED, reached(1), reached(1, breach=False)], escalation=OTHER, view=silent))
    found = await rows(database, "select clock, reason, breaches, escalations from breaches_by_cause order by reason")
    assert found == [
        {"clock": "resolution", "reason": "recurrence", "breaches": 2, "escalations": 1},
        {"clock": "resolution", "reason": "silence", "breaches": 3, "escalations": 2},
    ]


async def test_promises_are_counted_by_what_became_of_them(records: Records, database: Database) -> None:
    made = events.Promised(at=at(1), what="a fix", eta=at(60), by="ana")
    kept, broken = events.PromiseKept(at=at(2)), events.PromiseLapsed(at=at(60))
    replaced = events.PromiseReplaced(at=at(3), what="a fix", eta=at(60), by="ana")
    back = events.Withdrawn(at=at(4), what=Withdrawable.PROMISE, explanation="no parts", by="ana")
    asked = replace(back, what=Withdrawable.QUESTION)
    again = events.Reopened(at=at(70), cycle=2, why="still broken", by="customer", disputed="a fix")
    dropped = events.PromiseDropped(at=at(80), what="a fix", eta=at(90), by="ana")
    life: list[Event] = [
        OPENED,
        made,
        kept,
        made,
        replaced,
        made,
        broken,
        made,
        back,
        asked,
        made,
        kept,
        again,
        made,
        dropped,
    ]
    await records.append(batch(life))
    (counted,) = await rows(database, "select * from promises")
    assert counted == {
        "escalation": CASE,
        "made": 6,
        "kept": 1,
        "broken": 1,
        "replaced": 1,
        "withdrawn": 1,
        "dropped": 1,
        "disputed": 1,
    }
    summary = await Reports(database).summary()
    assert (summary.promises_kept, summary.promises_replaced, summary.promises_disputed) == (1, 1, 1)


async def test_the_reopen_rate_counts_resolved_cases_only(records: Records, database: Database) -> None:
    resolved = replace(VIEW, resolved_at=at(5))
    views = [VIEW, resolved, resolved, resolved, replace(VIEW, cycle=2)]
    for number, view in enumerate(views):
        await records.append(batch([OPENED], escalation=f"escalation-{number}", view=view))
    (found,) = await rows(database, "select category, resolved, reopened, rate::text from reopen_rate")
    assert found == {"category": "technical", "resolved": 4, "reopened": 1, "rate": "0.2500"}


async def test_time_in_stage_follows_the_case(records: Records, database: Database) -> None:
    life: list[Event] = [
        OPENED,
        events.OwnerSought(at=at(0), offer=1, tier=1),
        events.Offered(at=at(1), offer=1, tier=1, person="ana"),
        events.CustomerReplied(at=at(2), text="hello?"),
        events.Acknowledged(at=at(3), person="ana"),
        events.InformationRequested(at=at(5), by="ana", question="which one?"),
        note("thinking", 6),
        events.CustomerReplied(at=at(9), text="this one"),
        events.CustomerReplied(at=at(10), text="and that one"),
        events.Resolved(at=at(20), outcome=Outcome.SOLVED, solution="toner", root_cause="", by="ana"),
        events.CustomerReplied(at=at(21), text="thanks"),
        events.Closed(at=at(50), cause=CloseCause.SATISFIED, review_due=False),
    ]
    await records.append(batch(life))
    found = await rows(database, "select stage, entered_at, left_at, seconds from time_in_stage order by entered_at")
    assert [(row["stage"], row["entered_at"], row["left_at"]) for row in found] == [
        ("unassigned", at(0), at(1)),
        ("offered", at(1), at(3)),
        ("working", at(3), at(5)),
        ("waiting_on_customer", at(5), at(9)),
        ("working", at(9), at(20)),
        ("resolved", at(20), at(50)),
        ("closed", at(50), None),
    ]
    assert [row["seconds"] for row in found] == [60, 120, 120, 240, 660, 1800, None]


async def test_the_view_and_the_domain_agree_where_each_event_leads(database: Database) -> None:
    (found,) = await rows(database, "select pg_get_viewdef('time_in_stage') as text")
    said = _stages_named_in(str(found["text"]))
    assert said == STAGE_AFTER


async def test_messages_are_counted_per_escalation(database: Database, clock: Clock) -> None:
    ledger = Ledger(database, clock)
    await deliver(ledger, "a")
    await deliver(ledger, "b", MessageKind.OFFER, "ana")
    await ledger.claim(CASE, "c", channel=Channel.EMAIL, kind="update", to="customer")
    await ledger.failed(CASE, "c", channel=Channel.EMAIL, error="550", final=True)
    assert await rows(database, "select * from messages_per_escalation") == [
        {"escalation": CASE, "to_customer": 1, "to_team": 1, "failed": 1, "attempts": 3, "possibly_repeated": 0}
    ]


STAGE_AFTER = {"opened": Stage.UNASSIGNED} | {
    kind: stage
    for kind, event in events.EVENTS.items()
    # Where a letter failed the view does not look: whether that ends a wait, the event does not say.
    if event is not events.DeliveryFailed
    for after in LEADS_TO.get(cast(type[Event], event), {}).values()
    for stage in (after.otherwise if isinstance(after, ByWait) else after,)
}
"""Where each event leads while the customer is not waited for."""


def _stages_named_in(definition: str) -> Mapping[str, str]:
    words = definition.split("'")[1::2]
    start = words.index("opened")
    pairs = words[start : start + 2 * len(STAGE_AFTER)]
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
