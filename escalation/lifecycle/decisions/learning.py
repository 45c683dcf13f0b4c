"""Learning: the review of a closed case, and the actions agreed so that the problem does not come back."""

from escalation.case.commands import AgreeAction, CompleteAction, SubmitReview
from escalation.case.events import ActionAgreed, ActionCompleted, ActionLapsed, Reviewed, ReviewSkipped
from escalation.case.state_parts import PlannedAction
from escalation.copies import shared
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.messages.notices import ActionNoticeKind, ReviewAction
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName

MOST_ACTIONS = 20  # actions of one case; more are a project, not a lesson


def submit_review(draft: Draft, command: SubmitReview) -> None:
    """Write down what was learned, when it is asked for, earlier, later, or unasked."""
    if draft.state.is_reviewed:
        raise InvalidCommand("the case has been reviewed; `agree_action` adds what is to be done")
    some_text(command.root_cause, "root_cause")
    some_text(command.prevention, "prevention")
    draft.record(Reviewed(at=draft.now, **shared(command, Reviewed)))


def remind_reviewer(draft: Draft, fired: Fired) -> None:
    """Remind the owner that the review is due."""
    draft.notify(draft.state.owner, fired.notice(NoticeKind.REVIEW_DUE), key=fired.key)


def skip_review(draft: Draft, fired: Fired) -> None:
    """No one wrote the review in time: the overseer learns of it."""
    draft.record(ReviewSkipped(at=draft.now))
    notify_overseer(draft, fired.notice(NoticeKind.REVIEW_SKIPPED), key=fired.key)


def agree_action(draft: Draft, command: AgreeAction) -> None:
    """Agree on an action; its owner learns of it."""
    some_text(command.what, "what")
    if command.due_by <= draft.now:
        raise InvalidCommand("`due_by` has passed; name a time to come")
    number = len(draft.state.actions) + 1
    if number > MOST_ACTIONS:
        raise InvalidCommand(f"this case has {MOST_ACTIONS} actions already; keep further ones in your own tracker")
    draft.record(
        ActionAgreed(
            at=draft.now, number=number, owner=command.owner, what=command.what, due=command.due_by, by=command.by
        )
    )
    if ClockName.REVIEW_ACTION not in draft.policy.clocks:
        draft.warn("the policy of this case has no clock `review_action`, so no one will be reminded of it")
    if command.owner != command.by:
        draft.notify(command.owner, action_notice(draft.state.actions[-1], NoticeKind.ACTION_AGREED))


def complete_action(draft: Draft, command: CompleteAction) -> None:
    """Record that an action is done."""
    action = next((one for one in draft.state.actions if one.number == command.number), None)
    if action is None:
        known = ", ".join(str(one.number) for one in draft.state.actions) or "none"
        raise InvalidCommand(f"there is no action {command.number}; this case has: {known}")
    if action.done_at is not None:
        raise InvalidCommand(f"action {command.number} is done already")
    left = _awaited_without(draft, action)
    draft.record(ActionCompleted(at=draft.now, number=action.number, by=command.by, left=left))


def remind_of_action(draft: Draft, fired: Fired) -> None:
    """Remind the owners of the actions that are due next."""
    for action in draft.state.actions:
        if action.is_awaited and action.due <= fired.target:
            draft.notify(action.owner, action_notice(action, NoticeKind.ACTION_DUE, late=fired.late), key=fired.key)


def lapse_action(draft: Draft, fired: Fired) -> None:
    """Record that the time of an action has passed; its owner and the overseer learn of it."""
    for action in draft.state.actions:
        if action.is_awaited and action.due <= draft.now:
            draft.record(ActionLapsed(at=draft.now, number=action.number, left=_awaited_without(draft, action)))
            notice = action_notice(action, NoticeKind.ACTION_OVERDUE, late=fired.late)
            draft.notify(action.owner, notice, key=fired.key)
            if action.owner != draft.policy.ladder.overseer:
                notify_overseer(draft, notice, key=fired.key)


def _awaited_without(draft: Draft, action: PlannedAction) -> int:
    return sum(one.is_awaited and one.number != action.number for one in draft.state.actions)


def action_notice(action: PlannedAction, kind: ActionNoticeKind, *, late: bool = False) -> ReviewAction:
    """The notice of an action to its owner."""
    return ReviewAction(kind=kind, owner=action.owner, action=action.what, due=action.due, late=late)
