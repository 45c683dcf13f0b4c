"""`triage`: one ticket or a whole export in, a verdict with its reasons out; nothing is opened."""

import json
from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[3]
DEFAULT = TOP / "policies" / "default.yaml"
EXAMPLE = TOP / "examples" / "triage"
TRIAGE = ("triage", "--policy", str(DEFAULT))
EXPORT = (
    *(*TRIAGE, "--at", "2026-11-22T12:00Z"),
    *("--file", str(EXAMPLE / "tickets.csv"), "--mapping", str(EXAMPLE / "mapping.yaml")),
)


async def test_a_ticket_that_should_escalate_is_shown_with_reasons_and_evidence(desk: Desk) -> None:
    ended = await desk(
        *TRIAGE,
        "--subject",
        "Charged twice",
        "--text",
        "My lawyer will call.",
        "--language",
        "en",
        "--hours-spent",
        "9",
    )
    told = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert told[:7] == [
        "should escalate yes, a hard trigger",
        "reasons legal, unresolved",
        "category billing (charge)",
        "severity SEV2",
        "impact, urgency low, low",
        "tier 3 (management), lane legal",
        "frustration 1 (tone -0.10)",
    ]
    assert "history not asked; --history with --customer asks the record" in told
    assert "legal legal, at least SEV2 text: lawyer" in told
    assert "many-hours unresolved, +5 hours spent: 9 (at least 8)" in told


async def test_a_ticket_that_should_not_escalate_ends_with_the_same_exit_code(desk: Desk) -> None:
    ended = await desk(*TRIAGE, "--text", "Where do I find the setting?")
    assert ended.code == 0
    assert "no, score 0 of 10" in ended.out
    assert " ".join(ended.out.split("frustration")[1].split()[:2]) == "not judged"


async def test_nothing_is_opened(desk: Desk) -> None:
    await desk(*TRIAGE, "--text", "My lawyer will call.")
    await desk(*EXPORT)
    assert (desk.cases.lives, desk.cases.requests) == ({}, [])


async def test_a_verdict_in_json_is_one_document(desk: Desk) -> None:
    ended = await desk(*TRIAGE, "--json", "--ticket", "T-1", "--agent-says-unable", "--tag", "x", "--tag", "abuse")
    assert ended.code == 0
    (said,) = ended.items
    assert (said["kind"], said["ticket"], said["history"], said["tone"]) == ("ticket", "T-1", None, None)
    verdict = said["verdict"]
    assert (verdict["escalate"], verdict["hard"], verdict["category"]) == (True, True, "behaviour")
    assert verdict["reasons"] == ["agent_unable", "policy_violation"]
    (unable,) = [each for each in verdict["findings"] if each["rule"] == "agent_unable"]
    assert unable["evidence"] == [{"where": "agent_says_unable", "found": "yes"}]


async def test_every_fact_can_be_given(desk: Desk) -> None:
    ended = await desk(
        *(*TRIAGE, "--json", "--at", "2026-11-22T12:00Z", "--deadline", "2026-11-22T14:00Z", "--severity", "SEV4"),
        *("--category", "product", "--customer-tier", "gold", "--industry", "health", "--users-affected", "500"),
        *("--money-at-stake", "20000.5", "--owners-tried", "6", "--days-open", "30", "--reopen-count", "2"),
        *("--times-contacted", "3", "--frustration", "4", "--customer-asked-for-superior", "--hours-spent", "25.5"),
    )
    assert ended.code == 0, ended.err
    verdict = ended.json["verdict"]
    assert (verdict["impact"], verdict["urgency"], verdict["severity"]) == ("high", "high", "SEV1")
    assert {each["rule"] for each in verdict["findings"]} >= {
        *("help_desk", "priority", "customer_asked", "money-at-stake", "many-hours", "very-many-hours"),
        *("passed-around", "lost-between-teams", "asked-again", "angry", "ageing", "old", "reopened"),
    }


async def test_an_export_is_shown_as_a_table_with_totals(desk: Desk) -> None:
    ended = await desk(*EXPORT)
    told = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert told[0].endswith("7 tickets, 4 should escalate (57%), 3 by a hard trigger; 1 row rejected")
    assert "history: not asked, so no customer has any here; --history asks the record" in told
    assert not any(line.startswith("tone: not judged") for line in told)  # the two German tickets have a tone, too
    assert [line.split()[0] for line in told if line.startswith("T-")] == ["T-101", "T-103", "T-105", "T-108"]
    assert "8 Opened is `soon`; write it as %d.%m.%Y %H:%M" in told
    for total in ("technical 1", "SEV1 3", "management 2", "customer asked 1", "money-at-stake 1"):
        assert total in told


async def test_an_export_in_json_is_a_line_for_each_ticket_each_rejected_row_and_the_totals(desk: Desk) -> None:
    ended = await desk(*EXPORT, "--json")
    assert ended.code == 0
    assert [each["kind"] for each in ended.items] == [*["ticket"] * 7, "rejected", "totals"]
    totals = ended.items[-1]["totals"]
    tickets = ended.items[:7]
    assert totals["tickets"] == 7
    assert totals["escalate"] == sum(each["verdict"]["escalate"] for each in tickets)
    assert totals["hard"] == sum(each["verdict"]["hard"] for each in tickets)
    assert totals["tone_not_judged"] == sum(each["tone"] is None for each in tickets)
    counted: dict[str, int] = {}
    for each in tickets:
        for finding in each["verdict"]["findings"]:
            counted[finding["rule"]] = counted.get(finding["rule"], 0) + 1
    assert totals["rules"] == {name: n for name, n in counted.items() if name not in {"help_desk", "priority"}}
    assert ended.items[-2] == {"kind": "rejected", "line": 8, "reason": "Opened is `soon`; write it as %d.%m.%Y %H:%M"}


async def test_the_same_export_gets_the_same_answer(desk: Desk) -> None:
    assert (await desk(*EXPORT, "--json")).out == (await desk(*EXPORT, "--json")).out


async def test_the_table_shows_the_worst_and_says_how_many_more_there_are(desk: Desk) -> None:
    ended = await desk(*EXPORT, "--top", "1")
    assert [line.split()[0] for line in ended.out.splitlines() if line.startswith("T-")] == ["T-101"]
    assert "… and 3 more" in ended.out


async def test_a_servicenow_export_needs_no_mapping(desk: Desk) -> None:
    ended = await desk(*TRIAGE, "--file", str(TOP / "examples" / "incidents.csv"), "--json")
    assert ended.code == 0
    assert ended.items[-1]["totals"]["tickets"] == 60
    assert ended.items[-1]["totals"]["tone_not_judged"] == 60


async def test_json_lines_are_read(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "tickets.jsonl"
    rows = [{"ticket": "1", "text": "my lawyer"}, {"ticket": "2", "text": "hello", "mood": "x"}]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    ended = await desk(*TRIAGE, "--file", str(file), "--json")
    assert [each["verdict"]["escalate"] for each in ended.items[:2]] == [True, False]
    assert ended.items[-1]["unread"] == ["mood"]
    assert "columns not read: mood" in (await desk(*TRIAGE, "--file", str(file))).out


async def test_text_of_customers_cannot_play_tricks_with_the_terminal(desk: Desk) -> None:
    ended = await desk(
        *TRIAGE, "--tag", "abuse", "--customer-tier", "[red]gold\x1b[0m", "--text", "\x1b[31mlawyer [bold]"
    )
    assert ended.code == 0
    assert "\x1b" not in ended.out


# What is refused.


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "there is nothing to judge; write what is known"),
        (("--customer", "c-1"), "there is nothing to judge"),
        (("--mapping", "m.yaml", "--text", "x"), "name the file with --file"),
        (("--file", "t.csv", "--text", "x"), "leave out what is known of a single one"),
        (("--file", "t.csv", "--ticket", "T-1"), "leave out what is known of a single one"),
        (("--text", "x", "--history"), "name the customer with --customer"),
        (("--hours-spent", "-1"), "--hours-spent"),
        (("--money-at-stake", "inf"), "money_at_stake is inf"),
        (("--frustration", "5"), "--frustration"),
        (("--deadline", "2026-11-22T14:00"), "does not say where"),
        (("--severity", "SEV9"), "SEV9"),
        (("--file", "none.csv"), "none.csv: cannot be read: No such file or directory"),
    ],
)
async def test_a_request_that_makes_no_sense_exits_2_in_one_line(
    desk: Desk, options: tuple[str, ...], said: str
) -> None:
    ended = await desk(*TRIAGE, *options)
    assert (ended.code, ended.out) == (2, "")
    assert said in " ".join(ended.err.split())
    assert "Traceback" not in ended.err


async def test_a_policy_without_triage_rules_or_with_mistakes_exits_2(desk: Desk, tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    bare.write_text(DEFAULT.read_text(encoding="utf-8").partition("\ntriage:")[0], encoding="utf-8")
    without = await desk("triage", "--policy", str(bare), "--text", "x")
    assert without.code == 2
    assert "has no `triage:` section; add one, as in policies/default.yaml" in without.err
    broken = tmp_path / "default.yaml"
    text = DEFAULT.read_text(encoding="utf-8")
    broken.write_text(text.replace("reason: legal\n", "reason: legel\n", 1), encoding="utf-8")
    ended = await desk("triage", "--policy", str(broken), "--text", "x")
    line = text.splitlines().index("      reason: legal") + 1
    assert ended.code == 2
    assert f"{broken}:{line}: `legel` is not known here; did you mean `legal`?" in ended.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("ticket,text\n", "holds no ticket"),
        ("ticket,text\n,x\n", "; 1 row was rejected, line 2: ticket is"),
        ("number\n1\n", "no column ticket"),
    ],
)
async def test_an_export_without_tickets_exits_2(desk: Desk, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "t.csv").write_text(content, encoding="utf-8")
    for as_json in ((), ("--json",)):
        ended = await desk(*TRIAGE, "--file", str(tmp_path / "t.csv"), *as_json)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err


async def test_a_broken_mapping_exits_2(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("columns: {ticket: Nr, subjekt: x}\n", encoding="utf-8")
    ended = await desk(*EXPORT[:-1], str(tmp_path / "m.yaml"))
    assert ended.code == 2
    assert "m.yaml:1: columns.subjekt: `subjekt` is not a column we know; did you mean `subject`?" in ended.err


async def test_history_without_a_database_says_what_is_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ESCALATIONS_DSN", raising=False)
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))
    ended = await desk(*TRIAGE, "--text", "x", "--customer", "c-1", "--history")
    assert ended.code == 2
    assert "ESCALATIONS_DSN" in ended.err
