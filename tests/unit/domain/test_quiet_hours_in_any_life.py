"""Quiet hours move no clock, whatever happens in a case."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.clocks.deadlines import deadlines
from escalation.lifecycle.held_messages import release
from escalation.messages.effects import Message
from escalation.quiet_hours import QuietHours
from tests.behaviour import any_lives
from tests.unit.domain import policies
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.quiet import ALL_WAIT


@dataclass
class Timed(Case):
    """A case that writes down its clocks after each step, and sends what waited as its workflow does.

    Attributes:
        clocks: What ran, what was paused and broken, and what was due next.
    """

    clocks: list[Any] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)

    def check(self) -> None:
        self.held += [one for one in self.messages if one.not_before is not None]
        self.messages.clear()
        if waited := [one for one in self.held if one.not_before is not None and one.not_before <= self.now]:
            self.held = [one for one in self.held if one not in waited]
            self.current = release(waited, self.state, self.policy, self.now).state
        state = self.state
        due = {clock: (one.at, one.threshold.name) for clock, one in deadlines(state, self.policy).items()}
        self.clocks.append((self.now, state.stage, state.runs, state.starts, state.breaches, state.pauses, due))


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_every_clock_is_the_same_with_and_without_quiet_hours(seed: int) -> None:
    def life(quiet: QuietHours) -> list[Any]:
        random = Random(seed)  # noqa: S311 (no secret)
        policy = replace(policies.ALL[random.choice(sorted(policies.ALL))], quiet_hours=quiet)
        case = Timed(policy=policy, now=MONDAY)
        any_lives._live(case, random)
        return case.clocks

    assert life(ALL_WAIT.quiet_hours) == life(QuietHours())
