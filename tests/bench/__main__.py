"""`make bench`: what an escalation costs, each figure beside a bare workflow's; docs/bench.md explains them."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from activities.errors import ActivityError
from runtime.embedded.errors import EmbeddedError
from runtime.exiting import leave
from runtime.settings import SettingsError
from starter.errors import StarterError
from tests.bench.figures import figures, work
from tests.bench.report import Report
from tests.bench.run import run
from tests.bench.sizes import MOST_OPEN, Sizes
from tests.bench.worker_process import WorkerDied

EXIT_FAILED, EXIT_INTERRUPTED = 5, 130
GIVE_UP = 3
"""Only a broken run takes this many times as long as allowed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are."""
    options = _options(arguments)
    progress = Console(stderr=True)
    sizes = Sizes.scaled(lives=options.lives, open_=options.open, seconds=options.seconds)
    try:
        report = asyncio.run(_bench(sizes, progress))
    except (EmbeddedError, SettingsError, ActivityError, StarterError, WorkerDied, TimeoutError) as error:
        progress.print(f"the bench could not be finished: {error}", style="red", markup=False)
        return EXIT_FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        return EXIT_INTERRUPTED
    if options.json:
        sys.stdout.write(report.json())
    elif options.markdown:
        sys.stdout.write(report.markdown())
    elif (console := Console()).is_terminal:
        console.print(report.table())
    else:
        sys.stdout.write(report.lines())
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--lives", type=whole_number(1, 10_000), default=Sizes.lives, help="whole lives to measure")
    parser.add_argument(
        "--open", type=whole_number(1, MOST_OPEN), default=Sizes.open, help="how many to keep open at once"
    )
    parser.add_argument(
        "--seconds",
        type=whole_number(1, 3600),
        default=Sizes.seconds,
        help="about how long; fewer are kept open in less",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for programs")
    form.add_argument("--markdown", action="store_true", help="a table for a page")
    return parser.parse_args(arguments)


class whole_number:  # noqa: N801 (argparse names the type in its messages)
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, text: str) -> int:
        if not text.isdigit() or not self.least <= int(text) <= self.most:
            raise argparse.ArgumentTypeError(f"`{text}` is not a whole number from {self.least} to {self.most}")
        return int(text)


async def _bench(sizes: Sizes, progress: Console) -> Report:
    task = asyncio.current_task()
    if task is not None:  # a polite kill stops the servers, as Ctrl-C does
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    started = time.monotonic()

    def say(what: str) -> None:
        progress.print(f"{time.monotonic() - started:5.0f} s  {what}", markup=False, highlight=False)

    with tempfile.TemporaryDirectory(prefix="escalations-bench-") as folder:
        async with asyncio.timeout(GIVE_UP * sizes.seconds):
            ours, bare = await run(Path(folder), sizes, say)
    return Report(
        figures=figures(ours, bare),
        sizes=sizes,
        numbers={"opened": ours.openings.number, "lived": ours.lives.number, "kept open": ours.kept.number},
        ours=work(ours.lives.steps),
        bare=work(bare.lives.steps),
        ahead=min(ours.kept.ahead, bare.kept.ahead),
        seconds=time.monotonic() - started,
    )


if __name__ == "__main__":
    leave(main())
