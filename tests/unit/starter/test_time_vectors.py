"""Facts from other products' own test suites, each computed here."""

import json
from pathlib import Path
from typing import Any

import pytest

from starter.cli.time.vectors import OPERATIONS, evaluate

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "business_time" / "cases.json").read_text(encoding="utf-8")
)["cases"]
# Where products disagree, this is our convention.
OURS = {
    "dst_gap": [["2006-04-02T10:00:00Z", "2006-04-02T10:15:00Z"]],  # opens at the first instant after the gap
    "never_open": "error",  # a mistake in the calendar, not a wall clock
}


def case_with(**changes: Any) -> dict[str, Any]:
    case = {"tz": "UTC", "calendar": {"mon": [["09:00", "17:00"]]}, "op": "add", "inputs": {}}
    return case | changes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}-{case['op']}")
def test_we_agree_with_the_products_that_were_here_before(case: dict[str, Any]) -> None:
    assert evaluate(case) == (OURS[case["ambiguous"]] if "ambiguous" in case else case["expected"])


def test_there_are_sixty_cases_and_two_of_them_are_ambiguous() -> None:
    assert len(CASES) == 60
    assert [case["id"] for case in CASES if "ambiguous" in case] == ["bt048", "bt203"]


def test_every_operation_but_re_targeting_is_exercised_by_a_case() -> None:
    assert {case["op"] for case in CASES} == set(OPERATIONS) - {"retarget"}


def test_a_case_may_ask_for_the_next_opening_at_closing() -> None:
    inputs = {"start": "2026-03-02T16:00:00Z", "duration_s": 3600}
    assert evaluate(case_with(inputs=inputs)) == "2026-03-02T17:00:00Z"
    assert evaluate(case_with(inputs=inputs, boundary="next_open")) == "2026-03-09T09:00:00Z"


def test_cases_list_windows_by_the_day_even_where_they_touch_at_midnight() -> None:
    around_the_clock = {"mon": [["00:00", "24:00"]], "tue": [["00:00", "24:00"]]}
    case = case_with(calendar=around_the_clock, op="windows", inputs={"from": "2026-03-02T08:00:00Z", "count": 3})
    assert evaluate(case) == [
        ["2026-03-02T08:00:00Z", "2026-03-03T00:00:00Z"],
        ["2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"],
        ["2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"],
    ]


def test_cases_list_each_interval_of_a_day_as_a_window_and_a_night_shift_whole() -> None:
    calendar = {"mon": [["09:00", "12:00"], ["12:00", "17:00"]], "tue": [["22:00", "06:00"]]}
    case = case_with(calendar=calendar, op="windows", inputs={"from": "2026-03-02T08:00:00Z", "count": 3})
    assert evaluate(case) == [
        ["2026-03-02T09:00:00Z", "2026-03-02T12:00:00Z"],
        ["2026-03-02T12:00:00Z", "2026-03-02T17:00:00Z"],
        ["2026-03-03T22:00:00Z", "2026-03-04T06:00:00Z"],
    ]


def test_the_calendar_that_never_closes_is_listed_by_the_day() -> None:
    case = case_with(calendar="24x7", op="windows", inputs={"from": "2026-03-02T08:00:00Z", "count": 2})
    assert evaluate(case) == [
        ["2026-03-02T08:00:00Z", "2026-03-03T00:00:00Z"],
        ["2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"],
    ]


def test_a_date_that_a_zone_skipped_lists_no_window() -> None:
    every_day = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    inputs = {"from": "2011-12-29T10:00:00Z", "count": 2}
    # Samoa went from the end of 29 December 2011 straight to 31 December.
    case = case_with(calendar=every_day, tz="Pacific/Apia", op="windows", inputs=inputs)
    assert evaluate(case) == [
        ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"],
        ["2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
    ]


def test_an_unknown_operation_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown operation 'guess'; known are add, add_business_days, .*windows"):
        evaluate(case_with(op="guess"))
