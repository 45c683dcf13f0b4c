"""The board of a team's lead, read from the record."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from activities.adapters.postgres.board import Board, Chosen, Tables, first_monday
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.roster import store_roster
from escalation.case import events
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import Category, ClockName, Severity, Stage
from tests.unit.activities.builders import MONDAY, OPENED, VIEW, batch, member

NOW = MONDAY + timedelta(hours=2)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def recorded(database: Database, ticket: str, view: CaseView, *happened: Event) -> None:
    opened = replace(OPENED, ticket=ticket)
    case = replace(view, ticket=ticket, last_seq=1 + len(happened))
    await Records(database).append(batch([opened, *happened], escalation=f"escalation-{ticket}", view=case))


async def board(database: Database, chosen: Chosen | None = None, *, limit: int = 50) -> Tables:
    return await Board(database, NOW).tables(chosen or Chosen(), weeks=4, limit=limit)


def due_in(minutes: float, view: CaseView = VIEW) -> CaseView:
    return replace(
        view, next_breach=at(minutes), next_breach_clock=ClockName.RESOLUTION, next_due=at(minutes), breaches={}
    )


async def test_the_case_whose_promise_is_broken_next_comes_first(database: Database) -> None:
    await recorded(database, "later", due_in(300))
    await recorded(database, "none", replace(VIEW, next_due=at(30)))
    await recorded(database, "sooner", due_in(10))
    await recorded(database, "over", replace(due_in(1), stage=Stage.CLOSED, next_due=None))

    seen = (await board(database)).at_risk

    assert [one.ticket for one in seen] == ["sooner", "later", "none"]
    assert (seen[0].next_breach, seen[0].next_breach_clock, seen[0].life) == (at(10), ClockName.RESOLUTION, 1)
    assert len((await board(database, limit=1)).at_risk) == 1


async def test_broken_promises_of_all_clocks_are_added_up(database: Database) -> None:
    await recorded(database, "1", replace(due_in(9), breaches={ClockName.CUSTOMER_UPDATE: 2, ClockName.RESOLUTION: 1}))

    assert [one.broken for one in (await board(database)).at_risk] == [3]


@pytest.mark.parametrize(
    ("chosen", "tickets"),
    [
        (Chosen(severity=Severity.SEV1), ["high"]),
        (Chosen(category=Category.BILLING), ["bill"]),
        (Chosen(tier=2), ["up"]),
        (Chosen(person="ben"), ["asked", "his"]),
        (Chosen(customers="gold"), ["gold"]),
        (Chosen(severity=Severity.SEV1, tier=2), []),
    ],
)
async def test_each_choice_leaves_the_cases_it_names(database: Database, chosen: Chosen, tickets: list[str]) -> None:
    await recorded(database, "high", replace(VIEW, severity=Severity.SEV1))
    await recorded(database, "bill", replace(VIEW, category=Category.BILLING))
    await recorded(database, "up", replace(VIEW, tier=2))
    await recorded(database, "his", replace(VIEW, owner="ben"))
    await recorded(database, "asked", replace(VIEW, stage=Stage.OFFERED, owner="", offered_to="ben"))
    await recorded(database, "gold", replace(VIEW, customer=replace(VIEW.customer, tier="gold")))

    assert sorted(one.ticket for one in (await board(database, chosen)).at_risk) == tickets


async def test_a_tier_shows_what_it_has_and_what_is_near(database: Database) -> None:
    await recorded(database, "near", due_in(59))
    await recorded(database, "far", due_in(61))
    await recorded(database, "late", due_in(-1))
    await recorded(
        database, "free", replace(VIEW, stage=Stage.UNASSIGNED, owner="", breaches={ClockName.CUSTOMER_UPDATE: 1})
    )
    await recorded(database, "up", replace(VIEW, tier=2))

    first, second = (await board(database)).tiers

    assert (first.tier, first.cases, first.unowned, first.near, first.late, first.broken) == (1, 4, 1, 2, 1, 1)
    assert (second.tier, second.cases, second.unowned) == (2, 1, 0)


async def test_people_show_what_they_have_and_how_much_room_is_left(database: Database) -> None:
    await store_roster(database, [member("ana", max_open=5), member("ben"), member("cleo")])
    await recorded(database, "1", VIEW)
    await recorded(database, "2", due_in(5))
    await recorded(database, "3", replace(VIEW, stage=Stage.OFFERED, owner="", offered_to="ben"))
    await recorded(database, "4", replace(VIEW, owner="left"))
    await recorded(database, "5", replace(VIEW, stage=Stage.RESOLVED))

    seen = {one.person: one for one in (await board(database)).people}

    assert list(seen) == ["ana", "ben", "left", "cleo"]
    assert (seen["ana"].owned, seen["ana"].offered, seen["ana"].near, seen["ana"].on_shift) == (2, 0, 1, True)
    assert (seen["ben"].owned, seen["ben"].offered, seen["cleo"].owned) == (0, 1, 0)
    assert (seen["left"].room, seen["left"].name, seen["left"].on_shift) == (None, "", False)


async def test_skips_and_undelivered_messages_are_shown_with_who_has_the_case(database: Database) -> None:
    skipped = events.TierSkipped(at=at(-20), tier=1)
    failed = events.DeliveryFailed(at=at(-10), key="k", to="customer", error="RecipientRefused")
    old = replace(failed, at=NOW - timedelta(weeks=5))
    await recorded(database, "1", VIEW, old, skipped, failed)

    seen = await board(database)

    assert [(one.ticket, one.at, one.skipped, one.owner) for one in seen.skips] == [("1", at(-20), 1, "ana")]
    assert [(one.ticket, one.at, one.recipient, one.error) for one in seen.undelivered] == [
        ("1", at(-10), "customer", "RecipientRefused")
    ]


async def test_a_case_is_stuck_when_what_was_due_did_not_happen(database: Database) -> None:
    await recorded(database, "stuck", replace(VIEW, next_due=at(-6)))
    await recorded(database, "asleep", replace(VIEW, next_due=None, next_due_clock=None))
    await recorded(database, "in a moment", replace(VIEW, next_due=at(-4)))
    await recorded(database, "over", replace(VIEW, next_due=None, stage=Stage.CANCELLED))

    assert [one.ticket for one in (await board(database)).stuck] == ["stuck", "asleep"]


async def test_weeks_without_anything_are_shown_too(database: Database) -> None:
    missed = events.ThresholdReached(
        at=at(-30), clock=ClockName.CUSTOMER_UPDATE, cycle=1, threshold="due", due=at(-30), breach=True, late=False
    )
    await recorded(
        database,
        "1",
        VIEW,
        missed,
        replace(missed, threshold="75%", breach=False),
        replace(missed, at=MONDAY - timedelta(days=1)),
    )

    trend = (await board(database)).trend

    assert [(one.week, one.broken, one.opened) for one in trend] == [
        (date(2026, 2, 9), 0, 0),
        (date(2026, 2, 16), 0, 0),
        (date(2026, 2, 23), 1, 0),
        (date(2026, 3, 2), 1, 1),
    ]


async def test_a_promise_that_a_reopening_disputes_does_not_count_as_kept(database: Database) -> None:
    kept = events.PromiseKept(at=at(-30), what="a fix", by="ana", at_solution=True)
    again = events.Reopened(at=at(-20), cycle=2, why="still broken", by="customer", disputed="a fix")
    await recorded(database, "1", VIEW, kept, again, replace(kept, at=at(-10), at_solution=False))
    await recorded(database, "2", VIEW, kept, again)

    assert (await board(database)).trend[-1].kept == 1


async def test_only_what_open_cases_have_can_be_chosen(database: Database) -> None:
    await recorded(database, "1", replace(VIEW, tier=3, customer=replace(VIEW.customer, tier="gold")))
    await recorded(database, "2", replace(VIEW, owner="ben", stage=Stage.CLOSED, tier=2))

    choices = await Board(database, NOW).choices()

    assert (choices.owners, choices.customer_tiers, choices.tiers) == (("ana",), ("gold",), (3,))


def test_weeks_are_counted_from_monday() -> None:
    sunday = datetime.fromisoformat("2026-03-08T23:59:00+00:00")

    assert first_monday(sunday, 1) == datetime.fromisoformat("2026-03-02T00:00:00+00:00")
    assert first_monday(sunday, 2) == datetime.fromisoformat("2026-02-23T00:00:00+00:00")
