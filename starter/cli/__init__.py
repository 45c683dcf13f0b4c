"""The command line: `escalations`. Each module here registers its commands; `docs/cli.md` describes them all."""

import sys

from runtime.leaving import leave
from starter.cli.app import run_to_exit
from starter.cli.context import Context


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    leave(run_to_exit(sys.argv[1:], Context.of_this_process()))
