"""Texts that the program writes in place of a person's words, in the reader's language.

A note, a reason or a piece of evidence is a text in commands, events and the record, so it is kept as its English
sentence, and `in_language` puts it into other words where letters and pages are made. What people wrote is never changed.
"""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache, partial

from escalation.plain import one_line

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{(\w+)\}")
_IN_A_LINE = r"[^\n]{1,2000}?"
_WHERE = r"by mail|in [^\n]{1,200}?"
# Facts that a person wrote.
_FREE = frozenset({"said", "why"})
_PLACES: Mapping[str, Mapping[str, str]] = {"in the help desk": {"de": "im Helpdesk"}, "by mail": {"de": "per Mail"}}


class ProgramText(Enum):
    """A kind: its sentence in English and in German; what is in brackets is left out where its fact is empty.

    A name that begins with `ASIDE_` is in square brackets, beside or instead of what a person wrote.
    """

    TAGGED = ("Tagged `{tag}` {where}.", "Mit `{tag}` markiert {where}.")
    USUAL_CATEGORY = (
        "No rule says what kind of concern this is, so it has the usual category.",
        "Keine Regel nennt die Art des Anliegens, daher gilt die übliche.",
    )
    CANCELLED_BY_MISTAKE = (
        "The escalation before this one was cancelled by mistake: {why}",
        "Die vorige Eskalation wurde versehentlich beendet: {why}",
    )
    WROTE_AFTER_THE_END = (
        "The customer wrote when the case was over: {said}",
        "Neue Kundennachricht, als der Fall schon beendet war: {said}",
    )
    DUPLICATE = (
        "{ticket} was cancelled as a duplicate of this case; the customer reads that we answer in this case[: {why}]",
        "{ticket} wurde als Duplikat dieses Falls beendet; im Schreiben dazu steht, dass wir hier antworten[: {why}]",
    )
    DUPLICATE_UNNAMED = (
        "{ticket} was cancelled as a duplicate of this case; its customer gets no answer here[: {why}]",
        "{ticket} wurde als Duplikat dieses Falls beendet; wer dort schrieb, bekommt hier keine Antwort[: {why}]",
    )
    NO_DUPLICATE = (
        "{ticket} is not a duplicate of this case after all; the customer is answered there again[: {why}]",
        "{ticket} ist doch kein Duplikat dieses Falls; dort wird wieder geantwortet[: {why}]",
    )
    MERGED = ("Merged {where}.", "Zusammengeführt {where}.")
    REOPENED = ("Reopened {where}.", "Wieder geöffnet {where}.")
    ASSIGNED = ("Assigned {where}.", "Zugewiesen {where}.")
    DECLINED = ("Declined {where}.", "Abgelehnt {where}.")
    PRIORITY = ("The priority is `{priority}` {where}.", "Die Priorität ist `{priority}` {where}.")
    SOLVED = ("Your ticket {ticket} was solved.", "Ihr Vorgang {ticket} wurde gelöst.")
    SOUNDS = ("the customer's message sounds like {level} of 4", "die Nachricht klingt nach {level} von 4")
    EASED = ("no promise was broken for a while", "seit einiger Zeit wurde keine Zusage gebrochen")
    QUESTION_LOST = ("the question never reached the customer", "die Rückfrage ist nie angekommen")
    LEFT_THE_TEAM = ("{person} is no longer on the team", "{person} ist nicht mehr im Team")
    TAKEN_OVER = ("Taken over by a link in a message.", "Übernommen über einen Link in einer Nachricht.")
    WORKFLOW_CANCELLED = ("the workflow was cancelled in Temporal", "der Workflow wurde in Temporal abgebrochen")
    UNKNOWN_SENDER = ("an unknown sender", "unbekannt")
    UNPROVEN = ("someone who may not be {name}", "jemand, der vielleicht nicht {name} ist")
    WROTE = ("{author} {where}: {said}", "{author} {where}: {said}")
    ASIDE_ATTACHED = ("Attached: {files}", "Im Anhang: {files}")
    ASIDE_NO_TEXT = ("Written {where}, where the text can be read.", "Geschrieben {where}; der Text steht dort.")
    ASIDE_ANSWERED = ("Answered {where}, where the text can be read.", "Beantwortet {where}; der Text steht dort.")
    ASIDE_REST = ("The rest is {where}.", "Der Rest steht {where}.")
    ASIDE_EMPTY = ("The mail has no text.", "Die Mail hat keinen Text.")
    ASIDE_QUOTE = ("The mail only quotes an earlier one.", "Die Mail zitiert nur eine frühere.")
    ASIDE_ENCRYPTED = (
        "The mail is encrypted and cannot be read here.",
        "Die Mail ist verschlüsselt und kann hier nicht gelesen werden.",
    )
    ASIDE_DELAYED = (
        "A mail server reports that a letter is delayed and will be tried again.",
        "Ein Mailserver meldet, dass ein Brief später ankommt; er versucht es weiter.",
    )
    ASIDE_BOUNCED = (
        "A mail server reports that a letter did not arrive.",
        "Ein Mailserver meldet, dass ein Brief nicht angekommen ist.",
    )

    def say(self, **facts: str) -> str:
        """The text as it is kept."""
        return self.read(facts, "en")

    def read(self, facts: Mapping[str, str], language: str) -> str:
        """The text as it is read in `en` or `de`."""
        english, german = self.value
        pieces = _OPTIONAL.split(german if language == "de" else english)
        kept = (one for at, one in enumerate(pieces) if at % 2 == 0 or all(map(facts.get, _FACT.findall(one))))
        said = _FACT.sub(lambda found: facts.get(found[1], ""), "".join(kept))
        return f"[{said}]" if self.is_aside else said

    def is_said_in(self, kept: str) -> bool:
        """Whether a text, as it is kept, is of this kind."""
        return _pattern(self).fullmatch(kept) is not None

    @property
    def is_aside(self) -> bool:
        """Whether it is in square brackets, so that it is found among other words."""
        return self.name.startswith("ASIDE_")


_ASIDES = tuple(kind for kind in ProgramText if kind.is_aside)
# Only as facts of others: people write such words too.
_AUTHORS = (ProgramText.UNKNOWN_SENDER, ProgramText.UNPROVEN)
_WHOLE = tuple(kind for kind in ProgramText if kind not in (*_ASIDES, *_AUTHORS))
# None of them quotes a person, so that no text is read without end.
_AS_FACTS = (*_AUTHORS, *(kind for kind in _WHOLE if not _FREE & set(_FACT.findall(kind.value[0]))))


def place_of(title: str) -> str:
    """The place of an event, as program texts name it: `in Zendesk`."""
    return "by mail" if title == "Mail" else f"in {one_line(title)}"


def in_language(text: str, language: str) -> str:
    """The text, with what the program wrote in it in the reader's words.

    Args:
        text: As it is kept.
        language: Tag of the reader's language; program texts stay English where there are no words for it.
    """
    language = language.replace("_", "-").partition("-")[0].lower()
    return _read(text, _WHOLE, language) if language == "de" else text


def _read(text: str, kinds: tuple[ProgramText, ...], language: str) -> str:
    for kind in kinds:
        found = _pattern(kind).fullmatch(text)
        if found:
            return kind.read(_facts(found, language), language)
    for kind in _ASIDES if "[" in text else ():
        text = _pattern(kind).sub(partial(_aside, kind, language), text)
    return text


def _aside(kind: ProgramText, language: str, found: re.Match[str]) -> str:
    return kind.read(_facts(found, language), language)


def _facts(found: re.Match[str], language: str) -> Mapping[str, str]:
    facts = {name: fact or "" for name, fact in found.groupdict().items()}
    return {
        name: _PLACES.get(fact, {}).get(language) or _read(fact, _AS_FACTS, language) for name, fact in facts.items()
    }


@cache
def _pattern(kind: ProgramText) -> re.Pattern[str]:
    """The pattern of the text as it is kept; its facts are groups."""
    english, _ = kind.value
    pieces = enumerate(_OPTIONAL.split(english))
    whole = "".join(f"(?:{_piece(piece)})?" if at % 2 else _piece(piece) for at, piece in pieces)
    return re.compile(rf"\[{whole}\]" if kind.is_aside else whole, re.S)


def _piece(sentence: str) -> str:
    # A part of the sentence; only what a person wrote may have several lines, and it comes last.
    parts = enumerate(_FACT.split(sentence))
    return "".join(_group(part) if at % 2 else re.escape(part) for at, part in parts)


def _group(fact: str) -> str:
    return f"(?P<{fact}>{'.+' if fact in _FREE else _WHERE if fact == 'where' else _IN_A_LINE})"
