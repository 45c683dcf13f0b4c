"""Telling several people the same."""

from escalation.lifecycle.draft import Draft
from escalation.messages.effects import Notice
from escalation.vocabulary import NoticeKind


def tell_followers(draft: Draft, about: NoticeKind, text: str, *, besides: tuple[str, ...] = ()) -> None:
    """Keep earlier owners informed; whoever has the case now is told in other ways.

    Args:
        draft: The decision.
        about: What happened.
        text: The facts, short.
        besides: Who need not be told: whoever did it, or learns of it anyway.
    """
    state = draft.state
    for person in state.followers:
        if person not in (state.owner, state.offered_to, *besides):
            draft.notify(person, Notice(about=about, text=text))
