"""Easing: the customer's frustration falls by a level when nothing bad has happened to them for as long as the policy says.

It is looked at whenever a clock fires. Bad is a broken promise, a case that moves up because it takes too long, a
reopening, a letter that did not arrive, and frustration that rose (`escalation.lifecycle.folding.calm`).
"""

from datetime import timedelta

from escalation.case.events import FrustrationChanged
from escalation.lifecycle.draft import Draft
from escalation.program_texts import ProgramText
from escalation.vocabulary import ACTIVE, SYSTEM


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
