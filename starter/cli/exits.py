"""What a command ends with when it did what it was asked, and that is no success; `runtime.exit_codes` has the codes."""


class BadInput(Exception):
    """The user's request is wrong; the message says what is allowed."""


class AuditFindings(Exception):
    """The audit found what should not be so; the findings themselves were told as its answer."""


class NotComputed(Exception):
    """Some cases of a file could not be computed; each of them was told why as its answer."""


class NotOpened(Exception):
    """Some tickets of a log could not be opened; the reasons were told as the answer."""


class NotHandedOn(Exception):
    """Some open cases were not handed on; the reasons are part of the answer."""


class PoliciesDiffer(Exception):
    """Two policies do not mean the same, and `--exit-code` asked; in what was told as the answer."""
