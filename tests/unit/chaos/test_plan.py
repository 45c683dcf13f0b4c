"""The same seed breaks the same things."""

from itertools import pairwise

import pytest

from tests.chaos.plan import CALM, FIRST, LINES, PEERS, Blow, Manner, Strike, strikes

SEEDS = range(50)


def test_the_same_seed_gives_the_same_failures() -> None:
    assert strikes(7, seconds=300, workers=3) == strikes(7, seconds=300, workers=3)


def test_another_seed_gives_other_failures() -> None:
    assert len({strikes(seed, seconds=300, workers=3) for seed in SEEDS}) == len(SEEDS)


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    short, long = strikes(7, seconds=100, workers=3), strikes(7, seconds=300, workers=3)
    assert long[: len(short)] == short


def test_a_given_seed_gives_what_it_always_gave() -> None:
    assert strikes(1, seconds=60, workers=2)[: len(PINNED)] == PINNED


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_of_failure_comes_within_a_minute_and_a_half(seed: int) -> None:
    assert {strike.blow for strike in strikes(seed, seconds=90, workers=2)} == set(Blow)


@pytest.mark.parametrize("seed", SEEDS)
def test_failures_come_in_order_and_are_over_in_time(seed: int) -> None:
    found = strikes(seed, seconds=120, workers=2)
    assert all(before.at < after.at for before, after in pairwise(found))
    assert found[0].at >= FIRST
    assert all(strike.at + strike.lasts <= 120 for strike in found)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_works_again_before_it_fails_again(seed: int) -> None:
    found = strikes(seed, seconds=600, workers=2)
    for line in LINES:
        cuts = [strike for strike in found if strike.blow is line]
        assert all(before.at + before.lasts < after.at for before, after in pairwise(cuts))


def test_between_two_rounds_there_is_calm() -> None:
    found = strikes(7, seconds=300, workers=2)
    last, first = found[len(Blow) - 1], found[len(Blow)]
    assert first.at - last.at > CALM
    assert {strike.blow for strike in found[: len(Blow)]} == {
        strike.blow for strike in found[len(Blow) : 2 * len(Blow)]
    }


def test_all_workers_and_manners_get_their_turn() -> None:
    found = strikes(7, seconds=900, workers=3)
    assert {strike.worker for strike in found if strike.blow not in LINES} == {0, 1, 2}
    assert {strike.manner for strike in found if strike.blow in PEERS} == set(Manner)
    assert {strike.manner for strike in found if strike.blow in set(LINES) - set(PEERS)} == {
        Manner.REFUSES,
        Manner.HANGS,
    }


def test_only_lines_and_peers_fail_for_a_while_and_in_a_manner() -> None:
    for strike in strikes(7, seconds=600, workers=2):
        assert (strike.lasts > 0) == (strike.manner is not None) == (strike.blow in LINES) == (strike.worker < 0)


def test_a_run_too_short_for_anything_breaks_nothing() -> None:
    assert strikes(7, seconds=FIRST, workers=2) == ()


def test_a_failure_says_what_it_is() -> None:
    cut = Strike(at=12.34, blow=Blow.SMTP, lasts=4.0, manner=Manner.HANGS)
    assert str(cut) == "  12.3 s  SMTP unreachable: it hangs for 4.0 s"
    assert str(Strike(at=5, blow=Blow.KILL, worker=1)) == "   5.0 s  worker killed: number 2"


PINNED = (
    Strike(at=8.3, blow=Blow.POSTGRES, lasts=6.7, manner=Manner.REFUSES),
    Strike(at=13.7, blow=Blow.TEMPORAL, lasts=7.4, manner=Manner.HANGS),
    Strike(at=18.9, blow=Blow.KILL, worker=0),
)
