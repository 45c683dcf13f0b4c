"""The story of a case: what people read of each event."""

import re
import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

import pytest

from escalation.case import events
from escalation.case.commands import Customer, Option
from escalation.case.events import EVENTS, Event
from escalation.case.events.base import Happened, said
from escalation.message_kinds import MessageKind
from escalation.phrasing import amount_of
from escalation.sentences import in_english, story_of, told, with_facts
from escalation.triage.keeping import KeptFinding, KeptVerdict, verdict_lines
from escalation.vocabulary import CUSTOMER, SYSTEM, ClimbCause
from tests.unit.domain.case import MONDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Met(Happened):
    """An event of a kind that there is not, with fields of every kind that a sentence may name."""

    sentences = said("{people} met until {until}")

    people: tuple[str, ...]
    until: datetime


ANN = Customer(id="ann@example.com", name="Ann", address="ann@example.com")


@pytest.mark.parametrize(
    ("by", "who"),
    [
        ("mail:Ann@example.com", "a mail from the customer"),
        ("mail:bob@example.org", "a mail"),
        ("zendesk:77", "someone in Zendesk (user 77)"),
        ("zendesk:", "someone in Zendesk"),
        ("zendesk:ann@example.com", "the customer, in Zendesk,"),
        ("desk", "desk"),
    ],
)
def test_who_acts_from_outside_is_named_in_words(by: str, who: str) -> None:
    happened = (filled(events.Opened, by=by, customer=ANN), filled(events.Noted, by=by, text="x"))
    (_, opened), (_, noted) = story_of(happened)
    assert opened.startswith(f"{who} escalated it for Ann")
    assert noted.startswith(f"{who} noted: x")


MACHINERY = {kind for kind in EVENTS.values() if kind.is_machinery}
SILENT_BY_DEFAULT = {events.MessageQueued, events.ThresholdReached}
"""Letters to colleagues and warnings are not part of the story; those to the customer and breaches are."""


def filled(kind: Any, **given: Any) -> Any:
    """A value of a kind with only what it needs."""
    hints = get_type_hints(kind)
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return kind(**{name: simple(hints[name]) for name in needed if name not in given} | given)


def simple(hint: Any) -> Any:  # noqa: PLR0911 (one for each kind of type)
    """A plain value of a type."""
    match get_origin(hint):
        case types.UnionType:
            return simple(get_args(hint)[0])
        case origin if origin is tuple or origin is frozenset:
            return origin()
        case origin if origin is Literal:
            return get_args(hint)[0]
        case None if isinstance(hint, type) and issubclass(hint, Enum):
            return next(iter(hint))
        case None if is_dataclass(hint):
            return filled(hint)
        case None if hint is datetime:
            return MONDAY
        case _:
            return {str: "words", int: 2, bool: False, float: 0.5}.get(hint, {})


@pytest.mark.parametrize("kind", sorted(EVENTS.values(), key=str))
def test_every_event_has_a_line_for_people_or_is_left_out_on_purpose(kind: type[Event]) -> None:
    line = told(filled(kind))
    assert bool(line) is (kind not in MACHINERY | SILENT_BY_DEFAULT)
    assert "_" not in line


def test_every_event_says_in_two_languages_what_happened() -> None:
    for kind in EVENTS.values():
        lines = [line for languages in kind.sentences.values() for line in languages.values()]
        assert any(lines), f"declare `sentences = said(ENGLISH, GERMAN)` in the event {kind.__name__}"
        assert set(re.findall(r"\{(\w+)\}", " ".join(lines))) <= set(dir(kind)), kind


def test_a_declared_sentence_leaves_out_what_is_empty_and_reads_no_text_twice() -> None:
    facts = {"who": "ana", "why": "", "text": "a [b] {who}"}
    assert with_facts("{who} wrote[: {why}]: {text}", facts.__getitem__) == "ana wrote: a [b] {who}"
    assert with_facts("{who} wrote[: {text}]", facts.__getitem__) == "ana wrote: a [b] {who}"


def test_a_declared_sentence_says_several_texts_and_a_time_as_people_do() -> None:
    met = Met(at=MONDAY, people=("ana", "ben"), until=MONDAY)
    assert in_english(cast("Event", met)) == "ana; ben met until 2026-03-02 09:00 UTC"


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (filled(events.MessageQueued, to=CUSTOMER), "letter to the customer: "),
        (filled(events.ThresholdReached, breach=True), "MISSED: "),
        (filled(events.HoldingUpdateWithheld, held=True), "because a person holds them"),
        (filled(events.HoldingUpdateWithheld, held=False, in_a_row=3), "after 3 in a row without news"),
        (filled(events.Climbed, cause=ClimbCause.COMMAND, why="no access"), "moved it up to tier 2: no access"),
        (filled(events.Resolved, by=SYSTEM), "the policy resolved it"),
        (filled(events.DueSet, due=None), "due as the policy says again"),
    ],
)
def test_what_people_read_of_an_event(event: Event, line: str) -> None:
    assert line in told(event)


def test_a_chosen_option_has_its_title() -> None:
    offered = filled(events.OptionsOffered, options=(filled(Option, id="a", title="Money back"),))
    chosen = filled(events.OptionChosen, option="a", by=CUSTOMER)
    silent = filled(events.SurveySent)

    assert [line for _, line in story_of((offered, silent, chosen))][1:] == ['the customer chose "Money back"']


def test_a_verdict_says_what_it_left_out_and_what_its_tone_suggests() -> None:
    found = filled(KeptFinding, rule="asked", score=2, evidence=("twice",))
    verdict = filled(KeptVerdict, hard=False, score=2, threshold=3, findings=(found,), left_out=1)

    assert verdict_lines(verdict) == ["why: score 2 of 3", "asked +2: twice", "and 1 more"]


def test_a_number_has_its_noun() -> None:
    assert [amount_of(1, "reply", "replies"), amount_of(2, "reply", "replies"), amount_of(0, "case")] == [
        "1 reply",
        "2 replies",
        "0 cases",
    ]


def test_what_was_held_is_shown_with_what_became_of_it() -> None:
    kinds = MessageKind.OWNER_CHANGED, MessageKind.HOLDING_UPDATE
    held = events.MessageHeld(at=MONDAY, key="a", message=kinds[0], to=CUSTOMER, until=MONDAY)
    assert told(held) == "owner changed to the customer is held until 2026-03-02 09:00 UTC, because of quiet hours"
    gone = events.MessagesReleased(at=MONDAY, to="ana", keys=("a",), left_out=kinds[1:])
    assert told(gone) == "what was held for ana does not go out; no longer needed: holding update"
    sent = events.MessagesReleased(at=MONDAY, to=CUSTOMER, keys=("a",), key="a", message=kinds[0], left_out=kinds[1:])
    assert told(sent) == (
        "what waited for the customer goes out as one: owner changed; no longer needed: holding update"
    )
    whole = events.MessagesReleased(at=MONDAY, to=CUSTOMER, keys=("a",), key="a", message=kinds[0])
    assert told(whole) == "what waited for the customer goes out as one: owner changed"


@pytest.mark.parametrize("kind", sorted(MACHINERY, key=str))
def test_the_machinery_has_lines_for_who_wants_everything(kind: type[Event]) -> None:
    assert [*story_of([filled(kind)])] == []
    ((_, line),) = story_of([filled(kind)], everything=True)
    assert line
    assert "_" not in line


def test_the_story_names_what_was_ticked_and_which_action_was_done() -> None:
    agreed = events.ActionAgreed(at=MONDAY, number=1, owner="ben", what="train the team", due=MONDAY, by="ana")
    happened = (
        events.Noted(at=MONDAY, by="ana", text="paid", tried="", checked=("booked",)),
        agreed,
        events.ActionCompleted(at=MONDAY, number=1, by="ben", left=0),
        events.ActionLapsed(at=MONDAY, number=1, left=0),
    )
    noted, _, done, missed = (line for _, line in story_of(happened))
    assert noted == "ana noted: paid; done on the checklist: booked"
    assert done.endswith(": train the team")
    assert missed == "MISSED: action 1 was not done in time: train the team"
