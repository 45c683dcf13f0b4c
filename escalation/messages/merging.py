"""One decision, one letter: what a customer would get at the same instant is merged into one letter.

Several clocks may be due at once; the default targets coincide by design. Of the letters that one decision drafts

- those that say nothing beside another one are left out (`VOID`): no "there is no news" beside news, no reminder of a
  question beside the answer to it;
- of the others one names and begins the letter: what a person wrote, then how the case ended, before what clocks say;
- the rest are further paragraphs of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escalation.message_kinds import MessageKind
from escalation.messages.authorship import BY_PEOPLE
from escalation.messages.facts import CustomerFacts

_ENDS = frozenset({MessageKind.NO_REPLY, MessageKind.CLOSED, MessageKind.CANCELLED})
# What a person wrote in the last moment is not said under the heading that the case is closed.
_FIRST = BY_PEOPLE | _ENDS - {MessageKind.CLOSED}
_LAST = frozenset(
    {
        *(MessageKind.QUESTION_REMINDER, MessageKind.OPTIONS_REMINDER, MessageKind.FOLLOW_UP),
        *(MessageKind.THANKS, MessageKind.CONTACT_LIMITED, MessageKind.HOLDING_UPDATE),
    }
)
_OVER = _ENDS | {MessageKind.RESOLVED}
VOID: Mapping[MessageKind, frozenset[MessageKind]] = {
    MessageKind.HOLDING_UPDATE: frozenset(MessageKind),
    MessageKind.QUESTION_REMINDER: _OVER | {MessageKind.QUESTION, MessageKind.QUESTION_REMINDER},
    MessageKind.OPTIONS_REMINDER: _OVER
    | {MessageKind.OPTIONS, MessageKind.OPTION_CHOSEN, MessageKind.OPTIONS_REMINDER},
    MessageKind.FOLLOW_UP: _ENDS | {MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY, MessageKind.REOPENED},
    MessageKind.FOLLOW_UP_SURVEY: frozenset({MessageKind.REOPENED, MessageKind.CANCELLED}),
    MessageKind.ESCALATED: _OVER | {MessageKind.ESCALATED},
    MessageKind.OWNER_CHANGED: _OVER | {MessageKind.OWNER_CHANGED},
}
"""Kinds that say nothing beside a letter of one of these kinds; beside those of its own kind, only the last one does."""
VOID_BEFORE: Mapping[MessageKind, frozenset[MessageKind]] = {
    MessageKind.OWNER_CHANGED: frozenset({MessageKind.ESCALATED}),
}
"""Kinds that say nothing before a later letter of one of these kinds; who has it after a climb is news."""


AFTER_SEARCH = frozenset({MessageKind.ESCALATED, MessageKind.OWNER_CHANGED})
"""Letters about who has the case: while a search for an owner runs, its answer may make the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A letter to the customer that a decision has drafted."""

    facts: CustomerFacts
    key: str = ""  # the business key, where a threshold causes it; otherwise it is numbered

    @property
    def kind(self) -> MessageKind:
        """Which template it has."""
        return self.facts.kind


def merged(drafted: Sequence[Drafted]) -> tuple[Drafted, tuple[CustomerFacts, ...]]:
    """The letter that goes out of those drafted, in order, and what else it says."""
    left = [one for number, one in enumerate(drafted) if not _is_void(one, drafted, number)]
    # Of several alike the last one knows most of the case.
    begins = min(reversed(left), key=lambda one: _rank(one.kind))
    return begins, tuple(one.facts for one in left if one is not begins)


def _is_void(one: Drafted, drafted: Sequence[Drafted], number: int) -> bool:
    beside = VOID.get(one.kind, frozenset())
    later = {each.kind for each in drafted[number + 1 :]}
    others = {each.kind for each in drafted if each.kind is not one.kind}
    return not beside.isdisjoint(others | later) or not later.isdisjoint(VOID_BEFORE.get(one.kind, frozenset()))


def _rank(kind: MessageKind) -> int:
    if kind in _FIRST:
        return 0
    return 1 if kind is MessageKind.CLOSED else 3 if kind in _LAST else 2
