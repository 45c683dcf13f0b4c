"""Limits on contacts: how often customers of a lane reach the team, to protect people from abuse.

A limit holds in cases whose category or one of whose reasons it is set for; where several do, all of them hold. It
allows at most N customer messages within a window that ends with each of them. A message over the limit

- is in the timeline like any other, marked with the instant at which the window has room again,
- pages no one, answers nothing, and moves no clock,
- starts the clock `contact_limit`, unless an earlier one did. When it is due, all held messages go to the person who has
  the case, as one contact that counts itself; `next_response` counts from then on, unless it runs already.

The first one in a window is owned up to: the customer hears that what they write is kept, who reads it and when; the
overseer is notified too. An answer to a question of ours always gets through and never counts, and neither do a choice
between options, a survey's answer and a reopening, which are commands of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.business_time import add
from escalation.case.events import CustomerReplied, MessagesPutForward
from escalation.case.state import State
from escalation.clocks.deadlines import target_instant
from escalation.clocks.timing import calendar_of
from escalation.copies import changed
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.lifecycle.evolution import evolve
from escalation.messages import facts, notices
from escalation.policy import ContactLimit, Policy
from escalation.vocabulary import Category, ClockName, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A limit that is used up."""

    lane: Reason | Category  # the reason or category it is set for
    limit: ContactLimit
    until: datetime  # when its window has room again, aware UTC


def within_limit(draft: Draft, reply: CustomerReplied) -> bool:
    """Write down a message of the customer; whether it may reach the team, or was set aside."""
    reached = _reached(draft)
    if reached is not None:
        _set_aside(draft, reply, reached)
        return False
    draft.record(replace(reply, limit=_remembered(draft)))
    if draft.state.set_aside:  # under the policy that held then it had to wait longer
        put_forward(draft)
    return True


def put_forward(draft: Draft, *, key: str = "", late: bool = False) -> None:
    """Notify the person who has the case, or else the overseer, that held messages are ready.

    Args:
        key: The business key, where a threshold causes it.
        late: Whether the notice is late.
    """
    state = draft.state
    draft.record(MessagesPutForward(at=draft.now, count=state.set_aside, limit=_remembered(draft)))
    notice = notices.PutForward(count=state.set_aside, late=late)
    draft.notify(state.holder or draft.policy.ladder.overseer, notice, key=key)


def put_forward_early(draft: Draft) -> None:
    """Release held messages as soon as no limit holds them any longer."""
    if draft.state.set_aside and _reached(draft) is None:
        put_forward(draft)


def _set_aside(draft: Draft, reply: CustomerReplied, reached: Reached) -> None:
    until = _already_set_aside_until(draft.state) or reached.until
    draft.record(replace(reply, set_aside_until=until))
    draft.warn(
        f"the limit on contacts for `{reached.lane}` is reached: the message is kept in the timeline, and delivered to "
        f"the owner at {until.isoformat(timespec='seconds')}; no clock is paused"
    )
    if _was_told(draft, reached.limit):
        return
    draft.tell_customer(facts.ContactLimited(read_at=until, answered_by=_answered_by(draft, until)))
    notify_overseer(draft, notices.ContactLimited(lane=reached.lane, due=until))


def _reached(draft: Draft) -> Reached | None:
    """Of the limits that are used up, the one that has room again last; None where the team may be reached."""
    found = [each for each in _windows(draft.state, draft.policy) if each.until > draft.now]
    return max(found, key=lambda each: each.until, default=None)


def _windows(state: State, policy: Policy) -> Iterator[Reached]:
    for lane, limit in _limits(state, policy):
        if len(state.contacts) >= limit.at_most:
            oldest = state.contacts[-limit.at_most]
            until = add(calendar_of(policy, limit.calendar), oldest, limit.within)
            yield Reached(lane=lane, limit=limit, until=until)


def _limits(state: State, policy: Policy) -> Iterator[tuple[Reason | Category, ContactLimit]]:
    for lane, limit in policy.contact_limits.items():
        if lane is state.category or lane in state.reasons:
            yield lane, limit


def _remembered(draft: Draft) -> int:
    """The number of contacts to remember; 0 where no limit holds."""
    return max((limit.at_most for _, limit in _limits(draft.state, draft.policy)), default=0)


def _already_set_aside_until(state: State) -> datetime | None:
    """When the earlier ones are released; this one goes with them."""
    run = state.runs.get(ClockName.CONTACT_LIMIT)
    return None if run is None else run.eta


def _was_told(draft: Draft, limit: ContactLimit) -> bool:
    """Whether the customer heard of it within the window."""
    told = draft.state.told_of_limit_at
    return told is not None and add(calendar_of(draft.policy, limit.calendar), told, limit.within) > draft.now


def _answered_by(draft: Draft, until: datetime) -> datetime | None:
    """By when the released messages get an answer; None if the policy or the stage promises none."""
    clock = ClockName.NEXT_RESPONSE
    others = {name: run for name, run in draft.state.runs.items() if name != clock}
    then = evolve(changed(draft.state, runs=others), MessagesPutForward(at=until, count=draft.state.set_aside, limit=0))
    return target_instant(then, draft.policy, clock) if clock in then.runs else None
