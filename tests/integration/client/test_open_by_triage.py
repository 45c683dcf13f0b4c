"""`escalations open --triage` as a process, against the real server and workflow."""

from dataclasses import replace
from pathlib import Path

import pytest

from activities.adapters.triage_rules import Rulebook
from tests.integration.client.people import new_ticket, offered, quick
from tests.integration.client.test_process import Shell, environment
from tests.unit.compiler.texts import compiled
from tests.unit.triage.ruling import with_triage
from tests.workflow.world import World

RULES = """
law: {hard: true, when: {words: lawyer}, reason: legal, severity: SEV1}
charge: {when: {words: charged}, category: billing}
"""
OPEN = (
    *("--triage", "--policy", "example", "--summary", "Charged twice", "--by", "desk"),
    *("--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com"),
)


@pytest.fixture
def judging(idle: World) -> World:
    """A world whose worker, which a test starts, has triage rules."""
    made = compiled(with_triage(RULES))
    idle.rules = Rulebook([replace(made, policy=replace(made.policy, name="example"))])
    return idle


@pytest.fixture
def shell(idle: World, tmp_path: Path) -> Shell:
    address = idle.client.service_client.config.target_host
    return Shell(environment(address, tmp_path, ESCALATIONS_TASK_QUEUE=idle.task_queue))


async def test_a_ticket_is_judged_and_opened_and_its_verdict_can_be_read(shell: Shell, judging: World) -> None:
    ticket = new_ticket()
    async with judging.worker():
        done = await shell("open", ticket, *OPEN, "--text", "My lawyer will write.", "--json")
        assert (done.code, done.err) == (0, "")
        assert (done.json["severity"], done.json["category"], done.json["reasons"]) == ("SEV1", "billing", ["legal"])
        assert [each["rule"] for each in done.json["verdict"]["findings"]] == ["law", "charge"]
        assert (await offered(quick(judging), ticket)).view.severity == "SEV1"
        timeline = await shell("timeline", ticket)
    assert "law: text: lawyer" in " ".join(timeline.out.split())


async def test_a_ticket_that_should_not_escalate_exits_3_in_one_line(shell: Shell, judging: World) -> None:
    ticket = new_ticket()
    async with judging.worker():
        done = await shell("open", ticket, *OPEN)
        assert (done.code, done.out) == (3, "")
        assert done.err.startswith(
            f"refused: triage says that {ticket} should not escalate: score 0 of 10; found: charge"
        )
        assert done.err.count("\n") == 1
        status = await shell("status", ticket)
    assert (status.code, "should not escalate" in status.err) == (4, True)


async def test_without_a_worker_the_request_is_accepted_and_not_judged_yet(shell: Shell, judging: World) -> None:
    ticket = new_ticket()
    done = await shell("open", ticket, *OPEN, "--customer-asked-for-superior")
    assert done.code == 0
    assert "is not judged yet; the request is accepted" in done.out
    async with judging.worker():
        assert (await offered(quick(judging), ticket)).view.reasons == ("customer_asked",)
