"""The German timeline: a sentence for each event that the story has, with facts and never with names of fields or values."""

from datetime import UTC, datetime
from typing import Any

import pytest

from escalation.case import events
from escalation.case.events import EVENTS, Event
from escalation.case.values import Customer, Option
from escalation.message_kinds import MessageKind
from escalation.program_texts import ProgramText
from escalation.sentences import names_of_outsiders
from escalation.vocabulary import ClimbCause, ClockName, Outcome
from starter.http.agent.pages import _WORDS
from starter.http.agent.showing import Labels
from starter.http.agent.timeline import retold
from starter.http.pages.times import Times
from tests.unit.domain.test_story import filled

GERMAN = Labels("de", _WORDS["de"])
TIMES = Times(datetime(2026, 3, 2, 9, tzinfo=UTC), "Europe/Berlin", "de", _WORDS["de"]["time"])


def say(event: Event, **names: str) -> str:
    return retold(event, names, GERMAN, TIMES)


def test_who_acts_from_outside_is_named_in_german_words() -> None:
    customer = Customer(id="ann@example.com", name="Ann", address="ann@example.com")
    opened = filled(events.Opened, by="mail:ann@example.com", customer=customer)
    line = say(opened, **names_of_outsiders([opened], "de"))
    assert line.startswith("Eine Mail der Kundin oder des Kunden hat den Fall für Ann eskaliert")


def test_every_english_sentence_is_there_in_german() -> None:
    lines = [(kind, line) for kind in EVENTS.values() for line in kind.sentences.values()]
    assert [kind for kind, line in lines if bool(line["en"]) is not bool(line["de"])] == []


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (filled(events.Acknowledged, person="ana"), "Ana Ruiz hat den Fall angenommen"),
        (filled(events.Noted, by="ana", text="a [b] {by}", tried=""), "Ana Ruiz hat notiert: a [b] {by}"),
        (
            filled(events.Noted, by="ana", text=ProgramText.NO_DUPLICATE.say(ticket="T-2", why="not it"), tried=""),
            "Ana Ruiz hat notiert: T-2 ist doch kein Duplikat dieses Falls; dort wird wieder geantwortet: not it",
        ),
        (filled(events.Noted, by="ana", text="x", tried="y"), "Ana Ruiz hat notiert: x; versucht: y"),
        (filled(events.Climbed, cause=ClimbCause.BREACH, to_tier=2), "Eine verpasste Frist hat den Fall in Stufe 2 gebracht"),
        (filled(events.ClockStopped, clock=ClockName.FIRST_RESPONSE, breached=True), "Frist zu Ende, verpasst: erste Antwort"),
        (filled(events.MessageQueued, message=MessageKind.RECEIPT, to="customer", also=()), "Brief: Eingangsbestätigung"),
        (filled(events.DeliveryFailed, key="receipt/1", to="ana", error="550"), "NICHT ZUGESTELLT: Eingangsbestätigung für Ana Ruiz (550)"),
        (filled(events.FrustrationChanged, by="system", old=0, new=3, why=""), "Die Richtlinie hat die Verärgerung von 0 auf 3 geändert"),
        (
            filled(events.FrustrationChanged, by="system", old=0, new=3, why=ProgramText.SOUNDS.say(level="3")),
            "Die Richtlinie hat die Verärgerung von 0 auf 3 geändert: die Nachricht klingt nach 3 von 4",
        ),
        (
            filled(events.FrustrationChanged, by="system", old=3, new=2, why=ProgramText.EASED.say()),
            "Die Richtlinie hat die Verärgerung von 3 auf 2 geändert: seit einiger Zeit wurde keine Zusage gebrochen",
        ),
        (
            filled(events.Resolved, by="customer", outcome=Outcome.SOLVED, solution="Geht.", root_cause=""),
            "Die Kundin oder der Kunde hat den Fall gelöst, Ergebnis gelöst: „Geht.“",
        ),
        (
            filled(events.OptionsOffered, by="ana", options=(Option(id="1", title="Geld"), Option(id="2", title="Tausch")), default=""),
            "Ana Ruiz hat zur Wahl gestellt: Geld; Tausch",
        ),
        (
            filled(events.Promised, by="ana", what="ein Anruf", eta=datetime(2026, 3, 3, 15, tzinfo=UTC)),
            "Ana Ruiz hat zugesagt: „ein Anruf“ bis Di., 3. März, 16:00",
        ),
    ],
)  # fmt: skip
def test_what_colleagues_read_of_an_event(event: Any, line: str) -> None:
    assert say(event, ana="Ana Ruiz") == line


@pytest.mark.parametrize(
    ("language", "line"),
    [("de", "von der Prüfliste erledigt: Gebucht; b"), ("en", "done on the checklist: Gebucht; b")],
)
def test_what_was_ticked_is_called_as_on_the_checklist(language: str, line: str) -> None:
    labels = Labels(language, _WORDS[language], {"a": "Gebucht"})
    noted = filled(events.Noted, by="ana", text="x", tried="", checked=("a", "b"))
    assert retold(noted, {}, labels, TIMES).endswith(line)


def test_other_languages_keep_the_english_story() -> None:
    assert retold(filled(events.Acknowledged), {}, Labels("en", _WORDS["en"]), TIMES) == ""
