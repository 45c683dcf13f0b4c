"""Reads small files that people write, however their editor wrote them."""

from pathlib import Path

from escalation.documents.yaml import LONGEST

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_BYTES = 4 * LONGEST
"""Of a file; what is beyond makes it too long for its reader, which says so."""


def read_text_file(file: Path) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; a byte-order mark is left out.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is no text.
    """
    with file.open("rb") as opened:
        held = opened.read(_MOST_BYTES)
    return held.decode("utf-16" if held.startswith(_UTF_16) else "utf-8-sig")
