"""The command `audit`: what does not fit between record, workflows, messages and bookings."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.policies import Policies
from escalation.case.commands import Cancel
from escalation.case.events import Opened
from escalation.lifecycle.evolution import fold
from escalation.vocabulary import CancelCause
from starter.errors import TemporalUnreachable
from starter.supervision import Seen
from tests.example_policy import EXAMPLE
from tests.integration.cli.test_record import ROSTER, recorded, solved
from tests.integration.cli.test_roster import TEAM
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.starter.desk import Desk


async def test_an_audit_that_finds_nothing_exits_0(desk: Desk, database: Database) -> None:
    await recorded(database, Case.opened())
    shown, told = await desk("audit"), await desk("audit", "--json")

    assert (shown.code, shown.out, shown.err) == (
        0,
        "nothing found: record, ledger, bookings and workflows agree\n",
        "",
    )
    assert (told.code, told.out, told.err) == (0, "", "")


async def test_an_audit_that_finds_something_lists_it_and_exits_1(desk: Desk, database: Database) -> None:
    case = solved()
    escalation = await recorded(database, case, events=case.events[:-1])
    shown, told = await desk("audit", "--grace", "5d"), await desk("audit", "--grace", "5d", "--json")

    assert (shown.code, told.code) == (1, 1)
    assert "stale view" in shown.out
    assert [(one["problem"], one["escalation"]) for one in told.items] == [("stale_view", escalation)]
    assert shown.err == "audit: 1 found that should not be so; each line says where, or what to do\n"
    assert json.loads(told.err)["exit"] == 1


def seen(escalation: str, status: str = "running", *, trouble: str = "") -> Seen:
    return Seen(
        case=escalation,
        workflow=escalation,
        run="r",
        status=status,
        started_at=MONDAY - timedelta(days=1),
        trouble=trouble,
    )


@pytest.mark.parametrize(
    ("found", "problem", "says"),
    [
        (None, "missing", "the record says offered, and Temporal knows no workflow"),
        ("terminated", "cut_off", "its workflow is terminated"),
        ("timed_out", "cut_off", "its workflow is timed out"),
        ("failed", "cut_off", "open the ticket again"),
    ],
)
async def test_the_audit_names_an_open_case_whose_workflow_is_not_there_any_more(
    desk: Desk, database: Database, found: str | None, problem: str, says: str
) -> None:
    escalation = await recorded(database, Case.opened())
    await recorded(database, Case.opened(ticket="T-2"))
    desk.cases.supervisor.seen[escalation] = None if found is None else seen(escalation, found)
    ended = await desk("audit", "--json")

    assert ended.code == 1
    assert [(one["problem"], one["escalation"]) for one in ended.items] == [(problem, escalation)]
    assert says in ended.items[0]["detail"]


async def test_the_audit_names_a_stuck_case_with_its_cause_and_where_to_read_on(desk: Desk, database: Database) -> None:
    escalation = await recorded(database, Case.opened())
    desk.cases.supervisor.seen[escalation] = seen(escalation, trouble="its workflow task fails (attempt 7): boom")
    ended = await desk("audit", "--json")

    (finding,) = ended.items
    assert (ended.code, finding["problem"], finding["escalation"]) == (1, "stuck", escalation)
    assert finding["detail"] == "its workflow task fails (attempt 7): boom; see docs/operations.md#stuck-cases"


async def test_the_audit_names_a_workflow_that_the_record_does_not_know(desk: Desk) -> None:
    desk.cases.supervisor.seen["escalation-T-9"] = seen("escalation-T-9")
    desk.cases.supervisor.seen["escalation-T-8"] = seen("escalation-T-8", "failed")  # it was never opened
    ended = await desk("audit", "--json")

    assert [(one["problem"], one["escalation"]) for one in ended.items] == [("unrecorded", "escalation-T-9")]


async def test_a_terminated_case_is_named_until_its_ticket_is_opened_again(desk: Desk, database: Database) -> None:
    first = await recorded(database, Case.opened())
    desk.cases.supervisor.seen[first] = seen(first, "terminated")
    before = await desk("audit", "--json")
    second = Case.opened()
    begins, *rest = second.events
    assert isinstance(begins, Opened)
    second.events = [replace(begins, life=2), *rest]
    second.current = fold(second.events)
    await recorded(database, second)
    after = await desk("audit", "--json")

    assert [(one["problem"], one["escalation"]) for one in before.items] == [("cut_off", first)]
    assert (after.code, after.out) == (0, "")


async def test_a_case_that_is_over_needs_no_workflow(desk: Desk, database: Database) -> None:
    case = Case.opened()
    case.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN, why="found it"))
    escalation = await recorded(database, case)
    desk.cases.supervisor.seen[escalation] = None

    assert (await desk("audit", "--grace", "5d")).code == 0


async def test_the_audit_names_a_view_that_its_events_do_not_lead_to(desk: Desk, database: Database) -> None:
    case = Case.opened()
    escalation = await recorded(database, case)
    async with database.connection() as connection:
        await connection.execute("update escalations set view = jsonb_set(view, '{owner}', '\"eve\"')")
    ended = await desk("audit", "--json")

    (finding,) = ended.items
    assert (finding["problem"], finding["escalation"]) == ("drifted", escalation)
    assert finding["detail"].startswith("its events differ from its view: owner")


async def test_the_audit_names_messages_and_bookings_that_no_event_explains(desk: Desk, database: Database) -> None:
    await desk("roster", "load", str(ROSTER))
    earlier = MONDAY - timedelta(days=1)
    async with database.connection() as connection:
        await connection.execute(
            "insert into deliveries (escalation, key, channel, kind, recipient, status, attempts, first_at, last_at) "
            "values ('escalation-T-9', 'receipt/1/customer', 'email', 'receipt', 'customer', 'sent', 1, $1, $1)",
            earlier,
        )
        await connection.execute(
            "insert into assignments (escalation, offer, person, taken_at) values ('escalation-T-9', 1, 'ana', $1)",
            earlier,
        )
    ended = await desk("audit", "--json")

    assert [(one["problem"], one["escalation"]) for one in ended.items] == [
        ("left_booked", "escalation-T-9"),
        ("stray_message", "escalation-T-9"),
    ]


async def test_an_audit_without_temporal_says_so_and_one_of_the_record_alone_goes_on(
    desk: Desk, database: Database
) -> None:
    await recorded(database, Case.opened())
    desk.cases.supervisor.failure = TemporalUnreachable("Temporal does not answer any more")

    assert (await desk("audit")).code == 5
    assert (await desk("audit", "--record-only")).code == 0


async def test_a_record_of_several_pages_is_compared_to_its_end(desk: Desk, database: Database) -> None:
    with patch("activities.adapters.postgres.drift.PAGE", 2):
        for number in range(1, 6):
            await recorded(database, Case.opened(ticket=f"T-{number}"))
        desk.cases.supervisor.seen["escalation-T-5"] = None
        ended = await desk("audit", "--json")

    assert [(one["problem"], one["escalation"]) for one in ended.items] == [("missing", "escalation-T-5")]


async def test_the_audit_shows_when_shifts_run_out_and_what_to_do(desk: Desk, tmp_path: Path) -> None:
    team = tmp_path / "team.yaml"
    team.write_text(TEAM, encoding="utf-8")
    await desk("roster", "load", str(team), "--days", "29")
    shown, told = await desk("audit"), await desk("audit", "--json")

    assert (shown.code, told.code) == (1, 1)
    (finding,) = told.items
    assert (finding["problem"], finding["escalation"]) == ("shifts_end", "")
    assert finding["detail"] == "shifts are known up to 2026-03-31 09:00:00 UTC; run `escalations roster load` again"
    assert "shifts end" in shown.out
    assert "2026-03-31" in shown.out

    await desk("roster", "load", str(team))
    assert (await desk("audit")).code == 0


async def test_a_message_counts_as_lost_only_after_the_grace(desk: Desk, database: Database) -> None:
    # MONDAY is the instant that this command line takes for now.
    await recorded(database, Case.opened())
    older = Case(now=MONDAY - timedelta(minutes=30))
    older.do(opening(ticket="T-2"))
    await recorded(database, older)

    usual, patient = await desk("audit", "--json"), await desk("audit", "--json", "--grace", "1h")

    assert {one["escalation"] for one in usual.items} == {"escalation-T-2"}
    assert {one["problem"] for one in usual.items} == {"lost_message"}
    assert (usual.code, patient.code, patient.out) == (1, 0, "")


async def test_the_audit_names_a_policy_whose_review_is_overdue_and_the_cases_that_follow_it(
    desk: Desk, database: Database
) -> None:
    policies, case, over = Policies(database, lambda: MONDAY), Case.opened(), Case.opened(ticket="T-2")
    over.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    for one in (case, over):
        await recorded(database, one)
    last = case.state.policy
    day = MONDAY.date()
    await policies.store(replace(EXAMPLE, name=last.name), last.checksum, review_by=day)
    assert (await desk("audit")).code == 0, "it is due today"

    await policies.store(replace(EXAMPLE, name=last.name), last.checksum, review_by=day - timedelta(days=1))
    ended = await desk("audit", "--json")
    (finding,) = ended.items
    assert (ended.code, finding["problem"]) == (1, "review_overdue")
    assert finding["detail"] == (
        f"the review of policy {last.name} version 1 was due on 2026-03-01; 1 open case follows it: T-1"
    )

    # The reviewed policy is a version of its own; the case still follows the one before.
    await policies.store(replace(EXAMPLE, name=last.name, thanks=False), "d" * 64, review_by=day + timedelta(days=300))
    assert "version 1 was due" in " ".join((await desk("audit")).out.split())


async def test_a_policy_that_no_case_follows_is_named_while_it_is_the_newest(desk: Desk, database: Database) -> None:
    policies = Policies(database, lambda: MONDAY)
    await policies.store(replace(EXAMPLE, name="gold"), "a" * 64, review_by=MONDAY.date() - timedelta(days=9))
    assert "policy gold version 1 was due on 2026-02-21; no open case" in " ".join((await desk("audit")).out.split())
    await policies.store(replace(EXAMPLE, name="gold", thanks=False), "b" * 64)
    assert (await desk("audit")).code == 0
