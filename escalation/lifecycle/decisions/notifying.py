"""Notifies earlier owners, the overseer, and the customer when the owner changes.

The overseer of a case that is linked to an incident learns from the incident what the incident explains, once per
bulletin, and not from each case. So while a case is linked and no solution was proposed, `notify_overseer` says
nothing of

- warnings, holding updates, skipped tiers and slow searches for an owner, and
- broken promises of the clocks `resolution` and `customer_update`: the cause is not fixed yet, and the next bulletin
  is the update.

It still reports what only people explain: broken promises of the other clocks, messages that reach no one, and that
the overseer has to hold the case. An owner learns of everything, overseer or not, and all of it is in the timeline. A
proposed solution, or an unlinking, ends the silence: from then on the case waits for its own owner again. Where the
solution did not hold, the quiet period starts again.
"""

from escalation.case.state import State
from escalation.lifecycle.draft import Draft
from escalation.messages.facts import OwnerChanged
from escalation.messages.notices import Notice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName

_EXPLAINED = frozenset(
    {
        NoticeKind.WARNING,
        NoticeKind.HOLDING_UPDATE_SENT,
        NoticeKind.UPDATES_SLOWED,
        NoticeKind.UPDATES_ENDED,
        NoticeKind.TIER_SKIPPED,
        NoticeKind.ASSIGNMENT_DELAYED,
    }
)
_EXPLAINED_CLOCKS = frozenset({ClockName.RESOLUTION, ClockName.CUSTOMER_UPDATE})


def notify_overseer(draft: Draft, notice: Notice, *, key: str = "", clock: ClockName | None = None) -> None:
    """Notify the overseer, unless the incident explains it (see above).

    Args:
        key: As in `Draft.notify`.
        clock: Which clock it is about, if it is about one.
    """
    overseer = draft.policy.ladder.overseer
    if overseer == draft.state.owner or not _is_explained(draft.state, notice.kind, clock):
        draft.notify(overseer, notice, key=key)


def tell_followers(draft: Draft, notice: Notice, *, besides: tuple[str, ...] = ()) -> None:
    """Keep earlier owners informed; the person who has the case now learns of it in other ways.

    Args:
        notice: What happened.
        besides: People to leave out: the person who did it, or who is notified anyway.
    """
    state = draft.state
    for person in state.followers:
        if person not in (state.owner, state.offered_to, *besides):
            draft.notify(person, notice)


def tell_customer_of_owner(draft: Draft, told_of: str) -> None:
    """Write to the customer if the owner is not the one they know; the first owner is announced too."""
    if told_of != draft.state.owner:
        # By name: the case may be with another person again when the letter is written.
        draft.tell_customer(OwnerChanged(owner=draft.state.owner, before=told_of))


def _is_explained(state: State, kind: NoticeKind, clock: ClockName | None) -> bool:
    if not state.incident or state.proposal:
        return False
    return kind in _EXPLAINED or (kind is NoticeKind.BREACH and clock in _EXPLAINED_CLOCKS)
