"""What a page says where the case refuses a form: in the reader's language, with their times, names and labels."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation.case.commands import SUPPORT_COMMANDS
from starter.http.agent.pages import _WORDS as WORDS
from starter.http.agent.refusals import REFUSALS, refusal_for, refused
from starter.http.agent.showing import Labels
from starter.http.pages.times import Times

CORE = Path("escalation")
RAISED = frozenset({"InvalidCommand", "NotAllowed", "NoRoom", "Problem", "InvalidAddress"})
ROOMS = ("lifecycle", "bounds", "people.py", "addresses.py", "clocks/targets.py")
NO_FORM = frozenset(
    {
        *("opening.py", "opening_by_triage.py", "linking.py", "desk.py", "decide.py"),
        "of type",  # no form sends another type than text
        *("it follows policy", "the case is on tier", "has no rule for any running clock"),  # `adopt_policy`
        "say it in other words",  # the page has words of its own, with the phrases
        "`field` {error}",  # of `addresses.py`
        "X; X",
    }
)
"""Files and messages of commands that have no form, or that another place says."""


WARNINGS = {'X: "X"': 'one message is unanswered: "X"'}
"""Warnings that are put together from parts, and one that they can be."""


def said(node: ast.expr) -> str:
    """A message in which each fact is `X`; empty where it is made elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in values)
        case _:
            return ""


def messages() -> Iterator[str]:
    files = [
        file for room in ROOMS for file in sorted((CORE / room).rglob("*.py") if "." not in room else [CORE / room])
    ]
    for file in files:
        if file.name in NO_FORM:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                before = {"Problem": "`X` ", "InvalidAddress": "`X` "}.get(node.func.id, "")
                message = said(node.args[-1])
                if message and not any(part in message for part in NO_FORM):
                    yield before + message
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "warn":
                yield WARNINGS.get(said(node.args[0]), said(node.args[0]))
            if isinstance(node, ast.keyword) and node.arg == "not_by_hand":
                yield said(node.value)


MESSAGES = sorted(set(messages()))
OF_COMMANDS = {
    name for one in SUPPORT_COMMANDS.values() for name in getattr(one, "labels", {}).get("de", {}) if " " in name
}
"""What commands have words for themselves."""


@pytest.mark.parametrize("message", MESSAGES)
def test_every_refusal_that_a_form_can_meet_has_words(message: str) -> None:
    advice = "say it in the command's `called`, or where it has facts in starter/http/agent/words/refusals.toml"
    assert refusal_for(message) or message in OF_COMMANDS, f"{advice}: {message}"


def test_what_a_command_says_of_its_refusals_is_raised_and_shown() -> None:
    assert set(MESSAGES) >= OF_COMMANDS
    times = Times(now=datetime(2026, 11, 30, 9, tzinfo=UTC), zone="UTC", language="de", words={})
    shown = refused(
        "no request for advice is open; write a `note`", "answer_consult", Labels("de", WORDS["de"]), times, {}
    )
    assert shown == "Es ist kein Rat mehr gefragt. Schreiben Sie stattdessen eine Notiz."


def test_there_are_refusals_and_each_has_both_languages_with_its_own_facts() -> None:
    assert len(MESSAGES) > 70
    for one in REFUSALS:
        assert set(one.words) == {"en", "de"}
        for words in one.words.values():
            assert set(re.findall(r"\{(\w+)\}", words)) <= set(one.match.groupindex)


@pytest.mark.parametrize(
    ("language", "kind", "message", "words"),
    [
        (
            "de",
            "note",
            "`text` is empty; it must say something",
            "Bitte füllen Sie „Was Sie getan oder gefunden haben; nur für das Team“ aus.",
        ),
        (
            "de",
            "resolve",
            "`ana` owns the case, not `ben`; `reassign` it first",
            "Den Fall hat Ana Diaz; nur diese Person kann das tun.",
        ),
        ("en", "promise", "`at` is 2026-11-30T10:00:00+00:00, which has passed; it must lie in the future", "11:00"),
        (
            "de",
            "resolve",
            '"a call" is promised by 2026-11-30 10:00 UTC, and the promise is open; say what became of it: `promise` kept',
            "11:00",
        ),
        ("de", "set_due", "`next_response` does not run; running clocks: none", "nächste Antwort"),
        (
            "de",
            "escalate",
            "the case cannot be handed up yet; missing: `why`, what for; `packet.tried`, what, or `packet.nothing_tried` where",
            "Warum die nächste Stufe gebraucht wird; Schon unternommene Schritte / Es wurde noch nichts versucht",
        ),
        (
            "de",
            "resolve",
            "the checklist is not done: `x` (Call (back) them); `y` (Write it); name each that is, with `checked`",
            "Call (back) them; Write it",
        ),
        (
            "de",
            "resolve",
            "open on the checklist: `booked` (The refund is booked); `y` (Y)",
            "Die Erstattung ist gebucht; Y",
        ),
        (
            "de",
            "resolve",
            'one message is unanswered: "Is it (really) {done}?"',
            "unbeantwortet: „Is it (really) {done}?“",
        ),
        ("de", "resolve", '3 messages are unanswered, the latest: "x; y"', "3 Nachrichten der Kundin"),
        ("en", "resolve", 'the choice is unanswered: "a refund"', "choice is unanswered: “a refund”"),
        (
            "de",
            "hold_updates",
            "the customer expects to hear from us by 2026-11-30T10:00+00:00; `tell_customer` before, that they will not",
            "erwartet bis Mo., 30. Nov., 11:00",
        ),
        (
            "de",
            "note",
            "`text` has 9,000 characters; write at most 100; `tried` has 9 characters; write at most 2",
            "9.000 Zeichen",
        ),
    ],
)
def test_a_refusal_reads_like_the_page(language: str, kind: str, message: str, words: str) -> None:
    labels = Labels(language, WORDS[language], {"booked": "Die Erstattung ist gebucht"})
    times = Times(now=datetime(2026, 11, 30, 9, tzinfo=UTC), zone="Europe/Berlin", language=language, words={})
    shown = refused(message, kind, labels, times, {"ana": "Ana Diaz"})
    assert words in shown
    assert "`" not in shown
    assert "UTC" not in shown


def test_a_refusal_without_words_is_left_to_the_english_message() -> None:
    times = Times(now=datetime(2026, 11, 30, 9, tzinfo=UTC), zone="UTC", language="de", words={})
    assert refused("something new; `x` too", "note", Labels("de", WORDS["de"]), times, {}) == ""
