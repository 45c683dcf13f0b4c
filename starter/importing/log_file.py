"""A log on disk, plain or gzipped, read as it is needed; how far the reading is can be watched."""

import csv
import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from starter.importing.incidents import UnreadableLog

_GZIP = b"\x1f\x8b"
_LONGEST_CELL = 1_000_000
_OTHERWISE = "save it as UTF-8, such as with `iconv -f WINDOWS-1252 -t UTF-8`"

Tell = Callable[[int], None]


@contextmanager
def log_lines(file: Path, tell: Tell = lambda _: None, encoding: str = "utf-8") -> Iterator[Iterator[str]]:
    """The lines of a log.

    Args:
        file: The log; gzipped ones are known by their first bytes.
        tell: Gets how many bytes of the file were read, now and then.
        encoding: How its characters are written; one in which a line ends with the byte that it ends with in ASCII.

    Raises:
        UnreadableLog: It cannot be read, or is no text of that encoding; also while lines are read.
    """
    try:
        opened = file.open("rb")
    except OSError as error:
        raise UnreadableLog(f"cannot be read: {error.strerror}") from error
    csv.field_size_limit(min(_LONGEST_CELL, sys.maxsize))
    with opened:
        if not opened.seekable():
            raise UnreadableLog(
                "cannot be read: it is a pipe, and a log is read more than once; write it to a file first"
            )
        yield _lines(opened, tell, encoding)


def _lines(opened: BinaryIO, tell: Tell, encoding: str) -> Iterator[str]:
    is_gzip = opened.read(2) == _GZIP
    opened.seek(0)
    source = gzip.GzipFile(fileobj=opened) if is_gzip else opened
    number = 0
    try:
        for number, line in enumerate(source, start=1):
            if not number % 1000:
                tell(opened.tell())
            # Line by line: decoding blocks would lose whole blocks, and the line's number.
            yield line.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableLog(f"is not {encoding.upper()} text; {_OTHERWISE}", line=number) from None
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"cannot be read further after line {number}: {error}") from None
