"""Where answers go: tables for people, JSON for programs, one line for an error."""

import os
import unicodedata
from collections.abc import Iterable
from traceback import format_exception
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from escalation.codec import to_json

PIPE_WIDTH = 160
"""Columns of a table that does not go to a terminal, unless `COLUMNS` says otherwise."""


class Output:
    """One for the whole command line; `--json` switches it before a command runs.

    Attributes:
        as_json: Whether programs read it.
        console: For what a module wants to show beyond documents and items; never used with `as_json`.
    """

    def __init__(self, *, stdout: TextIO, stderr: TextIO) -> None:
        self.as_json = False
        self.console = _console(stdout)
        self._stdout = stdout
        self._stderr = stderr

    def document(self, value: object, shown: RenderableType) -> None:
        """One answer: `value` as one JSON document, or what people see."""
        if self.as_json:
            self._line(value)
        else:
            self.console.print(shown)

    def items(self, values: Iterable[object], shown: RenderableType) -> None:
        """Several of a kind: one line of JSON for each, or what people see."""
        if self.as_json:
            self.lines(values)
        else:
            self.console.print(shown)

    def lines(self, values: Iterable[object]) -> None:
        """Several of a kind for programs alone: a line of JSON for each, as soon as it is there."""
        for value in values:
            self._line(value)

    def error(self, code: int, label: str, message: str, **facts: str) -> None:
        """What went wrong, on standard error: a line for each of the message's, or one JSON document."""
        if self.as_json:
            self._stderr.write(to_json({"error": label, "message": message, "exit": code, **facts}) + "\n")
        else:
            self._stderr.writelines(f"{label}: {plain(line)}\n" for line in message.splitlines() or [""])

    def traceback(self, error: Exception) -> None:
        """Where an error comes from, on standard error, for whoever mends the program."""
        self._stderr.writelines(format_exception(error))

    def _line(self, value: object) -> None:
        self._stdout.write(to_json(value) + "\n")
        self._stdout.flush()


def plain(text: str) -> str:
    """The text on one line and without control characters, which could play tricks with a terminal."""
    return "".join(_visible(character) for character in " ".join(text.split()))


def cell(text: object, style: str = "") -> Text:
    """A table cell that shows the text as it is; square brackets in it are no markup."""
    return Text(plain(str(text)), style=style)


def _visible(character: str) -> str:
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


def _console(stdout: TextIO) -> Console:
    width = None if stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return Console(file=stdout, width=width, highlight=False, soft_wrap=False)
