"""Normalises characters that exports spell differently."""

import unicodedata

_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
_OTHERWISE = _BLANKS | _UNSEEN


def usual(text: str) -> str:
    """The text in composed letters, with usual blanks, and without invisible marks.

    A Mac writes `ö` as two characters, spreadsheets put in non-breaking spaces, browsers soft hyphens.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_OTHERWISE)


def as_compared(text: str) -> str:
    """A word or the name of a column as it is compared: `usual`, and one space for each run of blanks."""
    return " ".join(usual(text).split())
