"""What had to fire, worked out from offers, solutions, timers and shares."""

import pytest

from tests.chaos.evidence import Entry
from tests.chaos.promises import missing_promised, missing_skipped, missing_timed, promised
from tests.unit.chaos.life import CASE, TIMELINE, entry, fired, life, timer, whole, without

OPENED, OFFERED = entry("opened", 0), entry("offered", 0.2)


def dues(*entries: Entry) -> list[tuple[str, str, int]]:
    """Clock, threshold, seconds after the second of the opening."""
    found = promised(life(*entries))
    return [(one.clock, one.threshold, round((one.due - whole(0)).total_seconds())) for one in found]


def test_an_offer_that_no_one_takes_promises_a_reminder_and_an_end() -> None:
    assert dues(OPENED, OFFERED) == [("acknowledge", "50%", 4), ("acknowledge", "due", 8)]


def test_an_offer_that_is_taken_promises_only_what_came_before() -> None:
    assert dues(OPENED, OFFERED, entry("acknowledged", 3)) == []
    assert dues(OPENED, OFFERED, entry("acknowledged", 5)) == [("acknowledge", "50%", 4)]


@pytest.mark.parametrize("end", ["declined", "climbed", "reassigned", "overseer_held", "cancelled"])
def test_an_offer_ends_in_many_ways(end: str) -> None:
    assert dues(OPENED, OFFERED, entry(end, 3)) == []


def test_an_offer_that_lapsed_late_had_both_thresholds() -> None:
    late = (fired("acknowledge", "due", 8, at=20), entry("offer_lapsed", 20))
    assert dues(OPENED, OFFERED, *late) == [("acknowledge", "50%", 4), ("acknowledge", "due", 8)]


def test_an_offer_that_a_climb_ended_was_over_when_the_climb_was_due_not_when_a_late_worker_did_it() -> None:
    late = (fired("resolution", "due", 6, at=20), entry("climbed", 20))
    assert dues(OPENED, OFFERED, *late) == [("acknowledge", "50%", 4)]


def test_a_solution_promises_follow_ups_and_the_end_of_its_window() -> None:
    assert dues(OPENED, entry("resolved", 2, outcome="solved")) == [
        ("reopen_window", "due", 12),
        ("follow_up", "1", 5),
        ("follow_up", "2", 8),
    ]


def test_a_solution_that_is_taken_back_promises_only_what_came_before() -> None:
    assert dues(OPENED, entry("resolved", 2, outcome="solved"), entry("reopened", 7)) == [("follow_up", "1", 5)]


def test_a_case_that_ended_without_a_reply_is_not_followed_up() -> None:
    assert dues(OPENED, entry("resolved", 2, outcome="no_reply")) == [("reopen_window", "due", 12)]


@pytest.mark.parametrize(("clock", "threshold"), [("acknowledge", "50%"), ("follow_up", "2"), ("reopen_window", "due")])
def test_a_promised_threshold_that_never_fired_is_found(clock: str, threshold: str) -> None:
    assert list(missing_promised(life())) == []
    left = without(lambda one: (one.data.get("clock"), one.data.get("threshold")) == (clock, threshold))
    (found,) = missing_promised(life(*left))
    assert found.startswith(f"{CASE}: {clock} {threshold} was due at 09:00:")


def test_a_threshold_that_fired_for_another_instant_does_not_keep_a_promise() -> None:
    moved = [
        fired("follow_up", "2", 13) if one.data.get("clock") == "follow_up" and one.data["threshold"] == "2" else one
        for one in TIMELINE
    ]
    assert len(list(missing_promised(life(*moved)))) == 1


def test_a_timer_without_its_threshold_is_found() -> None:
    evidence = life(timers=(timer("resolution 75%", 7), timer("acknowledge 50%", 4)))
    assert list(missing_timed(evidence)) == [
        f"{CASE}: the server's timer `resolution 75%` fired, and the threshold did not"
    ]


def test_an_earlier_threshold_of_that_name_does_not_explain_a_later_timer() -> None:
    assert len(list(missing_timed(life(timers=(timer("acknowledge 50%", 11),))))) == 1


def test_a_timer_that_was_started_late_is_explained_by_a_command_that_came_before_it() -> None:
    evidence = life(OPENED, fired("resolution", "50%", 6, at=5.8), timers=(timer("resolution 50%", 8),))
    assert list(missing_timed(evidence)) == []


def test_a_threshold_that_a_late_worker_reached_explains_its_timer() -> None:
    late = life(OPENED, fired("resolution", "50%", 6, at=25), timers=(timer("resolution 50%", 6),))
    assert list(missing_timed(late)) == []


def test_a_share_that_was_left_out_is_found() -> None:
    evidence = life(OPENED, fired("resolution", "50%", 6), fired("resolution", "due", 13))
    assert list(missing_skipped(evidence)) == [
        f"{CASE}: resolution 75% of cycle 1 was skipped",
        f"{CASE}: resolution 90% of cycle 1 was skipped",
    ]


def test_shares_that_were_never_reached_are_not_missed() -> None:
    evidence = life(OPENED, fired("resolution", "50%", 6), fired("resolution", "75%", 9))
    assert list(missing_skipped(evidence)) == []
    assert list(missing_skipped(life())) == []


def test_shares_of_another_cycle_do_not_count() -> None:
    evidence = life(OPENED, fired("resolution", "50%", 6), fired("resolution", "75%", 9, cycle=2))
    assert list(missing_skipped(evidence)) == [f"{CASE}: resolution 50% of cycle 2 was skipped"]
