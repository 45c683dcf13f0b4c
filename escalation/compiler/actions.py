"""Which actions make sense on which clock, and when.

Each clock has actions for the time before it is due, for the moment when it is due, and for the time after. Most have
one action without which they would end in nothing: an offer that lapses must be made to somebody else, a reopen window
must end. The policy is refused without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from escalation.compiler.problems import Problems, listed
from escalation.compiler.thresholds import DUE, Limit
from escalation.documents.yaml import Path
from escalation.policy import Action, Basis, Threshold
from escalation.vocabulary import ClockName


class Phase(Enum):
    """When in the life of a clock a threshold fires."""

    BEFORE = "before it is due"
    DUE = "when it is due"
    AFTER = "after it was due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repertoire:
    """What a clock can do.

    Attributes:
        before: Actions before it is due.
        due: Actions when it is due.
        after: Actions after it was due.
        needs: The action it cannot do without.
        needs_at_last: Whether that belongs to the last threshold, wherever it is, rather than to `due`.
    """

    before: frozenset[Action]
    due: frozenset[Action]
    after: frozenset[Action] = frozenset()
    needs: Action
    needs_at_last: bool = False

    def at(self, phase: Phase) -> frozenset[Action]:
        """Actions that make sense then."""
        return {Phase.BEFORE: self.before, Phase.DUE: self.due, Phase.AFTER: self.after}[phase]


def _answering() -> Repertoire:
    return Repertoire(
        before=frozenset({Action.WARN_OWNER}),
        due=frozenset({Action.BREACH, Action.TELL_OVERSEER, Action.CLIMB}),
        after=frozenset({Action.TELL_OVERSEER, Action.CLIMB}),
        needs=Action.BREACH,
    )


def _ending(before: frozenset[Action], end: Action, *others: Action) -> Repertoire:
    return Repertoire(before=before, due=frozenset({end, *others}), needs=end)


_REMIND_OWNER = frozenset({Action.REMIND_OWNER})
_REMIND_ASKED = frozenset({Action.REMIND_ASKED})
_REMIND_CUSTOMER = frozenset({Action.REMIND_CUSTOMER})
_SILENCE = frozenset({Action.REMIND_OWNER, Action.OFFER_ON})

REPERTOIRES: Mapping[ClockName, Repertoire] = {
    ClockName.ACKNOWLEDGE: _ending(_REMIND_OWNER, Action.OFFER_ON),
    ClockName.FIRST_RESPONSE: _answering(),
    ClockName.NEXT_RESPONSE: _answering(),
    ClockName.PROMISE: _ending(_REMIND_OWNER, Action.LAPSE_PROMISE),
    ClockName.CUSTOMER_UPDATE: _ending(_REMIND_OWNER, Action.HOLDING_UPDATE, Action.TELL_OVERSEER),
    ClockName.CHECK_IN: Repertoire(
        before=_SILENCE, due=_SILENCE, after=_SILENCE, needs=Action.OFFER_ON, needs_at_last=True
    ),
    ClockName.CONSULT: Repertoire(
        before=_REMIND_ASKED,
        due=frozenset({Action.REMIND_OWNER, Action.REMIND_ASKED}),
        after=frozenset({Action.REMIND_OWNER, Action.REMIND_ASKED}),
        needs=Action.REMIND_OWNER,
    ),
    ClockName.APPROVAL: Repertoire(
        before=_REMIND_ASKED,
        due=frozenset({Action.TELL_OVERSEER, Action.REMIND_OWNER, Action.REMIND_ASKED}),
        after=frozenset({Action.TELL_OVERSEER, Action.REMIND_ASKED}),
        needs=Action.TELL_OVERSEER,
    ),
    ClockName.RESOLUTION: _answering(),
    ClockName.SHIFT_END: _ending(_REMIND_OWNER, Action.OFFER_ON),
    ClockName.CHOICE: _ending(_REMIND_CUSTOMER, Action.CHOOSE_DEFAULT),
    ClockName.CUSTOMER_REPLY: _ending(_REMIND_CUSTOMER, Action.RESOLVE_NO_REPLY),
    ClockName.SATISFACTION: _ending(frozenset(), Action.EXPIRE_SURVEY),
    ClockName.REOPEN_WINDOW: _ending(frozenset(), Action.END_REOPEN_WINDOW),
    ClockName.REVIEW: _ending(frozenset({Action.REMIND_REVIEWER}), Action.SKIP_REVIEW),
}
"""By clock; the actions of `follow_up` are written by the compiler."""


def check_actions(
    clock: ClockName,
    written: Sequence[tuple[Path, Threshold]],
    limits: Sequence[Limit],
    path: Path,
    problems: Problems,
) -> None:
    """Refuse actions that make no sense on this clock at that time, and a clock that would end in nothing.

    Args:
        clock: Which clock.
        written: Its thresholds, in order, and where each stands.
        limits: Its targets; they decide whether `2h` after the start is before it is due.
        path: Where its thresholds stand.
        problems: Takes what is wrong.
    """
    can = REPERTOIRES[clock]
    for place, threshold in written:
        _refuse_repeated(place, threshold, problems)
        for phase in _phases(threshold, limits):
            for number, action in enumerate(threshold.actions):
                if action not in can.at(phase):
                    what = f"`{action}` makes no sense on `{clock}` {phase.value}"
                    problems.add((*place, number), what, _instead(can.at(phase)))
    if can.needs_at_last:
        _require_at_last(clock, can.needs, written, problems)
    elif not any(threshold.name == DUE and can.needs in threshold.actions for _, threshold in written):
        place = next((place for place, threshold in written if threshold.name == DUE), path)
        problems.add(place, f"`{clock}` does not `{can.needs}` when it is due", f"write `due: {can.needs}`")


def _require_at_last(
    clock: ClockName, needed: Action, written: Sequence[tuple[Path, Threshold]], problems: Problems
) -> None:
    *others, (last_place, last) = written
    if needed not in last.actions:
        what = f"the last threshold of `{clock}` does not `{needed}`"
        problems.add(last_place, what, f"write `{last_place[-1]}: {needed}`, or add a later threshold that does")
    for place, threshold in others:
        if needed in threshold.actions:
            what = f"`{needed}` ends `{clock}`, and `{last_place[-1]}` comes after it"
            problems.add(place, what, "keep it for the last threshold")


def _refuse_repeated(place: Path, threshold: Threshold, problems: Problems) -> None:
    for number, action in enumerate(threshold.actions):
        if action in threshold.actions[:number]:
            problems.add((*place, number), f"`{action}` stands twice at `{place[-1]}`", "write it once")


def _phases(threshold: Threshold, limits: Iterable[Limit]) -> list[Phase]:
    """When it fires: after a time since the start, that may differ from target to target."""
    match threshold.basis:
        case Basis.BEFORE:
            return [Phase.BEFORE]
        case Basis.AFTER:
            return [Phase.AFTER]
        case Basis.PERCENT:
            return [_phase(threshold.percent, 100)]
        case Basis.ELAPSED:
            return sorted({_phase(limit.offset(threshold), limit.seconds) for limit in limits}, key=lambda it: it.name)


def _phase(moment: int, due: int) -> Phase:
    if moment < due:
        return Phase.BEFORE
    return Phase.DUE if moment == due else Phase.AFTER


def _instead(actions: frozenset[Action]) -> str:
    return f"what can stand there: {listed(sorted(actions))}" if actions else "nothing can stand there; leave it out"
