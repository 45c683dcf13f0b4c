"""`due --cases`: a line of JSON for each case of a file, no server, no settings."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.starter.desk import Desk, Ended

HERE = Path(__file__).parent
OURS = HERE.parent / "business_time" / "cases.json"
PEERS = HERE / "time_peers.json"
MORE = HERE / "time_more_peers.json"
# Where products disagree, this is our convention.
CONVENTIONS = {"dst_gap": [["2006-04-02T10:00:00Z", "2006-04-02T10:15:00Z"]], "never_open": "error"}
WEEKDAYS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def read(file: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return cases


def wanted(case: dict[str, Any]) -> Any:
    return CONVENTIONS[case["ambiguous"]] if "ambiguous" in case else case["expected"]


def case(op: str = "add", /, *, calendar: Any = WEEKDAYS, inputs: Any = None, **keys: Any) -> dict[str, Any]:
    given = inputs if inputs is not None else {"start": "2026-03-02T10:00:00Z", "duration_s": 3600}
    return {"id": "c", "calendar": calendar, "op": op, "inputs": given, **keys}


async def compute(desk: Desk, *cases: Any) -> Ended:
    desk.stdin = json.dumps({"cases": cases})
    return await desk("due", "--cases", "-")


async def result(desk: Desk, one: dict[str, Any]) -> Any:
    ended = await compute(desk, one)
    assert (ended.code, ended.err) == (0, "")
    (line,) = ended.items
    assert line.keys() == {"id", "result"}
    return line["result"]


async def problem(desk: Desk, one: Any) -> str:
    ended = await compute(desk, one)
    (line,) = ended.items
    assert (ended.code, line.keys()) == (1, {"id", "error"})
    return str(line["error"])


async def refusal(desk: Desk, one: Any) -> str:
    ended = await compute(desk, one)
    (line,) = ended.items
    assert (ended.code, line.keys(), line["result"]) == (1, {"id", "result", "error"}, "error")
    return str(line["error"])


@pytest.mark.parametrize("file", [OURS, PEERS, MORE], ids=["the sample", "more of them", "more products"])
async def test_we_agree_with_the_products_that_were_here_before(desk: Desk, file: Path) -> None:
    ended = await desk("due", "--cases", str(file))

    assert (ended.code, ended.err) == (0, "")
    assert ended.items == [{"id": one["id"], "result": wanted(one)} for one in read(file)]


@pytest.mark.parametrize(
    ("file", "count", "products"),
    [
        (PEERS, 156, "zendesk abhinavxd chatwoot glpi-project Nine-Minds znuny frappe zammad"),
        (
            MORE,
            224,
            "Intrepidd bokmann hughgrigg lennym kylekatarnls odoo seppemans bestpractical rankmyapp ramky spatie",
        ),
    ],
)
def test_the_facts_of_other_products_are_many_and_each_names_its_source(file: Path, count: int, products: str) -> None:
    cases = read(file)

    assert len({one["id"] for one in cases}) == len(cases) == count
    assert {one["source"].split("/")[0] for one in cases} == set(products.split())


def test_it_works_in_a_folder_without_policies_and_with_unusable_settings(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "starter.cli", "due", "--cases", str(OURS)]
    environment = {"PYTHONPATH": str(HERE.parents[2]), "ESCALATIONS_DSN": "nonsense", "TEMPORAL_ADDRESS": "nowhere:1"}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert [json.loads(line)["result"] for line in ended.stdout.splitlines()] == [wanted(one) for one in read(OURS)]


async def test_what_may_be_left_out_may_be_null_or_missing(desk: Desk) -> None:
    bare = case()
    nulls = case(tz=None, holidays=None, shifts=None, breaks=None, boundary=None, note=None)
    nulls["inputs"] = bare["inputs"] | {"pauses": None}

    for one in (bare, nulls):
        assert await result(desk, one) == "2026-03-02T11:00:00Z"


async def test_keys_that_no_one_knows_are_passed_over(desk: Desk) -> None:
    inputs = {"start": "2026-03-02T10:00:00Z", "duration_s": 3600, "mood": "good"}
    assert await result(desk, case(inputs=inputs, peer_reported="x", alt_expected=1)) == "2026-03-02T11:00:00Z"


@pytest.mark.parametrize("written", ["3600", 3600.0, " 3600 ", "+3600"])
async def test_numbers_may_be_written_as_text(desk: Desk, written: Any) -> None:
    inputs = {"start": "2026-03-02T10:00:00Z", "duration_s": written}
    assert await result(desk, case(inputs=inputs)) == "2026-03-02T11:00:00Z"


@pytest.mark.parametrize("start", ["2026-03-02T11:00:00+01:00", "2026-03-02T10:00:00", "2026-03-02 10:00:00.999Z"])
async def test_instants_may_have_another_offset_none_or_fractions(desk: Desk, start: str) -> None:
    assert await result(desk, case(inputs={"start": start, "duration_s": 3600})) == "2026-03-02T11:00:00Z"


async def test_a_zone_may_go_by_an_old_name(desk: Desk) -> None:
    inputs = {"start": "2026-03-02T00:00:00Z", "duration_s": 0}
    for zone in ("Asia/Calcutta", "Asia/Kolkata"):
        assert await result(desk, case(tz=zone, inputs=inputs)) == "2026-03-02T03:30:00Z"


async def test_hours_may_be_written_with_one_digit_or_seconds(desk: Desk) -> None:
    calendar = {"Monday": [["9:00", "17:00:00"]], "TUE": None, "wed": []}
    inputs = {"start": "2026-03-02T16:00:00Z", "end": "2026-03-09T10:00:00Z"}
    assert await result(desk, case("elapsed", calendar=calendar, inputs=inputs)) == 2 * 3600


async def test_hours_count_to_the_second(desk: Desk) -> None:
    calendar = {"mon": [["09:00:30", "11:59:59"], ["13:00", "23:59:59"]], "tue": [["22:00:01", "6:00:59"]]}
    inputs = {"start": "2026-03-02T00:00:00Z", "end": "2026-03-05T00:00:00Z"}
    monday = (3 * 3600 - 31) + (11 * 3600 - 1)
    assert await result(desk, case("elapsed", calendar=calendar, inputs=inputs)) == monday + 8 * 3600 + 58
    wanted = {"from": "2026-03-02T00:00:00Z", "count": 1}
    assert await result(desk, case("windows", calendar=calendar, inputs=wanted)) == [
        ["2026-03-02T09:00:30Z", "2026-03-02T11:59:59Z"]
    ]
    breaks = {"2026-03-02": [["10:00:15", "10:00:45"]]}
    assert await result(desk, case("elapsed", calendar=calendar, breaks=breaks, inputs=inputs)) == (
        monday - 30 + 8 * 3600 + 58
    )


async def test_the_calendar_that_never_closes_may_be_named(desk: Desk) -> None:
    inputs = {"start": "2026-03-01T23:30:00Z", "duration_s": 3600}
    assert await result(desk, case(calendar="24x7", inputs=inputs)) == "2026-03-02T00:30:00Z"


async def test_midnight_may_be_the_end_of_a_day(desk: Desk) -> None:
    inputs = {"start": "2026-03-02T23:00:00Z", "duration_s": 3600}
    calendar = {"mon": [["20:00", "24:00"]], "wed": [["08:00", "12:00"]]}
    assert await result(desk, case(calendar=calendar, inputs=inputs)) == "2026-03-03T00:00:00Z"
    assert await result(desk, case(calendar=calendar, inputs=inputs, boundary="next_open")) == "2026-03-04T08:00:00Z"


async def test_yearly_holidays_breaks_and_shifts_count_together(desk: Desk) -> None:
    exceptions = {
        "holidays": ["--03-03", "2026-03-05"],
        "shifts": {"2026-03-04": [["12:00", "14:00"]], "2026-03-05": [["09:00", "17:00"]]},
        "breaks": {"2026-03-02": [["12:00", "13:00"], ["12:30", "13:30"]]},
    }
    inputs = {"start": "2026-03-02T00:00:00Z", "end": "2026-03-06T00:00:00Z"}
    assert await result(desk, case("elapsed", inputs=inputs, **exceptions)) == (8 - 1.5 + 2) * 3600


async def test_pauses_may_overlap_nest_repeat_be_empty_run_backwards_and_come_in_any_order(desk: Desk) -> None:
    hour = "2026-03-02T{}:00Z".format
    pauses = [("14:00", "15:00"), ("11:00", "13:00"), ("11:30", "12:00"), ("12:30", "13:30"), ("11:00", "13:00")]
    pauses += [("10:30", "10:30"), ("16:00", "09:00")]
    told = [[hour(start), hour(end)] for start, end in pauses]
    added = {"start": hour("10:00"), "duration_s": 3 * 3600, "pauses": told}
    between = {"start": hour("10:00"), "end": hour("16:30"), "pauses": told}

    assert await result(desk, case("add_with_pauses", inputs=added)) == "2026-03-02T16:30:00Z"
    assert await result(desk, case("elapsed_with_pauses", inputs=between)) == 3 * 3600


async def test_a_pause_that_lasts_has_no_end(desk: Desk) -> None:
    pauses = [["2026-03-02T11:00:00Z", None]]
    between = {"start": "2026-03-02T10:00:00Z", "end": "2026-03-04T10:00:00Z", "pauses": pauses}
    for_ever = {"start": "2026-03-02T10:00:00Z", "duration_s": 7200, "pauses": pauses}

    assert await result(desk, case("elapsed_with_pauses", inputs=between)) == 3600
    assert await result(desk, case("add_with_pauses", inputs=for_ever)) == "error"


async def test_a_new_target_counts_from_the_original_start_and_keeps_the_pauses(desk: Desk) -> None:
    inputs = {
        "start": "2026-03-02T09:00:00Z",
        "old_duration_s": 8 * 3600,
        "new_duration_s": 4 * 3600,
        "at": "2026-03-02T12:00:00Z",
        "pauses": [["2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z"]],
    }
    assert await result(desk, case("retarget", inputs=inputs)) == "2026-03-02T14:00:00Z"
    only_the_new = {"start": "2026-03-02T09:00:00Z", "duration_s": "14400"}
    assert await result(desk, case("retarget", inputs=only_the_new)) == "2026-03-02T13:00:00Z"


async def test_days_below_zero_go_back(desk: Desk) -> None:
    inputs = {"start": "2026-03-02T10:00:00Z", "days": -1}
    assert await result(desk, case("add_business_days", inputs=inputs)) == "2026-02-27T10:00:00Z"
    assert await result(desk, case("add_business_days_end_of_day", inputs=inputs)) == "2026-02-27T17:00:00Z"


async def test_a_calendar_that_never_opens_is_an_error_that_counts_as_computed(desk: Desk) -> None:
    never: list[dict[str, Any]] = [{}, {"mon": []}]
    for calendar in never:
        assert await result(desk, case(calendar=calendar)) == "error"


async def test_an_end_before_the_start_is_zero(desk: Desk) -> None:
    inputs = {"start": "2026-03-03T10:00:00Z", "end": "2026-03-02T10:00:00Z"}
    assert await result(desk, case("elapsed", inputs=inputs)) == 0


async def test_one_window_is_listed_unless_more_are_asked_for(desk: Desk) -> None:
    inputs = {"from": "2026-03-02T10:00:00Z"}
    assert await result(desk, case("windows", inputs=inputs)) == [["2026-03-02T10:00:00Z", "2026-03-02T17:00:00Z"]]
    assert await result(desk, case("windows", inputs=inputs | {"count": 0})) == []


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("nonsense", "`case` is 'nonsense'; write an object"),
        (case("guess"), "unknown operation 'guess'; known are add,"),
        (case() | {"op": ["add"]}, "unknown operation ['add']"),
        (case("retarget", inputs={"start": "2026-03-02T10:00:00Z"}), "`new_duration_s` is missing"),
        (case(inputs={"duration_s": 60}), "`start` is missing"),
        (case() | {"inputs": None}, "`inputs` is missing; write an object"),
        (case() | {"calendar": None}, "`calendar` is missing; write an object"),
        (case(calendar={"someday": []}), "hours for 'someday'; its days are mon, tue"),
        (case(calendar={"mon": ["09:00", "17:00"]}), 'write pairs such as ["09:00", "17:00"]'),
        (case(tz=1), "`tz` is 1; write it as text"),
        (case(holidays="2026-12-25"), "`holidays` is '2026-12-25'; write a list"),
        (case(boundary="open"), "it is close or next_open"),
        (case(inputs={"start": "yesterday", "duration_s": 60}), "write an instant such as"),
        (case(inputs={"start": "2026-03-02T10:00:00Z", "duration_s": 1.5}), "write a whole number"),
        (case(inputs={"start": "2026-03-02T10:00:00Z", "duration_s": True}), "write a whole number"),
        (case(inputs={"start": "2026-03-02T10:00:00Z", "duration_s": 10**12}), "is the unit right?"),
        (case(inputs={"start": "0001-01-01T00:00:00+01:00", "duration_s": 60}), "write a year from 1000 to 9000"),
        (case(inputs={"start": "9999-12-31T23:00:00-05:00", "duration_s": 60}), "write a year from 1000 to 9000"),
        (case("windows", inputs={"from": "2026-03-02T10:00:00Z", "count": -1}), "how many windows"),
        (case("add_with_pauses", inputs={"start": "2026-03-02T10:00:00Z", "duration_s": 1, "pauses": [1]}), "pairs"),
        (
            case(
                "subtract",
                inputs={"end": "2026-03-02T10:00:00Z", "duration_s": 1, "pauses": [["2026-03-02", "2026-03-03"]]},
            ),
            "does not take pauses",
        ),
    ],
)
async def test_a_case_that_cannot_be_computed_says_why(desk: Desk, broken: Any, says: str) -> None:
    assert says in await problem(desk, broken)


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (case(calendar={"mon": [["25:00", "26:00"]]}), "'25:00' is not a time of day"),
        (case(calendar={"mon": [["09:00", "18:60"]]}), "'18:60' is not a time of day"),
        (case(tz="Europe/Berlni"), "did you mean Europe/Berlin"),
        (case(holidays=["25 December"]), "'25 December' is not a date"),
        (case(inputs={"start": "2026-03-02T10:00:00Z", "duration_s": -1}), "cannot be negative"),
        (case("subtract", inputs={"end": "2026-03-02T10:00:00Z", "duration_s": -1}), "cannot be negative"),
    ],
)
async def test_what_the_engine_refuses_is_an_error_where_other_products_raise_one(
    desk: Desk, refused: Any, says: str
) -> None:
    assert says in await refusal(desk, refused)


@pytest.mark.parametrize(
    ("op", "usual", "other", "more"),
    [
        ("subtract", "end", "start", {"duration_s": 3600}),
        ("subtract_business_days", "end", "start", {"days": 1}),
        ("is_open", "at", "time", {}),
        ("windows", "from", "at", {"count": 2}),
        ("retarget", "start", "original_start", {"target_s": 3600}),
    ],
)
async def test_an_instant_may_go_by_the_name_that_other_operations_have_for_it(
    desk: Desk, op: str, usual: str, other: str, more: dict[str, Any]
) -> None:
    at = "2026-03-03T10:30:00Z"

    assert await result(desk, case(op, inputs={other: at, **more})) == await result(
        desk, case(op, inputs={usual: at, **more})
    )


async def test_days_below_zero_taken_away_go_forward(desk: Desk) -> None:
    inputs = {"end": "2026-02-27T10:00:00Z", "days": -1}
    assert await result(desk, case("subtract_business_days", inputs=inputs)) == "2026-03-02T10:00:00Z"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('"\\ud800"', "\N{REPLACEMENT CHARACTER}"),
        ("1e999", "#1"),
        ("null", "#1"),
        ('["a"]', "#1"),
        ("true", True),
        ("7", 7),
        ('"a b"', "a b"),
    ],
)
async def test_the_name_of_a_case_comes_back_where_json_can_say_it(desk: Desk, written: str, told: Any) -> None:
    desk.stdin = json.dumps({"cases": [case()]}).replace('"id": "c"', f'"id": {written}')
    ended = await desk("due", "--cases", "-")

    assert (ended.code, ended.items) == (0, [{"id": told, "result": "2026-03-02T11:00:00Z"}])


async def test_a_byte_order_mark_before_the_cases_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    text = "\ufeff" + json.dumps({"cases": [case()]})
    desk.stdin = text
    (tmp_path / "cases.json").write_text(text, encoding="utf-8")

    for file in ("-", str(tmp_path / "cases.json")):
        assert (await desk("due", "--cases", file)).code == 0


async def test_the_other_cases_are_computed_anyway_and_the_exit_code_shows(desk: Desk) -> None:
    ended = await compute(desk, case(), case("guess", id="odd"), 7, case() | {"id": 3})

    assert ended.code == 1
    assert [line["id"] for line in ended.items] == ["c", "odd", "#3", 3]
    assert ["result" in line for line in ended.items] == [True, False, False, True]
    assert ended.err == "not computed: 2 of 4 cases: odd, #3; each line says why\n"


async def test_a_list_of_cases_will_do_and_none_is_none(desk: Desk) -> None:
    desk.stdin = json.dumps([case()])
    assert (await desk("due", "--cases", "-")).items == [{"id": "c", "result": "2026-03-02T11:00:00Z"}]
    ended = await compute(desk)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("7", "has no list of cases"),
        ('{"cases": {}}', "has no list of cases"),
        ("{}", "has no list of cases"),
        ('{"format": 2, "cases": []}', "standard input: is of format 2; only format 1 is known"),
        (f'{{"cases": [{"1" * 5000}]}}', "has a number of too many digits"),
        ("[" * 100_000, "is nested too deeply"),
    ],
)
async def test_a_file_that_holds_no_cases_is_refused_in_one_line(desk: Desk, text: str, says: str) -> None:
    desk.stdin = text
    ended = await desk("due", "--cases", "-")

    (line,) = ended.err.splitlines()
    assert (ended.code, ended.out) == (2, "")
    assert says in line


async def test_a_file_that_is_not_there_is_refused_in_one_line(desk: Desk, tmp_path: Path) -> None:
    ended = await desk("due", "--cases", str(tmp_path / "none.json"))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"bad input: {tmp_path / 'none.json'}: cannot be read: No such file or directory\n"


async def test_a_file_of_cases_brings_everything_with_it(desk: Desk) -> None:
    ended = await desk("due", "--cases", str(OURS), "--within", "8h")

    assert (ended.code, ended.out) == (2, "")
    assert "--cases brings its own" in ended.err
