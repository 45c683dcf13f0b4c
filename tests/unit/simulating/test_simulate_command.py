"""`escalations simulate` on files, as people and programs use it."""

import gzip
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from simulation.report import Report
from tests.unit.importing.logs import HEADER, life, row
from tests.unit.starter.desk import Desk, Ended

ROOT = Path(__file__).parents[3]
INCIDENTS = ROOT / "examples" / "incidents.csv"
POLICY = ROOT / "policies" / "default.yaml"
EVENTS = ROOT / "examples" / "events"
MakeLog = Callable[..., Path]
DONE = life("New", "Active", "Resolved")
"""The rows of one incident, INC1."""


@pytest.fixture
def log(tmp_path: Path) -> MakeLog:
    def write(*rows: str, name: str = "log.csv", header: str = HEADER) -> Path:
        file = tmp_path / name
        text = "\n".join([header, *rows]) + "\n"
        file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return file

    return write


@pytest.fixture
def lenient(tmp_path: Path) -> Path:
    """The default policy with more time for a first response."""
    file = tmp_path / "lenient.yaml"
    text = POLICY.read_text(encoding="utf-8").replace("policy: default", "policy: lenient")
    targets = "targets: {SEV1: 30m, SEV2: 2h, SEV3: 4h, SEV4: 1bd}"
    assert targets in text
    file.write_text(text.replace(targets, "targets: {SEV1: 4h, SEV2: 8h, SEV3: 4bd, SEV4: 9bd}"), encoding="utf-8")
    return file


async def simulate(file: Path, *options: str | Path, policy: Path = POLICY) -> Ended:
    return await Desk()("simulate", "--policy", str(policy), "--log", str(file), *map(str, options))


async def report(file: Path, *options: str | Path) -> Any:
    ended = await simulate(file, "--json", *options)
    assert (ended.code, ended.err) == (0, "")
    return ended.json["report"]


async def test_a_real_log_is_replayed_and_every_figure_adds_up() -> None:
    told = await report(INCIDENTS)

    assert told["tickets"] == sum(told["outcomes"].values()) == 60
    assert told["steps"]["planned"] == told["steps"]["done"] + told["steps"]["refused"]
    assert told["steps"]["refused"] == sum(one["count"] for one in told["steps"]["by_reason"])
    assert told["steps"]["done"] == sum(told["work_by_person"].values()) == sum(map(sum, told["work_by_hour"]))
    assert sum(sum(one[side] for one in told["verdicts"]) for side in SIDES) == 60
    assert told["invariants"] == {"violated": 0, "violations": {}, "doubled": []}
    assert told["rejected"] == []


SIDES = ("both_met", "both_missed", "only_log_missed", "only_we_missed")


async def test_a_policy_has_the_same_checksum_whenever_the_log_was_written(log: MakeLog) -> None:
    checked = await Desk()("policy", "check", str(POLICY), "--json")
    told = await report(log(*DONE))

    assert told["openings"].keys() == {"2016"}, "years whose holidays no policy of today freezes"
    assert told["checksum"] == checked.json["checksum"]


async def test_the_same_log_gives_the_same_answer_to_the_byte() -> None:
    first, second = (
        await simulate(INCIDENTS, "--json", "--limit", "8"),
        await simulate(INCIDENTS, "--json", "--limit", "8"),
    )

    assert first.out == second.out != ""


async def test_programs_get_a_report_of_the_documented_shape() -> None:
    ended = await simulate(INCIDENTS, "--json", "--limit", "5")

    assert set(ended.json) == {"log", "report", "compared", "fit", "roster", "warnings"}
    assert [ended.json[name] for name in ("compared", "fit", "roster")] == [None, None, None]
    read = TypeAdapter(Report).validate_python(ended.json["report"], strict=False)
    assert read.tickets == 5
    assert len(ended.out.splitlines()) == 1


async def test_only_the_first_tickets_are_replayed_where_there_is_a_limit() -> None:
    assert (await report(INCIDENTS, "--limit", "3"))["tickets"] == 3


async def test_another_policy_is_next_to_with_what_it_changes(lenient: Path) -> None:
    ended = await simulate(INCIDENTS, "--compare", lenient, "--json", "--limit", "12")
    before, after = (_breaches(ended.json[name], "first_response") for name in ("report", "compared"))

    assert ended.json["compared"]["policy"] == "lenient"
    assert after < before
    shown = (await simulate(INCIDENTS, "--compare", lenient, "--limit", "12")).out
    line = next(line for line in shown.splitlines() if line.startswith("breaches first response SEV3"))
    assert line.split()[-1].startswith("-")


async def test_a_policy_compared_with_itself_changes_nothing() -> None:
    ended = await simulate(INCIDENTS, "--compare", POLICY, "--json", "--limit", "6")

    assert ended.json["report"] == ended.json["compared"]


async def test_rows_that_make_no_sense_are_listed_and_the_rest_is_replayed(log: MakeLog) -> None:
    file = log(*life("New", "Active", "Resolved"), row("Nonsense", 12), row("Closed", 13), row("New", 9, number="?"))
    told = await report(file)

    assert told["tickets"] == 1
    assert [one["line"] for one in told["rejected"]] == [5, 7]
    shown = (await simulate(file)).out
    assert "incident_state is `Nonsense`" in shown
    assert "rows rejected" in shown


async def test_gzipped_logs_are_read_as_they_are(log: MakeLog) -> None:
    rows = life("New", "Active", "Resolved", "Closed")

    assert await report(log(*rows, name="log.csv.gz")) == await report(log(*rows))


async def test_any_event_log_can_be_replayed_with_a_mapping() -> None:
    told = await report(EVENTS / "tickets.csv", "--mapping", EVENTS / "mapping.yaml")

    assert told["tickets"] == 4
    assert told["outcomes"] == {"cancelled": 1, "solved": 3}
    assert {"mia", "noa"} <= set(told["work_by_person"])
    assert (told["verdicts"], told["steps"]["refused"]) == ([], 0)


async def test_a_roster_says_who_is_asked() -> None:
    told = await report(INCIDENTS, "--limit", "12", "--roster", ROOT / "examples" / "roster.yaml")

    people = set(told["work_by_person"])
    assert {"ana", "freya", "jana"} & people
    assert not any(person.startswith("front-line") for person in people)


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    """Both front lines are there on weekdays from 8 to 12 and from 14 to 18, the specialists never."""
    text = (ROOT / "examples" / "roster.yaml").read_text(encoding="utf-8")
    front, second = "[ana, ben, chloe, deniz, emil]", "[freya, goran, hana, ivo, lucia]"
    # Who is on a shift is not asked around the clock; tier 3 still is.
    text = re.sub(r"(tiers: \[[12].*), always: true", r"\1", text)
    text += f"""
shifts:
  days: {{tiers: [1], people: {front}, zone: UTC, hours: {{mon-fri: [08:00-12:00, 14:00-18:00]}}}}
  once: {{tiers: [2], rotation: {{people: {second}, hand_over: mon 09:00, zone: UTC, starts: 2099-01-05}}}}
"""
    file = tmp_path / "gaps.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def handing_over(tmp_path: Path) -> Path:
    """The default policy, with hand-overs at the end of a shift."""
    clock = "clocks:\n  shift_end:\n    thresholds: {due: offer_on}\n"
    file = tmp_path / "handing_over.yaml"
    file.write_text(POLICY.read_text(encoding="utf-8").replace("\nclocks:\n", f"\n{clock}", 1), encoding="utf-8")
    return file


async def test_the_gaps_of_a_roster_are_shown_with_hours_and_reasons(gaps: Path, handing_over: Path) -> None:
    ended = await simulate(INCIDENTS, "--json", "--roster", gaps, policy=handing_over)
    front, second, *_ = ended.json["report"]["load_by_tier"]

    assert (front["tier"], second["tier"]) == (1, 2)
    assert front["handed_over"] > 10
    assert front["skipped"] == front["skipped_because"]["nobody_there"] > 5
    worst = [hour["skipped"] for hour in front["skipped_hours"]]
    assert worst == sorted(worst, reverse=True)
    covered = {(day, hour) for day in range(5) for hour in (*range(8, 12), *range(14, 18))}
    assert not covered & {(one["weekday"], one["hour"]) for one in front["skipped_hours"]}
    assert {(one["skipped"] == one["searches"]) for one in second["skipped_hours"]} == {True}
    assert second["offered"] == 0


async def test_people_are_shown_the_worst_hours_of_a_roster_and_how_soon_cases_are_taken(
    gaps: Path, handing_over: Path
) -> None:
    lines = (await simulate(INCIDENTS, "--roster", gaps, policy=handing_over)).out.splitlines()

    start = next(number for number, line in enumerate(lines) if line.startswith("skipped, UTC"))
    listed = lines[start + 1 : start + 12]
    assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:00 +(\d+) of \2 times +[12] *", listed[0])
    assert listed[10].startswith("…")
    for name in ("handed over at the end of a shift", "skipped: no one on shift", "minutes until taken, p90"):
        assert any(line.startswith(f"tier 1 {name}") for line in lines), name


async def test_without_a_roster_no_one_is_skipped_and_no_hours_are_listed() -> None:
    ended = await simulate(INCIDENTS, "--limit", "12")

    assert "skipped, UTC" not in ended.out
    assert "no one on shift" not in ended.out


async def test_a_fit_finds_targets_and_says_how_far_they_agree() -> None:
    ended = await simulate(INCIDENTS, "--fit", "--json")

    fit = ended.json["fit"]
    assert {row["severity"] for row in fit["resolution"]} == {"SEV1", "SEV2", "SEV3", "SEV4"}
    assert all(row["agree"] >= max(row["all_met"], row["of"] - row["all_met"]) for row in fit["resolution"])
    agreeing = sum(one["both_met"] + one["both_missed"] for one in ended.json["report"]["verdicts"])
    assert agreeing + sum(one["count"] for one in ended.json["report"]["differences"]) == 60
    assert agreeing >= 57
    assert "agreement" in (await simulate(INCIDENTS, "--fit", "--limit", "12")).out


async def test_a_log_without_verdicts_cannot_be_fitted() -> None:
    ended = await simulate(EVENTS / "tickets.csv", "--mapping", EVENTS / "mapping.yaml", "--fit")

    assert ended.code == 2
    assert "gives no verdict" in ended.err


@pytest.mark.parametrize("streaming", [(), ("--json",)])
async def test_what_is_not_a_terminal_gets_no_progress_bar(streaming: tuple[str, ...]) -> None:
    ended = await simulate(INCIDENTS, *streaming)

    assert ended.err == ""
    assert "\x1b" not in ended.out


async def test_mistakes_are_one_line_each_and_no_traceback(log: MakeLog, tmp_path: Path) -> None:
    binary = tmp_path / "binary.csv"
    binary.write_bytes(HEADER.encode() + b"\n\xff\xfe\n")
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(INCIDENTS.read_bytes())[:2000])
    for file, said in (
        (tmp_path / "nowhere.csv", "cannot be read"),
        (log(name="bare.csv"), "holds no ticket"),
        (
            log(name="empty.csv", header=""),
            "empty.csv: is empty or begins with a blank line; the first line must name the columns",
        ),
        (log(row("Nonsense"), name="bad.csv"), "line 2: incident_state is `Nonsense`"),
        (log("1,2", header="a,b", name="other.csv"), "other.csv:1: no column number, incident_state"),
        (
            log("1,2", header="a,b", name="other.csv"),
            "there are a, b; a log that is not ServiceNow's needs --mapping",
        ),
        (binary, "binary.csv:2: is not UTF-8 text; save it as UTF-8, such as with `iconv"),
        (broken, "cannot be read further"),
    ):
        ended = await simulate(file)
        assert ended.code == 2, file
        assert said in ended.err
        assert "Traceback" not in ended.err


async def test_rows_are_used_moved_or_rejected_and_the_page_says_how_many(log: MakeLog) -> None:
    told = [*DONE, row("Nonsense"), row("Active", 10, number="INC7"), row("Resolved", 9, number="INC7")]
    file = log(*told)
    found, page = await report(file), (await simulate(file)).out

    assert found["rows_used"] + len(found["rejected"]) == len(told)
    assert (len(found["rejected"]), found["rows_moved"]) == (1, 1)
    assert re.search(rf"rows used +{found['rows_used']} of {len(told)}", page)
    assert re.search(r"rows earlier than the one above +1\s", page)


async def test_rejected_rows_are_shown_by_reason_with_the_first_line_of_each(log: MakeLog) -> None:
    bad = [row(f"Nonsense {number}", number=f"INC{number}") for number in range(30)]
    ended = await simulate(log(*DONE, *bad, "1,2"))

    listed = ended.out[ended.out.index("rejected rows") :].splitlines()
    assert len([line for line in listed if re.match(r"\d", line)]) == 2
    assert re.match(rf"30 +{len(DONE) + 2} +incident_state is `Nonsense 0`", listed[1])


async def test_many_rejected_rows_make_the_figures_doubtful(log: MakeLog) -> None:
    few, many = [row("Nonsense")], [row("Nonsense")] * 3
    assert (await simulate(log(*DONE, *(row(number=f"INC{n}") for n in range(2, 12)), *few), "--json")).json[
        "warnings"
    ] == []
    ended = await simulate(log(*DONE, *many))

    warning, *_ = ended.out.splitlines()
    assert warning.startswith(f"warning: 3 of {len(DONE) + 3} rows made no sense and were left out;")


async def test_tickets_beyond_the_years_whose_holidays_are_known_are_shown(log: MakeLog) -> None:
    late = row("New", number="INC9", opened_at="1/3/2031 08:00", sys_updated_at="1/3/2031 09:00")
    (warning,) = (await simulate(log(*DONE, late), "--json")).json["warnings"]

    assert warning == (
        "1 ticket was opened outside the years for which holidays are known, 2015 to 2027, which follow from the first ticket"
    )


async def test_a_log_in_another_encoding_is_read_as_its_mapping_says(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("id,at,what,who\nT1,2026-03-02,taken,Zo\u00eb\n", encoding="windows-1252")
    mapping = tmp_path / "mapping.yaml"
    text = "columns: {ticket: id, at: at, event: what, person: who}\nwords: {taken: acknowledge}\n"
    mapping.write_text(text, encoding="utf-8")
    assert "log.csv:2: is not UTF-8 text" in (await simulate(tmp_path / "log.csv", "--mapping", mapping)).err

    mapping.write_text(f"{text}encoding: windows-1252\n", encoding="utf-8")
    found = await report(tmp_path / "log.csv", "--mapping", mapping)
    assert "zoe" in {one["person"] for one in found["load_by_person"]}


async def test_a_pipe_and_a_damaged_archive_are_refused_in_words(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with os.fdopen(os.open(pipe, os.O_RDWR)):
        assert "it is a pipe, and a log is read more than once" in (await simulate(pipe)).err
    damaged = bytearray(gzip.compress(INCIDENTS.read_bytes()))
    damaged[2000:2100] = bytes(100)
    (tmp_path / "damaged.csv.gz").write_bytes(damaged)
    ended = await simulate(tmp_path / "damaged.csv.gz")
    assert (ended.code, "damaged.csv.gz: cannot be read further after line" in ended.err) == (2, True)


async def test_a_fit_is_shown_above_the_figures_it_changed() -> None:
    page = (await simulate(INCIDENTS, "--fit", "--limit", "30")).out

    assert page.splitlines()[2].split() == ["resolution", "fitted"]


async def test_of_two_policies_the_page_says_whose_details_follow(lenient: Path) -> None:
    page = (await simulate(INCIDENTS, "--compare", lenient, "--limit", "3")).out

    assert re.search(r"\nall that follows is of default [0-9a-f]{8}\n", page)


async def test_a_policy_that_is_wrong_is_shown_before_anything_is_replayed(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("policy: x\n", encoding="utf-8")

    assert (await simulate(INCIDENTS, policy=file)).code == 2
    assert (await simulate(INCIDENTS, "--compare", tmp_path / "none.yaml")).code == 2
    assert (await simulate(INCIDENTS, "--roster", file)).code == 2
    assert (await simulate(INCIDENTS, "--mapping", file)).code == 2


async def test_a_broken_invariant_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.replay.violations", lambda *_: ("it sleeps",))
    out = io.StringIO()
    ended = await Desk()(
        "simulate", "--policy", str(POLICY), "--log", str(INCIDENTS), "--limit", "2", "--json", stdout=out
    )

    assert ended.code == 1
    assert ended.json["report"]["invariants"]["violated"] == 2


def _breaches(told: Any, clock: str) -> int:
    return sum(one["breaches"] for one in told["breaches"] if one["clock"] == clock)
