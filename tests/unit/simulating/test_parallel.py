"""However many processes replay a log, the answer is the same."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import _ExecutorManagerThread
from datetime import timedelta
from functools import partial
from multiprocessing import active_children
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.case.commands import Acknowledge, ChangeSeverity, Pause, Resolve, Resume, TellCustomer
from escalation.errors import InvalidCommand
from escalation.vocabulary import Outcome, Severity
from simulation import Life, Replay, Report, Tally, Trial, Unlimited, tallied
from simulation.exports import OWNER
from simulation.parallel import WAITING, ProcessLost, processors
from simulation.sums import Sums
from tests.example_policy import EXAMPLE, REF
from tests.fuzzing import few
from tests.unit.domain.case import MONDAY
from tests.unit.simulating.lives import life

TRIAL = Trial(policy=EXAMPLE, ref=REF)
TAKE = Acknowledge(by=OWNER)
TELL = TellCustomer(by=OWNER, text="We are on it")
SOLVE = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")
WORSE = ChangeSeverity(by="desk", severity=Severity.SEV1, why="spread")
WAIT = Pause(by=OWNER, why="the bank")
GO_ON = Resume(by=OWNER)


def some_lives(count: int) -> Iterator[Life]:
    """Lives of all kinds: quick and late, judged otherwise by the log, refused steps, left open."""
    for number in range(count):
        start = MONDAY + timedelta(hours=7 * number)
        ticket = f"T-{number}"
        match number % 4:
            case 0:
                yield life((0.1, TAKE), (1, TELL), (2 + number, SOLVE), ticket=ticket, met=number % 8 == 0, start=start)
            case 1:
                yield life((0.1, TAKE), (1, WORSE), (90, SOLVE), ticket=ticket, met=True, start=start)
            case 2:
                yield life((0.1, TAKE), (1, GO_ON), (1, WAIT), (30, GO_ON), ticket=ticket, start=start)
            case _:
                yield life(ticket=ticket, met=False, start=start)


def report_of(count: int, **how: int) -> Report:
    return tallied(some_lives(count), [TRIAL], **how)[0].report([])


def test_two_processes_give_the_very_answer_of_one() -> None:
    alone, together = report_of(41, processes=1), report_of(41, processes=2, alone=5, batch=4)

    assert together == alone
    assert alone.tickets == 41
    assert alone.steps.refused > 1
    assert alone.differences
    # Also the order of people, reasons and examples, which `==` of mappings does not see.
    assert repr(together) == repr(alone)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches go to a thread, which starts at once, where it is not the processes that a test is about."""

    def pool(_processes: int, *, mp_context: Any, **how: Any) -> ThreadPoolExecutor:  # noqa: ARG001
        return ThreadPoolExecutor(1, **how)

    monkeypatch.setattr("simulation.parallel.ProcessPoolExecutor", pool)


@pytest.mark.usefixtures("threads")
def test_each_policy_is_tried_on_every_life() -> None:
    other = Trial(policy=EXAMPLE, ref=REF)

    first, second = tallied(some_lives(9), [TRIAL, other], processes=2, alone=3, batch=2)

    assert first.sums.tickets == second.sums.tickets == 9
    assert first.report([]) == second.report([])


def test_a_short_log_is_replayed_right_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.parallel.ProcessPoolExecutor", None)  # starting one would be an error

    assert report_of(12, processes=8, alone=12).tickets == 12


def test_an_opening_that_makes_no_sense_is_reported_wherever_it_is_replayed() -> None:
    lives = [*some_lives(6), life(ticket="T-6", summary=" ")]

    for processes in (1, 2):
        with pytest.raises(InvalidCommand, match="`summary` is empty"):
            tallied(iter(lives), [TRIAL], processes=processes, alone=2, batch=2)


@pytest.mark.usefixtures("threads")
def test_a_log_is_read_no_further_than_processes_can_follow() -> None:
    read = Counter[str]()

    def endless() -> Iterator[Life]:
        for number, one in enumerate(some_lives(10_000)):
            read["lives"] += 1
            yield life(ticket="T", summary=" ", start=one.opened_at) if number == 4 else one

    with pytest.raises(InvalidCommand):
        tallied(endless(), [TRIAL], processes=2, alone=2, batch=3)

    # It was in the first batch; at most the batches that may wait had been handed out, and one more read.
    assert read["lives"] <= 2 + 3 * (WAITING * 2 + 1)


class LosesTheFirst(Trial):
    """Is given to each process as it is started: while the second is being started, the first one is lost."""

    def __reduce__(self) -> tuple[Callable[[], Trial], tuple[()]]:
        for first in active_children():
            first.kill()
            first.join()
            pool = next(thread for thread in threading.enumerate() if isinstance(thread, _ExecutorManagerThread))
            while not vars(pool.call_queue)["_reader"].closed:  # it has ended the processes that it knows
                first.join(0.01)
        return partial(Trial, policy=self.policy, ref=self.ref), ()


def test_losing_a_process_while_another_is_being_started_ends_them_all() -> None:
    lives = (life(ticket=f"T-{number}", summary="Much is written here. " * 100) for number in range(500))

    with pytest.raises(ProcessLost, match="--processes 1"):
        tallied(lives, [LosesTheFirst(policy=EXAMPLE, ref=REF)], processes=2, alone=2, batch=100)

    assert active_children() == []


@settings(max_examples=few(6))
@given(cut=st.integers(min_value=0, max_value=20))
def test_sums_merged_are_the_sums_of_all(cut: int) -> None:
    lives = list(some_lives(20))
    merged, later, whole = Sums(), tally_of(lives[cut:]), tally_of(lives)

    merged.merge(tally_of(lives[:cut]).sums)
    merged.merge(later.sums)

    assert repr(merged) == repr(whole.sums)


def tally_of(lives: list[Life]) -> Tally:
    replay, tally = Replay(EXAMPLE, REF, Unlimited(EXAMPLE.ladder)), TRIAL.new_tally()
    for one in lives:
        tally.add(replay.live(one))
    return tally


def test_the_first_ticket_to_look_at_stays_the_first() -> None:
    first, later = Sums(), Sums()
    first.examples["resume", "no pause"] = "T-1"
    later.examples.update({("resume", "no pause"): "T-2", ("pause", "paused"): "T-3"})
    first.violations["a rule"] = ["T-1"]
    later.violations["a rule"] = ["T-2"]

    first.merge(later)

    assert first.examples == {("resume", "no pause"): "T-1", ("pause", "paused"): "T-3"}
    assert first.violations == {"a rule": ["T-1", "T-2"]}


def test_there_is_a_processor() -> None:
    assert processors() >= 1
