"""The command line: `escalations`. Each module here registers its commands; `docs/cli.md` describes them all."""

import os
import sys

from starter.cli.app import run_to_exit
from starter.cli.context import Context


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    code = run_to_exit(sys.argv[1:], Context.of_this_process())
    sys.stdout.flush()
    sys.stderr.flush()
    # Not `sys.exit`: a call to Temporal that was given up may still end in the SDK's own threads, and one that does so
    # while the interpreter shuts down aborts the process with another exit code.
    os._exit(code)
