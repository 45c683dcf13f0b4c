"""Patterns that cannot be slow: a part of Python's regular expressions of which the cost is known beforehand.

A search with `re` tries, at each place of the text, one way after the other to fit the pattern. The ways of a pattern
can be counted: a literal has one, `{0,3}` four, alternatives add up, what follows each other multiplies. Where every
repeat is bounded, the number is finite, and a search costs at most that many steps for each character of the text. So
open repeats (`*`, `+`, `{2,}`) are refused, with what refers back or looks around, and a pattern may have at most
`MOST_WAYS` ways and fit at most `LONGEST_FIT` characters.
"""

import re
from dataclasses import dataclass

LONGEST_PATTERN = 200  # characters of a pattern
MOST_WAYS = 1000  # in how many ways a pattern may fit at one place of a text

LONGEST_FIT = 500  # characters that a pattern may fit at most

_BRACES = re.compile(r"\{(?P<least>[0-9]{1,4})(?P<several>,(?P<most>[0-9]{0,4}))?\}")
_CLASSES = frozenset("dDwWsS")
_EDGES = frozenset("bB")


class InvalidPattern(ValueError):
    """The pattern cannot be used; the message is `what; advice`."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern: in how many ways it fits, and the shortest and longest text that it fits."""

    ways: int = 1
    shortest: int = 0
    longest: int = 0

    def then(self, other: "_Part") -> "_Part":
        return _Part(self.ways * other.ways, self.shortest + other.shortest, self.longest + other.longest)

    def otherwise(self, other: "_Part") -> "_Part":
        return _Part(self.ways + other.ways, min(self.shortest, other.shortest), max(self.longest, other.longest))

    def repeated(self, least: int, most: int) -> "_Part":
        ways = 0
        for times in range(least, most + 1):
            ways += self.ways**times
            if ways > MOST_WAYS:
                break
        return _Part(ways, self.shortest * least, self.longest * most)


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that could be slow, that fits everything, or that is none.

    Raises:
        InvalidPattern: It is refused.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidPattern(f"the pattern has {len(pattern)} characters; write at most {LONGEST_PATTERN}")
    whole = _Reader(pattern).read()
    if whole.ways > MOST_WAYS:
        raise InvalidPattern(
            f"the pattern could fit in more than {MOST_WAYS} ways at one place; write smaller repeats or two patterns"
        )
    if whole.longest > LONGEST_FIT:
        raise InvalidPattern(f"the pattern may fit {whole.longest} characters; write repeats that fit {LONGEST_FIT}")
    if whole.shortest == 0:
        raise InvalidPattern("the pattern fits the empty text, so it would always match; let it ask for something")
    try:
        re.compile(pattern)
    except re.error as error:
        raise InvalidPattern(
            f"this is not a pattern: {error.msg}; correct it at character {(error.pos or 0) + 1}"
        ) from None


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def read(self) -> _Part:
        part = self._alternatives(0)
        if self._at < len(self._pattern):
            raise InvalidPattern("`)` closes nothing; write `\\)` for the character")
        return part

    def _peek(self) -> str:
        return self._pattern[self._at] if self._at < len(self._pattern) else ""

    def _take(self) -> str:
        taken = self._peek()
        self._at += 1
        return taken

    def _alternatives(self, depth: int) -> _Part:
        if depth > 10:
            raise InvalidPattern("groups are nested too deeply; write a simpler pattern")
        part = self._sequence(depth)
        while self._peek() == "|":
            self._take()
            part = part.otherwise(self._sequence(depth))
        return part

    def _sequence(self, depth: int) -> _Part:
        part = _Part()
        while self._peek() not in {"", "|", ")"}:
            part = part.then(self._repeats(self._one(depth)))
        return part

    def _one(self, depth: int) -> _Part:
        match self._take():
            case "(":
                return self._group(depth)
            case "[":
                return self._set()
            case "\\":
                return self._escape()
            case "^" | "$":
                return _Part()
            case "*" | "+" | "?" | "{" as sign:
                raise InvalidPattern(f"`{sign}` repeats nothing; write `\\{sign}` for the character")
            case _:
                return _Part(shortest=1, longest=1)

    def _group(self, depth: int) -> _Part:
        if self._peek() == "?":
            if not self._pattern.startswith("?:", self._at):
                raise InvalidPattern("the pattern looks around or names a group; only `(…)` and `(?:…)` are allowed")
            self._at += 2
        part = self._alternatives(depth + 1)
        if self._take() != ")":
            raise InvalidPattern("`(` is never closed; write `\\(` for the character")
        return part

    def _set(self) -> _Part:
        if self._peek() == "^":
            self._take()
        first = True
        while first or self._peek() != "]":
            first = False
            if not self._peek():
                raise InvalidPattern("`[` is never closed; write `\\[` for the character")
            sign = self._take()
            if sign == "\\":
                self._take()
            elif sign == "[" or (sign in "-&~|" and self._peek() == sign):
                # Python warns of these: a later version may read a set within a set in them.
                raise InvalidPattern(f"`{sign}` is inside `[…]`; write `\\{sign}` for the character")
        self._take()
        return _Part(shortest=1, longest=1)

    def _escape(self) -> _Part:
        sign = self._take()
        if sign in _EDGES and sign:
            return _Part()
        if sign in _CLASSES or (sign and not sign.isalnum()):
            return _Part(shortest=1, longest=1)
        raise InvalidPattern(
            f"`\\{sign}` is not allowed; write `\\d`, `\\w`, `\\s`, `\\b` or a backslash before a sign"
        )

    def _repeats(self, part: _Part) -> _Part:
        match self._peek():
            case "*" | "+" as sign:
                raise InvalidPattern(f"`{sign}` has no upper bound; write one, such as `{{{int(sign == '+')},20}}`")
            case "?":
                self._take()
                part = part.repeated(0, 1)
            case "{":
                part = self._bounded(part)
            case _:
                return part
        if self._peek() in {"?", "+", "*", "{"} and self._peek():
            raise InvalidPattern(f"`{self._peek()}` follows a repeat; write one repeat, such as `{{1,5}}`")
        return part

    def _bounded(self, part: _Part) -> _Part:
        match = _BRACES.match(self._pattern, self._at)
        if match is None:
            raise InvalidPattern("`{` begins no repeat; write `{2}` or `{1,5}`, or `\\{` for the character")
        if match["several"] and not match["most"]:
            raise InvalidPattern(f"`{match[0]}` has no upper bound; write one, such as `{{{match['least']},20}}`")
        least, most = int(match["least"]), int(match["most"] or match["least"])
        if least > most:
            raise InvalidPattern(f"`{match[0]}` can never fit; write the smaller number first")
        self._at = match.end()
        return part.repeated(least, most)
