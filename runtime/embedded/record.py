"""The state of a running stack: `stack.json`, and the lock that its owner holds.

The lock belongs to a process, not to a file's contents: the operating system lets go of it however the owner dies.
So "is this stack running?" is never a guess from a process id. Linux and macOS.
"""

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

RECORD_NAME = "stack.json"
LOCK_NAME = "stack.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporalRecord:
    """The address of the Temporal server."""

    pid: int
    address: str
    ui_url: str
    metrics_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresRecord:
    """The address of PostgreSQL. The DSN contains the password, so only the owner can read the file."""

    pid: int
    dsn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpRecord:
    """The place of the mail sink; it lives in the owner's own process."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackRecord:
    """The servers of one data folder, and the process that runs them. A part that isn't run is `None`."""

    pid: int
    temporal: TemporalRecord | None = None
    postgres: PostgresRecord | None = None
    smtp: SmtpRecord | None = None


def read_record(folder: Path) -> StackRecord | None:
    """Read `stack.json` in this folder; None if there is none that can be read."""
    try:
        written = (folder / RECORD_NAME).read_bytes()
        return TypeAdapter(StackRecord).validate_json(written)
    except (OSError, ValidationError):
        return None


def write_record(folder: Path, record: StackRecord) -> None:
    """Replace `stack.json` in one step: a reader sees the old one or the new one, never half of it."""
    write_private(folder / RECORD_NAME, json.dumps(asdict(record), indent=2))


def remove_record(folder: Path) -> None:
    """Take `stack.json` away, if it is there."""
    (folder / RECORD_NAME).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner only."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def process_exists(pid: int) -> bool:
    """Whether some process has this id now."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class FolderLock:
    """Held by the one owner of a data folder's stack, for as long as it runs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Take it if it is free. Never waits; returns whether it is held now."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let go of it, if it is held. The file stays: removing it would let two owners lock two files."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = None
