"""The oracle finds what is wrong in hand-made records, and nothing where all is well."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.chaos import oracle
from tests.chaos.evidence import Delivery, Disturbance, Evidence, Run
from tests.chaos.oracle import verdict
from tests.unit.chaos.life import (
    CASE,
    NOTE,
    OPENING,
    TIMELINE,
    after,
    command,
    entry,
    fired,
    letter,
    life,
    queued,
    timer,
    without,
)

KEY = f"{CASE}/receipt/1/customer"


def wrong(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """By rule, what it found."""
    found = {rule.__name__: rule(evidence).wrong for rule in oracle.RULES}
    return {name: sentences for name, sentences in found.items() if sentences}


def test_where_all_is_well_no_rule_finds_anything_and_each_has_looked_at_something() -> None:
    assert wrong(life()) == {}
    looked_at = {one.what: one.number for one in verdict(life())}
    assert looked_at.pop("messages that came again") == 0
    assert all(looked_at.values())


# Cases


def test_a_case_that_did_not_end_is_found() -> None:
    running = (Run(escalation=CASE, run_id="r-1", status="RUNNING"),)
    assert wrong(life(runs=running)) == {"ended": (f"{CASE}: its runs are RUNNING; one should have completed",)}


@pytest.mark.parametrize("status", ["FAILED", "TERMINATED", "TIMED_OUT", "CANCELED"])
def test_a_case_that_ended_otherwise_is_found(status: str) -> None:
    assert "ended" in wrong(life(runs=(Run(escalation=CASE, run_id="r-1", status=status),)))


def test_a_case_that_was_opened_twice_is_found() -> None:
    twice = tuple(Run(escalation=CASE, run_id=run, status="COMPLETED") for run in ("r-1", "r-2"))
    assert "ended" in wrong(life(runs=twice))


def test_a_run_that_handed_over_to_the_next_is_in_order() -> None:
    first = Run(escalation=CASE, run_id="r-1", status="CONTINUED_AS_NEW")
    assert wrong(life(runs=(first, Run(escalation=CASE, run_id="r-2", status="COMPLETED")))) == {}


def test_a_case_that_was_answered_as_opened_and_is_not_there_is_found() -> None:
    lost = life(tickets=frozenset({CASE, "escalation-2"}), opened=frozenset({CASE, "escalation-2"}))
    assert wrong(lost) == {"ended": ("escalation-2: was opened, and the server does not know it",)}


def test_a_case_whose_opening_was_never_answered_need_not_be_there() -> None:
    assert wrong(life(tickets=frozenset({CASE, "escalation-2"}))) == {}


def test_a_case_that_no_one_asked_for_is_found() -> None:
    assert wrong(life(tickets=frozenset(), opened=frozenset())) == {"ended": (f"{CASE}: nobody asked for it",)}


def test_a_case_that_completed_without_an_end_on_record_is_found() -> None:
    assert wrong(life(*without(lambda one: one.kind == "closed"))) == {
        "ended": (f"{CASE}: it completed, and its timeline has no end",)
    }


# Timelines


@pytest.mark.parametrize("place", range(1, len(TIMELINE) - 1))
def test_a_gap_is_found_wherever_it_is(place: int) -> None:
    sound = life()
    gap = replace(sound, timeline=(*sound.timeline[:place], *sound.timeline[place + 1 :]))
    assert wrong(gap)["whole"] == (f"{CASE}: event {place + 1} is missing or doubled; {place + 2} is there",)


def test_a_timeline_that_begins_later_is_found() -> None:
    sound = life()
    assert "whole" in wrong(replace(sound, timeline=sound.timeline[1:]))


def test_a_second_opening_is_found() -> None:
    assert wrong(life(TIMELINE[0], *TIMELINE))["whole"] == (f"{CASE}: opened 2 times",)


def test_events_that_go_back_in_time_are_found() -> None:
    assert wrong(life(*TIMELINE, entry("noted", 1.0)))["whole"] == (f"{CASE}: event 15 is older than event 14",)


# Thresholds


def test_a_threshold_that_fired_twice_is_found() -> None:
    doubled = life(*TIMELINE[:8], fired("resolution", "50%", 6), *TIMELINE[8:], sent=())
    assert wrong(doubled) == {"once": (f"{CASE}: resolution 50% of cycle 1 fired 2 times",)}


def test_the_same_threshold_in_another_cycle_is_another_one() -> None:
    again = life(*TIMELINE[:8], fired("resolution", "50%", 6, cycle=2), *TIMELINE[8:], sent=())
    assert wrong(again) == {}


def test_a_threshold_that_fired_early_is_found() -> None:
    early = life(*TIMELINE[:6], fired("resolution", "50%", 6, at=4.0), *TIMELINE[6:7], *TIMELINE[8:], sent=())
    assert wrong(early) == {"not_early": (f"{CASE}: resolution 50% of cycle 1 fired 1.600 s early",)}


def test_a_part_of_a_second_is_not_early() -> None:
    slightly = life(*TIMELINE[:7], fired("resolution", "50%", 6, at=5.1), *TIMELINE[8:])
    assert wrong(slightly) == {}


def test_a_timer_that_fired_early_is_found() -> None:
    early = life(timers=(timer("acknowledge 50%", 4, late=-1.5),))
    assert wrong(early) == {"not_early": (f"{CASE}: the server's timer `acknowledge 50%` fired before its time",)}


# Messages


def test_a_message_that_never_arrived_is_found() -> None:
    sound = life()
    lost = replace(sound, letters=sound.letters[1:], deliveries=sound.deliveries[1:])
    assert wrong(lost) == {"arrived": (f"{KEY}: never arrived",)}


def test_a_ledger_that_says_sent_does_not_make_a_message_arrive() -> None:
    sound = life()
    assert wrong(replace(sound, letters=sound.letters[1:])) == {"arrived": (f"{KEY}: never arrived",)}


def test_a_message_that_no_timeline_knows_is_found() -> None:
    sound = life()
    stray = letter(f"{CASE}/update/9/customer", after(8))
    assert wrong(replace(sound, letters=(*sound.letters, stray))) == {
        "arrived": (f"{stray.key}: arrived, and the timeline knows nothing of it",)
    }


@pytest.mark.parametrize("status", ["claimed", "failed"])
def test_a_message_whose_ledger_says_otherwise_is_found(status: str) -> None:
    sound = life()
    first = replace(sound.deliveries[0], status=status)
    assert wrong(replace(sound, deliveries=(first, *sound.deliveries[1:]))) == {
        "arrived": (f"{KEY}: arrived, and the ledger does not say so",)
    }


def test_a_ledger_that_counts_what_no_one_queued_or_got_is_found() -> None:
    sound = life()
    ghost = Delivery(key=f"{CASE}/ghost", status="sent", possibly_repeated=0)
    assert wrong(replace(sound, deliveries=(*sound.deliveries, ghost))) == {
        "arrived": (f"{CASE}/ghost: the ledger says it was sent, and it never arrived",)
    }


def came_again(*, reckoned: int, struck: float, message_id: str = "") -> Evidence:
    """The receipt arrives at 0.1 s and at 31 s; a worker is killed at `struck` seconds."""
    sound = life()
    repeat = letter(KEY, after(31))
    return replace(
        sound,
        letters=(*sound.letters, replace(repeat, message_id=message_id or repeat.message_id)),
        deliveries=(replace(sound.deliveries[0], possibly_repeated=reckoned), *sound.deliveries[1:]),
        disturbances=(Disturbance(what="worker killed", start=after(struck), end=after(struck + 2)),),
    )


def test_a_message_in_flight_at_a_kill_may_come_again_and_is_counted() -> None:
    evidence = came_again(reckoned=1, struck=0.3)
    assert wrong(evidence) == {}
    assert oracle.repeated(evidence).number == 1


def test_a_message_that_came_again_for_no_reason_is_found() -> None:
    assert wrong(came_again(reckoned=1, struck=20)) == {
        "repeated": (f"{KEY}: came again, though nothing was disturbed when it came at 09:00:00",)
    }


def test_a_repeat_that_the_ledger_did_not_reckon_with_is_found() -> None:
    assert wrong(came_again(reckoned=0, struck=0.3)) == {
        "repeated": (f"{KEY}: came 2 times; the ledger reckoned with 0 repeats",)
    }


def test_a_repeat_under_another_id_is_found() -> None:
    assert wrong(came_again(reckoned=1, struck=0.3, message_id="<other@example.com>")) == {
        "repeated": (f"{KEY}: came under different message ids",)
    }


def test_two_messages_under_one_id_are_found() -> None:
    sound = life()
    first, second, *rest = sound.letters
    same = replace(second, message_id=first.message_id)
    assert wrong(replace(sound, letters=(first, same, *rest))) == {
        "repeated": (f"{first.message_id}: the id of 2 different messages",)
    }


# Commands


def test_an_answer_that_names_an_event_that_is_not_there_is_found() -> None:
    found = wrong(life(sent=(command("acknowledge", 99),)))
    assert found == {"answered": (f"{CASE}: c-acknowledge-99 was answered with event 99, which is not there",)}


def test_an_answered_command_that_left_no_trace_is_found() -> None:
    assert wrong(life(sent=(command("note", 5),))) == {
        "answered": (f"{CASE}: noted 0 times; sent 1, answered 1 times",)
    }


def test_a_command_that_was_carried_out_twice_is_found() -> None:
    twice = life(*TIMELINE[:7], *TIMELINE[6:])
    assert wrong(twice)["answered"] == (f"{CASE}: acknowledged 2 times; sent 1, answered 1 times",)


def test_a_command_without_an_answer_may_have_been_carried_out_or_not() -> None:
    assert wrong(life(sent=(command("acknowledge", None), command("note", None)))) == {}


def test_a_solution_that_came_by_itself_is_not_from_a_command() -> None:
    silent = [
        replace(one, data={"outcome": "no_reply"}) if one.kind == "resolved" else one
        for one in without(lambda one: one.kind == "threshold_reached" and one.data["clock"] == "follow_up")
    ]
    assert wrong(life(*silent, sent=(command("resolve", None),), timers=())) == {}


# Help desk and chat


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"accepted": frozenset({"w-1", "w-2"})}, "kept"),
        ({"received": (OPENING, OPENING)}, "kept"),
        ({"received": (replace(OPENING, state="stored"),)}, "kept"),
        ({"received": (replace(OPENING, state="dead"),)}, "kept"),
        ({"received": (replace(OPENING, state="ignored"),)}, "applied_once"),
        ({"received": (OPENING, replace(OPENING, id="w-2", kind="message"))}, "applied_once"),
        ({"remarks": (NOTE, NOTE)}, "noted"),
        ({"remarks": (replace(NOTE, is_public=True),)}, "noted"),
        ({"behind": ("1: is behind",)}, "noted"),
        ({"posts": (f"{CASE}/receipt/1/customer",) * 2}, "posted"),
    ],
)
def test_a_webhook_or_note_that_is_lost_or_doubled_is_found(changes: dict[str, Any], rule: str) -> None:
    assert rule in wrong(life(**changes))


def test_a_reply_to_a_case_that_is_over_may_open_its_next_life() -> None:
    sound = life()
    next_ = replace(TIMELINE[0], escalation=f"{CASE}~2", seq=1)
    run = Run(escalation=f"{CASE}~2", run_id="r-2", status="COMPLETED")
    closed = replace(entry("closed", 20), escalation=f"{CASE}~2", seq=2)
    more = replace(sound, timeline=(*sound.timeline, next_, closed), runs=(*sound.runs, run))
    assert wrong(more) == {}


# Code


def test_a_worker_that_ended_by_itself_is_found() -> None:
    assert wrong(life(died=("worker 1 ended with exit code 1",))) == {
        "undisturbed": ("worker 1 ended with exit code 1",)
    }


def test_a_workflow_task_that_failed_in_code_is_found() -> None:
    faulty = Run(escalation=CASE, run_id="r-1", status="COMPLETED", faults=("KeyError: 'x'",))
    assert wrong(life(runs=(faulty,))) == {"undisturbed": (f"{CASE}: a workflow task failed: KeyError: 'x'",)}


def test_a_moment_is_disturbed_from_the_blow_until_all_has_recovered() -> None:
    blow = [Disturbance(what="worker killed", start=after(10), end=after(12))]
    recovery = timedelta(seconds=5)
    spans = [(8.0, 9.9), (8.0, 10.1), (11.0, 11.1), (16.9, 30.0), (17.1, 30.0)]
    found = [oracle.is_during(after(start), after(end), blow, recovery) for start, end in spans]
    assert found == [False, True, True, True, False]


def test_two_cases_are_judged_apart() -> None:
    sound, other = life(), life(*TIMELINE, queued("closed/1/customer", 15.8))
    theirs = tuple(replace(one, escalation="escalation-2") for one in other.timeline)
    both = replace(sound, timeline=(*sound.timeline, *theirs), tickets=frozenset({CASE, "escalation-2"}))
    assert {sentence.split(":")[0].split("/")[0] for found in wrong(both).values() for sentence in found} == {
        "escalation-2"
    }
