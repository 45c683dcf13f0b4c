"""`policy check`, `policy explain` and `roster check`: files in, answers out, no server."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from escalation.compiler.compile import compile_policy
from escalation.compiler.explain import explain_policy
from escalation.vocabulary import Category, Severity
from tests.unit.compiler.texts import SOUND
from tests.unit.starter.desk import MONDAY, Desk

TOP = Path(__file__).parents[3]
DEFAULT = TOP / "policies" / "default.yaml"
DEMO = TOP / "policies" / "demo.yaml"
ROSTER = TOP / "examples" / "roster.yaml"
EXPLAIN = ("policy", "explain", str(DEFAULT), "--severity", "SEV2", "--category", "billing")


def checksum_of(policy: Path) -> str:
    years = range(MONDAY.year, MONDAY.year + 4)
    return compile_policy(policy.read_text(encoding="utf-8"), source=str(policy), years=years).checksum


def edited(source: Path, folder: Path, old: str, new: str) -> Path:
    text = source.read_text(encoding="utf-8")
    assert old in text
    copy = folder / source.name
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def line_number(file: Path, start: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.strip().startswith(start))


async def test_a_sound_policy_is_shown_with_its_name_and_checksum(desk: Desk) -> None:
    ended = await desk("policy", "check", str(DEFAULT))

    assert (ended.code, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    assert told == f"{DEFAULT}: ok, policy default, checksum {checksum_of(DEFAULT)}"


async def test_policies_in_json_are_a_line_each(desk: Desk) -> None:
    ended = await desk("policy", "check", str(DEFAULT), str(DEMO), "--json")

    assert ended.items == [
        {"file": str(DEFAULT), "policy": "default", "checksum": checksum_of(DEFAULT), "warnings": []},
        {"file": str(DEMO), "policy": "demo", "checksum": checksum_of(DEMO), "warnings": []},
    ]


@pytest.mark.parametrize(
    ("written", "due"), [("2026-03-20", "is due in 18 days"), ("2026-02-28", "was due 2 days ago")]
)
async def test_a_policy_due_for_a_review_is_sound_and_gets_a_warning_with_its_line(
    desk: Desk, tmp_path: Path, written: str, due: str
) -> None:
    policy = edited(DEFAULT, tmp_path, "# review_by: 2027-03-01", f"review_by: {written}")
    ended = await desk("policy", "check", str(policy), str(DEMO))

    assert (ended.code, ended.err) == (0, "")
    checksum, line = checksum_of(DEFAULT), line_number(policy, "review_by")
    text = f"the review of this policy {due} ({written}); check that it still fits, then write the next date here"
    assert " ".join(ended.out.split()) == (
        f"{policy}: ok, policy default, checksum {checksum} {policy}:{line}: warning: {text} "
        f"{DEMO}: ok, policy demo, checksum {checksum_of(DEMO)}"
    )
    first, _ = (await desk("policy", "check", str(policy), str(DEMO), "--json")).items
    assert first["warnings"] == [{"file": str(policy), "line": line, "text": text}]


async def test_every_problem_of_every_policy_is_shown_with_its_line(desk: Desk, tmp_path: Path) -> None:
    broken = edited(DEMO, tmp_path, "rounds: 2", "rounds: many")
    broken.write_text(broken.read_text(encoding="utf-8").replace("breach,", "breech,", 1), encoding="utf-8")
    ended = await desk("policy", "check", str(broken), str(DEFAULT), str(tmp_path / "none.yaml"))

    assert ended.code == 2
    assert "policy default" in ended.out
    rounds, breech, missing = ended.err.splitlines()
    assert rounds.startswith(f"invalid policy: {broken}:{line_number(broken, 'rounds')}: ")
    assert f"{broken}:{line_number(broken, 'due: [breech')}: `breech`" in breech
    assert "did you mean `breach`?" in breech
    assert missing == f"invalid policy: {tmp_path / 'none.yaml'}: cannot be read: No such file or directory"


@pytest.mark.parametrize("command", [("policy", "check"), ("roster", "check"), ("import",)])
async def test_what_is_not_a_text_file_is_refused_in_one_line(
    desk: Desk, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01\n")
    for file, reason in ((tmp_path, "Is a directory"), (tmp_path / "binary", "is not UTF-")):
        ended = await desk(*command, str(file))

        assert (ended.code, ended.out) == (2, "")
        (line,) = ended.err.splitlines()
        assert str(file) in line
        assert reason in line


async def test_a_policy_file_must_be_named(desk: Desk) -> None:
    ended = await desk("policy", "check")

    assert (ended.code, "Traceback" in ended.err) == (2, False)


async def test_explain_gives_the_dated_table_of_the_compiler(desk: Desk) -> None:
    ended = await desk(*EXPLAIN, "--at", "2026-03-27T16:00+01:00", "--json")

    opened_at = MONDAY.replace(day=27, hour=15)
    policy = compile_policy(DEFAULT.read_text(encoding="utf-8"), source="", years=range(2026, 2030)).policy
    wanted = explain_policy(policy, Severity.SEV2, Category.BILLING, opened_at)
    assert [(row["clock"], row["threshold"], row["actions"]) for row in ended.items if "clock" in row] == [
        (row.clock, row.threshold, list(row.actions)) for row in wanted
    ]
    assert ended.items[0]["at"] == "2026-03-27T15:15:00Z"


async def test_explain_shows_people_when_and_how_long_after_the_opening(desk: Desk) -> None:
    ended = await desk(*EXPLAIN, "--at", "2026-03-27T16:00+01:00")

    rows = [line.split("  ") for line in ended.out.splitlines()]
    first = [part.strip() for part in rows[1] if part.strip()]
    assert first == ["Fri 2026-03-27 15:15:00", "15 min", "acknowledge", "50%", "remind owner"]


async def test_explain_begins_now_by_default(desk: Desk) -> None:
    now, named = await desk(*EXPLAIN), await desk(*EXPLAIN, "--at", MONDAY.isoformat())

    assert now.out == named.out
    later = await desk(*EXPLAIN, "--at", (MONDAY + timedelta(days=1)).isoformat())
    assert later.out != now.out
    desk.now = MONDAY + timedelta(microseconds=1)
    assert (await desk(*EXPLAIN)).out == now.out


async def test_explain_names_tiers_people_lanes_and_criteria_on_a_screen_of_80_columns(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = await desk(*EXPLAIN, "--roster", str(ROSTER))

    assert ended.code == 0
    lines = [line.rstrip() for line in ended.out.splitlines()]
    assert max(map(len, lines)) <= 80
    tiers = lines.index("Tiers")
    assert lines[tiers + 1 : tiers + 12] == [
        "tier                 skills   authority  asked     to accept    people",
        "1 front line         billing  -          2 people  30m on 24x7  ben, deniz; not",
        "(starts here)                                                   for this case:",
        "                                                                ana, chloe, emil",
        "2 specialist         billing  100 EUR    2 people  30m on 24x7  hana, ivo,",
        "                                                                lucia; not for",
        "                                                                this case:",
        "                                                                freya, goran",
        "3 management         billing  1000 EUR   1 person  30m on 24x7  jana, kofi,",
        "                                                                lucia",
        "after 2 rounds of all tiers, overseer holds the case",
    ]
    lanes = lines.index("Lanes")
    assert lines[lanes + 1 : lanes + 4] == [
        "start at 2 specialist: agent unable, financial impact, too complex",
        "start at 3 management: behaviour, customer asked, legal, policy violation",
        "everything else starts at 1 front line",
    ]
    criteria = lines[lines.index("Criteria of triage") + 1 :]
    assert criteria[0].split() == ["rule", "what", "must", "be", "so", "what", "follows"]
    assert "many-hours           hours spent at least 8           score +5, reason" in criteria
    assert criteria[-1] == "a ticket escalates by a rule that says so, or when the scores add up to 10"


async def test_explain_in_json_has_a_line_for_each_tier_lane_and_rule(desk: Desk) -> None:
    ended = await desk(*EXPLAIN, "--json")

    (tier, *_), (lane, *_), (rule, *_) = (
        [each for each in ended.items if next(iter(each)) == key] for key in ("tier", "lane", "rule")
    )
    assert tier == {
        "tier": 1,
        "name": "front line",
        "starts_here": True,
        "skills": ["billing"],
        "authority": 0,
        "people_to_try": 2,
        "accept_within": "30m on 24x7",
        "people": None,
        "others": None,
    }
    assert lane == {"lane": "agent_unable", "tier": 2, "name": "specialist"}
    assert rule == {"rule": "agent_unable", "when": "agent says unable", "then": "escalates, reason agent unable"}


async def test_explain_refuses_a_broken_roster_with_its_line(desk: Desk, tmp_path: Path) -> None:
    broken = edited(ROSTER, tmp_path, "ana@example.com", "ana")
    ended = await desk(*EXPLAIN, "--roster", str(broken))

    assert (ended.code, ended.out) == (2, "")
    assert f"{broken}:{line_number(broken, '- {id: ana')}: " in ended.err


async def test_a_policy_without_lanes_currency_and_triage_is_explained_in_few_lines(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SOUND, encoding="utf-8")
    ended = await desk("policy", "explain", str(tmp_path / "small.yaml"), *EXPLAIN[3:])

    assert [" ".join(line.split()) for line in ended.out[ended.out.index("Tiers") :].splitlines()] == [
        "Tiers",
        "tier skills authority asked to accept",
        "1 front (starts here) billing - 1 person 1h on 24x7",
        "2 back billing - 1 person 1h on 24x7",
        "after 1 round of all tiers, boss holds the case",
        "",
        "Lanes",
        "every case starts at 1 front",
    ]


async def test_an_instant_without_zone_is_refused(desk: Desk) -> None:
    ended = await desk(*EXPLAIN, "--at", "2026-03-27T16:00")

    assert ended.code == 2
    assert "add an offset" in ended.err


async def test_a_lane_of_a_reason_counts(desk: Desk, tmp_path: Path) -> None:
    own = "    - name: management\n      acknowledge: 7s\n"
    policy = edited(DEMO, tmp_path, "    - name: management\n", own)
    command = ("policy", "explain", str(policy), "--severity", "SEV3", "--category", "technical", "--json")
    usual = await desk(*command)
    superior = await desk(*command, "--reason", "customer_asked")

    def acknowledged_by(items: list[dict[str, str]]) -> str:
        return next(row["at"] for row in items if row["clock"] == "acknowledge" and row["threshold"] == "due")

    assert acknowledged_by(usual.items) == "2026-03-02T09:00:08Z"
    assert acknowledged_by(superior.items) == "2026-03-02T09:00:07Z"


async def test_a_broken_policy_cannot_be_explained(desk: Desk, tmp_path: Path) -> None:
    broken = edited(DEFAULT, tmp_path, "policy: default", "policy: [default]")
    ended = await desk("policy", "explain", str(broken), "--severity", "SEV2", "--category", "billing")

    assert (ended.code, ended.out) == (2, "")
    assert f"{broken}:" in ended.err


async def test_a_sound_roster_is_counted(desk: Desk, tmp_path: Path) -> None:
    away = edited(ROSTER, tmp_path, "max_open: 0}", "max_open: 0, active: false}")
    ended = await desk("roster", "check", str(away), "--json")

    assert ended.code == 0
    assert ended.json == {
        "file": str(away),
        "people": 14,
        "active": 13,
        "shifts": 0,
        "warnings": [],
        "around_the_clock": [
            "ana",
            "ben",
            "chloe",
            "deniz",
            "emil",
            "freya",
            "goran",
            "hana",
            "ivo",
            "jana",
            "kofi",
            "lucia",
        ],
        "gaps": None,
        "lacks": None,
        "gaps_until": None,
    }
    shown = await desk("roster", "check", str(ROSTER))
    assert " ".join(shown.out.split()) == (
        f"{ROSTER}: ok, 14 people, 14 of them active asked around the clock: "
        "ana, ben, chloe, deniz, emil, freya, goran, hana, ivo, jana, kofi, lucia"
    )


async def test_every_problem_of_a_roster_is_shown_with_its_line(desk: Desk, tmp_path: Path) -> None:
    broken = edited(ROSTER, tmp_path, "ana@example.com", "ana")
    broken = edited(broken, tmp_path, "Europe/Zagreb", "Europe/Zagrab")
    ended = await desk("roster", "check", str(broken), "--json")

    assert (ended.code, ended.out) == (2, "")
    error = json.loads(ended.err)
    ana, goran = error["message"].splitlines()
    assert ana.startswith(f"{broken}:{line_number(broken, '- {id: ana')}: people.1.address")
    assert goran.startswith(f"{broken}:{line_number(broken, '- {id: goran')}: people.7.zone")


async def test_a_group_shows_its_commands(desk: Desk) -> None:
    for group in ("policy", "roster"):
        assert "check" in (await desk(group)).out
