"""Outside text made harmless for what shows it: a terminal, a log line, Markdown, JSON.

A ticket number, a name or a message may hold anything. A control character moves a terminal's cursor or rewrites what was
shown before, a bidirectional override turns the text around, and Markdown becomes a link. Each format has one function
here, and whatever is shown passes through it.
"""

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Part of how Persian, Hindi and emoji are written, and without any effect on the text around them.
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}")

# What Hebrew and Arabic texts need beside numbers and brackets; unlike an override, each ends where it is.
_MARKS = frozenset("\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}")

_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

# Categories of characters that steer instead of being shown; `Cs` is half of a character.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# Accents on one letter; no language needs as many, and a tower of them covers the lines above and below.
_MOST_MARKS = 8
_ACCENT = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOWER = re.compile(f"({_ACCENT}{{{_MOST_MARKS}}}){_ACCENT}+")

# JSON escapes every control character before this one by itself, and takes this one for a plain character.
_DELETE = "\x7f"
_IN_JSON = re.compile(r"[^\x00-\x7e]")

_WORD = r"[^\W_]+(?:[_'-][^\W_]+)*%?"
# Words that Markdown cannot mistake for anything.
_PLAIN_MARKDOWN = re.compile(rf"(?![0-9]+[.)]){_WORD}(?:[,;:]? {_WORD})*")


def one_line(text: str) -> str:
    """The text on one line: blanks of any kind become one space, control characters U+FFFD."""
    return without_controls(" ".join(text.split()))


def without_controls(text: str) -> str:
    """The text with U+FFFD in place of each control character, line breaks included; as long as before."""
    if text.isprintable():
        return text
    return "".join(REPLACEMENT if _is_hidden(character) else character for character in text)


def only_shown(text: str) -> str:
    """The text without characters that steer instead of being shown, for letters and pages; line breaks and tabs stay.

    Line breaks of any kind become plain ones. What joins or marks letters of a script stays; towers of accents are cut.
    """
    if not text.isascii():
        text = _TOWER.sub(r"\1", text)
    if text.isprintable():
        return text
    lines = _BREAKS.sub("\n", text).split("\n")
    return "\n".join(line if line.isprintable() else "".join(filter(_is_kept, line)) for line in lines)


def escaped_in_json(document: str) -> str:
    r"""A JSON document in which control characters are written as `\uXXXX`; it still means the same."""
    if _IN_JSON.search(document) is None:
        return document
    return "".join(_escaped(sign) if sign >= _DELETE and _is_hidden(sign) else sign for sign in document)


def ascii_json(document: str) -> str:
    r"""A JSON document in which whatever is not ASCII is written as `\uXXXX`; it still means the same."""
    return "".join(sign if sign < _DELETE else _escaped(sign) for sign in document)


def markdown(text: str, longest: int = 200) -> str:
    """The text as it is within a line of Markdown: no link, no picture, no HTML, no emphasis, no line of its own.

    Plain words stay as they are. Anything else becomes a code span: renderers that turn addresses into links do so after
    they have taken out backslashes, so that only a code span keeps them from it.

    Args:
        longest: Characters of it that are shown.
    """
    line = one_line(text[: longest * 2])
    line = line if len(line) <= longest else f"{line[: longest - 1]}…"
    if _PLAIN_MARKDOWN.fullmatch(line):
        return line
    if not line:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if "`" in (line[0], line[-1]) else f"{fence}{line}{fence}"


def slack(text: str) -> str:
    """The text for a field that Slack reads as its markup: no link, no mention, no command."""
    return only_shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, longest: int) -> str:
    """At most `longest` characters of a text; a longer one ends with an ellipsis."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def cut_bytes(text: str, longest: int) -> str:
    """The same, counted in bytes of UTF-8."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= longest:
        return text
    return f"{raw[: max(0, longest - 3)].decode('utf-8', 'ignore').rstrip()}…" if longest >= 3 else ""


def _is_kept(character: str) -> bool:
    return character == "\t" or character in _MARKS or not _is_hidden(character)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN and character not in _JOINERS


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
