"""Finds words and phrases in a text, whatever their case, width and accents, and says exactly what is there.

In scripts that part no words by blanks, such as Chinese, Japanese, Thai and Korean, a word is found within a sentence.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from escalation.triage.scripts import evenly_written, has_no_blanks, word_pattern

# Spaces, a comma, a hyphen or a quote may separate the words of a phrase; the end of a sentence may not.
_NEAR = re.compile(r"[\s\-\u2010-\u2014,'\"\u2019\u201c\u201d_/]*")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
PREFIX = "*"  # at the end of a word: whatever follows
SHORTEST_PREFIX = 3


def folded(text: str) -> str:
    """The text without case and accents: `Rückgabe` and `RUCKGABE` are the same, and so are `Straße` and `strasse`.

    Marks that make another letter, as in Japanese, Thai or Hindi, are not accents and stay.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    kept = "".join(character for character in apart if not _is_accent(character))
    # Turkish has an i without a dot, which its capital letter does not show.
    return unicodedata.normalize("NFC", kept.casefold().replace("\u0131", "i"))


def _is_accent(character: str) -> bool:
    if not unicodedata.combining(character):
        return False
    point = ord(character)
    return point < 0x0900 or 0x1AB0 <= point < 0x2100 or 0xFE20 <= point <= 0xFE2F


@dataclass(frozen=True, slots=True)
class Phrase:
    """Consecutive words, folded; the last letters of a word may be open."""

    words: tuple[str, ...]  # folded; never empty
    open_ended: tuple[bool, ...]  # for each word, whether more letters may follow


def phrases_of(written: str) -> tuple[Phrase, ...]:
    """The phrases that a written one stands for; none when it has no letter or digit in it.

    More than one where it has umlauts, which people also write with an `e`: `Rückgabe`, `Rueckgabe`.
    """
    composed = evenly_written(written)
    spellings = dict.fromkeys((composed, composed.translate(_UMLAUTS)))
    found = (_phrase(spelling) for spelling in spellings)
    return tuple(dict.fromkeys(phrase for phrase in found if phrase is not None))


def short_prefixes(written: str) -> list[str]:
    """The words of a phrase whose open end would match far too much."""
    return [
        word
        for word in written.split()
        if word.endswith(PREFIX) and len(word) - 1 < SHORTEST_PREFIX and not has_no_blanks(word)
    ]


def _phrase(written: str) -> Phrase | None:
    words, open_ended = [], []
    for match in word_pattern(written).finditer(written):
        words.append(folded(match[0]))
        open_ended.append(written.startswith(PREFIX, match.end()))
    return Phrase(tuple(words), tuple(open_ended)) if words else None


class ReadText:
    """A text that was taken apart once, for many searches."""

    def __init__(self, text: str) -> None:
        self.text = evenly_written(text)
        self._spans: list[tuple[int, int]] = []
        self._words: list[str] = []
        self._at: dict[str, list[int]] = {}
        for number, match in enumerate(word_pattern(self.text).finditer(self.text)):
            word = folded(match[0])
            self._spans.append(match.span())
            self._words.append(word)
            self._at.setdefault(word, []).append(number)
        self._sorted = sorted(self._at)

    def find(self, phrase: Phrase) -> str | None:
        """The text as written where the phrase first occurs, or None."""
        first = min(self.occurrences(phrase), default=None)
        return None if first is None else first[2]

    def occurrences(self, phrase: Phrase) -> Iterator[tuple[int, str, str]]:
        """Everywhere the phrase occurs: the number of its first word, the folded word before it, and the text as written."""
        for start in self._starts(phrase):
            if self._stands_at(phrase, start):
                last = start + len(phrase.words) - 1
                before = self._words[start - 1] if start else ""
                yield start, before, self.text[self._spans[start][0] : self._spans[last][1]]

    def _starts(self, phrase: Phrase) -> Iterator[int]:
        word = phrase.words[0]
        if not phrase.open_ended[0]:
            yield from self._at.get(word, ())
            return
        place = bisect_left(self._sorted, word)
        while place < len(self._sorted) and self._sorted[place].startswith(word):
            yield from self._at[self._sorted[place]]
            place += 1

    def _stands_at(self, phrase: Phrase, start: int) -> bool:
        if start + len(phrase.words) > len(self._words):
            return False
        for offset, (word, is_open) in enumerate(zip(phrase.words, phrase.open_ended, strict=True)):
            here = self._words[start + offset]
            if not (here.startswith(word) if is_open else here == word):
                return False
            if offset and not self._is_near(start + offset):
                return False
        return True

    def _is_near(self, number: int) -> bool:
        between = self.text[self._spans[number - 1][1] : self._spans[number][0]]
        return _NEAR.fullmatch(between) is not None
