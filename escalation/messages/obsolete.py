"""Drops from a held message what is no longer true because the case has moved on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from escalation.case.state import State
from escalation.messages import facts, notices
from escalation.messages.facts import CustomerFacts
from escalation.messages.notices import Notice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import OVER, ClockName, PauseCause, Stage


def still_true(said: CustomerFacts, state: State, now: datetime, *, is_overtaken: bool) -> CustomerFacts | None:
    """The part of a letter to the customer that is still true; None where nothing is.

    A time that has passed is left out: the reader would take it for a promise.

    Args:
        said: What it says.
        now: When it goes out, aware UTC.
        is_overtaken: Whether another letter has gone out since it was written.
    """
    holds = STILL_HOLDS.get(type(said), _always)
    if (is_overtaken and isinstance(said, _OVERTAKEN)) or not holds(said, state):
        return None
    match said:
        case facts.ContactLimited():
            return None if said.read_at <= now else replace(said, answered_by=_to_come(said.answered_by, now))
        case facts.Thanks() if ClockName.NEXT_RESPONSE not in state.runs:
            return replace(said, answered_by=None)
        case facts.Thanks(answered_by=due) if due is not None and due <= now:
            return None
        case facts.Update():
            return replace(said, next_by=_to_come(said.next_by, now))
        case _:
            return said


def _always(_said: Any, _state: State) -> bool:
    return True


def _is_open(_said: Any, state: State) -> bool:
    return state.is_open and state.outcome is None


def _has_ended(_said: Any, state: State) -> bool:
    return state.stage in (Stage.RESOLVED, Stage.CLOSED)


def _is_asked(said: facts.Question | facts.QuestionReminder, state: State) -> bool:
    return state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER) and state.question == said.question


_OVERTAKEN = (facts.HoldingUpdate, facts.DelayNotice)
STILL_HOLDS: Mapping[type[CustomerFacts], Callable[[Any, State], bool]] = {
    facts.Escalated: _is_open,
    facts.OwnerChanged: lambda said, state: _is_open(said, state) and state.owner == said.owner,
    facts.HoldingUpdate: _is_open,
    facts.DelayNotice: _is_open,
    facts.Question: _is_asked,
    facts.QuestionReminder: _is_asked,
    facts.Options: lambda said, state: state.options == said.options,
    facts.OptionChosen: _always,
    facts.Resolved: _has_ended,
    facts.NoReply: _has_ended,
    facts.FollowUp: lambda said, state: _has_ended(said, state) and state.score is None and not state.is_unheard,
    facts.Reopened: _is_open,
    facts.Closed: lambda _, state: state.stage is Stage.CLOSED,
    facts.Cancelled: lambda _, state: state.stage is Stage.CANCELLED,
}
"""What must be so for a letter to be still true; one that never waits, where the policy does not say, needs nothing."""


_ALARMS = frozenset({NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.BREACH})
# Notices that ask for something only of the person who has the case, or oversees it.
_FOR_HOLDER = _ALARMS | {
    *(NoticeKind.CUSTOMER_REPLIED, NoticeKind.CHOSE_LATE, NoticeKind.PROMISE_LAPSED, NoticeKind.OPTION_CHOSEN)
}


def still_of_use(waited: Sequence[Notice], person: str, state: State, overseer: str) -> tuple[Notice, ...]:
    """The notices to a person that still say something; of those about the same, the latest.

    Args:
        waited: In the order in which they were written.
        person: Whom they are for.
        overseer: Who oversees it.
    """
    return not_overtaken([one for one in waited if _is_of_use(one, person, state, overseer)])


def not_overtaken(said: Sequence[Notice]) -> tuple[Notice, ...]:
    """Of notices in one message, the latest about each subject: no reminder of a deadline beside the miss of it."""
    latest = {_subject(one): at for at, one in enumerate(said)}
    return tuple(said[at] for at in sorted(latest.values()))


def _subject(notice: Notice) -> tuple[object, ...]:
    """The subject of a notice: a clock, whatever it has come to, or the same words."""
    match notice:
        case notices.Clock():
            return (notice.clock,)
        case notices.ReviewAction():
            return notice.kind, notice.action, notice.owner
        case notices.Undelivered():
            return notice.kind, notice.to, notice.address
        case _:
            return notice.kind, getattr(notice, "text", "")


def _is_of_use(notice: Notice, person: str, state: State, overseer: str) -> bool:
    if notice.kind in _FOR_HOLDER and person not in (state.holder, overseer):
        return False
    match notice:
        case notices.Clock(kind=NoticeKind.REMINDER | NoticeKind.WARNING):
            return notice.clock in state.runs
        case notices.Words(kind=NoticeKind.CONSULTED):
            return state.consult is not None and state.consult.to == person
        case notices.Decision(kind=NoticeKind.APPROVAL_ASKED):
            return state.approval is not None and state.approval.approver == person
        case notices.OverseerHolds():
            return state.stage not in OVER and state.owner == person
        case _:
            return True


def _to_come(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None
