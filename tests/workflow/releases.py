"""Two releases in one process: today's, and the next one, which has one more rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from unittest.mock import patch

from escalation.case.commands import AddNote
from escalation.lifecycle import rules_version
from escalation.lifecycle.decisions import conversation
from escalation.lifecycle.draft import Draft
from escalation.messages.notices import Words
from escalation.notice_kinds import NoticeKind

NOW = rules_version.latest()
NEXT = NOW + 1


_as_today = conversation.add_note


def _add_note(draft: Draft, command: AddNote) -> None:
    """As today, and under the next rules the overseer reads each note."""
    _as_today(draft, command)
    if draft.state.rules >= NEXT:
        draft.notify(draft.policy.ladder.overseer, Words(kind=NoticeKind.CUSTOMER_REPLIED, text=command.text))


@contextmanager
def next_release() -> Iterator[None]:
    """Within it, the process runs the release to come."""
    changes = cast(dict[int, str], rules_version.CHANGES)
    rule = patch.object(conversation, "add_note", _add_note)
    with rule, patch.dict(changes, {NEXT: "the overseer reads each note"}):
        yield
