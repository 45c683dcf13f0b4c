"""Header values of a mail, encoded here so that no reader and no library decodes one into something else.

Python's `email` decodes words of RFC 2047 when text is assigned to a header, and what it decodes may hold line breaks.
So text goes into a header in one of two forms: ASCII that holds no such word, or as encoded words altogether.
"""

import re
import string
import unicodedata
from email.header import Header
from hashlib import blake2b
from urllib.parse import quote

from escalation.addresses import MailAddress
from escalation.plain import only_shown

LONGEST_TOKEN = 900
"""Characters of a token; a line of mail may have 998."""

_LONGEST_PLAIN = 400
_LINE = 75

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")


def header_line(text: str) -> str:
    """The text without line breaks, control and format characters, and with single blanks."""
    return " ".join(only_shown("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)).split())


def text_value(header: str, text: str) -> str:
    """The value of a header that holds text, such as `Subject`."""
    line = header_line(text)
    return line if _is_plain(line) else _encoded(header, line)


def mailbox_value(header: str, name: str, address: MailAddress) -> str:
    """The value of a header that names one mailbox, such as `To`."""
    line = header_line(name)
    if not line:
        return f"<{address}>"
    phrase = '"' + re.sub(r'(["\\])', r"\\\1", line) + '"' if _is_plain(line) else _encoded(header, line)
    # A long phrase leaves the address a line of its own, where it is not broken.
    return f"{phrase} <{address}>" if len(phrase) + len(str(address)) <= _LINE - 10 else f"{phrase}\r\n <{address}>"


def token_value(text: str) -> str:
    """A value without blanks that is always the same for the same text; percent-encoded, readable where it can be."""
    token = quote(text, safe=string.punctuation, errors="replace").replace("=?", "=%3F")
    if len(token) <= LONGEST_TOKEN:
        return token
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{token[: LONGEST_TOKEN - len(digest) - 1]}~{digest}"


def language_value(tag: str) -> str:
    """A language tag of RFC 5646; `und`, undetermined, where it is none."""
    plain = tag.replace("_", "-")
    return plain if _LANGUAGE.fullmatch(plain) else "und"


def _is_plain(line: str) -> bool:
    return line.isascii() and "=?" not in line and len(line) <= _LONGEST_PLAIN


def _encoded(header: str, line: str) -> str:
    return Header(line, "utf-8", header_name=header, maxlinelen=_LINE).encode(linesep="\r\n", splitchars="")
