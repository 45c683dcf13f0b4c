"""What makes a simulation fast changes nothing: every life goes the same way without it."""

import dataclasses
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.business_time import Calendar, arithmetic
from escalation.business_time.cache import days as cached_days
from escalation.business_time.cache import seconds as cached_seconds
from escalation.business_time.openings import ends_at_closing, hours_on, stretches
from escalation.business_time.zones import day_at
from escalation.clocks.cache import DeadlineCache
from escalation.clocks.deadlines import DeadlinesOf, deadlines
from escalation.copies import changed
from escalation.lifecycle import evolution
from tests.behaviour import any_lives
from tests.behaviour.canonical import plain
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case


def settled(calendar: Calendar, second: int) -> int:
    return second if ends_at_closing(calendar, second) else next(stretches(calendar, second))[0]


def seconds_between(calendar: Calendar, start: int, end: int) -> int:
    return sum(closes - opens for opens, closes in stretches(calendar, start, end))


def used_up(calendar: Calendar, start: int, seconds: int) -> int:
    for opens, closes in stretches(calendar, start):
        if seconds <= closes - opens:
            return opens + seconds if seconds < closes - opens else settled(calendar, closes)
        seconds -= closes - opens
    raise AssertionError("stretches without an end ended")


def open_days(calendar: Calendar, second: int, days: int) -> tuple[cached_days.OpenDay, cached_days.OpenDay]:
    day = day_at(calendar.zone, second)
    while not hours_on(calendar, day) or hours_on(calendar, day)[0][0] > second:
        day -= 1
    today, step = _day(calendar, day), 1 if days > 0 else -1
    for _ in range(abs(days)):
        day += step
        while not hours_on(calendar, day):
            day += step
    return today, _day(calendar, day)


def _day(calendar: Calendar, number: int) -> cached_days.OpenDay:
    return cached_days.OpenDay(number, hours_on(calendar, number)[0][0], None)


PLAIN: dict[Callable[..., Any], Callable[..., Any]] = {
    changed: dataclasses.replace,
    cached_seconds.settled: settled,
    cached_seconds.seconds_between: seconds_between,
    cached_seconds.used_up: used_up,
    cached_days.open_days: open_days,
}
"""What is fast, and what it stands for."""


@contextmanager
def without_caches() -> Iterator[None]:
    """Plain functions in place of fast ones, wherever our own modules use them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("escalation."):
                for attribute, value in list(vars(module).items()):
                    if callable(value) and value.__hash__ is not None and value in PLAIN:
                        patch.setattr(module, attribute, PLAIN[value])
        yield


@dataclasses.dataclass
class Told(Case):
    """A case whose steps are written down."""

    story: list[Any] = dataclasses.field(default_factory=list)

    def check(self) -> None:
        due = {clock: dataclasses.astuple(one) for clock, one in self.deadlines_of(self.state, self.policy).items()}
        self.story.append(plain([self.now, self.state, len(self.messages), due]))


def life(seed: int, deadlines_of: DeadlinesOf) -> tuple[list[Any], Any]:
    random = Random(seed)  # noqa: S311 (no secret)
    name = random.choice(sorted(policies.ALL))
    case = Told(policy=policies.ALL[name], now=MONDAY, deadlines_of=deadlines_of)
    any_lives._live(case, random)
    return case.story, plain([case.events, case.messages, case.releases])


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_with_and_without_the_caches_every_event_effect_deadline_and_state_is_the_same(seed: int) -> None:
    fast = life(seed, DeadlineCache())
    with without_caches():
        assert life(seed, deadlines) == fast


@pytest.mark.parametrize("seed", range(3))
def test_the_cache_of_deadlines_says_what_the_rules_say(seed: int) -> None:
    assert life(seed, DeadlineCache()) == life(seed, deadlines)


def test_without_caches_nothing_is_left_in_use() -> None:
    def in_use() -> tuple[object, ...]:
        return vars(arithmetic)["used_up"], vars(evolution)["changed"]

    fast = in_use()
    with without_caches():
        assert in_use() == (used_up, dataclasses.replace)
    assert in_use() == fast
