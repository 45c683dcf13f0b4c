"""What the definition of a clock consists of."""

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
    """Everything the code knows about one clock.

    Attributes:
        means: What it measures, from when to when, for people who write policies.
        words: What notices call it, by language.
        stages: Stages in which it can run.
        waits_for: What must be waited for, or it is dropped.
        restarts: Whether a start while it runs begins a new cycle; otherwise it runs on.
        reopens: Whether a reopening starts it; then a policy may let it go on instead.
        measured: Whether the time it took is recorded when it ends, as `clock_stopped`.
        required: Whether a policy must have it, with a target for every escalation: without it a case could be forgotten.
        pausable: What a policy may let pause it. The others always run, because they wake a case that waits.
        never_paused: For a pause that a policy might ask for, why it makes no sense.
        answers: What a policy may count as the answer to the customer that stops it; empty for all other clocks.
        actions: What a policy may let it do; None where the compiler writes its thresholds.
    """

    means: str
    words: Mapping[str, str]
    starts: Causes
    stops: Causes = tuple
    stages: frozenset[Stage]
    waits_for: PauseCause | None = None
    restarts: bool = False
    reopens: bool = False
    measured: bool = False
    required: bool = False
    target: TargetSource = FROM_POLICY
    pausable: frozenset[PauseCause] = frozenset()
    never_paused: Mapping[PauseCause, str] = field(default_factory=dict)
    answers: frozenset[StopCause] = frozenset()
    actions: ClockActions | None
