"""`triage --history` and the activity's history against a real PostgreSQL."""

import json
from datetime import timedelta
from pathlib import Path

from temporalio.testing import ActivityEnvironment

from activities.adapters.new_part import NewPart
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.records import Records
from activities.adapters.sentiment import Sentiment
from activities.adapters.triage_rules import Rulebook
from activities.triage import TriageActivities
from activities.triage_contracts import TriageAnswer, TriageInput
from escalation.case.commands import Acknowledge, Customer, Reopen, Resolve
from escalation.compiler.compile import compile_policy
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import Outcome
from tests.integration.cli.test_record import recorded
from tests.unit.domain.case import MONDAY, Case
from tests.unit.starter.desk import Desk

DEFAULT = Path(__file__).parents[3] / "policies" / "default.yaml"
TRIAGE = ("triage", "--policy", str(DEFAULT), "--history")
ANN = Customer(id="c-ann", name="Ann", address="ann@example.com")
BOB = Customer(id="c-bob", name="Bob", address="bob@example.com")


def reopened(ticket: str, customer: Customer) -> Case:
    """A case that was solved, and was not."""
    case = Case.opened(ticket=ticket, customer=customer)
    case.do(Acknowledge(by="ana"))
    case.wait(timedelta(minutes=5))
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Sent again", root_cause="a retry"))
    case.do(Reopen(by="customer", why="It came back"))
    return case


async def a_customer_with_a_past(database: Database) -> None:
    await recorded(database, reopened("T-1", ANN))
    await recorded(database, Case.opened(ticket="T-2", customer=ANN))
    await recorded(database, Case.opened(ticket="T-3", customer=BOB))


async def test_a_customers_earlier_escalations_count(desk: Desk, database: Database) -> None:
    await a_customer_with_a_past(database)

    ann = (await desk(*TRIAGE, "--json", "--text", "Still waiting.", "--customer", ANN.id)).json
    bob = (await desk(*TRIAGE, "--json", "--text", "Still waiting.", "--customer", BOB.id)).json

    assert (ann["history"]["total"], ann["history"]["reopened"]) == (2, 1)
    assert sorted(ann["history"]["escalations"]) == ["escalation-T-1", "escalation-T-2"]
    assert ann["verdict"]["escalate"]
    assert "recurrence" not in ann["verdict"]["reasons"]  # earlier cases say nothing of this one
    (before,) = [each for each in ann["verdict"]["findings"] if each["rule"] == "escalated-before"]
    assert before["evidence"] == [{"where": "earlier_escalations", "found": "2 (at least 2)"}]
    assert bob["history"]["total"] == 1
    assert not bob["verdict"]["escalate"]


async def test_the_escalation_of_the_ticket_itself_is_not_history(desk: Desk, database: Database) -> None:
    await a_customer_with_a_past(database)
    ended = await desk(*TRIAGE, "--json", "--text", "x", "--customer", BOB.id, "--ticket", "T-3")
    assert ended.json["history"] == {"escalations": [], "total": 0, "reopened": 0, "breached": 0}


async def test_history_is_reported_to_people(desk: Desk, database: Database) -> None:
    await a_customer_with_a_past(database)
    ended = await desk(*TRIAGE, "--text", "x", "--customer", ANN.id)
    assert "2 earlier, 1 reopened" in ended.out
    unknown = await desk(*TRIAGE, "--text", "x", "--customer", "c-nobody")
    assert "no earlier escalations" in unknown.out


async def test_each_customer_of_an_export_has_their_own_history(desk: Desk, database: Database, tmp_path: Path) -> None:
    await a_customer_with_a_past(database)
    file = tmp_path / "tickets.jsonl"
    rows = [
        {"ticket": "T-2", "customer": ANN.id, "text": "Still waiting."},
        {"ticket": "N-1", "customer": ANN.id, "text": "Still waiting."},
        {"ticket": "N-2", "customer": BOB.id, "text": "Still waiting."},
        {"ticket": "N-3", "text": "Still waiting."},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ended = await desk(*TRIAGE, "--json", "--file", str(file))
    assert ended.code == 0, ended.err
    tickets = [each for each in ended.items if each["kind"] == "ticket"]
    assert [each["history"] and each["history"]["total"] for each in tickets] == [1, 2, 1, None]
    assert [each["verdict"]["escalate"] for each in tickets] == [False, True, False, False]
    assert ended.items[-1]["history"] is True


async def test_without_a_schema_the_command_says_so(fresh_desk: Desk) -> None:
    ended = await fresh_desk(*TRIAGE, "--text", "x", "--customer", ANN.id)
    assert ended.code == 5
    assert "migrate" in ended.err


async def test_the_activity_judges_with_the_record(database: Database) -> None:
    await a_customer_with_a_past(database)
    compiled = compile_policy(
        DEFAULT.read_text(encoding="utf-8"), source="default.yaml", years=range(MONDAY.year, MONDAY.year + 2)
    )
    of = TriageActivities(Rulebook([compiled]), Records(database), Sentiment(), NewPart())
    asked = TriageInput(
        facts=TicketFacts(text="I am still waiting, this is terrible.", language="en"),
        policy="default",
        at=MONDAY,
        customer=ANN.id,
    )
    said: TriageAnswer = await ActivityEnvironment().run(of.triage, asked)
    assert said.history is not None
    assert (said.history.total, said.history.reopened) == (2, 1)
    assert said.tone is not None
    assert said.tone < 0
    assert "escalated-before" in {finding.rule for finding in said.verdict.findings}
