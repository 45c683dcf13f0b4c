"""Pauses: the case waits for a third party.

Waiting for the customer begins with a question and ends with their answer; see `conversation`. Which clocks a pause
stops is up to the policy; see `escalation.clocks.timing.pauses_for`.
"""

from escalation.case.commands import Pause, Resume
from escalation.case.events import Paused, Resumed
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.draft import Draft
from escalation.vocabulary import PauseCause


def pause(draft: Draft, command: Pause) -> None:
    """Wait for a third party. A pause needs a reason."""
    some_text(command.why, "why")
    if draft.state.is_paused_by(PauseCause.WAITING_ON_THIRD_PARTY):
        raise InvalidCommand("it waits for a third party already; `resume` first")
    draft.record(Paused(at=draft.now, cause=PauseCause.WAITING_ON_THIRD_PARTY, why=command.why, by=command.by))


def resume(draft: Draft, command: Resume) -> None:
    """End the wait for a third party."""
    if not draft.state.is_paused_by(PauseCause.WAITING_ON_THIRD_PARTY):
        raise InvalidCommand("it does not wait for a third party; there is nothing to resume")
    draft.record(Resumed(at=draft.now, cause=PauseCause.WAITING_ON_THIRD_PARTY, by=command.by))
