"""The command line: `escalations`. Each module here registers its commands; `docs/cli.md` describes them all."""

import gc
import sys
from collections.abc import Mapping

OBJECTS_AT_START = 200_000
"""New objects before Python first looks for garbage: what a command imports is none, and most commands make no more."""
OBJECTS_PER_COLLECTION = 20_000
"""New objects before each further look, of a command that runs on."""


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    look_for_garbage_later()  # before the imports, which make most objects
    from runtime.exiting import leave  # noqa: PLC0415
    from starter.cli.app import run_to_exit  # noqa: PLC0415
    from starter.cli.context import Context  # noqa: PLC0415

    leave(run_to_exit(sys.argv[1:], Context.of_this_process()))


def look_for_garbage_later() -> None:
    """Let a short command end before Python looks for garbage, which takes a twentieth of its time."""
    gc.set_threshold(OBJECTS_AT_START)
    gc.callbacks.append(_look_regularly)


def _look_regularly(phase: str, info: Mapping[str, int]) -> None:  # noqa: ARG001 (what Python calls it with)
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    gc.callbacks.remove(_look_regularly)
