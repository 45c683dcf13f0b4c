"""The exit codes of commands that succeeded with findings; `runtime.exit_codes` has the codes."""


class BadInput(Exception):
    """The user's request is wrong; the message says what is allowed."""


class Findings(Exception):
    """The command succeeded, and its answer has something that should not be so: exit code 1."""

    def __init__(self, label: str, message: str) -> None:
        self.label = label  # of what kind, in a word or two
        super().__init__(message)
