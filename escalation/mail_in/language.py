"""The language of a customer's first mail, so that our first letter is in it."""

import re

_WORDS = re.compile(r"[a-zäöüß]+")
_LOOKED_AT = 4_000
_GERMAN = frozenset(
    [
        "ich",
        "nicht",
        "und",
        "der",
        "die",
        "das",
        "ist",
        "bitte",
        "wir",
        "sie",
        "mit",
        "auf",
        "ein",
        "eine",
        "zu",
        "habe",
        "seit",
        "für",
        "kann",
        "mein",
        "meine",
        "von",
        "bei",
        "hallo",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "i",
        "is",
        "and",
        "to",
        "a",
        "my",
        "please",
        "we",
        "you",
        "with",
        "on",
        "not",
        "have",
        "since",
        "for",
        "can",
        "from",
        "it",
        "this",
        "hello",
        "of",
        "in",
    ]
)
_ENOUGH = 2


def language_of(text: str, said: str) -> str:
    """Tag of the language; empty where neither the mail nor its words say.

    Args:
        text: What the sender wrote.
        said: As the mail says, such as `de-DE, en-US`.
    """
    words = _WORDS.findall(text[:_LOOKED_AT].lower())
    german, english = sum(word in _GERMAN for word in words), sum(word in _ENGLISH for word in words)
    if german >= _ENOUGH and german > english:
        return "de"
    if english >= _ENOUGH and english > german:
        return "en"
    first = said.partition(",")[0].strip()
    return first if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", first) else ""
