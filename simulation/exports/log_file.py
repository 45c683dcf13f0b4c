"""A log on disk, plain or gzipped, read as it is needed; how far the reading is can be watched."""

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from simulation.exports.spelling import usual
from simulation.exports.ticket_log import UnreadableLog

LONGEST_LINE = 10_000_000  # bytes of a line; more is not a log, and would fill the memory

_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_GZIP = b"\x1f\x8b"
_LONGEST_CELL = 1_000_000
_OTHERWISE = (
    "save it as UTF-8, such as with `iconv -f WINDOWS-1252 -t UTF-8`, or name its encoding: `encoding` in a mapping, "
    "`--encoding` of import"
)
_SNIFFED = 4096
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MANY_NULLS = 0.3

Tell = Callable[[int], None]
_Source: TypeAlias = io.BufferedReader | gzip.GzipFile


def is_json_lines(file: Path) -> bool:
    """Whether the name of a file, gzipped or not, says that each of its lines is a JSON object."""
    suffixes = [suffix.casefold() for suffix in file.suffixes if suffix.casefold() != ".gz"]
    return bool(suffixes) and suffixes[-1] in _JSON_LINES


@contextmanager
def log_lines(file: Path, tell: Tell = lambda _: None, encoding: str = "utf-8") -> Iterator[Iterator[str]]:
    """The lines of a log, as `usual` spells them.

    UTF-16 and UTF-32 are known by their first bytes, whatever `encoding` says.

    Args:
        file: The log; gzipped ones are known by their first bytes.
        tell: Gets how many bytes of the file were read, now and then.

    Raises:
        UnreadableLog: It cannot be read, or is not text in that encoding; also while lines are read.
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
        lines = _lines(opened, tell, encoding)
        try:
            yield lines
        finally:
            lines.close()


def _lines(opened: io.BufferedReader, tell: Tell, encoding: str) -> Generator[str, None, None]:
    number = 0
    try:
        is_gzip = opened.read(2) == _GZIP
        opened.seek(0)
        source: _Source = gzip.GzipFile(fileobj=opened) if is_gzip else opened
        start = source.read(_SNIFFED)
        source.seek(0)
        encoding = _encoding(start, encoding)
        for number, line in enumerate(_split(source, start, encoding), start=1):
            if not number % 1000:
                tell(opened.tell())
            yield usual(line)
    except UnicodeError:
        raise UnreadableLog(f"is not {encoding.upper()} text; {_OTHERWISE}", line=number + 1) from None
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableLog(f"cannot be read further after line {number}: {error}") from None


def _encoding(start: bytes, said: str) -> str:
    """The encoding that the first bytes show, else the one that was said."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if start and start.count(0) > len(start) * _MANY_NULLS:
        # Text from Western languages in UTF-16 without its mark: every other byte is zero.
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    return said


def _split(source: _Source, start: bytes, encoding: str) -> Iterator[str]:
    plain = "\n".encode(encoding) == b"\n"
    if not plain or (b"\r" in start and b"\n" not in start):
        # An old Mac ends lines with CR, which only text files split at.
        yield from _text_lines(source, encoding)
        return
    while line := source.readline(LONGEST_LINE + 1):
        _must_be_short(len(line))
        # Line by line: decoding blocks would lose whole blocks, and the line's number.
        yield line.decode(encoding)


def _text_lines(source: _Source, encoding: str) -> Iterator[str]:
    lines = io.TextIOWrapper(source, encoding=encoding, newline="")
    try:
        while line := lines.readline(LONGEST_LINE + 1):
            _must_be_short(len(line))
            yield line
    finally:
        lines.detach()  # the file is closed where it was opened


def _must_be_short(length: int) -> None:
    if length > LONGEST_LINE:
        raise UnreadableLog(
            f"has a line of more than {LONGEST_LINE:,} characters; is it a log, and where do its lines end?"
        )
