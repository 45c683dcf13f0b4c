"""The exit codes of commands that succeeded with findings; `runtime.exit_codes` has the codes."""


class BadInput(Exception):
    """The user's request is wrong; the message says what is allowed."""


class AuditFindings(Exception):
    """The audit has findings; its answer lists them."""


class NotWell(Exception):
    """The installation has problems; the answer lists them."""


class NotComputed(Exception):
    """Some cases of a file could not be computed; the answer says why for each."""


class NotOpened(Exception):
    """Some tickets of a log could not be opened; the answer lists the reasons."""


class NotHandedOn(Exception):
    """Some open cases were not handed on; the reasons are part of the answer."""


class PoliciesDiffer(Exception):
    """Two policies differ under `--exit-code`; the answer lists how."""
