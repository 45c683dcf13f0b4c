"""Reads a timeline into a `Handover`, event by event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, assert_never

from escalation.case import events
from escalation.case.events import Event
from escalation.clocks.causes import NOT_SATISFIED
from escalation.copies import shared
from escalation.messages.handover import Came, Decided, Handover, Missed, Passed, Promise, Said
from escalation.program_texts import ProgramText
from escalation.vocabulary import CUSTOMER, SYSTEM, ClimbCause, PromiseFate, Reading, Withdrawable

T = TypeVar("T")
LATEST = 30  # most of a kind that a message to the team lists; the timeline has them all
LONGEST = 2_500  # most characters of each
UNDONE = "undone"  # how a case came that was cancelled by mistake


def handover_of(timeline: Iterable[Event]) -> Handover:
    """The handover of a case with this timeline."""
    known = Handover()
    for event in timeline:
        read = _READERS.get(type(event))
        known = known if read is None else read(known, event)
    return known


def _opened(known: Handover, event: events.Opened) -> Handover:
    if event.undoes:
        known = replace(_passed(known, known.owner, "cancelled"), owner="", consulted=None, waits_for="")
        return replace(known, question="", options=(), default="", came=Came(how=UNDONE, by=event.by))
    words = event.customer_words
    wrote_then = any(ProgramText.WROTE_AFTER_THE_END.is_said_in(one) for one in event.evidence)
    said = (Said(at=event.at if wrote_then else event.since, text=_text(words)),) if words else ()
    return replace(known, said=said, question=event.question)


def _left(known: Handover, event: events.AcknowledgementDecayed | events.ShiftEnded) -> Handover:
    return replace(_passed(known, event.person, event.kind), owner="", came=Came(how=event.kind))


def _climbed(known: Handover, event: events.Climbed) -> Handover:
    came = Came(how=event.cause, trigger=event.trigger)
    if event.cause in (ClimbCause.COMMAND, ClimbCause.CORRECTED):
        came = replace(came, by=event.by, why=event.why)
    return replace(_passed(known, known.owner, event.kind), owner="", came=came)


def _passed_on(known: Handover, event: events.Reassigned | events.GivenBack) -> Handover:
    came = Came(how=event.kind, by=event.by, why=event.why)
    return replace(_passed(known, known.owner, event.kind), owner="", came=came)


def _replied(known: Handover, event: events.CustomerReplied) -> Handover:
    if event.automatic:
        return known
    chose = event.reading is Reading.CHOICE
    said = Said(at=event.at, text=_text(event.text), answers="" if chose else known.question, chose=chose)
    if [said.text] == [one.text for one in known.said] and not (known.unanswered or known.aside):
        return known  # the message that the case was opened for
    known = replace(known, said=_with(known.said, said), question="")
    if event.set_aside_until is not None:
        return replace(known, aside=_with(known.aside, said))
    return known if event.settled else replace(known, unanswered=_with(known.unanswered, said))


def _came_back(known: Handover, event: events.DeliveryFailed) -> Handover:
    """Give back as unanswered what the letter had answered, as a whole where it was cut short in the event."""
    again = []
    for one in event.unanswered:
        whole = (said for said in known.said if said.at == one.at and said.text.startswith(one.text))
        again.append(next(whole, Said(at=one.at, text=one.text, chose=one.is_choice)))
    said = tuple(one for one in again if one.text)
    return replace(known, unanswered=(*said, *known.unanswered)[-LATEST:])


def _commented(known: Handover, event: events.SurveyAnswered) -> Handover:
    if not event.comment:
        return known
    said = Said(at=event.at, text=_text(event.comment))
    waits = _with(known.unanswered, said) if NOT_SATISFIED.says(event) else known.unanswered
    return replace(known, said=_with(known.said, said), unanswered=waits)


def _chosen(known: Handover, event: events.OptionChosen) -> Handover:
    title = next((option.title for option in known.options if option.id == event.option), event.option)
    return replace(known, options=(), default="", chosen=title)


def _promised(known: Handover, event: events.Promised) -> Handover:
    made = Promise(what=event.what, eta=event.eta, by=event.by)
    return replace(known, promises=_with(known.promises, made), owed_time="")


def _withdrawn(known: Handover, event: events.Withdrawn) -> Handover:
    match event.what:
        case Withdrawable.PROMISE:
            return _settled(known, PromiseFate.WITHDRAWN)
        case Withdrawable.QUESTION:
            return replace(known, question="")
        case Withdrawable.OPTIONS:
            return replace(known, options=(), default="")
        case what:
            assert_never(what)


def _missed(known: Handover, event: events.ThresholdReached) -> Handover:
    return (
        replace(known, missed=_with(known.missed, Missed(clock=event.clock, due=event.due))) if event.breach else known
    )


def _decided(
    known: Handover, event: events.GrantedWithinAuthority | events.ApprovalGranted | events.ApprovalRefused
) -> Handover:
    decided = Decided(is_granted=not isinstance(event, events.ApprovalRefused), **shared(event, Decided))
    return replace(known, decided=_with(known.decided, decided))


def _advised(known: Handover, event: events.ConsultAnswered) -> Handover:
    question = known.consulted.text if known.consulted else ""
    advice = Said(at=event.at, text=_text(event.answer), by=event.to, answers=question)
    return replace(known, advice=_with(known.advice, advice), consulted=None)


def _passed(known: Handover, person: str, how: str, why: str = "") -> Handover:
    passed = Passed(person=person, how=how, why=why)
    return replace(known, passed=_with(known.passed, passed)) if person else known


def _settled(known: Handover, fate: PromiseFate, *, was: PromiseFate = PromiseFate.OPEN) -> Handover:
    """Set the fate of the last promise, where it was another one."""
    if not known.promises or known.promises[-1].fate is not was:
        return known
    return replace(known, promises=(*known.promises[:-1], replace(known.promises[-1], fate=fate)))


def _lapsed(known: Handover, event: events.PromiseLapsed) -> Handover:
    return replace(_settled(known, PromiseFate.BROKEN), owed_time="" if event.settled else event.what)


def _told(known: Handover, event: events.CustomerTold | events.CustomerToldElsewhere) -> Handover:
    return replace(known, told=_with(known.told, _by(event)), owed_time="", unanswered=())


def _reopened(known: Handover, event: events.Reopened) -> Handover:
    if event.disputed:
        known = _settled(known, PromiseFate.DISPUTED, was=PromiseFate.KEPT)
    if event.by == CUSTOMER and event.why and [one.text for one in known.said[-1:]] != [_text(event.why)]:
        known = replace(known, said=_with(known.said, Said(at=event.at, text=_text(event.why))))
    came = Came(how=event.kind, by="" if event.by == SYSTEM else event.by, why=event.why)
    return replace(_passed(known, known.owner, event.kind), owner="", came=came)


def _with(known: tuple[T, ...], more: T) -> tuple[T, ...]:
    return (*known, more)[-LATEST:]


def _text(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _by(event: events.CustomerTold | events.CustomerToldElsewhere | events.Noted) -> Said:
    ticked = event.checked if isinstance(event, events.Noted) else ()
    return Said(at=event.at, text=_text(event.text), by=event.by, ticked=ticked)


_READERS: Mapping[type[Event], Callable[[Handover, Any], Handover]] = {
    events.Opened: _opened,
    events.Acknowledged: lambda known, event: replace(known, owner=event.person),
    events.OverseerHeld: lambda known, event: replace(known, owner=event.person),
    events.Declined: lambda known, event: _passed(known, event.person, event.kind, event.why),
    events.OfferLapsed: lambda known, event: _passed(known, event.person, event.kind),
    events.AcknowledgementDecayed: _left,
    events.ShiftEnded: _left,
    events.Climbed: _climbed,
    events.LadderRestarted: lambda known, event: replace(known, came=Came(how=event.kind)),
    events.Reassigned: _passed_on,
    events.GivenBack: _passed_on,
    events.Resolved: lambda known, event: replace(known, solution=event.solution, owed_time="", unanswered=()),
    events.Reopened: _reopened,
    events.CustomerReplied: _replied,
    events.MessagesPutForward: lambda known, _: replace(
        known, unanswered=(*known.unanswered, *known.aside)[-LATEST:], aside=()
    ),
    events.DeliveryFailed: _came_back,
    events.SurveyAnswered: _commented,
    events.CustomerTold: _told,
    events.CustomerToldElsewhere: _told,
    events.Noted: lambda known, event: replace(known, notes=_with(known.notes, _by(event))),
    events.InformationRequested: lambda known, event: replace(known, question=event.question, unanswered=()),
    events.OptionsOffered: lambda known, event: replace(
        known, options=event.options, default=event.default, unanswered=()
    ),
    events.OptionChosen: _chosen,
    events.ChoiceLapsed: lambda known, _: replace(known, options=(), default=""),
    events.Paused: lambda known, event: replace(known, waits_for=event.why),
    events.Resumed: lambda known, _: replace(known, waits_for=""),
    events.Promised: _promised,
    events.PromiseKept: lambda known, _: _settled(known, PromiseFate.KEPT),
    events.PromiseLapsed: _lapsed,
    events.PromiseReplaced: lambda known, _: _settled(known, PromiseFate.REPLACED),
    events.PromiseDropped: lambda known, _: _settled(known, PromiseFate.ENDED),
    events.Withdrawn: _withdrawn,
    events.ThresholdReached: _missed,
    events.GrantedWithinAuthority: _decided,
    events.ApprovalGranted: _decided,
    events.ApprovalRefused: _decided,
    events.Consulted: lambda known, event: replace(
        known, consulted=Said(at=event.at, text=event.question, by=event.by)
    ),
    events.ConsultAnswered: _advised,
    events.IncidentLinked: lambda known, event: replace(known, incident=event.incident),
    events.IncidentUnlinked: lambda known, _: replace(known, incident="", fix=""),
    events.ResolutionProposed: lambda known, event: replace(known, fix=_text(event.solution)),
    events.ProposalWithdrawn: lambda known, _: replace(known, fix=""),
}
READ: frozenset[str] = frozenset(str(one.__dataclass_fields__["kind"].default) for one in _READERS)
"""Kinds of the events that `handover_of` reads; it passes over all others."""
