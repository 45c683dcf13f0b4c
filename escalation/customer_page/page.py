"""The customer's page: what is happening now, who is working on it, when they will hear from us, and what they can do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from escalation.bounds import beginning_in
from escalation.case import events
from escalation.case.events import Event
from escalation.case.values import Option, OutcomeItem
from escalation.customer_page.timeline import Entry, story_of
from escalation.lifecycle.view import CaseView
from escalation.messages.facts import SaysWhenNext
from escalation.vocabulary import ACTIVE, ApprovalKind, CancelCause, ClockName, Outcome, Stage, Withdrawable


class Now(StrEnum):
    """The current situation, as the customer sees it."""

    FINDING = "finding"
    CHANGING = "changing"
    WORKING = "working"
    YOUR_ANSWER = "your_answer"
    YOUR_CHOICE = "your_choice"
    SOLVED = "solved"
    WORKAROUND = "workaround"
    NO_FAULT_FOUND = "no_fault_found"
    NOT_POSSIBLE = "not_possible"
    PAUSED = "paused"
    CLOSED = "closed"
    CALLED_OFF = "called_off"
    ELSEWHERE = "elsewhere"  # it continues in another case


class Doing(StrEnum):
    """The actions on the customer's page, in the order in which they are offered."""

    ANSWER = "answer"
    CHOOSE = "choose"
    CONFIRM = "confirm"
    OBJECT = "object"
    RATE = "rate"
    WRITE = "write"
    IN_CHARGE = "in_charge"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The contents of the customer's page."""

    ticket: str  # the reference that letters name
    customer: str  # the name by which letters address them
    language: str  # language tag of their letters
    zone: str  # their IANA zone
    words: str  # how their own first message begins; empty where no one passed it on
    now: Now
    owner: str  # name of who is on it; empty for no one, or where no name is known
    contact: str  # name of their contact, where that is another person
    next_by: datetime | None  # by when they hear from us, aware UTC; None where nothing is promised
    promise: str  # what was promised and is still to come
    promise_by: datetime | None  # when that is due, aware UTC
    question: str  # what they are asked now
    lead: str  # what comes before its single questions, where it is a list of them
    parts: tuple[str, ...]  # those
    answer_by: datetime | None  # until when we wait for the answer, aware UTC
    options: tuple[Option, ...]  # solutions to choose from now
    default: str  # title of the one that is taken where they do not choose
    choose_by: datetime | None  # until when they can choose, aware UTC
    pending: ApprovalKind | None  # what a colleague is deciding for them
    amount: int  # of that, in whole units of the currency; 0 where it is not about money
    decided_by: datetime | None
    solution: str  # what was done, while the case is resolved
    items: tuple[OutcomeItem, ...]
    reopen_until: datetime | None  # until when an objection continues this case, aware UTC
    check_back: datetime | None  # when we ask whether all is well, aware UTC
    rated: int  # their score since the solution; 0 for none
    currency: str
    can: tuple[Doing, ...]  # what they can do now
    story: tuple[Entry, ...]  # the timeline, oldest first


def page_of(
    view: CaseView, happened: Sequence[Event], names: Mapping[str, str], outlook: SaysWhenNext | None, now: datetime
) -> Page:
    """The contents of the customer's page for a case.

    Args:
        happened: Its events of the kinds `READ`, oldest first.
        names: Name of each colleague by id.
        outlook: What comes next, by when; None where that cannot be asked now: the page shows no times then.
        now: The present instant, aware UTC; times before it are not shown.
    """
    comes = outlook or SaysWhenNext()
    offered = _open_options(happened)
    question = _open_question(view, happened)
    resolved = _last_solution(happened)
    is_active = view.stage in ACTIVE

    def ahead(at: datetime | None) -> datetime | None:
        return at if at is not None and at > now else None

    options = offered.options if offered and is_active else ()
    return Page(
        ticket=view.ticket,
        customer=view.customer.name,
        language=view.customer.language,
        zone=view.customer.zone,
        words=view.opening_words.strip(),
        now=_now(view, happened, question, options, is_between=bool(comes.known_owner)),
        owner=names.get(view.owner, "") if is_active or view.stage is Stage.RESOLVED else "",
        contact=names.get(view.contact, "") if view.contact != view.owner else "",
        next_by=ahead(comes.next_update_at if is_active else _owed_by(view)),
        promise=comes.promise if ahead(comes.promise_by) else "",
        promise_by=ahead(comes.promise_by),
        question=question,
        lead="\n".join(line for line in question.splitlines() if not line.startswith("- ")).strip(),
        parts=_parts(question),
        answer_by=ahead(comes.closes_at) if question else None,
        options=options,
        default=next((one.title for one in options if offered and one.id == offered.default), ""),
        choose_by=ahead(comes.choose_by) if options else None,
        pending=comes.pending,
        amount=comes.pending_amount,
        decided_by=ahead(comes.decided_by) if comes.pending else None,
        solution=beginning_in(resolved.solution).strip() if resolved else "",
        items=resolved.items if resolved else (),
        reopen_until=ahead(comes.reopen_until_at),
        check_back=ahead(comes.check_back_at),
        rated=view.score or 0,
        currency=comes.currency,
        can=tuple(_can(view, happened, question, options)),
        story=story_of(happened, names),
    )


_ENDED: Mapping[Outcome, Now] = {
    Outcome.SOLVED: Now.SOLVED,
    Outcome.WORKAROUND: Now.WORKAROUND,
    Outcome.NO_FAULT_FOUND: Now.NO_FAULT_FOUND,
    Outcome.NOT_POSSIBLE: Now.NOT_POSSIBLE,
    Outcome.NO_REPLY: Now.PAUSED,
}


_OVER: Mapping[Stage, Now] = {Stage.CLOSED: Now.CLOSED, Stage.CANCELLED: Now.CALLED_OFF}


def _owed_by(view: CaseView) -> datetime | None:
    """By when they get the answer that they wait for after the solution."""
    return view.next_breach if view.next_breach_clock is ClockName.NEXT_RESPONSE else None


def _now(
    view: CaseView, happened: Sequence[Event], question: str, options: tuple[Option, ...], *, is_between: bool
) -> Now:
    if view.stage is Stage.RESOLVED:
        return _ENDED[view.outcome or Outcome.SOLVED]
    if view.stage not in ACTIVE:
        ended = next((each for each in reversed(happened) if isinstance(each, events.Cancelled)), None)
        return Now.ELSEWHERE if ended and ended.cause is CancelCause.DUPLICATE else _OVER[view.stage]
    if question:
        return Now.YOUR_ANSWER
    if options:
        return Now.YOUR_CHOICE
    unowned = Now.CHANGING if is_between else Now.FINDING
    return Now.WORKING if view.owner else unowned


def _can(view: CaseView, happened: Sequence[Event], question: str, options: tuple[Option, ...]) -> Iterator[Doing]:
    over = view.stage not in ACTIVE
    if question:
        yield Doing.ANSWER
    if options:
        yield Doing.CHOOSE
    if view.stage is Stage.RESOLVED and view.outcome not in (Outcome.NO_REPLY, Outcome.NOT_POSSIBLE):
        yield Doing.CONFIRM
    if over and view.stage is not Stage.CANCELLED and view.outcome is not Outcome.NO_REPLY:
        yield Doing.OBJECT
    if over and _is_surveyed(happened) and not view.score:
        yield Doing.RATE
    yield from (Doing.WRITE, Doing.IN_CHARGE)
    if view.stage is not Stage.CANCELLED:
        yield Doing.LANGUAGE


def _is_surveyed(happened: Sequence[Event]) -> bool:
    for event in reversed(happened):
        if isinstance(event, (events.SurveySent, events.Reopened)):
            return isinstance(event, events.SurveySent)
    return False


def _last_solution(happened: Sequence[Event]) -> events.Resolved | None:
    for event in reversed(happened):
        if isinstance(event, (events.Resolved, events.Reopened)):
            return event if isinstance(event, events.Resolved) else None
    return None


def _open_question(view: CaseView, happened: Sequence[Event]) -> str:
    """The question that is not answered yet; a case that ended without an answer still takes one."""
    if view.stage not in ACTIVE and view.outcome is not Outcome.NO_REPLY:
        return ""
    for event in reversed(happened):
        match event:
            case events.InformationRequested(question=question) | events.Opened(question=question):
                return beginning_in(question).strip()
            case events.CustomerReplied(automatic=False, settled=False) | events.Withdrawn(what=Withdrawable.QUESTION):
                return ""
            case _:
                continue
    raise AssertionError("a case begins with its opening")


def _open_options(happened: Sequence[Event]) -> events.OptionsOffered | None:
    for event in reversed(happened):
        match event:
            case events.OptionsOffered():
                return event
            case events.OptionChosen() | events.ChoiceLapsed() | events.Resolved():
                return None
            case events.Withdrawn(what=Withdrawable.OPTIONS):
                return None
            case _:
                continue
    return None


def _parts(question: str) -> tuple[str, ...]:
    """The questions of a list, as a question set writes them; none for any other text."""
    lines = [line.strip() for line in question.splitlines()]
    found = tuple(line.removeprefix("- ").strip() for line in lines if line.startswith("- "))
    return found if len(found) > 1 else ()
