"""The actions a clock may take at a threshold: before it is due, when it is due, and afterwards.

Most clocks have one action without which they would end in nothing: an offer that lapses must go to the next person, a
reopen window must end. The compiler refuses a policy without it.
"""

from dataclasses import dataclass
from enum import Enum

from escalation.clock_rules import Action


class Phase(Enum):
    """When in the life of a clock a threshold fires."""

    BEFORE = "before it is due"
    DUE = "when it is due"
    AFTER = "after it was due"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockActions:
    """The actions that a clock can do."""

    before: frozenset[Action]  # actions before it is due
    due: frozenset[Action]  # actions when it is due
    after: frozenset[Action] = frozenset()  # actions after it was due
    needs: Action  # the action it cannot do without
    needs_at_last: bool = False  # whether that belongs to the last threshold, wherever it is, rather than to `due`

    def at(self, phase: Phase) -> frozenset[Action]:
        """Actions that make sense then."""
        return {Phase.BEFORE: self.before, Phase.DUE: self.due, Phase.AFTER: self.after}[phase]


def ending(end: Action, *others: Action, before: frozenset[Action] = frozenset()) -> ClockActions:
    """The clock is over when it is due: `end` is what happens then."""
    return ClockActions(before=before, due=frozenset({end, *others}), needs=end)


REMIND_OWNER = frozenset({Action.REMIND_OWNER})
REMIND_ASKED = frozenset({Action.REMIND_ASKED})
REMIND_CUSTOMER = frozenset({Action.REMIND_CUSTOMER})
_PRESS = frozenset({Action.TELL_OVERSEER, Action.CLIMB})
_SILENCE = REMIND_OWNER | {Action.OFFER_ON}

ANSWERING = ClockActions(
    before=frozenset({Action.WARN_OWNER}), due=_PRESS | {Action.BREACH}, after=_PRESS, needs=Action.BREACH
)
"""The customer was promised something; the promise is broken when the clock is due."""

PROGRESSING = ClockActions(before=_SILENCE, due=_SILENCE, after=_SILENCE, needs=Action.OFFER_ON, needs_at_last=True)
"""The holder of the case shows no progress: reminders first, at last another owner."""

AGEING = ClockActions(
    before=frozenset({Action.WARN_OWNER}), due=frozenset({Action.RAISE_SEVERITY}), needs=Action.RAISE_SEVERITY
)
"""A case that is not solved becomes worse with time."""

ADVISING = ClockActions(
    before=REMIND_ASKED, due=REMIND_ASKED | REMIND_OWNER, after=REMIND_ASKED | REMIND_OWNER, needs=Action.REMIND_OWNER
)
"""A colleague owes advice."""

APPROVING = ClockActions(
    before=REMIND_ASKED,
    due=REMIND_ASKED | REMIND_OWNER | {Action.TELL_OVERSEER},
    after=REMIND_ASKED | {Action.TELL_OVERSEER},
    needs=Action.TELL_OVERSEER,
)
"""An approver owes a decision."""
