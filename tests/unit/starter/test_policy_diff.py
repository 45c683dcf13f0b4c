"""`policy diff`: two files in, what is different between what they mean out, no server."""

import json
from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk, Ended

POLICIES = Path(__file__).parents[3] / "policies"
DEFAULT, DEMO = POLICIES / "default.yaml", POLICIES / "demo.yaml"


def edited(folder: Path, *replacements: tuple[str, str]) -> Path:
    """The default policy with passages replaced, as a file."""
    text = DEFAULT.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    return folder / "mine.yaml"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return edited(
        tmp_path,
        ("SEV1: 8h, SEV2: 24h", "SEV1: 8h, SEV2: 20h"),
        ("      country: DE", "      country: DE\n      dates: [12-24, 12-31]"),
        ("[waiting_on_customer, waiting_on_third_party]", "waiting_on_customer"),
        ("thanks: true", "thanks: false\nlate_after: 9s"),
    )


async def test_differences_in_json_are_one_list_of_path_old_and_new(desk: Desk, mine: Path) -> None:
    ended = await desk("policy", "diff", str(DEFAULT), str(mine), "--json")

    assert (ended.code, ended.err) == (0, "")
    assert json.loads(ended.out) == [
        {"path": "calendars.office.holidays.12-24", "old": None, "new": "closed"},
        {"path": "calendars.office.holidays.12-31", "old": None, "new": "closed"},
        {"path": "clocks.resolution.targets.SEV2", "old": "1d on 24x7", "new": "20h on 24x7"},
        {
            "path": "clocks.resolution.paused_by",
            "old": "waiting_on_customer, waiting_on_third_party",
            "new": "waiting_on_customer",
        },
        {"path": "closing.thanks", "old": True, "new": False},
        {"path": "late_after", "old": "5s", "new": "9s"},
    ]


async def test_people_get_a_table_in_groups_with_the_holidays_in_one_line(desk: Desk, mine: Path) -> None:
    ended = await desk("policy", "diff", str(DEFAULT), str(mine))

    assert (ended.code, ended.err) == (0, "")
    assert [" ".join(line.split()) for line in ended.out.splitlines()] == [
        "what before after",
        "calendars office",
        "holidays - 12-24, 12-31",
        "clocks resolution",
        "targets SEV2 1d on 24x7 20h on 24x7",
        "paused by waiting_on_customer, waiting_on_third_party waiting_on_customer",
        "closing",
        "thanks yes no",
        "late after 5s 9s",
    ]
    heading, below = ended.out.splitlines()[1:3]
    assert heading.startswith("calendars")
    assert below.startswith("  holidays")


async def test_holidays_that_go_come_before_and_those_that_come_after(desk: Desk, tmp_path: Path) -> None:
    french = edited(tmp_path, ("country: DE", "country: FR"))
    shown = (await desk("policy", "diff", str(DEFAULT), str(french))).out
    found = (await desk("policy", "diff", str(DEFAULT), str(french), "--json")).json

    assert {"path": "calendars.office.holidays.2026-07-14", "old": None, "new": "closed"} in found
    assert {"path": "calendars.office.holidays.2026-10-03", "old": "closed", "new": None} in found
    (line,) = (line for line in shown.splitlines() if line.startswith("  holidays"))
    _, before, after = (part.strip() for part in line.split("  ") if part.strip())
    assert "2026-10-03" in before
    assert "2026-07-14" in after


async def test_policies_that_mean_the_same_are_said_to(desk: Desk, tmp_path: Path) -> None:
    same = edited(tmp_path, ("targets: 14d", "targets: 336h"), ("  staff: [email]", "  staff: email  # mail"))

    for options in ((), ("--exit-code",)):
        ended = await desk("policy", "diff", str(DEFAULT), str(same), *options)
        assert (ended.code, ended.out.strip(), ended.err) == (0, "both mean the same", "")
        ended = await desk("policy", "diff", str(DEFAULT), str(same), *options, "--json")
        assert (ended.code, ended.json, ended.err) == (0, [], "")


async def test_scripts_may_ask_for_an_exit_code(desk: Desk, mine: Path) -> None:
    plain = await desk("policy", "diff", str(DEFAULT), str(mine))
    ended = await desk("policy", "diff", str(DEFAULT), str(mine), "--exit-code")

    assert (ended.code, ended.out) == (1, plain.out)
    assert ended.err == f"different: 6 differences between {DEFAULT} and {mine}\n"


async def test_what_is_wrong_with_either_file_is_shown_and_nothing_compared(desk: Desk, tmp_path: Path) -> None:
    broken = edited(tmp_path, ("rounds: 2", "rounds: many"))
    missing = tmp_path / "none.yaml"
    ended = await desk("policy", "diff", str(broken), str(missing))

    assert (ended.code, ended.out) == (2, "")
    rounds, none = ended.err.splitlines()
    assert f"{broken}:" in rounds
    assert "`rounds` is `many`" in rounds
    assert none == f"invalid policy: {missing}: cannot be read: No such file or directory"


async def test_two_files_must_be_named(desk: Desk) -> None:
    ended = await desk("policy", "diff", str(DEFAULT))

    assert (ended.code, "Traceback" in ended.err) == (2, False)


async def test_the_demo_differs_from_the_default_in_time_and_not_in_who_is_asked(desk: Desk) -> None:
    found = (await desk("policy", "diff", str(DEFAULT), str(DEMO), "--json")).json

    sections = {change["path"].split(".")[0] for change in found}
    assert sections - {"triage"} == {
        *("policy", "calendars", "clocks", "closing", "contact_limits"),
        *("fatigue", "frustration", "reviews", "late_after", "guidance"),
    }


async def test_triage_rules_are_compared_too(desk: Desk, tmp_path: Path) -> None:
    stricter = edited(tmp_path, ("  threshold: 10\n", "  threshold: 12\n"))
    ended = await desk("policy", "diff", str(DEFAULT), str(stricter), "--json")

    assert ended.json == [{"path": "triage.threshold", "old": 10, "new": 12}]


async def test_another_limit_on_contacts_is_shown_in_a_section_of_its_own(desk: Desk, tmp_path: Path) -> None:
    stricter = edited(tmp_path, ("{at_most: 3, within: 1bd, calendar: office}", "{at_most: 1, within: 8h}"))
    ended = await desk("policy", "diff", str(DEFAULT), str(stricter))

    assert [" ".join(line.split()) for line in ended.out.splitlines()[1:]] == [
        "contact limits",
        "behaviour at most 3 1",
        "behaviour within 1bd on office 8h on 24x7",
    ]


def below_the_dates(ended: Ended) -> list[str]:
    """The lines up to the page about the ladder, without the blank one before it."""
    lines = [line.strip() for line in ended.out.splitlines()]
    return lines[: lines.index("Tiers") - 1]


async def test_explain_says_how_often_the_customer_reaches_the_team(desk: Desk) -> None:
    of = ("policy", "explain", str(DEFAULT), "--severity", "SEV2", "--category", "behaviour")
    ended = await desk(*of)

    assert below_the_dates(ended)[-1] == (
        "behaviour: at most 3 messages of the customer within 1bd on office reach the team; more are set aside"
    )
    items = (await desk(*of, "--json")).items
    *rows, limit = [each for each in items if next(iter(each)) in {"at", "contact_limit"}]
    assert limit == {"contact_limit": "behaviour", "at_most": 3, "within": "1bd on office"}
    assert rows
    assert all("clock" in row for row in rows)


async def test_explain_says_below_its_table_what_moves_or_ends_the_clocks(desk: Desk) -> None:
    of = ("policy", "explain", str(DEFAULT), "--severity", "SEV2", "--category", "billing")
    ended = await desk(*of)

    assert below_the_dates(ended)[-3:] == [
        "first response ends with: told, asked, options offered",
        "customer update is paused while waiting on customer",
        "resolution is paused while waiting on customer or waiting on third party",
    ]
    rows = [each for each in (await desk(*of, "--json")).items if "clock" in each]
    pauses = {row["clock"]: row["paused_by"] for row in rows}
    assert pauses["resolution"] == ["waiting_on_customer", "waiting_on_third_party"]
    assert pauses["acknowledge"] == []


async def test_explain_says_which_clocks_go_on_after_a_reopening(desk: Desk, tmp_path: Path) -> None:
    text = DEFAULT.read_text(encoding="utf-8")
    going_on = tmp_path / "going_on.yaml"
    going_on.write_text(text.replace("  resolution:\n", "  resolution:\n    on_reopen: resume\n", 1), encoding="utf-8")
    ended = await desk("policy", "explain", str(going_on), "--severity", "SEV2", "--category", "billing")
    assert below_the_dates(ended)[-1] == "resolution goes on where it stopped after a reopening"
