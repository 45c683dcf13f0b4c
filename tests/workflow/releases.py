"""Two releases in one process: today's, and the next one, which has one more rule."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from unittest.mock import patch

from escalation.case.commands import AddNote
from escalation.lifecycle import decide as lifecycle
from escalation.lifecycle import rules_version
from escalation.lifecycle.decisions import conversation
from escalation.lifecycle.draft import Draft
from escalation.messages.effects import Notice
from escalation.vocabulary import NoticeKind

NOW = rules_version.latest()
NEXT = NOW + 1


def _add_note(draft: Draft, command: AddNote) -> None:
    """As today; under the next rules the overseer reads each note."""
    conversation.add_note(draft, command)
    if draft.state.rules >= NEXT:
        draft.notify(draft.policy.ladder.overseer, Notice(about=NoticeKind.CUSTOMER_REPLIED, text=command.text))


@contextmanager
def next_release() -> Iterator[None]:
    """Within it, the process runs the release to come."""
    handlers = cast(dict[type, Any], lifecycle._HANDLERS)
    changes = cast(dict[int, str], rules_version.CHANGES)
    rule: Mapping[type, Any] = {AddNote: _add_note}
    with patch.dict(handlers, rule), patch.dict(changes, {NEXT: "the overseer reads each note"}):
        yield
