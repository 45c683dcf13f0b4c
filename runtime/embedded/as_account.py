"""Becomes another user that may still pass through private folders, then becomes the given program. Linux, as root.

    python as_account.py UID GID PROGRAM [ARGUMENT...]

A script of its own, with nothing but the standard library: what it does to its process can't be undone, and doing it
between fork and exec of a program with threads isn't safe. The process keeps its id, and the program its exit code.

Of root's privileges the program keeps exactly one, CAP_DAC_OVERRIDE: files' permissions don't stop it. It is an
"ambient" capability, so the program's own children have it as well.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

CANNOT = 126  # exit code when this machine doesn't let us

# From linux/prctl.h, linux/securebits.h and linux/capability.h.
_PR_SET_SECUREBITS, _NO_SETUID_FIXUP = 28, 1 << 2
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_VERSION_3, _DAC_OVERRIDE = 0x20080522, 1


def main(arguments: Sequence[str]) -> int:
    """Does not return when it works."""
    uid, gid, *command = arguments
    try:
        become(int(uid), int(gid))
        os.execv(command[0], command)  # noqa: S606 (the server that the caller names; no shell on purpose)
    except (OSError, AttributeError) as error:  # AttributeError: a system that isn't Linux has no such calls
        sys.stderr.write(f"can't run {command[0]} as user {uid}: {error}\n")
        return CANNOT


def become(uid: int, gid: int) -> None:
    """Make this process that user's, with the one privilege.

    Raises:
        OSError: The machine refuses.
        AttributeError: The machine isn't Linux.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    # Without this bit `access()` would ignore the privilege, and PostgreSQL asks it about its own program.
    _check(libc.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    only = 1 << _DAC_OVERRIDE
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(only, only, only, 0, 0, 0)
    _check(libc.capset(header, effective_permitted_inheritable))
    _check(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _DAC_OVERRIDE, 0, 0))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
