"""Reads the files that a policy names beside itself."""

from collections.abc import Callable
from pathlib import Path

# One more than any such file may have, so that a longer one is seen to be.
_MOST_BYTES = 10_000_001


def beside(file: Path) -> Callable[[str], bytes]:
    """Reads a file of the folder of this one by its name.

    What is returned raises `OSError` for what is not a plain file: a device or a pipe may never end.
    """

    def read(name: str) -> bytes:
        wanted = file.parent / name
        if not wanted.is_file():
            raise FileNotFoundError(2, "No such file")
        with wanted.open("rb") as opened:
            return opened.read(_MOST_BYTES)

    return read
