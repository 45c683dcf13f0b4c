"""Compiles what pauses a clock, and what counts as the answer that a response clock waits for.

A pause must not shadow its own clock. Three ways of writing one would: a wait that begins with the very event that
starts the clock (`ClockDefinition.pausable` leaves those out), an entry for escalations to which the clock promises nothing, and an
entry that says only what others say already.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from escalation.clock_rules import ANSWERS, PauseRule, StopCause, subcategory_key
from escalation.clocks.definition import CLOCKS
from escalation.compiler.clock_model import PauseSection
from escalation.compiler.targets import Kind, Rule, kinds_of, matches
from escalation.documents.problems import Problems, listed
from escalation.documents.yaml import Path
from escalation.vocabulary import Category, ClockName, PauseCause, Severity

T = TypeVar("T")

WrittenPause: TypeAlias = PauseCause | PauseSection  # an entry of `paused_by` as written in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A pause, its place in the file, and the kinds of escalation it applies to."""

    rule: PauseRule
    path: Path
    kinds: frozenset[Kind]


def compile_pauses(
    clock: ClockName, written: Sequence[WrittenPause], targets: Sequence[Rule], problems: Problems
) -> tuple[PauseRule, ...]:
    """Compile what pauses a clock.

    Args:
        written: Its pauses as written in the file; their shape is valid.
        targets: What it promises; without a target there is nothing to pause.
    """
    path: Path = ("clocks", clock.value, "paused_by")
    rules = [_rule(each) for each in written]
    for number, rule in enumerate(rules):
        _refuse_where_it_must_run(clock, rule.cause, (*path, number), problems)
    kinds = kinds_of((*targets, *rules))
    promised = frozenset(kind for kind in kinds if any(matches(target, kind) for target in targets))
    entries = [
        _Entry(
            rule=rule, path=(*path, number), kinds=frozenset(kind for kind in kinds if matches(rule, kind)) & promised
        )
        for number, rule in enumerate(rules)
    ]
    if promised and not problems.is_broken(path):
        _refuse_shadowed(clock, entries, problems)
    # Any one that matches pauses it, so their order does not matter.
    return tuple(rule for cause in PauseCause for rule in sorted(rules, key=_conditions) if rule.cause is cause)


def _rule(written: WrittenPause) -> PauseRule:
    if isinstance(written, PauseCause):
        return PauseRule(cause=written)
    return PauseRule(
        cause=written.cause,
        severity=_ordered(Severity, written.severity),
        category=_ordered(Category, written.category),
        subcategory=tuple(sorted(set(map(subcategory_key, written.subcategory or ())))),
        customer_tier=tuple(sorted(set(written.customer_tier or ()))),
    )


def _conditions(rule: PauseRule) -> tuple[object, ...]:
    return (rule.severity, rule.category, rule.subcategory, rule.customer_tier)


def _ordered(words: Iterable[T], named: Collection[T] | None) -> tuple[T, ...]:
    return tuple(word for word in words if named and word in named)


def _refuse_where_it_must_run(clock: ClockName, cause: PauseCause, path: Path, problems: Problems) -> None:
    if cause in CLOCKS[clock].pausable:
        return
    why = CLOCKS[clock].never_paused.get(cause, "")
    what = f"`{clock}` must run while {cause.value.replace('_', ' ')}"
    problems.add(path, what, f"{why}; leave it out" if why else "leave it out")


def _refuse_shadowed(clock: ClockName, entries: Sequence[_Entry], problems: Problems) -> None:
    # Of two entries that say the same, the later is refused; of a wide and a narrow one, the narrow.
    said: dict[PauseCause, frozenset[Kind]] = {}
    for entry in sorted(entries, key=lambda each: -len(each.kinds)):
        before = said.get(entry.rule.cause, frozenset())
        if not entry.kinds:
            what = f"this pause can never hold, because `{clock}` has no target for what it names"
            problems.add(entry.path, what, "add a target, or leave it out")
        elif entry.kinds <= before:
            what = f"this pause changes nothing, because the others for `{entry.rule.cause}` cover all that it names"
            problems.add(entry.path, what, "leave it out")
        said[entry.rule.cause] = before | entry.kinds


def compile_stops(clock: ClockName, written: Sequence[StopCause] | None, problems: Problems) -> tuple[StopCause, ...]:
    """Compile what stops a response clock: where the file does not say, any message of a person to the customer.

    The other clocks keep that default, which is not read for them, and which costs nothing in a snapshot.

    Args:
        written: As written in the file, or None.
    """
    path: Path = ("clocks", clock.value, "stopped_by")
    allowed = CLOCKS[clock].answers
    if written is None:
        return ANSWERS
    if not allowed:
        what = f"`{clock}` ends with what it stands for; `stopped_by` cannot change that"
        able = listed(each for each, definition in CLOCKS.items() if definition.answers)
        problems.add(path, what, f"leave it out; {able} can have it")
        return ANSWERS
    for number, cause in enumerate(written):
        if cause not in allowed:
            what = f"`{cause}` does not answer the customer's message, so it cannot stop `{clock}`"
            problems.add((*path, number), what, f"write one of {listed(sorted(allowed))}")
        elif cause in written[:number]:
            problems.add((*path, number), f"`{cause}` is listed twice", "write it once")
    return _ordered(StopCause, written)
