"""The parts of a clock's definition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from escalation.clock_rules import StopCause
from escalation.clocks.actions import ClockActions
from escalation.clocks.targets import FROM_POLICY, TargetSource
from escalation.vocabulary import PauseCause, Stage

if TYPE_CHECKING:
    from escalation.clocks import causes

Causes: TypeAlias = "Callable[[], tuple[causes.Cause, ...]]"
"""Called when the events are needed, so that the rest of a record is known without importing them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDefinition:
    """Everything the code knows about one clock."""

    means: str  # what it measures, from when to when, for people who write policies
    words: Mapping[str, str]  # what notices call it, by language
    starts: Causes
    stops: Causes = tuple
    stages: frozenset[Stage]  # stages in which it can run
    waits_for: PauseCause | None = None  # what must be waited for, or it is dropped
    restarts: bool = False  # whether a start while it runs begins a new cycle; otherwise it runs on
    reopens: bool = False  # whether a reopening starts it; then a policy may let it go on instead
    measured: bool = False  # whether the time it took is recorded when it ends, as `clock_stopped`
    # whether a policy must have it, with a target for every escalation: without it a case could be forgotten
    required: bool = False
    target: TargetSource = FROM_POLICY
    # what a policy may let pause it. The others always run, because they wake a case that waits
    pausable: frozenset[PauseCause] = frozenset()
    # for a pause that a policy might ask for, why it makes no sense
    never_paused: Mapping[PauseCause, str] = field(default_factory=dict)
    # what a policy may count as the answer to the customer that stops it; empty for all other clocks
    answers: frozenset[StopCause] = frozenset()
    actions: ClockActions | None  # what a policy may let it do; None where the compiler writes its thresholds
