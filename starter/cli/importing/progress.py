"""Shows the progress of an import: a bar on a terminal, a line every few seconds elsewhere, nothing in JSON."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from escalation.phrasing import amount_of
from starter import play as player
from starter.cli.log_size import LogSize
from starter.cli.output import Output

LINE_SECONDS = 5.0

Tell = Callable[[player.Progress], None]


@contextmanager
def shown_progress(out: Output, size: LogSize) -> Iterator[Tell]:
    """Show the progress of a play while the block runs; what it gives is the player's `progress`."""
    if out.as_json:
        yield lambda _: None
    elif out.console.is_terminal:
        with _bar(out, size) as tell:
            yield tell
    else:
        with _lines(out, size) as tell:
            yield tell


class Count:
    """Adds up what the player reports for each ticket."""

    def __init__(self) -> None:
        self._done: dict[str, int] = {}
        self.tickets_done = 0
        self.steps_done = 0

    def add(self, progress: player.Progress) -> None:
        """One more word from the player."""
        self.steps_done += progress.done - self._done.get(progress.ticket, 0)
        self._done[progress.ticket] = progress.done
        if progress.done == progress.steps:
            self.tickets_done += 1


@contextmanager
def _bar(out: Output, size: LogSize) -> Iterator[Tell]:
    count = Count()
    tickets = TextColumn("{task.fields[tickets]} of " + amount_of(size.tickets, "ticket"))
    columns = (TextColumn("steps"), BarColumn(), MofNCompleteColumn(), tickets, TimeElapsedColumn())
    with Progress(*columns, console=out.console, transient=True) as bar:
        task = bar.add_task("steps", total=size.steps, tickets=0)

        def tell(progress: player.Progress) -> None:
            count.add(progress)
            bar.update(task, completed=count.steps_done, tickets=count.tickets_done)

        yield tell


@contextmanager
def _lines(out: Output, size: LogSize) -> Iterator[Tell]:
    count = Count()

    async def say_so() -> None:
        while True:
            await asyncio.sleep(LINE_SECONDS)
            steps, tickets = (
                f"{count.steps_done} of {amount_of(size.steps, 'step')}",
                f"{count.tickets_done} of {amount_of(size.tickets, 'ticket')}",
            )
            # The reader of our output may have closed the pipe; printing the answer fails the same way and ends the program.
            with suppress(BrokenPipeError):
                out.console.print(f"{steps}, {tickets} played to their end")
                out.console.file.flush()

    speaking = asyncio.create_task(say_so())
    try:
        yield count.add
    finally:
        speaking.cancel()
