"""The timeline that the customer sees: messages in both directions, promises and whether they were kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from escalation.bounds import beginning_in, reference_in
from escalation.case import events
from escalation.case.events import Event
from escalation.case.values import OutcomeItem
from escalation.message_kinds import MessageKind
from escalation.people import colleague
from escalation.program_texts import ProgramText
from escalation.vocabulary import CUSTOMER, SYSTEM, ApprovalKind, CancelCause, Outcome, Withdrawable


class Told(StrEnum):
    """The kind of an entry in the timeline."""

    OPENED = "opened"
    TAKEN = "taken"
    MOVED_UP = "moved_up"
    WE_WROTE = "we_wrote"
    NEWS = "news"
    NO_NEWS = "no_news"
    ASKED = "asked"
    REMINDED = "reminded"
    YOU_WROTE = "you_wrote"
    PROMISED = "promised"
    OFFERED = "offered"
    CHOSEN = "chosen"
    CHOSEN_FOR_YOU = "chosen_for_you"
    CHOICE_ENDED = "choice_ended"
    TAKEN_BACK = "taken_back"
    GRANTED = "granted"
    REFUSED = "refused"
    RESOLVED = "resolved"
    FOLLOWED_UP = "followed_up"
    SURVEYED = "surveyed"
    RATED = "rated"
    REOPENED = "reopened"
    CLOSED = "closed"
    CALLED_OFF = "called_off"


class Became(StrEnum):
    """The outcome of a promise."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    REPLACED = "replaced"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline."""

    told: Told
    at: datetime
    who: str = ""  # the name of the colleague; empty where none is known or meant
    text: str = ""  # what was said, by the customer or to them
    is_cut: bool = False  # whether that is only the beginning; the letter has all of it
    next_step: str = ""  # what we said comes next
    by: datetime | None = None  # until when it was promised, aware UTC
    became: Became | None = None  # what came of a promise
    titles: tuple[str, ...] = ()  # of solutions to choose from
    outcome: Outcome | None = None
    items: tuple[OutcomeItem, ...] = ()  # what the solution comes to
    withdrawn: Withdrawable | None = None  # what was taken back
    approval: ApprovalKind | None = None  # what was granted or refused
    amount: int = 0  # of that, in whole units of the currency; 0 where it is not about money
    score: int = 0  # of a rating, 1 to 5
    cause: CancelCause | None = None
    count: int = 1  # how many such letters in a row this entry is


MOST_ENTRIES = 200  # entries that a page shows; the latest ones

# Letters that are entries by themselves; of the others, what they say is.
_LETTERS: Mapping[MessageKind, Told] = {
    MessageKind.ESCALATED: Told.MOVED_UP,
    MessageKind.HOLDING_UPDATE: Told.NO_NEWS,
    MessageKind.QUESTION_REMINDER: Told.REMINDED,
    MessageKind.OPTIONS_REMINDER: Told.REMINDED,
    MessageKind.FOLLOW_UP: Told.FOLLOWED_UP,
    MessageKind.FOLLOW_UP_SURVEY: Told.SURVEYED,
}


def story_of(happened: Sequence[Event], names: Mapping[str, str]) -> tuple[Entry, ...]:
    """The timeline as the customer may read it, oldest first.

    Args:
        happened: The events of the case of the kinds `READ`, oldest first.
        names: Name of each colleague by id; who has none is not named.
    """
    telling = _Telling(names)
    for place, event in enumerate(happened):
        telling.add(event, happened[place + 1 :])
    return tuple(telling.entries[-MOST_ENTRIES:])


class _Telling:
    """Makes entries of events; what it needs of earlier ones is kept."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.entries: list[Entry] = []
        self._names = names
        self._titles: dict[str, str] = {}
        self._granted: events.ApprovalGranted | events.GrantedWithinAuthority | None = None

    def add(self, event: Event, later: Sequence[Event]) -> None:
        if isinstance(event, events.OptionsOffered):
            self._titles |= {option.id: option.title for option in event.options}
        elif isinstance(event, (events.ApprovalGranted, events.GrantedWithinAuthority)):
            self._granted = event
        elif isinstance(event, events.Promised):
            became = _became(later)
            self._say_once(event)
            self._append(Entry(told=Told.PROMISED, at=event.at, text=event.what, by=event.eta, became=became))
        elif isinstance(event, events.OptionChosen):
            told = Told.CHOSEN_FOR_YOU if event.by == SYSTEM else Told.CHOSEN
            self._append(Entry(told=told, at=event.at, text=self._titles.get(event.option, "")))
        tell = _ENTRIES.get(type(event))
        for entry in tell(event, self._name) if tell else ():
            self._append(self._once(entry))
        for entry in self._of_letter(event):
            self._append(entry)

    def _name(self, person: str) -> str:
        return self._names.get(person, "") if colleague(person) else ""

    def _say_once(self, promised: events.Promised) -> None:
        # Leave out of the letter with a promise what the promise says.
        *before, letter = self.entries
        if letter.told is Told.NEWS and letter.text == promised.what:
            letter = replace(letter, text="")
        said = replace(letter, next_step="" if letter.next_step == promised.what else letter.next_step)
        self.entries = [*before, *(one for one in (said,) if (one.told, one.text) != (Told.WE_WROTE, promised.what))]

    def _once(self, entry: Entry) -> Entry:
        """The entry; one that reopens the case without the customer's words where the entry before has them."""
        before = self.entries[-1] if self.entries else None
        said = before is not None and before.told is Told.YOU_WROTE and before.text == entry.text
        return replace(entry, text="", is_cut=False) if said and entry.told is Told.REOPENED else entry

    def _append(self, entry: Entry) -> None:
        before = self.entries[-1] if self.entries else None
        if before is not None and before.told is Told.NEWS and entry.told is Told.WE_WROTE and before.at == entry.at:
            # What the bulletin says comes as the letter that it is.
            self.entries[-1] = replace(before, text=entry.text, is_cut=entry.is_cut, next_step=entry.next_step)
        elif before is None or before.told is not entry.told or entry.told not in _ONCE_IN_A_ROW:
            self.entries.append(entry)
        elif entry.told is Told.NO_NEWS:
            self.entries[-1] = replace(entry, count=before.count + 1)
        elif before.who != entry.who:
            self.entries.append(entry)

    def _of_letter(self, event: Event) -> Iterator[Entry]:
        if not isinstance(event, (events.MessageQueued, events.MessagesReleased)) or event.to != CUSTOMER:
            return
        for kind in (event.message, *event.also):
            if kind is MessageKind.APPROVAL_GRANTED and self._granted is not None:
                what, amount = self._granted.what, self._granted.amount
                yield Entry(told=Told.GRANTED, at=event.at, approval=what, amount=amount)
            elif kind is not None and kind in _LETTERS:
                yield Entry(told=_LETTERS[kind], at=event.at)


_ONCE_IN_A_ROW = frozenset({Told.NO_NEWS, Told.TAKEN, Told.MOVED_UP})


_ENDS_PROMISE: Mapping[type[Event], Became] = {
    events.PromiseKept: Became.KEPT,
    events.PromiseLapsed: Became.MISSED,
    events.Promised: Became.REPLACED,
    events.Cancelled: Became.ENDED,
}


def _became(later: Sequence[Event]) -> Became:
    for event in later:
        if isinstance(event, events.Withdrawn) and event.what is Withdrawable.PROMISE:
            return Became.TAKEN_BACK
        if type(event) in _ENDS_PROMISE:
            return _ENDS_PROMISE[type(event)]
    return Became.OPEN


_Name = Callable[[str], str]


def _said(told: Told, event: Event, text: str, **more: Any) -> Entry:
    return Entry(told=told, at=event.at, text=beginning_in(text).strip(), is_cut=bool(reference_in(text)), **more)


def _opened(event: events.Opened, _: _Name) -> Iterator[Entry]:
    # Words that opened the ticket again follow as a message.
    if not any(ProgramText.WROTE_AFTER_THE_END.is_said_in(one) for one in event.evidence):
        yield _said(Told.OPENED, event, event.customer_words)
    if event.question:
        yield _said(Told.ASKED, event, event.question)


def _replied(event: events.CustomerReplied, _: _Name) -> Iterator[Entry]:
    if not event.automatic:
        yield _said(Told.YOU_WROTE, event, event.text)


def _reopened(event: events.Reopened, _: _Name) -> Iterator[Entry]:
    # What a colleague wrote was written for colleagues.
    yield _said(Told.REOPENED, event, event.why if event.by == CUSTOMER else "")


def _resolved(event: events.Resolved, name: _Name) -> Iterator[Entry]:
    more = {"who": name(event.by), "outcome": event.outcome, "items": event.items}
    yield _said(Told.RESOLVED, event, event.solution, **more)


def _wrote(event: events.CustomerTold, name: _Name) -> Iterator[Entry]:
    yield _said(Told.WE_WROTE, event, event.text, who=name(event.by), next_step=event.next_step)


def _refused(event: events.ApprovalRefused, _: _Name) -> Iterator[Entry]:
    yield _said(Told.REFUSED, event, event.explanation, approval=event.what, amount=event.amount)


def _one(told: Told, **fixed: Any) -> Callable[[Any, _Name], Iterator[Entry]]:
    def entry(event: Event, _: _Name) -> Iterator[Entry]:
        yield Entry(told=told, at=event.at, **fixed)

    return entry


_ENTRIES: Mapping[type[Event], Callable[[Any, _Name], Iterator[Entry]]] = {
    events.Opened: _opened,
    events.Acknowledged: lambda one, name: iter((Entry(told=Told.TAKEN, at=one.at, who=name(one.person)),)),
    events.OverseerHeld: lambda one, name: iter((Entry(told=Told.TAKEN, at=one.at, who=name(one.person)),)),
    events.CustomerTold: _wrote,
    events.CustomerToldElsewhere: lambda one, name: iter((_said(Told.WE_WROTE, one, one.text, who=name(one.by)),)),
    events.InformationRequested: lambda one, name: iter((_said(Told.ASKED, one, one.question, who=name(one.by)),)),
    events.CustomerReplied: _replied,
    events.OptionsOffered: lambda one, name: iter(
        (Entry(told=Told.OFFERED, at=one.at, who=name(one.by), titles=tuple(each.title for each in one.options)),)
    ),
    events.ChoiceLapsed: _one(Told.CHOICE_ENDED),
    events.Withdrawn: lambda one, name: iter(
        (_said(Told.TAKEN_BACK, one, one.explanation, who=name(one.by), withdrawn=one.what),)
    ),
    events.ApprovalRefused: _refused,
    events.Resolved: _resolved,
    events.SurveyAnswered: lambda one, _: iter((_said(Told.RATED, one, one.comment, score=one.score),)),
    events.Reopened: _reopened,
    events.BulletinRelayed: _one(Told.NEWS),
    events.Closed: _one(Told.CLOSED),
    events.Cancelled: lambda one, _: iter((Entry(told=Told.CALLED_OFF, at=one.at, cause=one.cause),)),
}

READ: frozenset[str] = frozenset(
    str(one.__dataclass_fields__["kind"].default)
    for one in (
        *_ENTRIES,
        *_ENDS_PROMISE,
        *(events.OptionChosen, events.ApprovalGranted, events.GrantedWithinAuthority, events.SurveySent),
        *(events.MessageQueued, events.MessagesReleased),
    )
)
"""Kinds of the events that are read here and in `page`."""
