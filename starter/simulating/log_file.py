"""A log on disk, plain or gzipped, read as it is needed; how far the reading is can be watched."""

import csv
import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from starter.importing import UnreadableLog

_GZIP = b"\x1f\x8b"
_LONGEST_CELL = 1_000_000

Tell = Callable[[int], None]


@contextmanager
def log_lines(file: Path, tell: Tell = lambda _: None) -> Iterator[Iterator[str]]:
    """The lines of a log.

    Args:
        file: The log; gzipped ones are known by their first bytes.
        tell: Gets how many bytes of the file were read, now and then.

    Raises:
        UnreadableLog: It cannot be read, or is no UTF-8 text; also while lines are read.
    """
    try:
        opened = file.open("rb")
    except OSError as error:
        raise UnreadableLog(f"cannot be read: {error.strerror}") from error
    csv.field_size_limit(min(_LONGEST_CELL, sys.maxsize))
    with opened:
        yield _lines(opened, tell)


def _lines(opened: BinaryIO, tell: Tell) -> Iterator[str]:
    is_gzip = opened.read(2) == _GZIP
    opened.seek(0)
    source = gzip.GzipFile(fileobj=opened) if is_gzip else opened
    number = 0
    try:
        for number, line in enumerate(source, start=1):
            if not number % 1000:
                tell(opened.tell())
            yield line.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableLog(f"line {number}: is not UTF-8 text; save the log as UTF-8") from None
    except (OSError, EOFError) as error:
        raise UnreadableLog(f"after line {number}: cannot be read further: {error}") from None
