"""One ticket, two tickets: nowhere `1 tickets`."""

import re
from pathlib import Path

import pytest

from escalation.phrasing import amount_of
from simulation.exports import Rejected
from starter.cli.log_size import why_empty
from tests.unit.starter.desk import OPEN, Desk

TOP = Path(__file__).parents[3]
CLI = TOP / "starter" / "cli"
HEADER = (TOP / "examples" / "incidents.csv").read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, "0 tickets"), (1, "1 ticket"), (2, "2 tickets"), (21, "21 tickets"), (1000, "1000 tickets")],
)
def test_one_is_one_and_all_else_is_several(number: int, told: str) -> None:
    assert amount_of(number, "ticket") == told


def test_a_word_may_have_a_plural_of_its_own() -> None:
    assert [amount_of(number, "person", "people") for number in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_one_rejected_row_is_shown_in_the_singular() -> None:
    row = Rejected(line=2, reason="made_sla is `maybe`")

    assert why_empty([]) == ""
    assert why_empty([row]) == "; 1 row was rejected, line 2: made_sla is `maybe`"
    assert why_empty([row, row]) == "; 2 rows were rejected, such as line 2: made_sla is `maybe`"


NOUNS = "tickets|escalations|cases|rows|steps|shifts|people|persons|messages|weeks|times|intervals|differences|days|effects|lines"


def test_no_number_comes_before_a_plural_in_what_the_command_line_says() -> None:
    """What is written by hand is right for two and wrong for one."""
    by_hand = re.compile(rf"\}} (?:\w+ )?(?:{NOUNS})\b")
    found = {
        f"{file.name}:{number}: {line.strip()}"
        for file in CLI.rglob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if by_hand.search(line)
    }

    assert found == set()


async def test_one_of_each_is_shown_in_the_singular(desk: Desk, tmp_path: Path) -> None:
    await desk(*OPEN)
    status = (await desk("status", "T-1")).out
    assert "1 message sent to them" in status

    export = tmp_path / "tickets.csv"
    export.write_text("ticket,text\nT-1,\n,x\n", encoding="utf-8")
    told = (await desk("triage", "--policy", str(TOP / "policies" / "default.yaml"), "--file", str(export))).out
    assert "1 ticket, 0 should escalate (0%), 0 by a hard trigger; 1 row rejected" in told
    assert "tone: not judged for 1 ticket: empty" in told


async def test_one_case_that_could_not_be_computed_is_shown_in_the_singular(desk: Desk) -> None:
    desk.stdin = '[{"id": "a"}]'
    ended = await desk("due", "--cases", "-")

    assert (ended.code, ended.err.startswith("not computed: 1 of 1 case: ")) == (1, True)


async def test_one_difference_is_shown_in_the_singular(desk: Desk, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    text = (TOP / "policies" / "default.yaml").read_text(encoding="utf-8")
    old.write_text(text, encoding="utf-8")
    new.write_text(text.replace("SEV1: 30m", "SEV1: 20m", 1), encoding="utf-8")
    ended = await desk("policy", "diff", str(old), str(new), "--exit-code")

    assert (ended.code, ended.err) == (1, f"different: 1 difference between {old} and {new}\n")
