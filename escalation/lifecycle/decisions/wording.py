"""The wording check: a person who blames, insults or defends in a letter to the customer gets a warning before it goes out.

Words that the letter quotes, in quotation marks or in lines that begin with `>`, are not the sender's own, and a phrase
that is denied ("not your fault") is kind.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from escalation.case.events import WordingOverridden
from escalation.errors import InvalidCommand
from escalation.lifecycle.draft import Draft
from escalation.messages.wording import phrases_to_avoid
from escalation.triage.wording import Phrase, ReadText, phrases_of

_QUOTED = re.compile(r"^[ \t]*>.*$|\"[^\"\n]*\"|“[^”“\n]*[”“]|„[^“”\n]*[“”]|«[^»\n]*»|»[^«\n]*«", re.MULTILINE)
_DENIALS = frozenset(
    {
        *("not", "never", "no", "isn't", "wasn't", "aren't", "weren't", "neither", "nor", "without"),
        *("nicht", "nie", "niemals", "kein", "keine", "keinen", "keineswegs", "keinesfalls", "weder", "noch"),
    }
)


def check_wording(draft: Draft, by: str, texts: tuple[str, ...], *, anyway: bool) -> None:
    """Refuse words that the policy warns of; record that a person sent them anyway.

    Args:
        by: Who writes.
        texts: What they write to the customer.
        anyway: Whether they insist.
    """
    found = phrases_in(texts, phrases_to_avoid(draft.policy), anyway=anyway)
    if found:
        draft.record(WordingOverridden(at=draft.now, by=by, phrases=found))


def phrases_in(texts: Sequence[str], phrases: tuple[str, ...], *, anyway: bool) -> tuple[str, ...]:
    """The phrases to avoid that are in texts, as they are written there.

    Args:
        texts: What goes to customers.
        phrases: What to look for.
        anyway: Whether the sender insists.
    """
    found = tuple(dict.fromkeys(words for text in texts for words in _offending(text, phrases)))
    if found and not anyway:
        named = ", ".join(f"“{words}”" for words in found)
        raise InvalidCommand(
            f"the customer may read blame, insult or defence in {named}; say it in other words, or add `anyway` to "
            "send it as it is"
        )
    return found


def _offending(text: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases in the text as they are written there, the first occurrence of each."""
    if not phrases or not text:
        return ()
    read = ReadText(_QUOTED.sub(" … ", text))
    found = (
        (start, -len(phrase.words), words)
        for phrase in _read(phrases)
        for start, before, words in read.occurrences(phrase)
        if before not in _DENIALS
    )
    named, reached = [], 0
    for start, length, words in sorted(found):
        if start - length > reached:  # not a part of the phrase before
            named.append(" ".join(words.split()))
            reached = start - length
    return tuple(dict.fromkeys(named))


@lru_cache(maxsize=16)
def _read(phrases: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(one for phrase in phrases for one in phrases_of(phrase))
