"""Splits texts into words: letters between blanks, or, in scripts that write no blanks, each letter by itself."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# First and last code point of each block in which words are not parted by blanks: Chinese and Japanese are the last two lines.
_WITHOUT_BLANKS = (
    *((0x0E00, 0x0EFF), (0x0F00, 0x0FFF)),  # Thai and Lao, Tibetan
    *((0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19FF), (0x1A20, 0x1AAF)),  # Burmese, Khmer, Tai
    *((0xA980, 0xA9FF), (0xAA60, 0xAADF), (0x1B00, 0x1B7F)),  # Javanese, more Burmese and Tai, Balinese
    *((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF)),  # Korean: particles follow without one
    *((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3040, 0x30FF), (0x3100, 0x312F), (0x31A0, 0x31FF)),
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x323AF)),
)

# Blocks with marks that belong to the letter before them, such as the vowels of Hindi.
_MARKS = ((0x0300, 0xABFF), (0xFE20, 0xFE2F), (0x10A00, 0x1E95F))

_WIDE_OR_NARROW = re.compile("[\u3000\uff01-\uffee]+")
# Invisible hyphens, joiners and marks that some keyboards write within words.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


def evenly_written(text: str) -> str:
    """The text in composed letters of usual width, without invisible characters."""
    if text.isascii():
        return text
    usual_width = _WIDE_OR_NARROW.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", usual_width.translate(_UNSEEN))


# Neither a letter of the Latin script nor usual punctuation.
_BEYOND_LATIN = re.compile("[^\0-\u02ff\u2010-\u205f\u20a0-\u20bf]")
_LATIN_WORD = re.compile("[^\\W_]+(?:['\u2019][^\\W_]+)*")


def word_pattern(text: str) -> re.Pattern[str]:
    """Matches one term of this text, or one letter of a script without spaces."""
    # To know the scripts of the world takes longer to set up than most texts take to read.
    return _word_of_any_script() if _BEYOND_LATIN.search(text) else _LATIN_WORD


@lru_cache(maxsize=1)
def _word_of_any_script() -> re.Pattern[str]:
    alone = _set(_letters(_WITHOUT_BLANKS, "LMN"))
    mark = _set(_letters(_MARKS, "M") - _letters(_WITHOUT_BLANKS, "M"))
    letter = rf"(?:(?!{alone})[^\W_]{mark}*)"
    return re.compile(rf"{alone}|{letter}+(?:['\u2019]{letter}+)*")


@lru_cache(maxsize=1)
def _alone() -> re.Pattern[str]:
    return re.compile(_set(_letters(_WITHOUT_BLANKS, "LMN")))


def has_no_blanks(text: str) -> bool:
    """Whether a letter of it is of a script that parts no words by blanks."""
    return _BEYOND_LATIN.search(text) is not None and _alone().search(text) is not None


def _letters(blocks: Iterable[tuple[int, int]], kinds: str) -> frozenset[int]:
    """The code points of these blocks that are letters (`L`), marks (`M`) or digits (`N`)."""
    points = [point for first, last in blocks for point in range(first, last + 1)]
    categories = map(unicodedata.category, map(chr, points))
    return frozenset(point for point, category in zip(points, categories, strict=True) if category[0] in kinds)


def _set(points: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for point in sorted(points):
        if runs and point == runs[-1][1] + 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in runs) + "]"
