"""Reads texts from the command line, or from standard input for `-`.

A text may begin with a dash, hold bytes that are not UTF-8, and be longer than a shell passes on.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, TextIO

from cyclopts import Parameter, Token

from starter.cli.exits import BadInput

STANDARD_INPUT = "-"
MOST_BYTES = 2_000_000  # of a text from standard input; what the text is for may allow less

_END_OF_OPTIONS = "--"
_LIKE_AN_OPTION = re.compile(r"--[A-Za-z][\w-]*(?:=.*)?", re.DOTALL)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class _Source:
    """What texts are read from while one command line is parsed."""

    stdin: TextIO
    options_end: bool
    is_read: bool = False


_source: ContextVar[_Source] = ContextVar("texts")


@contextmanager
def texts_from(stdin: TextIO, argv: Sequence[str]) -> Iterator[None]:
    """While within, `-` as a text is what standard input holds."""
    token = _source.set(_Source(stdin, options_end=_END_OF_OPTIONS in argv))
    try:
        yield
    finally:
        _source.reset(token)


def read_all(stdin: TextIO, most: int = MOST_BYTES) -> str:
    """Standard input of at most `most` bytes; what is not UTF-8, or UTF-16 with its mark, becomes U+FFFD."""
    source = _source.get(None)
    if source is not None:
        if source.is_read:
            raise BadInput("standard input: is read once; write `-` for one text or file only")
        source.is_read = True
    raw = getattr(stdin, "buffer", None)
    if raw is None:
        text = stdin.read(most + 1)
        too_long = len(text) > most
    else:
        held = raw.read(most + 1)
        too_long = len(held) > most
        text = held.decode("utf-16" if held.startswith(_UTF_16) else "utf-8", "replace")
    if too_long:
        raise BadInput(f"standard input: is longer than {most:,} bytes; give less")
    return whole(text.removeprefix("\ufeff"))


def whole(text: str) -> str:
    """The text with U+FFFD in place of each half of a character: a byte or a code unit that nothing can write."""
    return text if text.isascii() else _HALVES.sub("\N{REPLACEMENT CHARACTER}", _paired(text))


_HALVES = re.compile("[\ud800-\udfff]")


def _paired(text: str) -> str:
    # Two halves that belong together, as JSON may write them apart, are one character.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _HALVES.search(text) else text


def _text(token: Token) -> str:
    source = _source.get(None)
    if token.value == STANDARD_INPUT and source is not None:
        return read_all(source.stdin).rstrip("\r\n")
    # A misspelt option must not become what the customer said.
    is_bare = token.keyword is None and source is not None and not source.options_end
    if is_bare and _LIKE_AN_OPTION.fullmatch(token.value):
        raise ValueError(f'"{token.value}" looks like an option; if it is the text, write -- before it.')
    return whole(token.value)


def _to_text(type_: Any, tokens: Sequence[Token]) -> str:  # noqa: ARG001 (what a converter gets)
    return _text(tokens[0])


def _to_texts(type_: Any, tokens: Sequence[Token]) -> tuple[str, ...]:  # noqa: ARG001 (as above)
    return tuple(map(_text, tokens))


def not_blank(type_: Any, value: str | None) -> None:  # noqa: ARG001 (what a validator gets)
    """Refuse a text that says nothing.

    Raises:
        ValueError: It is empty or blank.
    """
    if value is not None and not value.strip():
        raise ValueError("It is empty; write something.")


def _none_blank(type_: Any, values: tuple[str, ...] | None) -> None:
    for value in values or ():
        not_blank(type_, value)


WrittenText = Annotated[str, Parameter(converter=_to_text, validator=not_blank, allow_leading_hyphen=True)]
"""A text that says something."""
SomeText = Annotated[str, Parameter(converter=_to_text, allow_leading_hyphen=True)]  # a text that may be empty
WrittenTexts = Annotated[
    tuple[str, ...], Parameter(converter=_to_texts, validator=_none_blank, allow_leading_hyphen=True)
]
SomeTexts = Annotated[tuple[str, ...], Parameter(converter=_to_texts, allow_leading_hyphen=True)]
Word = Annotated[str, Parameter(validator=not_blank)]  # an id or a name, never read from standard input
