"""Follow-ups: asking after a resolution whether it held, with a survey or without."""

from typing import Literal

from escalation.case.events import SurveySent
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.draft import Draft
from escalation.messages.facts import FollowUp
from escalation.vocabulary import MessageKind, NoticeKind, Outcome


def follow_up(draft: Draft, fired: Fired) -> None:
    """Ask the customer whether the solution held, and remind the owner to check."""
    _ask(draft, fired, MessageKind.FOLLOW_UP)
    _remind_to_check(draft, fired)


def follow_up_with_survey(draft: Draft, fired: Fired) -> None:
    """The same, with a survey; nothing where the customer had one in this cycle, whatever the policy says by now."""
    if draft.state.surveyed == draft.state.cycle:
        return
    _ask(draft, fired, MessageKind.FOLLOW_UP_SURVEY)
    draft.record(SurveySent(at=draft.now))
    _remind_to_check(draft, fired)


def _ask(draft: Draft, fired: Fired, kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY]) -> None:
    draft.tell_customer(
        FollowUp(kind=kind, solution=draft.state.solution, outcome=draft.state.outcome or Outcome.SOLVED),
        key=fired.customer_key,
    )


def _remind_to_check(draft: Draft, fired: Fired) -> None:
    draft.notify(draft.state.owner, fired.notice(NoticeKind.CHECK_BACK), key=fired.key)
