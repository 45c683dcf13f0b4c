"""The command line: `escalations`. Each module here registers its commands; `docs/cli.md` describes them all."""

import gc
import sys

OBJECTS_PER_COLLECTION = 20_000
"""New objects after which Python looks for garbage: what a command imports is none, and to look takes a twentieth of the start."""


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)  # before the imports, which make most of them
    from runtime.exiting import leave  # noqa: PLC0415
    from starter.cli.app import run_to_exit  # noqa: PLC0415
    from starter.cli.context import Context  # noqa: PLC0415

    leave(run_to_exit(sys.argv[1:], Context.of_this_process()))
