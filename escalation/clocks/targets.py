"""Sources of a clock's target: the policy, or the case itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from escalation.clock_rules import CONTACT_LIMIT_RULE, ClockRule
from escalation.deferred import Deferred

if TYPE_CHECKING:
    from escalation.case import events
    from escalation.case.state import State
else:
    events = Deferred("escalation.case.events")

BY_HAND_UNTIL, BY_HAND_BECAUSE = "until the instant that a person named", "as a person named that instant"
"""What `explain` says of a clock whose target a person named, with `set_due` or otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FromPolicy:
    """The first target in the policy that matches the escalation."""

    tier_first: bool = False  # whether the tier of the ladder may name its own, which then counts


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """The last of the follow-ups that the policy lists."""

    not_by_hand: str = (
        "`follow_up` has a time for each letter, which the policy names; write with `tell-customer` instead"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FromCase:
    """An instant that comes with the case; without one the clock does not start."""

    # the target, in the state with the facts of the event that starts the clock, and that event; aware UTC
    instant: "Callable[[State, events.Event], datetime | None]"
    label: str  # what the clock is about, in messages about a policy: `a promise`
    what: str  # the instant: `the moment promised`
    not_by_hand: str  # why `set_due` is refused, and what to do instead
    until: str = BY_HAND_UNTIL  # until when the clock runs, in words, for `explain`
    because: str = BY_HAND_BECAUSE  # why it is due then, in words, for `explain`
    # the rule, where every policy has the same; None where the policy names the thresholds
    rule: ClockRule | None = None


TargetSource: TypeAlias = FromPolicy | FollowUps | FromCase

FROM_POLICY = FromPolicy()

PROMISED = FromCase(
    instant=lambda _, event: event.eta if isinstance(event, events.Promised) else None,
    label="a promise",
    what="the moment promised",
    not_by_hand="`promise` is the ETA the customer knows; give them another with the command `promise`",
)


def _soonest_action(state: "State", event: "events.Event") -> datetime | None:
    """When the soonest of the awaited actions is due; None where the event leaves that as it was."""
    if not isinstance(event, events.ActionAgreed | events.ActionCompleted | events.ActionLapsed):
        return None
    action = next((one for one in state.actions if one.number == event.number), None)
    if action is None or (isinstance(event, events.ActionCompleted) and action.lapsed):
        return None
    others = [one.due for one in state.actions if one.is_awaited and one.number != event.number]
    without, with_it = min(others, default=None), min([*others, action.due])
    before, after = (without, with_it) if isinstance(event, events.ActionAgreed) else (with_it, without)
    return None if after == before else after


ACTION_DUE = FromCase(
    instant=_soonest_action,
    label="an action of the review",
    what="the time agreed for it",
    not_by_hand="`review_action` is the time agreed with the action's owner; agree on a new action with `agree-action`",
)

END_OF_SHIFT = FromCase(
    # A shift may have ended while the customer was waited for; then the case is handed over now.
    instant=lambda state, event: None if state.shift_until is None else max(state.shift_until, event.at),
    label="a shift",
    what="the end of the shift",
    not_by_hand="`shift_end` follows the roster; `reassign` the case, or change the roster",
)

ROOM_AGAIN = FromCase(
    instant=lambda _, event: event.set_aside_until if isinstance(event, events.CustomerReplied) else None,
    label="a limit on contacts",
    what="the moment when there is room for messages again",
    not_by_hand="`contact_limit` follows the policy; read in the timeline what the customer wrote",
    until="until there is room again for messages of the customer",
    because="when the limit on contacts lets go of what was set aside",
    rule=CONTACT_LIMIT_RULE,
)
