"""Reads text files that people write, whichever Unicode encoding their editor chose, and files that they name beside one."""

import codecs
from collections.abc import Callable
from pathlib import Path

from escalation.documents.yaml import LONGEST
from escalation.errors import InvalidFile

# Of a file; what is beyond makes it too long for its reader, which says so.
_MOST_BYTES = 4 * LONGEST
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class NotUnicode(ValueError):
    """Bytes are not text in the encoding that they seem to be in; the message says what to do.

    Attributes:
        line: Where, from 1.
    """

    def __init__(self, encoding: str, byte: int, line: int) -> None:
        self.line = line
        super().__init__(f"is not {encoding} text at byte {byte}; save it as UTF-8")


def read_text_file(file: Path, refused: type[InvalidFile], most_bytes: int = _MOST_BYTES) -> str:
    """The text of a file.

    Args:
        refused: What to raise when it cannot be read.
        most_bytes: Where to stop reading; one byte more is read, so that a longer file is seen to be.

    Raises:
        InvalidFile: The class that was asked for: it cannot be read, or is not Unicode text.
    """
    try:
        with file.open("rb") as opened:
            return decoded(opened.read(most_bytes + 1))
    except OSError as error:
        raise refused((f"{file}: cannot be read: {error.strerror or error}",)) from error
    except NotUnicode as error:
        raise refused((f"{file}:{error.line}: {error}",)) from error


def decoded(data: bytes) -> str:
    """The text, without its byte-order mark.

    UTF-8, UTF-16 and UTF-32 are known by their mark; UTF-16 without one by the zeros beside the first characters.

    Raises:
        NotUnicode: It is in another encoding, or cut off.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding:
        zeros = [byte == 0 for byte in data[:4]]
        little, big = zeros == [False, True, False, True], zeros == [True, False, True, False]
        encoding = "utf-16-le" if little else "utf-16-be" if big else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotUnicode(encoding.removesuffix("-sig").upper(), error.start, line) from None


# One more than any such file may have, so that a longer one is seen to be.
_MOST_BESIDE = 10_000_001


def beside(file: Path) -> Callable[[str], bytes]:
    """Reads a file of the folder of this one by its name.

    What is returned raises `OSError` for what is not a plain file: a device or a pipe may never end.
    """

    def read(name: str) -> bytes:
        wanted = file.parent / name
        if not wanted.is_file():
            raise FileNotFoundError(2, "No such file")
        with wanted.open("rb") as opened:
            return opened.read(_MOST_BESIDE)

    return read
