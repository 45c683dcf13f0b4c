"""Requests in messages to colleagues, and whether they are still open: the rules behind the links in messages.

A link is for one person and one subject. What it may do is fixed when the letter is written; whether that is still
possible is read from the timeline when the link is opened.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from escalation.case import events
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView
from escalation.messages import notices
from escalation.messages.effects import Message
from escalation.messages.facts import Notices, Offer
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ACTIVE, ClockName, Stage


class Act(StrEnum):
    """An action of a link."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    ANSWER = "answer"
    APPROVE = "approve"
    REFUSE = "refuse"
    REPLY = "reply"
    NOTE = "note"
    TAKE_OVER = "take_over"
    DONE = "done"


class Subject(StrEnum):
    """The subject of a link."""

    OFFER = "offer"
    CONSULT = "consult"
    APPROVAL = "approval"
    ACTION = "action"
    CASE = "case"


class Fate(StrEnum):
    """The outcome of a request to a person."""

    OPEN = "open"
    YOURS = "yours"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    MOVED_ON = "moved_on"
    ANSWERED = "answered"
    GRANTED = "granted"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"
    DONE = "done"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request to a person."""

    subject: Subject
    number: int = 0  # of the offer, request or action; 0 for the case as a whole
    acts: tuple[Act, ...]  # what they can do about it, the usual one first
    confirms: bool = False  # whether they have to confirm that they read the hand-off packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The current state of a request."""

    fate: Fate
    acts: tuple[Act, ...] = ()
    by: str = ""  # who answered, decided or has it now, where that is another person; empty otherwise


READ: frozenset[str] = frozenset(
    {
        *("offered", "acknowledged", "declined", "offer_lapsed", "reassigned", "overseer_held", "climbed"),
        *("consulted", "consult_answered", "approval_granted", "approval_refused"),
    }
)
"""Kinds of the events that are read here."""

_OFFER = (Act.ACKNOWLEDGE, Act.DECLINE)
_OWNER = (Act.REPLY, Act.NOTE)
# Notices after which the person who has the case has something to do, and another one may want to take it over.
_ASKS = frozenset(
    {
        *(NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.BREACH, NoticeKind.CUSTOMER_REPLIED),
        *(NoticeKind.OPTION_CHOSEN, NoticeKind.PROMISE_LAPSED, NoticeKind.HOLDING_UPDATE_SENT, NoticeKind.CHECK_BACK),
        *(NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED, NoticeKind.OVERSEER_HOLDS, NoticeKind.FOR_OVERSEER),
        *(NoticeKind.ASSIGNMENT_DELAYED, NoticeKind.DELIVERY_FAILED, NoticeKind.NOT_SATISFIED, NoticeKind.UNANSWERED),
        *(NoticeKind.MESSAGES_PUT_FORWARD, NoticeKind.CONSULT_ANSWERED, NoticeKind.CONSULT_OVERDUE),
        *(NoticeKind.APPROVAL_GRANTED, NoticeKind.APPROVAL_REFUSED, NoticeKind.RESOLUTION_PROPOSED),
        *(NoticeKind.PROPOSAL_WITHDRAWN, NoticeKind.CORRECTED, NoticeKind.SEVERITY_RAISED, NoticeKind.CONTACT_LIMITED),
        *(NoticeKind.CHOSE_LATE, NoticeKind.TICKET_SOLVED, NoticeKind.TICKET_MERGED, NoticeKind.TICKET_DELETED),
        *(
            NoticeKind.TICKET_SPAM,
            NoticeKind.TICKET_REOPENED,
            NoticeKind.TICKET_COMMENTED,
            NoticeKind.TICKET_REQUESTER,
            NoticeKind.TICKET_UNWRITABLE,
        ),
    }
)


def asked_in(message: Message, view: CaseView, timeline: Sequence[Event]) -> Ask | None:
    """The request in a message to its recipient; None if there is none.

    Args:
        view: The case when the message is written.
        timeline: Its events of the kinds `READ`, oldest first.
    """
    if isinstance(message.facts, Offer):
        number = _latest_offer(timeline, message.to)
        return Ask(subject=Subject.OFFER, number=number, acts=_OFFER, confirms=message.facts.must_confirm)
    if not isinstance(message.facts, Notices):
        return None
    return next(_asked(message.facts.notices, message.to, view, timeline), None)


def _asked(told: Iterable[notices.Notice], to: str, view: CaseView, timeline: Sequence[Event]) -> Iterator[Ask]:
    for notice in told:
        if _is_about_advice(notice) and view.consult is not None and to == view.consult.to:
            yield Ask(subject=Subject.CONSULT, number=len(_consulted(timeline)), acts=(Act.ANSWER,))
        elif _is_about_approval(notice) and view.approval is not None and to in (view.approval.approver, view.overseer):
            acts = (Act.APPROVE, Act.REFUSE)
            yield Ask(subject=Subject.APPROVAL, number=view.approval.number, acts=acts)
        elif isinstance(notice, notices.ReviewAction) and notice.owner == to:
            for action in view.actions:
                if (action.owner, action.what) == (to, notice.action) and action.done_at is None:
                    yield Ask(subject=Subject.ACTION, number=action.number, acts=(Act.DONE,))
    if any(notice.kind in _ASKS and not _acts_elsewhere(notice) for notice in told):
        if view.stage in ACTIVE:
            yield _of_case(to, view, timeline)
        elif _owes_answer(to, view):
            yield Ask(subject=Subject.CASE, acts=(Act.REPLY,))


def _acts_elsewhere(notice: notices.Notice) -> bool:
    return isinstance(notice, notices.NotSatisfied) and bool(notice.acts)


def _owes_answer(person: str, view: CaseView) -> bool:
    """Whether the person who solved a case has to answer what the customer wrote about it since."""
    return view.owner == person and view.unanswered_count > 0 and view.stage is not Stage.CANCELLED


def _is_about_advice(notice: notices.Notice) -> bool:
    if isinstance(notice, notices.Clock):
        return notice.clock is ClockName.CONSULT
    return notice.kind is NoticeKind.CONSULTED


def _is_about_approval(notice: notices.Notice) -> bool:
    if isinstance(notice, notices.Clock):
        return notice.clock is ClockName.APPROVAL
    return notice.kind in (NoticeKind.APPROVAL_ASKED, NoticeKind.APPROVAL_OVERDUE)


def _of_case(to: str, view: CaseView, timeline: Sequence[Event]) -> Ask:
    if to == view.offered_to:
        return Ask(subject=Subject.OFFER, number=_latest_offer(timeline, to), acts=_OFFER)
    return Ask(subject=Subject.CASE, acts=_OWNER if to == view.owner else (Act.TAKE_OVER,))


def found(ask: Ask, person: str, view: CaseView, timeline: Sequence[Event]) -> Found:
    """Find out what became of a request, and which actions are still possible.

    Args:
        ask: What was asked.
        person: Of whom.
        timeline: Its events of the kinds `READ`, oldest first.
    """
    match ask.subject:
        case Subject.OFFER:
            known = _offer(ask, person, view, timeline)
        case Subject.CONSULT:
            known = _consult(ask, person, view, timeline)
        case Subject.APPROVAL:
            known = _approval(ask, view, timeline)
        case Subject.ACTION:
            done = any(one.number == ask.number and one.done_at is not None for one in view.actions)
            return Found(fate=Fate.DONE) if done else Found(fate=Fate.OPEN, acts=ask.acts)
        case Subject.CASE:
            known = _case(ask, person, view)
            if view.stage not in ACTIVE and Act.REPLY in ask.acts and _owes_answer(person, view):
                return Found(fate=Fate.OPEN, acts=(Act.REPLY,))
        case _:
            assert_never(ask.subject)
    if known.fate in (Fate.OPEN, Fate.MOVED_ON, Fate.NOT_NEEDED, Fate.YOURS) and view.stage not in ACTIVE:
        return Found(fate=Fate.OVER, by=view.owner if view.owner != person else "")
    return known


def _offer(ask: Ask, person: str, view: CaseView, timeline: Sequence[Event]) -> Found:
    latest = max((event.offer for event in timeline if isinstance(event, events.Offered)), default=0)
    if view.offered_to == person and latest == ask.number:
        return Found(fate=Fate.OPEN, acts=ask.acts)
    if view.owner == person:
        return Found(fate=Fate.YOURS)
    fates = {"acknowledged": Fate.ACCEPTED, "declined": Fate.DECLINED, "offer_lapsed": Fate.LAPSED}
    after = _after_offer(ask.number, timeline)
    fate = fates.get(after.kind, Fate.MOVED_ON) if after is not None else Fate.MOVED_ON
    return Found(fate=fate, by=view.owner or view.offered_to)


def _consult(ask: Ask, person: str, view: CaseView, timeline: Sequence[Event]) -> Found:
    asked = _consulted(timeline)
    if view.consult is not None and view.consult.to == person and len(asked) == ask.number:
        return Found(fate=Fate.OPEN, acts=ask.acts)
    since = timeline[asked[ask.number - 1] :] if 0 < ask.number <= len(asked) else ()
    until = asked[ask.number] - asked[ask.number - 1] if ask.number < len(asked) else len(since)
    for event in since[:until]:
        if isinstance(event, events.ConsultAnswered):
            return Found(fate=Fate.ANSWERED, by="" if event.by == person else event.by)
    return Found(fate=Fate.NOT_NEEDED)


def _approval(ask: Ask, view: CaseView, timeline: Sequence[Event]) -> Found:
    if view.approval is not None and view.approval.number == ask.number:
        return Found(fate=Fate.OPEN, acts=ask.acts)
    for event in timeline:
        match event:
            case events.ApprovalGranted(number=ask.number, by=by):
                return Found(fate=Fate.GRANTED, by=by)
            case events.ApprovalRefused(number=ask.number, by=by):
                return Found(fate=Fate.REFUSED, by=by)
            case _:
                continue
    return Found(fate=Fate.NOT_NEEDED)


def _case(ask: Ask, person: str, view: CaseView) -> Found:
    if Act.TAKE_OVER in ask.acts:
        yours = person in (view.owner, view.offered_to)
        return Found(fate=Fate.YOURS) if yours else Found(fate=Fate.OPEN, acts=ask.acts, by=view.owner)
    if view.owner == person:
        return Found(fate=Fate.OPEN, acts=ask.acts)
    return Found(fate=Fate.MOVED_ON, by=view.owner or view.offered_to)


def _latest_offer(timeline: Iterable[Event], person: str) -> int:
    offers = (event.offer for event in timeline if isinstance(event, events.Offered) and event.person == person)
    return max(offers, default=0)


def _after_offer(number: int, timeline: Iterable[Event]) -> Event | None:
    """The next change of owner after this offer; None where it is not known."""
    is_after = False
    for event in timeline:
        if isinstance(event, events.Offered):
            if is_after:
                return event
            is_after = event.offer == number
        elif is_after and event.kind in _ENDS_OFFER:
            return event
    return None


_ENDS_OFFER = frozenset({"acknowledged", "declined", "offer_lapsed", "reassigned", "overseer_held", "climbed"})


def _consulted(timeline: Sequence[Event]) -> list[int]:
    """The places in the timeline of requests for advice."""
    return [place for place, event in enumerate(timeline) if isinstance(event, events.Consulted)]
