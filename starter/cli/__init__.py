"""The command line: `escalations`. Each module here registers its commands; `docs/cli.md` describes them all."""

import gc
import sys

from runtime.exiting import leave
from starter.cli.app import run_to_exit
from starter.cli.context import Context

OBJECTS_PER_COLLECTION = 20_000
"""New objects after which Python looks for garbage: what a command imports is none, and to look takes a twentieth of the start."""


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    leave(run_to_exit(sys.argv[1:], Context.of_this_process()))
