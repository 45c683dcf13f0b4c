"""Writes answers: tables for people, JSON for programs, one line for an error."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from traceback import format_exception
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from escalation.plain import ascii_json, escaped_in_json, one_line, only_shown, without_controls

PIPE_WIDTH = 160  # columns of a table that does not go to a terminal, unless `COLUMNS` says otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something in a file that a person should look at, though the file can be used."""

    file: str
    line: int
    text: str


class Output:
    """One for the whole command line; `--json` switches it before a command runs."""

    def __init__(self, *, stdout: TextIO, stderr: TextIO) -> None:
        self.as_json = False  # whether programs read it
        # for what a module wants to show beyond documents and items; never used with `as_json`
        self.console = _console(stdout)
        self._stdout = stdout
        self._stderr = stderr

    def document(self, value: object, shown: RenderableType) -> None:
        """One answer: `value` as one JSON document, or what people see."""
        if self.as_json:
            self._line(value)
        else:
            self.console.print(shown)

    def whole(self, value: object, text: str) -> None:
        """One answer that is a text people wrote: as it is, however long its lines are."""
        if self.as_json:
            self._line(value)
        else:
            self.console.print(Text(only_shown(text)), soft_wrap=True)

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

    def hint(self, line: str) -> None:
        """A line that a person needs for their next answer, on standard error."""
        self._stderr.write(f"{line}\n")

    def ask(self, question: str) -> None:
        """A question to the person at the terminal, on standard error, so that answers can be redirected."""
        self._stderr.write(f"{question}: ")
        self._stderr.flush()

    def error(self, code: int, label: str, message: str, *, heading: str = "", **facts: str) -> None:
        """Write an error to standard error: a line for each of the message's, or one JSON document."""
        if self.as_json:
            document = _json({"error": label, "message": _whole(message), "exit": code, **facts})
            self._stderr.write(_encodable(document, self._stderr) + "\n")
        else:
            self._stderr.writelines(f"{heading or label}: {plain(line)}\n" for line in message.split("\n"))

    def traceback(self, error: Exception) -> None:
        """Write a traceback to standard error, for the developer who fixes the program."""
        lines = "".join(format_exception(error)).split("\n")
        self._stderr.writelines(f"{without_controls(line)}\n" for line in lines if line)

    def _line(self, value: object) -> None:
        self._stdout.write(_encodable(_json(value), self._stdout) + "\n")
        self._stdout.flush()


class PlainConsole(Console):
    """A console on which text is only ever text: no markup, no emoji codes, no control characters.

    Styles still become escape codes; those are written after this looked at what is shown.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Render with U+FFFD in place of each control character in a text."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                lines = map(without_controls, segment.text.split("\n"))
                yield Segment("\n".join(lines), segment.style)


def plain(text: str) -> str:
    """The text on one line and without control characters, which could play tricks with a terminal."""
    return one_line(text)


def cell(text: object, style: str = "") -> Text:
    """A table cell that shows the text as it is; square brackets in it are not markup."""
    return Text(plain(str(text)), style=style)


def _json(value: object) -> str:
    from pydantic_core import to_json  # noqa: PLC0415 (slow to import, and only `--json` needs it)

    return to_json(value).decode()


def _whole(text: str) -> str:
    """The text without halves of characters, which no encoding can write."""
    return text.encode("utf-8", "replace").decode()


def _encodable(document: str, stream: TextIO) -> str:
    # The JSON document as this stream can write it: escapes in place of what steers a terminal or is unknown to it.
    document = escaped_in_json(document)
    try:
        document.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return ascii_json(document)
    return document


def _console(stdout: TextIO) -> Console:
    width = None if stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return PlainConsole(file=stdout, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)
