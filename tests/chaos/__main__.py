"""`make chaos`: cases live while workers are killed and lines fail; docs/chaos.md says how to read what it prints."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

from rich.console import Console
from temporalio.runtime import Runtime

from activities.errors import ActivityError
from examples.demo.stage import WorkerDied
from runtime.connection import silent_runtime
from runtime.embedded.errors import EmbeddedError
from runtime.exiting import leave
from runtime.settings import SettingsError
from runtime.unreachable import TemporalUnreachable
from starter.errors import StarterError
from tests.bench.__main__ import whole_number
from tests.chaos.plan import strikes
from tests.chaos.report import Report, report
from tests.chaos.run import SETTLE_SECONDS, run

EXIT_WRONG, EXIT_FAILED, EXIT_INTERRUPTED = 1, 5, 130
MINUTES, SHORTEST, LONGEST = 4.0, 0.2, 120.0
CASES_PER_MINUTE = 25
EXTRA_SECONDS = 180.0
"""For starting, the last steps of the last cases, collecting and judging; only something broken takes longer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print what came of it; 0 only if the oracle and the project's own check found nothing."""
    options = _options(arguments)
    # Without this the SDK writes its warnings to standard output, between our lines.
    Runtime.set_default(silent_runtime(), error_if_already_set=False)
    progress = Console(stderr=True)
    try:
        found = asyncio.run(_chaos(options, progress))
    except (EmbeddedError, SettingsError, ActivityError, StarterError, TemporalUnreachable, WorkerDied) as error:
        progress.print(f"it could not be finished: {error}", style="red", markup=False)
        return EXIT_FAILED
    except TimeoutError:
        progress.print("it did not end in time; nothing can be said of it", style="red")
        return EXIT_FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        progress.print("interrupted; everything it had started is stopped")
        return EXIT_INTERRUPTED
    sys.stdout.write(found.json() if options.json else found.lines())
    return 0 if found.is_well else EXIT_WRONG


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--minutes", type=_minutes, default=MINUTES, help="how long cases come and things break")
    parser.add_argument(
        "--seed", type=whole_number(0, 2**32 - 1), help="the same seed, the same failures; drawn if not given"
    )
    parser.add_argument(
        "--cases", type=whole_number(1, 5000), help=f"how many; {CASES_PER_MINUTE} a minute if not given"
    )
    parser.add_argument("--workers", type=whole_number(2, 8), default=2, help="worker processes")
    parser.add_argument("--keep", type=Path, help="keep data, logs and mails in this folder, which is new or empty")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    if options.keep is not None and options.keep.exists() and (options.keep.is_file() or any(options.keep.iterdir())):
        parser.error(f"--keep: `{options.keep}` is not empty; name a new folder")
    if options.seed is None:
        options.seed = SystemRandom().randrange(10_000)
    if options.cases is None:
        options.cases = max(1, round(CASES_PER_MINUTE * options.minutes))
    return options


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not SHORTEST <= minutes <= LONGEST:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of minutes from {SHORTEST:g} to {LONGEST:g}")
    return minutes


async def _chaos(options: argparse.Namespace, progress: Console) -> Report:
    task = asyncio.current_task()
    if task is not None:  # a polite kill stops the servers, as Ctrl-C does
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    started = time.monotonic()

    def say(what: str) -> None:
        progress.print(f"{time.monotonic() - started:5.0f} s  {what}", markup=False, highlight=False, soft_wrap=True)

    seconds = 60.0 * options.minutes
    plan = strikes(options.seed, seconds=seconds, workers=options.workers)
    say(f"seed {options.seed}")
    with _folder(options.keep) as folder:
        async with asyncio.timeout(seconds + SETTLE_SECONDS + EXTRA_SECONDS):
            outcome = await run(folder, plan, number=options.cases, workers=options.workers, seconds=seconds, say=say)
    return report(outcome, again=_again(options), seconds=time.monotonic() - started)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="escalations-chaos-") as folder:
        yield Path(folder)


def _again(options: argparse.Namespace) -> str:
    wanted = f"--seed {options.seed} --minutes {options.minutes:g} --cases {options.cases} --workers {options.workers}"
    return f"make chaos ARGS='{wanted}'"


if __name__ == "__main__":
    leave(main())
