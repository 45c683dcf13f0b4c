"""`lessons` and the trends of `report` against a real PostgreSQL."""

import json
from pathlib import Path

from activities.adapters.postgres.database import Database
from escalation.case.commands import AgreeAction, Cancel, CompleteAction, SubmitReview
from escalation.vocabulary import CancelCause, Category, Judgement, Severity
from tests.integration.cli.test_record import recorded
from tests.unit.domain.case import Case
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import RESOLVE
from tests.unit.domain.test_learning import LEARNING
from tests.unit.starter.desk import Desk


def reviewed(ticket: str, category: Category = Category.BILLING, cause: str = "a retry without a key") -> Case:
    case = Case.working(policy=LEARNING, ticket=ticket, severity=Severity.SEV1, category=category)
    case.wait(2 * HOURS)
    case.do(RESOLVE)
    case.wait(14 * DAYS)
    case.do(
        SubmitReview(by="ana", root_cause=cause, prevention="send a key", understood=Judgement.YES, calmed=Judgement.NO)
    )
    case.do(AgreeAction(by="ana", owner="ben", what="Add a key to each request", due_by=case.now + 5 * DAYS))
    case.do(AgreeAction(by="ana", owner="cat", what="Test it", due_by=case.now + 9 * DAYS))
    case.do(CompleteAction(by="ben", number=1))
    return case


async def test_a_lesson_has_cause_prevention_actions_and_what_the_timeline_knows(
    desk: Desk, database: Database
) -> None:
    await recorded(database, reviewed("T-1"))
    shown, (lesson,) = await desk("lessons"), (await desk("lessons", "--json")).items

    for words in ("a retry without a key", "send a key", "Add a key to each request (ben, done", "Test it (cat, due"):
        assert words in shown.out
    assert (lesson["root_cause"], lesson["understood"], lesson["calmed"]) == ("a retry without a key", "yes", "no")
    assert lesson["right_people"] is None
    assert [action["owner"] for action in lesson["actions"]] == ["ben", "cat"]
    assert lesson["breaches"]["first_response"] == 1


async def test_lessons_are_listed_newest_first_and_by_category(desk: Desk, database: Database) -> None:
    await recorded(database, reviewed("T-1"))
    later = reviewed("T-2", Category.TECHNICAL, cause="a full disk")
    await recorded(database, later)

    assert [one["root_cause"] for one in (await desk("lessons", "--category", "technical", "--json")).items] == [
        "a full disk"
    ]
    assert len((await desk("lessons", "--json")).items) == 2
    assert len((await desk("lessons", "--limit", "1", "--json")).items) == 1


async def test_without_any_review_it_says_how_to_write_one(desk: Desk) -> None:
    assert "submit-review" in (await desk("lessons")).out


async def test_a_rule_that_mostly_escalates_for_nothing_is_suggested_for_a_trial(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    for number in range(6):
        case = Case.opened(ticket=f"T-{number}")
        if number < 4:
            case.do(Cancel(by="desk", cause=CancelCause.WITHDRAWN))
        await add_verdict(database, await recorded(database, case))
    page = tmp_path / "report.html"
    shown, told = await desk("report", "--html", str(page)), (await desk("report", "--json")).json

    assert told["trends"]["rules"] == [{"name": "shouting", "number": 6, "needless": 4}]
    (suggestion,) = told["suggestions"]
    assert "`shouting` led to 6 escalations, and 4 of them" in suggestion
    assert "What to try" in shown.out
    assert "shouting" in page.read_text(encoding="utf-8")


async def add_verdict(database: Database, escalation: str, rule: str = "shouting") -> None:
    """A verdict of triage as the workflow records it, behind what is there."""
    verdict = {"kind": "triaged", "verdict": {"findings": [{"rule": rule, "score": 3}]}}
    async with database.connection() as connection:
        await connection.execute(
            "insert into timeline (escalation, seq, at, as_of, kind, data) "
            "values ($1, 1000, now(), now(), 'triaged', $2::text::jsonb)",
            escalation,
            json.dumps(verdict),
        )


async def test_customers_that_come_back_are_counted_by_id_and_never_by_name(desk: Desk, database: Database) -> None:
    for ticket in ("T-1", "T-2"):
        await recorded(database, Case.opened(ticket=ticket))
    told = (await desk("report", "--json")).json

    (customer,) = told["trends"]["customers"]
    assert customer["number"] == 2
    assert [month["number"] for month in told["trends"]["months"]] == [2]


async def test_markup_in_a_page_stays_text(desk: Desk, database: Database, tmp_path: Path) -> None:
    await add_verdict(database, await recorded(database, Case.opened()), "<script>alert(1)</script>")
    page = tmp_path / "report.html"
    await desk("report", "--html", str(page))

    assert "<script>" not in page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page.read_text(encoding="utf-8")


async def test_a_page_that_cannot_be_written_is_refused_in_one_line(desk: Desk, tmp_path: Path) -> None:
    ended = await desk("report", "--html", str(tmp_path / "nowhere" / "report.html"))

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--html" in ended.err
