"""Decodes the bytes of a mail, even if its charset is wrong, missing or unknown."""

import codecs
import re

from escalation.plain import only_shown

_SINGLE_BYTE = re.compile(r"(?:us-)?ascii|iso8859|latin|cp125|windows-125|koi8|mac", re.IGNORECASE)
# What programs mean by a charset is often its larger relative; by Python's names.
_BEYOND = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
    "utf-16": "utf-16",
}
_ODD_NAMES = {"utf8mb4": "utf-8", "ansi": "cp1252", "iso-8859-8-i": "iso8859-8", "unicode-1-1-utf-7": "utf-7"}
# Codecs of Python that are not charsets.
_TEXTS = frozenset({"rot13", "hex", "base64", "bz2", "zip", "quopri", "uu", "idna", "punycode", "undefined"})
# How ISO-2022-JP changes its set of characters; no other text has these bytes.
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
_LOOKED_AT = 4_000
# Characters of more than one byte that valid UTF-8 does not have by accident.
_SURE = 3


def decoded(raw: bytes, charset: str = "") -> str:
    """The text; every byte becomes something, and no character that steers a terminal is left.

    Args:
        raw: From outside.
        charset: As the mail names it; empty where it names none.
    """
    return only_shown(_decoded(raw, codec_of(charset)))


def codec_of(charset: str) -> str:
    """Python's name of a charset, or of its larger relative; empty where there is none."""
    name = charset.strip(" \t\r\n\"'").partition("*")[0].lower()
    try:
        found = codecs.lookup(_ODD_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    return "" if found in _TEXTS or found.endswith("escape") else _BEYOND.get(found, found)


def repaired(value: str) -> str:
    """A header value in which raw bytes were kept as half characters, as text."""
    try:
        return only_shown(value.encode("ascii", "surrogateescape").decode("ascii"))
    except UnicodeError:
        return decoded(value.encode("utf-8", "surrogateescape"))


def _decoded(raw: bytes, codec: str) -> str:
    if _JAPANESE.search(raw[:_LOOKED_AT]) and not codec.startswith("iso2022"):
        codec = "iso2022_jp_ext"
    as_utf8 = _strictly(raw, "utf-8-sig")
    if as_utf8 is not None:
        wide = len(raw) - len(as_utf8)
        if not codec or codec.startswith("utf-8") or (wide and (_SINGLE_BYTE.match(codec) or wide > _SURE)):
            return as_utf8
    # "UTF-8" with bytes that are none came from a program that did not know its own charset.
    found = _strictly(raw, codec) if codec and codec != "ascii" else None
    if found is not None:
        return found
    if as_utf8 is not None:
        return as_utf8
    if codec.startswith("utf") or not codec or _SINGLE_BYTE.match(codec):
        # A few broken bytes in a text of UTF-8, such as a cut at its end, are not a text of another charset.
        rough = raw.decode("utf-8", "replace")
        if rough.count("\ufffd") * 4 <= sum(sign > "\x7f" for sign in rough):
            return rough
        return _strictly(raw, "cp1252") or raw.decode("latin-1")
    return raw.decode(codec, "replace")


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError, AssertionError):
        return None
