"""What a run prints."""

import json
from dataclasses import replace

import pytest

from tests.chaos.evidence import Disturbance, Evidence
from tests.chaos.report import Lags, Report, lags, report
from tests.chaos.run import Outcome
from tests.unit.chaos.life import CASE, TIMELINE, after, command, fired, letter, life

AGAIN = "make chaos ARGS='--seed 7'"


def reported(evidence: Evidence, *, own: tuple[str, ...] = ()) -> Report:
    outcome = Outcome(evidence=evidence, strikes=(), steps=(9, 2), own_words=own)
    return report(outcome, again=AGAIN, seconds=12.3)


def by_name(evidence: Evidence) -> dict[str, Lags]:
    return {one.what: one for one in lags(evidence)}


def test_a_run_without_a_fault_says_so_and_how_to_repeat_it() -> None:
    found = reported(life())
    assert found.is_well
    text = found.lines()
    assert text.endswith(f"\nnothing was lost, doubled or early; 12 s; repeat it with: {AGAIN}\n")
    assert "7 of 9 steps of the log were played; 2 no longer fitted" in text
    assert "worker killed" in text


def test_what_the_oracle_finds_is_printed_and_is_not_well() -> None:
    found = reported(life(sent=(command("note", 5),)))
    assert not found.is_well
    assert f"  {CASE}: noted 0 times; sent 1, answered 1 times\n" in found.lines()
    assert "SOMETHING IS WRONG" in found.lines()


def test_what_the_projects_own_check_finds_counts_as_well() -> None:
    found = reported(life(), own=("escalation-1: the view is not what its timeline says",))
    assert not found.is_well
    assert "  own check: escalation-1: the view is not what its timeline says\n" in found.lines()


def test_a_flood_of_problems_is_cut_and_counted() -> None:
    sound = life()
    flood = [letter(f"{CASE}/stray/{number}", after(1)) for number in range(30)]
    text = reported(replace(sound, letters=(*sound.letters, *flood))).lines()
    assert text.count("the timeline knows nothing of it") == 20
    assert "  and 10 more\n" in text


def test_every_rule_has_a_row_with_numbers() -> None:
    text = reported(life()).lines()
    for one in reported(life()).checked:
        (row,) = (line for line in text.splitlines() if line.startswith(f"{one.what} "))
        assert row.split()[-2:] == [str(one.number), "0"]


def test_for_programs_it_is_json() -> None:
    document = json.loads(reported(life()).json())
    assert document["is_well"] is True
    assert document["blows"] == [["worker killed", 1]]
    assert {one["what"] for one in document["lags"]} == set(by_name(life()))


def test_how_late_thresholds_were_is_distinguished_for_calm_and_the_rest() -> None:
    late = [fired("resolution", "50%", 6, at=9.6) if one.data.get("clock") == "resolution" else one for one in TIMELINE]
    blow = (Disturbance(what="worker killed", start=after(7), end=after(8)),)
    found = by_name(life(*late, disturbances=blow))
    assert found["thresholds, disturbed"].longest == pytest.approx(4.0)
    assert found["thresholds, in calm"].number == 1
    assert found["thresholds, in calm"].longest == pytest.approx(0.1)


def test_a_message_that_came_again_counts_from_its_first_arrival() -> None:
    sound = life()
    again = replace(sound.letters[0], at=after(31))
    assert by_name(replace(sound, letters=(*sound.letters, again))) == by_name(sound)


def test_where_nothing_happened_there_is_no_figure() -> None:
    nothing = by_name(life())["thresholds, disturbed"]
    assert (nothing.number, nothing.median, nothing.longest) == (0, None, None)
    (row,) = (line for line in reported(life()).lines().splitlines() if line.startswith("thresholds, disturbed"))
    assert row.split()[-4:] == ["0", "-", "-", "-"]
