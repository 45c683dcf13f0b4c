"""Errors of the servers that this program runs itself."""

from pathlib import Path

_LINES = 5


class EmbeddedError(Exception):
    """A server of the embedded stack can't be started, used or stopped. The message says what to do."""


def log_tail(log: Path) -> str:
    """The last lines of a server's log, to end an error message with; empty when there are none."""
    if not log.exists():
        return ""
    tail = log.read_text(errors="replace").splitlines()[-_LINES:]
    return "\n" + "\n".join(f"  {line}" for line in tail) if tail else ""
