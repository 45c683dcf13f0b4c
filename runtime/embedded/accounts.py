"""The account that runs PostgreSQL: it refuses root, so root's server runs as an ordinary user of the machine.

That user can't pass through folders that are root's alone, such as a clone under /root or in a new temporary folder.
The modes of the user's folders are theirs; so where one is shut, the server keeps root's privilege to pass through,
and no other. Where the machine doesn't allow that either, we say which folders are in the way.
"""

import contextlib
import os
import pwd
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runtime.embedded.errors import EmbeddedError

_LAUNCHER = Path(__file__).with_name("as_account.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The operating system's user that a server runs as."""

    name: str
    uid: int
    gid: int
    passes: bool = False  # whether the server keeps root's privilege to pass through folders that are shut to this user

    def wrap(self, command: Sequence[str]) -> list[str]:
        """The command that runs `command` as this user when root runs it."""
        if not self.passes:
            return list(command)
        # -I and -S: the script needs nothing of ours, and nothing of the user's shall reach it.
        return [sys.executable, "-I", "-S", str(_LAUNCHER), str(self.uid), str(self.gid), *command]

    @property
    def ids(self) -> tuple[int, int] | None:
        """User and group id to start the wrapped command with; `None` where it changes them by itself."""
        return None if self.passes else (self.uid, self.gid)


def choose_account(data: Path, program: Path) -> Account | None:
    """Whom the server runs as: `None` for us, and when we are root the data's owner, else `postgres` or `nobody`.

    Args:
        data: The server's data folder, there or not; the folder around it is ours.

    Raises:
        EmbeddedError: We are root, and no user of the machine can run it there.
    """
    if os.geteuid() != 0:
        return None
    account = _ordinary_user(data)
    folder = data.parent
    shut = [path for path in (*folder.parents, program, *program.parents) if not _may_pass(account, path)]
    if not shut:
        folder.chmod(folder.stat().st_mode | 0o011)  # ours; the folders above it stay as their owners want them
        return account
    passing = replace(account, passes=True)
    if not _works(passing, program):
        names = ", ".join(str(path) for path in dict.fromkeys(shut))
        raise EmbeddedError(
            f"PostgreSQL doesn't run as root, and as user {account.name} it can't pass through {names}: "
            "run as an ordinary user, set ESCALATIONS_DATA_DIR to a folder that all users may pass through "
            "(chmod o+x), or set ESCALATIONS_DSN to another database"
        )
    return passing


def _ordinary_user(data: Path) -> Account:
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(name=str(owner.st_uid), uid=owner.st_uid, gid=owner.st_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise EmbeddedError("PostgreSQL can't run as root here: run as an ordinary user, or set ESCALATIONS_DSN")


def _may_pass(account: Account, path: Path) -> bool:
    status = path.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    return bool(status.st_mode & (0o010 if status.st_gid == account.gid else 0o001))


def _works(account: Account, program: Path) -> bool:
    # Whether the machine lets the program run that way: tried, since what forbids it can be many things.
    command = account.wrap([str(program), "--version"])
    result = subprocess.run(  # noqa: S603 (the wheel's own program, our own arguments)
        command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30
    )
    return result.returncode == 0
