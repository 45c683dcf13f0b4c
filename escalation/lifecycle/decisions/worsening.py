"""Changes an open case by itself: severity rises by age and recurrence; the customer's frustration eases.

Frustration falls by a level when nothing bad has happened to the customer for as long as the policy says. It is looked at
whenever a clock fires. Bad is a broken promise, a case that moves up because it takes too long, a reopening, a letter that did
not arrive, and frustration that rose (`escalation.lifecycle.evolution`).
"""

from datetime import timedelta

from escalation.business_time import BusinessDays, Duration
from escalation.case.events import FrustrationChanged, SeverityChanged
from escalation.clocks.timing import target_of
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.decisions.retargeting import clocks_that_restart
from escalation.lifecycle.draft import Draft
from escalation.messages.notices import SeverityRaised
from escalation.program_texts import ProgramText
from escalation.vocabulary import ACTIVE, SYSTEM, Severity

_FROM_WORST = tuple(sorted(Severity))


def raise_by_age(draft: Draft, fired: Fired) -> None:
    """Raise the severity of a case that was open for as long as the policy allows at its severity."""
    state = draft.state
    target = target_of(state, draft.policy, fired.due.clock)
    within = None if target is None else target.within
    why = f"{fired.name}: open as {state.severity}" + ("" if within is None else f" for {_in_words(within)}")
    _raise(
        draft,
        why,
        SeverityRaised(old=state.severity, new=_worse(state.severity), within=within, late=fired.late),
        fired.key,
    )


def raise_by_recurrence(draft: Draft, asked: str = "") -> None:
    """Raise the severity of a case that came back as often as the policy takes for a sign that it is worse.

    Args:
        asked: The person who gets the offer next.
    """
    state, first = draft.state, draft.policy.raise_severity_from
    reopened = state.cycle - 1
    if first and reopened >= first:
        why = f"recurrence: reopened {reopened} {'time' if reopened == 1 else 'times'}"
        _raise(
            draft, why, SeverityRaised(old=state.severity, new=_worse(state.severity), reopened=reopened), asked=asked
        )


def _raise(draft: Draft, why: str, notice: SeverityRaised, key: str = "", asked: str = "") -> None:
    if notice.new is notice.old:
        return
    restarted = clocks_that_restart(draft.state, draft.policy)
    draft.record(SeverityChanged(at=draft.now, old=notice.old, new=notice.new, why=why, by=SYSTEM, restarted=restarted))
    holder, overseer = asked or draft.state.holder, draft.policy.ladder.overseer
    draft.notify(holder, notice, key=key)
    if overseer != holder:
        notify_overseer(draft, notice, key=key)


def _worse(severity: Severity) -> Severity:
    return _FROM_WORST[max(0, _FROM_WORST.index(severity) - 1)]


def _in_words(within: Duration) -> str:
    if isinstance(within, BusinessDays):
        return f"{within.days} business {'day' if within.days == 1 else 'days'}"
    hours, seconds = divmod(within.seconds, 3600)
    return f"{hours} h" if not seconds else f"{within.seconds // 60} min"


def ease_frustration(draft: Draft) -> None:
    """Let the frustration fall by a level, if it is time."""
    state, after = draft.state, draft.policy.frustration.eases_after
    if after is None or not state.frustration or state.stage not in ACTIVE:
        return
    if draft.now - (state.calm_since or state.opened_at) < timedelta(seconds=after.seconds):
        return
    level = state.frustration
    why = ProgramText.EASED.say()
    draft.record(FrustrationChanged(at=draft.now, old=level, new=level - 1, by=SYSTEM, why=why))
